"""The program as a shell sees it: exit codes, streams, start-up, pipes, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qdphotonics
from qdphotonics.cli.main import run

PROGRAM = [sys.executable, "-c", "from qdphotonics.cli import main; main()"]
COMMANDS = ["modes", "spectrum", "analyze", "compare", "gain", "thresholds", "ase", "vsl-fit", "materials", "stacks", "doctor"]
WITH_A_STACK = {
    "modes": (),
    "spectrum": ("--wavelengths", "600:610:10"),
    "analyze": (),
    "compare": ("jung2022-lito-ag",),
    "ase": ("--current-density", "10"),
    "stacks show": (),
    "stacks plot": ("never-written.png",),
}


def started(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


def test_help_names_every_command_and_loads_no_room() -> None:
    """--help answers in 0.3 s because it loads neither numpy nor any room."""
    probe = (
        "import sys; from qdphotonics.cli.main import run; code = run(['--help']);"
        "heavy = [m for m in ('numpy', 'scipy', 'numba', 'matplotlib', 'pydantic') if m in sys.modules];"
        "print('LOADED', heavy, code)"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert "LOADED [] 0" in answer.stdout
    for name in COMMANDS:
        assert f" {name} " in answer.stdout


def test_version(command: Callable[..., tuple[int, str, str]]) -> None:
    assert command("--version") == (0, f"qdphotonics {qdphotonics.__version__}\n", "")


def test_a_verdict_of_no_is_success(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, _ = command("analyze", "roh2020-moox-al")
    assert code == 0
    assert "The limit is the loss in Al" in " ".join(out.split())


def test_the_program_exits_with_the_code_and_keeps_stdout_clean() -> None:
    answer = started("modes", "no-such-stack")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == 'error: no stack file and no shipped stack is called "no-such-stack"\n'


@pytest.mark.parametrize("name", WITH_A_STACK)
def test_every_command_with_a_stack_refuses_a_bad_one_and_takes_set(name: str, refused: Callable[..., str], tmp_path: Path) -> None:
    words, more = name.split(), WITH_A_STACK[name]
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: x\nwavelength: 630\nsubstrate: air\nsuperstrate: air\nlayers:\n  - {name: QD, material: air, thickness: -5}\n")
    assert refused(*words, str(broken), *more) == f'{broken}:6: layers[0] "QD": thickness must be > 0 nm, got -5'
    assert "got -7" in refused(*words, "jung2022-lito-ag", *more, "--set", "layers.QD.thickness=-7")
    assert "layers.QX.thickness=1" in refused(*words, "jung2022-lito-ag", *more, "--set", "layers.QX.thickness=1")
    assert not Path("never-written.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("modes",), "Missing argument"),
        (("modez", "x"), "No such command 'modez'"),
        (("modes", "jung2022-lito-ag", "--polarisation", "TE"), "No such option"),
        (("modes", "jung2022-lito-ag", "--polarization", "TEM"), "TEM"),
        (("modes", "jung2022-lito-ag", "--wavelength", "red"), "--wavelength"),
        (("modes", "jung2022-lito-ag", "--wavelength", "5"), "nm"),
        (("modes", "jung2022-lito-ag", "--max-loss", "0"), "--max-loss must be > 0"),
        (("modes", "jung2022-lito-ag", "--wavelength=-5"), "--wavelength must be > 0 nm"),
        (("modes", "jung2022-lito-ag", "--wavelength", "630km"), 'or end in nm, um, µm, mm or eV, got "630km"'),
        (("modes", "jung2022-lito-ag", "--set", "layers.QD.thickness"), "a change must be PATH=VALUE"),
        (("modes", "jung2022-lito-ag", "--set", "layers.QD.thickness=1e9"), "make it the substrate or the superstrate"),
        (("materials", "show", "redPL"), "a file of your own goes by its path"),
        (("modes", "jung2022-lito-ag", "--set", "layers.QD.material={database: main/ITO/Konig}"), 'or "other/In2O3-SnO2/Konig"'),
        (("analyze", "jung2022-lito-ag", "--set", "gain.medium=ccg-QX"), 'gain.medium: unknown gain medium "ccg-QX"; did you mean'),
        (("modes", "jung2022-lito-ag", "--n-range", "2"), "--n-range must be LO:HI"),
        (("modes", "jung2022-lito-ag", "--n-range", "2:1"), "low < high"),
        (("modes", "jung2022-lito-ag", "--wavelength", "600", "--wavelengths", "600:610:5"), "must not both be given"),
        (("modes", "jung2022-lito-ag", "--wavelengths", "600:610:5", "--fields", "f.csv"), "must not both be given"),
        (("modes", "jung2022-lito-ag", "--plot", "figure.doc"), "--plot must end in .png, .pdf, .svg, got figure.doc"),
        (("modes", "jung2022-lito-ag", "--plot", "no/such/folder/figure.png"), "--plot must name a place that can be written"),
        (("modes", "jung2022-lito-ag", "--fields", "no/such/folder/f.csv"), "--fields must name a place that can be written"),
        (("spectrum", "jung2022-lito-ag"), "Missing option '--wavelengths'"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600:500:1"), "must run upwards"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600:700:1e-9"), "at most 100000 points"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600", "--angle", "95"), "--angle must be a list of angles with 0 <= angle"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600", "--angle", "1", "--angles", "1:2:1"), "must not both be given"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600", "--from", "above"), "above"),
        (("spectrum", "jung2022-lito-ag", "--wavelengths", "600", "--csv", "/dev/null/x.csv"), "--csv must name a place"),
        (("analyze", "jung2022-lito-ag", "--medium", "neon"), "neon"),
        (("analyze", "jung2022-lito-ag", "--mode", "TE9"), 'no mode "TE9"'),
        (("analyze", "jung2022-lito-ag", "--current-density", "-1"), "--current-density must be finite and >= 0, but is -1"),
        (("analyze", "jung2022-lito-ag", "--current-density", "1", "--fluence", "1"), "must not both be given"),
        (("analyze", "jung2022-lito-ag", "--out", "/dev/null/report"), "--out must name a place that can be written"),
        (("analyze", "glass-dielectric-ag"), "role: gain"),
        (("compare", "jung2022-lito-ag"), "at least two stacks"),
        (("materials", "show", "unobtainium"), "unobtainium"),
        (("materials", "show", "Ag", "--wavelength", "5"), "nm"),
        (("materials", "plot", "Ag", "ag.gif"), "must end in"),
        (("stacks", "show", "nothing"), "nothing"),
        (("stacks", "copy", "nothing"), "nothing"),
        (("stacks", "paste"), "No such command 'paste'"),
        (("doctor", "now"), "unexpected extra argument"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(refused: Callable[..., str], arguments: tuple[str, ...], message: str) -> None:
    assert message in refused(*arguments)


def test_errors_keep_stdout_empty_with_json_too(refused: Callable[..., str]) -> None:
    assert "TE9" in refused("analyze", "jung2022-lito-ag", "--mode", "TE9", "--json")


def test_another_failure_is_exit_code_1(command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that cannot be followed is nobody's bad input."""
    from qdphotonics import laser

    def fail(*_: object) -> None:
        raise qdphotonics.ModeSearchError("mode TE0 ends")

    monkeypatch.setattr(laser, "analyze", fail)
    assert command("analyze", "jung2022-lito-ag") == (1, "", "error: mode TE0 ends\n")


def test_a_full_disk_is_told_without_a_traceback(command: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = command("modes", "jung2022-lito-ag", "--fields", "/dev/full")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")
    assert "No space left" in err


def test_a_reader_that_leaves_early_hears_no_complaint() -> None:
    """`qdphotonics … | head -1`: the pipe breaks while we write; no traceback, no message."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as broken:
        answer = subprocess.run(
            [*PROGRAM, "stacks", "show", "jung2022-lito-ag"], stdout=broken, stderr=subprocess.PIPE, text=True, check=False
        )
    assert answer.stderr == ""
    assert answer.returncode == 1


@pytest.mark.parametrize("arguments", [(), ("materials",), ("stacks",)])
def test_without_a_command_help_is_shown(command: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...]) -> None:
    code, out, err = command(*arguments)
    assert (code, err) == (0, "")
    assert " ".join(["Usage: qdphotonics", *arguments]) in out


def test_shell_completion_knows_commands_and_shipped_stacks() -> None:
    def completed(words: str) -> str:
        asked = {"_QDPHOTONICS_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
        return started(env={**os.environ, **asked}).stdout

    assert "analyze" in completed("qdphotonics an").split()
    assert "jung2022-lito-ag" in completed("qdphotonics modes jung").split()


def test_an_interrupt_is_not_a_traceback(command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    from qdphotonics import laser

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(laser, "analyze", interrupt)
    assert command("analyze", "jung2022-lito-ag") == (1, "", "error: stopped\n")


def test_an_interrupt_while_libraries_load_is_not_a_traceback() -> None:
    """Ctrl-C in the first tenth of a second falls into an import."""
    probe = (
        "import sys; from types import ModuleType; cli = ModuleType('qdphotonics.cli')\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'typer': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
        "from qdphotonics.__main__ import main; main()"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout, answer.stderr) == (1, "", "error: stopped\n")


def test_the_package_runs_as_a_module() -> None:
    answer = subprocess.run([sys.executable, "-m", "qdphotonics", "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout == f"qdphotonics {qdphotonics.__version__}\n"


def test_the_same_line_twice_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """No state is left between two runs in one process: `--set` lists are not shared."""
    assert run(["modes", "jung2022-lito-ag", "--set", "layers.QD.thickness=110", "--json"]) == 0
    changed = capsys.readouterr().out
    assert run(["modes", "jung2022-lito-ag", "--json"]) == 0
    assert capsys.readouterr().out != changed
