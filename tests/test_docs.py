"""The documentation keeps its word: its commands run and print what it shows, its YAML loads, its links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import qdphotonics as qdp
from qdphotonics._yaml import read_text
from qdphotonics.errors import StackError, SweepError
from qdphotonics.sweeps import load_sweep
from qdphotonics.sweeps.schema import ErrorSpec, OptimizationFile, SampleSpec, SweepFile, ToleranceFile, VariableSpec
from tools import sweeps_page
from tools.console_pages import PAGES, as_long, executed, output, refreshed
from tools.pages import DOCS, difference

TOP = DOCS.parent
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", PAGES)
def test_commands_print_what_the_page_shows(name: str) -> None:
    """Every command of a page is run: exit code as the page implies, output as shown (numbers to a unit of their last digit)."""
    results = list(executed((DOCS / name).read_text(encoding="utf-8")))
    assert results
    for shown in results:
        assert shown.code == shown.expected_code, f"{shown.command}: {shown.made}"
        assert shown.varies or difference(shown.committed, shown.made) == "", shown.command


def test_what_was_left_out_stays_left_out() -> None:
    """A line … keeps as many lines before and after it as the page had; without one all is shown."""
    printed = "1\n2\n3\n4\n5\n"
    assert as_long("a\n…\nb\nc\n", printed) == "1\n…\n4\n5\n"
    assert as_long("a\n…\n", printed) == "1\n…\n"
    assert as_long("a\n", printed) == printed


def test_refreshing_a_page_writes_what_commands_print() -> None:
    """Output below a command is replaced, that of a varying block is not, and text around stays."""
    page = "before\n```console\n$ qdphotonics --version\nold\n```\n```console varies\n$ qdphotonics --version\nold\n```\nafter\n"
    assert refreshed(page) == page.replace("old", output("qdphotonics --version")[0].strip(), 1)


def test_python_of_a_page_prints_what_its_comment_says(capsys: pytest.CaptureFixture[str]) -> None:
    """The example of states in physics-gain.md: the line that it prints is the one behind its last #."""
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / "physics-gain.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "physics-gain.md", "exec"), {})
    assert capsys.readouterr().out.strip() == block.rpartition("# ")[2].strip()


def command_line() -> Iterator[tuple[str, Any]]:
    """Every command of the command line with its name."""
    import typer

    from qdphotonics.cli.main import app

    top: Any = typer.main.get_command(app)
    for name, command in top.commands.items():
        for inner, part in getattr(command, "commands", {}).items():
            yield f"{name} {inner}", part
        if not hasattr(command, "commands"):
            yield name, command


def test_every_command_and_option_is_documented() -> None:
    """command-line.md runs or names each command, and names each of its options."""
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    commands = dict(command_line())
    assert {"modes", "spectrum", "analyze", "compare", "materials show", "stacks copy", "doctor"} <= set(commands)
    missing = {name for name in commands if name not in page}
    missing |= {
        f"{name} {option}"
        for name, command in commands.items()
        for part in command.params
        for option in part.opts
        if option.startswith("--") and option not in page
    }
    assert missing - {f"{name} --help" for name in commands} == set()


def stack_blocks() -> tuple[dict[str, Any], list[Any]]:
    """The first YAML block of stack-files.md, a whole file, and the others, except that which is wrong on purpose."""
    blocks = YAML.findall((DOCS / "stack-files.md").read_text(encoding="utf-8"))
    first, *others = [read_text(block, StackError).data for block in blocks if "With a slip" not in block]
    return first, others


def loaded(folder: Path, document: Any) -> qdp.stacks.Stack:
    """A stack from what its file would hold."""
    file = folder / "stack.yaml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return qdp.load_stack(file)


def test_yaml_blocks_load(tmp_path: Path) -> None:
    """Each block of stack-files.md loads: layers put below the first file's own, other keys in place of its own."""
    first, others = stack_blocks()
    assert loaded(tmp_path, first).materials[3].index(630.0) == 1.75 + 1e-4j
    assert len(others) == 7
    for block in others:
        stack = loaded(tmp_path, first | ({"layers": [*block, *first["layers"]]} if isinstance(block, list) else block))
        assert stack.index().shape == (len(stack.layers) + 2,)


def test_what_the_page_says_of_lengths_and_repeats(tmp_path: Path) -> None:
    """1.93 eV is 642.4 nm; a quarter wave is λ/4n; repeats are named and summed as described."""
    first, others = stack_blocks()
    repeat = next(block for block in others if isinstance(block, list) and "repeat" in block[0])
    stack = loaded(tmp_path, first | {"layers": [*repeat, *first["layers"]], "wavelength": "1.93 eV"})
    assert stack.wavelength_nm == pytest.approx(1239.84198 / 1.93)
    assert stack.layer_names[:3] == ("DBR-H[0]", "DBR-L[0]", "DBR-H[1]")
    assert stack.thickness_nm[0] == pytest.approx(640 / 4 / qdp.load_material("Nb2O5").index(640.0).real)
    mode = qdp.find_modes(stack, polarization="TE", n_range=(1.6, 2.2)).modes[0]
    shares = [mode.confinement[name].intensity for name in mode.confinement if name.startswith("DBR-H[")]
    assert len(shares) == 10
    assert mode.confinement["DBR-H"].intensity == pytest.approx(sum(shares))


def test_the_page_of_sweeps_lists_every_quantity_and_key() -> None:
    """The table of quantities is that of the one list; each key that a specification may have stands in the page."""
    page = (DOCS / "sweeps.md").read_text(encoding="utf-8")
    assert sweeps_page.refreshed(page) == page
    keys = {
        field.alias or name
        for model in (SweepFile, OptimizationFile, ToleranceFile, VariableSpec, ErrorSpec, SampleSpec)
        for name, field in model.model_fields.items()
    }
    assert [key for key in sorted(keys) if not re.search(rf"`[^`\n]*\b{key}\b[^`\n]*`|^ *{key}:", page, re.MULTILINE)] == []


def test_axes_of_the_page_of_sweeps_load() -> None:
    """Each block with axes alone, on the page's first sweep: as many points as it says."""
    page = (DOCS / "sweeps.md").read_text(encoding="utf-8")
    blocks = [read_text(block, SweepError).data for block in YAML.findall(page)]
    first = next(block for block in blocks if "quantities" in block)
    shapes = [load_sweep(first | block).design.shape for block in blocks if list(block) == ["axes"]]
    assert shapes == [(3, 5, 5, 3), (3, 2), (200,)]


def test_python_of_the_page_of_sweeps_prints_what_its_comment_says(capsys: pytest.CaptureFixture[str]) -> None:
    """The line that it prints is the one behind its last #."""
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / "sweeps.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(block, "sweeps.md", "exec"), {})
    assert difference(block.rpartition("# ")[2].strip(), capsys.readouterr().out.strip()) == ""


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", *sorted(f"docs/{file.name}" for file in DOCS.glob("*.md"))])
def test_links_lead_somewhere(page: str) -> None:
    """Every relative link of a page names a file of the repository."""
    file = TOP / page
    links = LINK.findall(file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_index_lists_every_page() -> None:
    """docs/README.md names each page beside it."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [file.name for file in DOCS.glob("*.md") if file.name != "README.md" and file.name not in index] == []
