# make demo: from a fresh clone to the verdict on a published laser diode. make test: what CI runs. make help: the rest.
# Nothing is needed but python3 >= 3.11, make and a package registry; tools/apt-install adds what bare Debian lacks.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint ruff types imports meep bench prove docs clean

PYTHON ?= python3
BIN := .venv/bin
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-input
DEMO := jung2022-lito-ag

help:  ## list the targets
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 14

setup: .venv/.development .venv/.kernels  ## .venv with everything development needs

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "qdphotonics needs Python 3.11 or newer; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || tools/apt-install python3-venv
	$(PYTHON) -m venv --clear .venv

# The stamps say which pyproject.toml and constraints.txt the environment was made from.
.venv/.runtime: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable .
	@touch $@

# By name: pip leaves the checkout it just installed alone and adds what development needs, so `make -j2 demo test` is safe.
.venv/.development: .venv/.runtime
	$(PIP) 'qdphotonics[dev]'
	@touch $@

.venv/.kernels: tools/compile_kernels.py $(wildcard qdphotonics/planar/*.py) .venv/.runtime
	$(BIN)/python tools/compile_kernels.py
	@touch $@

demo: .venv/.runtime .venv/.kernels  ## the main job: modes, gain and verdict of a published device
	$(BIN)/qdphotonics analyze $(DEMO) --out out/demo
	@echo "The figures are in out/demo:"; ls -1 out/demo/*.png | sed 's/^/  /'

# Debian's Meep, for the system's own Python: the FDTD engine runs as a separate process.
meep: | .venv/.development
	@$${QDPHOTONICS_MEEP_PYTHON:-/usr/bin/python3} -c 'import meep' >/dev/null 2>&1 || tools/apt-install python3-meep python3-matplotlib

lint: ruff types imports  ## ruff, mypy --strict, the one-way arrows between rooms

ruff: .venv/.development
	$(BIN)/ruff check .

types: .venv/.development
	$(BIN)/mypy

imports: .venv/.development
	$(BIN)/lint-imports

test: setup meep lint  ## lint, then every test (CI runs this)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --benchmark-disable

bench: .venv/bin/python  ## times beside the peers', in .bench-venv and in one run; exit 1 beyond a limit
	$(BIN)/python -m benchmarks

prove: .venv/.development .venv/.kernels  ## nothing missed in 10,000 random stacks, a million followed; exit 1 beyond a limit
	$(BIN)/python -m benchmarks.prove

docs: .venv/.development .venv/.kernels  ## make the computed numbers in docs/ again; the tests compare them
	$(BIN)/python -m tools.published_results
	$(BIN)/python -m tools.sweeps_page
	$(BIN)/python -m tools.console_pages
	$(BIN)/qdphotonics modes $(DEMO) --plot docs/figures/index-and-modes.png >/dev/null
	$(BIN)/qdphotonics bands cg-qd-dfb --angles -3:3:0.05 --plot docs/figures/grating-bands.png >/dev/null
	$(BIN)/python examples/second_order_grating.py docs/figures >/dev/null

clean:  ## remove the environment and everything made
	rm -rf .venv .bench-venv out build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
