"""The exception tree: everything that qdphotonics raises on purpose."""

from __future__ import annotations

from pathlib import Path


class QDPhotonicsError(Exception):
    """Root of the tree; the command line turns one into a message and exit code 1."""


class InputError(QDPhotonicsError):
    """Something that the user gave is wrong (exit code 2).

    Parameters
    ----------
    message : str
        What is wrong: the name, the rule, the value and, where it can be said, the cure.
    file : Path or str, optional
        File that holds the fault.
    line : int, optional
        Its line, counted from 1.
    """

    def __init__(self, message: str, *, file: Path | str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line

    def __str__(self) -> str:
        where = "" if self.file is None else f"{self.file}:" if self.line is None else f"{self.file}:{self.line}:"
        return f"{where} {self.message}".lstrip()


class ArgumentError(InputError):
    """An argument of a Python call or a command-line option."""


class MaterialError(InputError):
    """A material: unknown name, malformed file, wavelength outside its range."""


class StackError(InputError):
    """A stack file or a change made to one."""


class MediumError(InputError):
    """A gain medium."""


class SweepError(InputError):
    """A specification of a sweep, an optimisation or a tolerance study, or the store of one."""


class DataError(InputError):
    """A file of measurements."""


class ModeSearchError(QDPhotonicsError):
    """The mode solver cannot give what was asked of a stack that is well formed."""


class EngineError(QDPhotonicsError):
    """An external engine is missing or failed."""
