"""Specifications with a fault: ONE message with file, line, field, rule and value, before any work.

Each case replaces a line of a good file; the number is that of the line which the message must name.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qdphotonics.errors import InputError, StackError, SweepError
from qdphotonics.sweeps import load_optimization, load_sweep, load_tolerance

SWEEP = """\
name: a sweep
stack: jung2022-lito-ag
axes:
  layers.QD.thickness: [50, 60]
quantities: [n_eff]
"""
OPTIMIZATION = """\
name: an optimisation
stack: jung2022-lito-ag
maximize: net_gain_per_cm
variables:
  layers.QD.thickness: {from: 50, to: 150}
subject_to: []
"""
TOLERANCE = """\
name: tolerances
stack: jung2022-lito-ag
errors:
  layers.QD.thickness: 1%
quantities: [n_eff]
require: []
"""
QD = "layers.QD.thickness"
NAME = "Low-loss QD-LED with a silver electrode"
LED = f'"{NAME}"'

AXES = [  # what stands in line 4 instead, and what is told behind FILE:LINE: axes.
    (f"{QD}: []", f'"{QD}" must have at least one value, got an empty list: an axis of length 0 has no points'),
    (
        f"{QD}: 50",
        f'"{QD}" must be a list of values, {{from, to, step}} or {{from, to, count}}, got 50; a thing that stays as it is stands',
    ),
    (f"{QD}:", f'"{QD}" must be a list of values, {{from, to, step}} or {{from, to, count}}, got nothing'),
    ("layers.QX.thickness: [50]", '"layers.QX.thickness": layers has nothing of the name "QX"; it has L-ITO, QD'),
    ("layers.QD.thicknes: [50]", '"layers.QD.thicknes": layers[1] "QD": unknown key "thicknes"; did you mean "thickness"?'),
    (
        "layers.QD.thicknes: {from: 1, to: 2, step: 1}",
        '"layers.QD.thicknes": layers[1] "QD": unknown key "thicknes"; did you mean "thickness"?',
    ),
    ("wavelenght: [630]", 'wavelenght: a stack has no "wavelenght"; did you mean "wavelength"?'),
    ("drive.voltage: [1]", '"drive.voltage": drive: unknown key "voltage"; did you mean "voltage_V"?'),
    ("a..b: [1]", '"a..b": the path of a change must be such as layers.QD.thickness, got "a..b"'),
    ("layers.QD=: [1]", '"layers.QD=": the path of a change must be such as'),
    (f"{QD}: [50, .nan]", f'"{QD}"[1] must be a finite number > 0 nm, or end in nm, um, µm or mm, got .nan'),
    (f"{QD}: {{from: .nan, to: 5, step: 1}}", f'"{QD}".from must be a finite number'),
    (f"{QD}: {{from: 1, to: .inf, step: 1}}", f'"{QD}".to must be a finite number'),
    (f"{QD}: [50, -5]", f'"{QD}"[1] must be > 0 nm, got -5'),
    (f"{QD}: [50, true]", f'"{QD}"[1] must be a finite number > 0 nm, or end in nm, um, µm or mm, got true'),
    (f"{QD}: [50 nm, 0.06 um]", f'"{QD}" must not mix units, got nm and um'),
    ("wavelength: [630, 1.9 eV]", "wavelength must not mix units, got nm and eV; a number without a unit is in nm"),
    ("wavelength: {from: 1.9 eV, to: 650, step: 1}", "wavelength must not mix units, got eV and nm; a number without"),
    (f"{QD}: {{from: 50, to: 60, step: 1 um}}", f'"{QD}" must not mix units, got nm and um'),
    ("drive.voltage_V: [60 V]", '"drive.voltage_V"[0] must be a finite number > 0 V, got "60 V"'),
    (f"{QD}: {{from: 150, to: 50, step: 1}}", f'"{QD}" must run upwards, from ≤ to, got from 150 to 50'),
    (f"{QD}: {{from: 50, to: 150, step: -1}}", f'"{QD}".step must be > 0 nm, got -1'),
    (f"{QD}: {{from: 50, to: 150, step: 0}}", f'"{QD}".step must be > 0 nm, got 0'),
    (f"{QD}: {{from: 0, to: 150, step: 1}}", f'"{QD}".from must be > 0 nm, got 0'),
    (f"{QD}: {{from: 50, to: 150}}", f'"{QD}" must have step or count, one of the two'),
    (f"{QD}: {{from: 50, to: 150, step: 1, count: 3}}", f'"{QD}" must have step or count, one of the two'),
    (f"{QD}: {{from: 50, until: 150, step: 1}}", f'"{QD}": unknown key "until"'),
    (f"{QD}: {{from: 50, step: 1}}", f'"{QD}".to must be given'),
    (f"{QD}: {{from: 50, to: 150, count: 0}}", f'"{QD}".count must be an integer ≥ 1 and ≤ 1000000, got 0'),
    (f"{QD}: {{from: 50, to: 150, count: 2.5}}", f'"{QD}".count must be an integer'),
    (f"{QD}: {{from: 50, to: 150, count: 1}}", f'"{QD}" must have two points or more from 50 to 150, got count 1'),
    (f"{QD}: {{from: 50, to: 150, count: 1e12}}", f'"{QD}".count must be an integer ≥ 1 and ≤ 1000000, got 1e+12'),
    (f"{QD}: {{from: 50, to: 150, step: 1e-10}}", f'"{QD}" must have at most 1000000 values, got 1e+12'),
    (f"{QD}: {{from: 50, to: 150, step: 1e-320}}", f'"{QD}" must have at most 1000000 values, got .inf'),
    (f"{QD}: [50, 60, 50.0]", f'"{QD}" must not hold a value twice, got 50 again'),
    (
        "layers.QD.material: {from: 1, to: 2, step: 1}",
        '"layers.QD.material": no number belongs at layers.QD.material, where "ccg-QD film" is; from',
    ),
    (
        "layers.QD.material: [L-ITO, ccg-QD flm]",
        '"layers.QD.material": layers[1] "QD": material must be a known material, got "ccg-QD flm"',
    ),
    (
        "layers.QD.material.n: [1.9]",
        '"layers.QD.material.n": layers[1] "QD": material is "ccg-QD film" and holds nothing, so "n" cannot follow; write',
    ),
    ("gain.medium: [ccg-QD, cg-Q]", '"gain.medium": gain.medium: unknown gain medium "cg-Q"; did you mean "cg-QD"'),
    (
        "materials.ccg-QD flm.n: [1.9]",
        f'"materials.ccg-QD flm.n": nothing in {LED} is made of "ccg-QD flm"; did',
    ),
    ("materials.Nb2O5.n: [1.9]", f'"materials.Nb2O5.n": nothing in {LED} is made of "Nb2O5"; it has '),
    ("materials.Ag.n: [0.1]", '"materials.Ag.n": materials.Ag.n=0.1: the material "Ag" depends on the wavelength (database)'),
    ("wavelength: {from: 100, to: 630, count: 5}", 'wavelength: substrate: material "glass" is known for 300 to 2500 nm, got 100 nm'),
    ("grating.period: [400]", '"grating.period": grating.layer must be given'),
    ("angle_deg: [5]", "angle_deg must not be an axis: it belongs to reflectance, transmittance or absorptance, none of which is wanted"),
    ("zip: [1, 2]", "zip must be a mapping of two paths or more, whose values step together, got [1, 2]"),
    ("zip: {wavelength: [630, 640]}", "zip must be a mapping of two paths or more, whose values step together"),
    (f"zip: {{wavelength: [630, 640], {QD}: [1, 2, 3]}}", f"zip must have as many values of each path, got wavelength 2, {QD} 3"),
    (
        f"zip: {{{QD}: [1, 2], 'layers.\"QD\".thickness': [1, 2]}}",
        'zip."layers."QD".thickness": layers."QD".thickness sets the same thing as',
    ),
    (f"sobol: {{count: 8, over: {{{QD}: {{from: 60, to: 50}}}}}}", f'sobol.over."{QD}" must have from < to, got 60 and 50'),
    (f"sobol: {{count: 8, over: {{{QD}: [1, 2]}}}}", f'sobol.over."{QD}" must be a mapping with the keys from, to, got [1, 2]'),
    (
        "sobol: {count: 8, over: {layers.QD.role: {from: 1, to: 2}}}",
        'sobol.over."layers.QD.role": no number belongs at layers.QD.role, where "gain"',
    ),
    ("sobol: {count: 8, over: {}}", "sobol.over must have at least 1 entries, got 0"),
    ("sobol: {count: 1e12, over: {}}", "sobol.count must be an integer ≥ 1 and ≤ 1000000, got 1e+12"),
    ("latin_hypercube: {count: 8}", "latin_hypercube.over must be given"),
    ("latin_hypercube: {count: 8, seed: -1, over: {wavelength: {from: 1, to: 2}}}", "latin_hypercube.seed must be an integer ≥ 0"),
]

SWEEPS = [  # line that is replaced, by what (more lines too), the line that is told, and the message behind FILE:LINE:
    (2, "stack: jung2022", 2, 'stack: no stack file and no shipped stack is called "jung2022"; did you mean "jung2022-lito-ag"?'),
    (2, "stack: 5", 2, "stack must be the name of a shipped stack, a file, or a whole stack in place, got 5"),
    (2, "stack: {name: x}", 2, "stack: wavelength must be given"),
    (
        2,
        "stack:\n  name: x\n  wavelength: -3\n  substrate: air\n  superstrate: air\n  layers: []",
        4,
        "stack: wavelength must be > 0 nm, got -3",
    ),
    (2, "set: {}", 1, "stack must be given"),
    (2, f"stack: jung2022-lito-ag\nset:\n  {QD}: -1", 4, f'set."{QD}": layers[1] "QD": thickness must be > 0 nm, got -1'),
    (
        2,
        "stack: jung2022-lito-ag\nset: {layers.QX.thickness: 1}",
        3,
        'set."layers.QX.thickness": layers.QX.thickness=1: layers has nothing',
    ),
    (2, "stack: jung2022-lito-ag\nset: [1]", 3, "set must be a mapping, got [1]"),
    (3, "axis:", 3, 'unknown key "axis"; did you mean "axes"?'),
    (4, f"  {QD}: [50]\n  {QD}: [60]", 5, f'the key "{QD}" is repeated (first on line 4)'),
    (
        4,
        f"  {QD}: [50]\n  layers[1].thickness: [60]",
        5,
        f'axes."layers[1].thickness": layers[1].thickness sets the same thing as {QD} (line 4)',
    ),
    (4, f"  {QD}: [50]\n  zip:\n    wavelength: [1, 2]\n    {QD}: [1, 2]", 7, f'axes.zip."{QD}": {QD} stands here twice (line 4)'),
    (4, f"  {QD}: [50]\n  layers.QD: [{{name: QD}}]", 5, f'axes."layers.QD": layers.QD sets the same thing as {QD} (line 4)'),
    (
        4,
        "  sobol: {count: 2, over: {wavelength: {from: 620, to: 630}}}\n  latin_hypercube:\n    {count: 2, over: {"
        + QD
        + ": {from: 50, to: 60}}}",
        3,
        "axes must not have both latin_hypercube and sobol",
    ),
    (
        4,
        f"  {QD}: {{from: 50, to: 150, count: 1000000}}\n  wavelength: {{from: 600, to: 640, count: 1000000}}",
        3,
        "axes must not lead to more than 100000000 points in all, got 1e+12 = 1000000 × 1000000",
    ),
    (
        4,
        "  drive.current_density_A_per_cm2: [1]\n  drive.fluence_J_per_cm2: [1]",
        5,
        'axes."drive.fluence_J_per_cm2": drive must not have both',
    ),
    (5, "quantities: []", 5, "quantities must have at least 1 entries, got 0"),
    (5, "quantities: n_eff", 5, 'quantities must be a list, got "n_eff"'),
    (5, "quantities: [5]", 5, "quantities[0] must be text, got 5"),
    (5, "quantities:\n  - n_eff\n  - n_ef", 7, 'quantities[1]: no quantity is called "n_ef"; did you mean "n_eff"?'),
    (5, "quantities:\n  - n_eff\n  - n_eff", 7, "quantities[1] must not ask for n_eff twice"),
    (5, "quantities: [confinement.QX]", 5, f'quantities[0]: confinement.QX: {LED} has no layer "QX"'),
    (5, "quantities: [dfb.q]", 5, f"quantities[0]: dfb.q needs a grating, but {LED} has none"),
    (5, "quantities: [n_eff]\nengine: bloch", 6, "engine must be planar or meep where no dfb quantity is wanted, got bloch"),
    (5, "quantities: [n_eff]\nengine: blch", 6, "engine must be 'planar', 'coupled-wave', 'bloch' or 'meep', got \"blch\""),
    (
        5,
        "quantities: [group_index]\nengine: meep",
        6,
        "engine gives dfb quantities, n_eff and loss_per_cm; group_index needs another, got meep",
    ),
    (5, "quantities: [n_eff]\nmode: TX0", 6, 'mode must be a mode\'s label such as TE0, or TE, TM or best, got "TX0"'),
    (5, "quantities: [n_eff]\nangle_deg: 5", 6, "angle_deg must not be given: it belongs to reflectance, transmittance or absorptance"),
    (5, "quantities: [n_eff]\nfrom: substrate", 6, "from must not be given: it belongs to reflectance"),
    (5, "quantities: [reflectance.TE]\nfrom: above", 6, "from must be 'substrate' or 'superstrate', got \"above\""),
    (5, "quantities: [reflectance.TE]\nangle_deg: 90", 6, "angle_deg must be ≥ 0 and < 90 °, got 90"),
]

OPTIMIZATIONS = [
    (3, "goal: n_eff", 3, 'unknown key "goal"'),
    (3, "maximize: []", 1, "the file must have one goal under maximize or minimize, or two for a Pareto front, got 0"),
    (
        3,
        "maximize: [n_eff, n_eff]\nminimize: n_eff",
        1,
        "the file must have one goal under maximize or minimize, or two for a Pareto front, got 3",
    ),
    (3, "maximize: 5", 3, "maximize must be text, got 5"),
    (3, "maximize: __import__('os').system('true')", 3, "maximize: "),
    (3, "maximize: n_eff.__class__", 3, "maximize: "),
    (3, "maximize: 9**9**9*n_eff if True else 0", 3, "maximize: "),
    (3, "maximize: [n_eff,\n net_gain_per_c]", 4, "maximize[1]: "),
    (3, "maximize: confinement.QX", 3, f'maximize: confinement.QX: {LED} has no layer "QX"'),
    (5, "  layers.QX.thickness: {from: 1, to: 2}", 5, 'variables."layers.QX.thickness": layers has nothing of the name "QX"'),
    (5, f"  {QD}: [1, 2]", 5, f'variables."{QD}" must be a mapping with the keys from, to, step, start, integer, got [1, 2]'),
    (5, f"  {QD}: {{from: 60, to: 60}}", 5, f'variables."{QD}" must have from < to, got from 60 to 60'),
    (5, f"  {QD}: {{from: 50, to: 60, start: 70}}", 5, f'variables."{QD}".start must lie within 50 to 60, got 70'),
    (5, f"  {QD}: {{from: 50, to: 60, step: -1}}", 5, f'variables."{QD}".step must be > 0 nm, got -1'),
    (5, f"  {QD}: {{from: 50, to: 60, step: 11}}", 5, f'variables."{QD}".step must be at most to − from = 10, got 11'),
    (5, f"  {QD}: {{from: 50, to: 0.06 um}}", 5, f'variables."{QD}" must not mix units, got nm and um'),
    (5, f"  {QD}: {{from: 50.5, to: 60, integer: true}}", 5, f'variables."{QD}".from must be an integer, got 50.5'),
    (
        5,
        "  wavelength: {from: 1.9 eV, to: 2 eV}",
        5,
        "variables.wavelength.from must be a finite number > 0 nm, or end in nm, um, µm or mm, got",
    ),
    (
        5,
        "  wavelength: {from: 100, to: 700}",
        5,
        'variables.wavelength: substrate: material "glass" is known for 300 to 2500 nm, got 100 nm',
    ),
    (
        5,
        "  layers.QD.material: {from: 1, to: 2}",
        5,
        'variables."layers.QD.material": no number belongs at layers.QD.material, where "ccg-QD film" is',
    ),
    (
        5,
        f"  {QD}: {{from: 1, to: 2}}\n  layers[1].thickness: {{from: 1, to: 2}}",
        6,
        'variables."layers[1].thickness": layers[1].thickness sets',
    ),
    (6, "subject_to: [n_eff]", 6, "subject_to[0]: "),
    (6, "subject_to: [thickness_nm.QX <= 3]", 6, 'subject_to[0]: thickness_nm.QX: "Low-loss'),
    (6, "n_range: [2, 1]", 6, "n_range must rise, as in [1.5, 1.7], got [2, 1]"),
    (6, "n_range: 5", 6, "n_range must be two numbers [low, high], got 5"),
    (6, "points: 5", 6, "points must not be given: they are those of a Pareto front, which takes two goals"),
    (6, "starts: 0", 6, "starts must be an integer ≥ 1 and ≤ 10000, got 0"),
    (6, "method: bfgs", 6, "method must be 'slsqp' or 'trust-constr', got \"bfgs\""),
]

TOLERANCES = [
    (4, f"  {QD}: 2", 4, f'errors."{QD}" must be 1%, 2 nm, {{relative: 0.01}} or {{standard_deviation: 2 nm}}, got 2'),
    (4, f"  {QD}: x%", 4, f'errors."{QD}" must be 1%, 2 nm'),
    (4, f"  {QD}: -1%", 4, f'errors."{QD}" must be > 0 % and < 100 %, got -1 %'),
    (4, f"  {QD}: {{relative: 100%}}", 4, f'errors."{QD}".relative must be > 0 % and < 100 %, got 100 %'),
    (4, f"  {QD}: {{relative: 0.1, standard_deviation: 3}}", 4, f'errors."{QD}" must have relative or standard_deviation, one of the two'),
    (4, f"  {QD}: {{standard_deviation: .nan}}", 4, f'errors."{QD}".standard_deviation must be a finite number > 0 nm'),
    (
        4,
        f"  {QD}: {{standard_deviation: 2, distribution: gauss}}",
        4,
        f"errors.\"{QD}\".distribution must be 'normal' or 'uniform', got \"gauss\"",
    ),
    (4, f"  {QD}: 40 nm", 4, f'errors."{QD}": 3 standard deviations from 95: layers[1] "QD": thickness must be > 0 nm, got -25'),
    (
        4,
        "  wavelength: {relative: 1%, independent: true}",
        4,
        "errors.wavelength.independent must not be true but for layers.NAME.thickness and",
    ),
    (4, "  materials.Ag2.n: 1%", 4, f'errors."materials.Ag2.n": nothing in {LED} is made of "Ag2"; did you mean "Ag"?'),
    (
        4,
        "  materials.Ag.n: {standard_deviation: 0.03}",
        4,
        'errors."materials.Ag.n" must be so small that n stays > 0, got 0.03 about 0.05',
    ),
    (4, "  layers.QX.index: 1%", 4, f'errors."layers.QX.index": nothing in {LED} is called "QX"; it has L-ITO, QD'),
    (4, "  layers.QD.material: 1%", 4, 'errors."layers.QD.material": no number belongs at layers.QD.material'),
    (4, "  cavity.length_um: 1%", 4, f'errors."cavity.length_um": {LED} has no number at cavity.length_um that'),
    (4, "  a..b: 1%", 4, 'errors."a..b": the path of a change must be such as'),
    (
        4,
        f"  {QD}: 1%\n  layers[1].thickness: 1%",
        5,
        f'errors."layers[1].thickness": layers[1].thickness sets the same thing as {QD} (line 4)',
    ),
    (6, "require: [n_eff]", 6, "require[0]: "),
    (6, "samples: 1", 6, "samples must be an integer ≥ 2 and ≤ 10000000, got 1"),
]


def check(load: Callable[[Path], Any], good: str, tmp_path: Path, replaced: int, by: str, line: int, message: str) -> None:
    lines = good.splitlines()
    file = tmp_path / "spec.yaml"
    file.write_text("\n".join([*lines[: replaced - 1], by, *lines[replaced:]]) + "\n", encoding="utf-8")
    with pytest.raises(SweepError) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:{line}: {message}")
    assert "\n" not in str(caught.value)


def test_the_good_files_are_good(tmp_path: Path) -> None:
    for load, text in ((load_sweep, SWEEP), (load_optimization, OPTIMIZATION), (load_tolerance, TOLERANCE)):
        (tmp_path / "spec.yaml").write_text(text)
        assert load(tmp_path / "spec.yaml").stack.name == NAME


@pytest.mark.parametrize(("written", "message"), AXES, ids=[written for written, _ in AXES])
def test_a_fault_in_an_axis(tmp_path: Path, written: str, message: str) -> None:
    check(load_sweep, SWEEP, tmp_path, 4, "  " + written, 4, "axes." + message)


@pytest.mark.parametrize(("replaced", "by", "line", "message"), SWEEPS, ids=[case[1] for case in SWEEPS])
def test_a_fault_in_a_sweep(tmp_path: Path, replaced: int, by: str, line: int, message: str) -> None:
    check(load_sweep, SWEEP, tmp_path, replaced, by, line, message)


@pytest.mark.parametrize(("replaced", "by", "line", "message"), OPTIMIZATIONS, ids=[case[1] for case in OPTIMIZATIONS])
def test_a_fault_in_an_optimisation(tmp_path: Path, replaced: int, by: str, line: int, message: str) -> None:
    check(load_optimization, OPTIMIZATION, tmp_path, replaced, by, line, message)


@pytest.mark.parametrize(("replaced", "by", "line", "message"), TOLERANCES, ids=[case[1] for case in TOLERANCES])
def test_a_fault_in_a_study_of_tolerances(tmp_path: Path, replaced: int, by: str, line: int, message: str) -> None:
    check(load_tolerance, TOLERANCE, tmp_path, replaced, by, line, message)


def test_corners_count_where_each_value_alone_would_do(tmp_path: Path) -> None:
    """Etching 60 nm is no fault, nor is a layer of 50 nm; both together are, and the message says so."""
    axes = {"grating.depth": [20, 60], "layers.QD.thickness": [100, 50]}
    grating = {"layer": "QD", "period": 390, "depth": 40, "duty": 0.5, "order": 2}
    with pytest.raises(SweepError, match=r"^axes.*grating.depth must be ≤ 50 nm, the thickness of QD, got 60"):
        load_sweep({"stack": "jung2022-lito-ag", "axes": axes, "quantities": ["n_eff"], "set": {"grating": grating}})


def test_a_range_of_a_million_is_refused_at_once() -> None:
    """No array of the size asked for is ever made: far less than a second, whatever is asked for."""
    begun = time.perf_counter()
    for steps in ({"step": 1e-300}, {"count": 10**15}):
        with pytest.raises(SweepError):
            load_sweep({"stack": "jung2022-lito-ag", "axes": {QD: {"from": 50, "to": 150, **steps}}, "quantities": ["n_eff"]})
    assert time.perf_counter() - begun < 5


def test_no_file_and_no_specification(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="cannot be read: No such file"):
        load_sweep(tmp_path / "none.yaml")
    with pytest.raises(SweepError, match="must be a file or a mapping, got list"):
        load_sweep([1])  # type: ignore[arg-type]
    (tmp_path / "list.yaml").write_text("[1, 2]\n")
    with pytest.raises(SweepError, match="must be a mapping with the keys name, stack, set"):
        load_sweep(tmp_path / "list.yaml")


def test_a_fault_of_the_stack_file_is_told_there(tmp_path: Path) -> None:
    """Its own file and line, which are where it must be mended."""
    (tmp_path / "s.yaml").write_text("name: s\nwavelength: -1\nsubstrate: air\nsuperstrate: air\nlayers: []\n")
    (tmp_path / "spec.yaml").write_text(SWEEP.replace("jung2022-lito-ag", "s.yaml"))
    with pytest.raises(StackError, match=r"s\.yaml:2: wavelength must be > 0 nm, got -1"):
        load_sweep(tmp_path / "spec.yaml")


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.sampled_from(["50 nm", "1%", "x", "L-ITO", "1e9", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["from", "to", "step", "count", "over", "seed", QD]), inner, max_size=4)
    ),
    max_leaves=8,
)
keys = st.sampled_from(
    [QD, "wavelength", "zip", "sobol", "latin_hypercube", "layers.QD", "materials.L-ITO.n", "gain.medium", "x", "", "angle_deg", "layers"]
)


@given(st.dictionaries(keys, plain, max_size=3), st.sampled_from(["axes", "variables", "errors"]))
def test_whatever_stands_there_is_read_or_told(entries: dict[str, Any], block: str) -> None:
    """No value whatever ends in another exception than the house's own."""
    load: Callable[[Any], Any] = {"axes": load_sweep, "variables": load_optimization, "errors": load_tolerance}[block]
    wanted = {"maximize": "n_eff"} if block == "variables" else {"quantities": ["n_eff"]}
    told = ""
    try:
        load({"stack": "jung2022-lito-ag", block: entries, **wanted})
    except InputError as problem:
        told = str(problem)
    assert "\n" not in told
