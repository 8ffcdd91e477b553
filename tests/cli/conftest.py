"""Running the command line inside the test's process."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from qdphotonics.cli.main import run


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run_command(*arguments: str) -> Outcome:
        code = run(arguments)
        return Outcome(code, *capsys.readouterr())

    return run_command


@pytest.fixture
def refused(command: Callable[..., Outcome]) -> Callable[..., str]:
    """Runs a command that must be refused: exit code 2, nothing on stdout, one line `error: …` on stderr."""

    def run_command(*arguments: str) -> str:
        outcome = command(*arguments)
        assert outcome.code == 2
        assert outcome.out == ""
        assert outcome.err.startswith("error: ")
        assert outcome.err.count("\n") == 1
        return outcome.err.removeprefix("error: ").strip()

    return run_command
