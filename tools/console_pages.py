"""Runs the commands that pages of docs/ show, and puts what they print below them; nothing there is typed.

    python -m tools.console_pages

A block ``console`` holds commands after ``$`` and what each printed. A line … stands for what was left out: as many lines
are kept before and after it as there were. A block ``console varies`` (versions, paths) is run but not compared. A YAML
or CSV block after ``<!-- file: NAME -->`` is a file in the folder that the page's commands run in.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from qdphotonics.cli.main import BAD_INPUT, DONE, run
from tools.pages import DOCS, write

PAGES = ("../README.md", "command-line.md", "stack-files.md", "sweeps.md")
FILE = re.compile(r"<!-- file: (\S+) -->\n```(?:yaml|csv)\n(.*?)```", re.DOTALL)
BLOCK = re.compile(r"(?<=```console)( varies)?\n(.*?)(?=```)", re.DOTALL)
LEFT_OUT = "…"
PROGRESS = re.compile(r"\d+ of \d+ \w+ \(\d+ %\)|\d+ searches, \d+ designs, \d+ calls of the mode solver; ")  # told after 5 s


@dataclass(frozen=True)
class Shown:
    """A command on a page, what the page says that it prints, and what it prints now."""

    command: str
    committed: str
    made: str
    code: int
    varies: bool

    @property
    def expected_code(self) -> int:
        """A command that is shown to fail prints one line that begins with ``error:``."""
        return BAD_INPUT if self.committed.startswith("error:") else DONE


def executed(text: str) -> Iterator[Shown]:
    """Every command of a page, run in order in a folder of its own."""
    with TemporaryDirectory() as folder, chdir(folder):
        for name, content in FILE.findall(text):
            Path(name).write_text(content, encoding="utf-8")
        for varies, block in BLOCK.findall(text):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, committed = part.partition("\n")
                printed, code = output(command)
                yield Shown(command, committed, as_long(committed, printed), code, bool(varies))


def output(command: str) -> tuple[str, int]:
    """What a command line prints, on either stream, and its exit code."""
    program, *arguments = shlex.split(command)
    if program != "qdphotonics":
        raise ValueError(f"a page may run qdphotonics only, not {command}")
    stream = StringIO()
    with redirect_stdout(stream), redirect_stderr(stream):
        code = run(arguments)
    lines = (line.rstrip() for line in stream.getvalue().splitlines() if not PROGRESS.match(line))
    return "".join(f"{line}\n" for line in lines), code


def as_long(committed: str, printed: str) -> str:
    """What was printed, shortened as the page shortens it."""
    before, now = committed.splitlines(), printed.splitlines()
    if LEFT_OUT not in before:
        return printed
    head = before.index(LEFT_OUT)
    tail = len(before) - head - 1
    if len(now) <= head + tail:
        return printed
    return "".join(f"{line}\n" for line in [*now[:head], LEFT_OUT, *(now[-tail:] if tail else [])])


def refreshed(text: str) -> str:
    """A page with what its commands print now; blocks that vary stay as they are."""
    results = executed(text)

    def block(match: re.Match[str]) -> str:
        count = len(re.findall(r"^\$ ", match[2], flags=re.MULTILINE))
        shown = [next(results) for _ in range(count)]
        return match[0] if match[1] else "\n" + "".join(f"$ {each.command}\n{each.made}" for each in shown)

    return BLOCK.sub(block, text)


def main() -> None:
    """Bring every page up to date."""
    for name in PAGES:
        write(DOCS / name, refreshed((DOCS / name).read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
