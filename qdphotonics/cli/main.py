"""The commands put together, and what an error looks like: one line on stderr and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from qdphotonics.cli import doctor, gain, gratings, laser, library, modes, options, stripe, sweeps
from qdphotonics.errors import ArgumentError, InputError, QDPhotonicsError

DONE, FAILED, BAD_INPUT = 0, 1, 2
INTERRUPTED = 130  # what typer makes of Ctrl-C inside a command
USAGE_ERROR: type[Exception] = typer.BadParameter.__bases__[0]  # click's, under whichever name this version of typer carries it

app = typer.Typer(
    name="qdphotonics",
    help="Optical modes, gain and lasing feasibility of colloidal-quantum-dot LEDs and laser diodes.",
    epilog="STACK is a YAML file or the name of a shipped stack: see `qdphotonics stacks list`.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
app.command()(modes.modes)
app.command()(modes.spectrum)
app.command()(laser.analyze)
app.command()(laser.compare)
app.command()(gratings.dfb)
app.command()(gratings.bands)
app.command()(gratings.cavity)
app.command()(gain.gain)
app.command()(gain.thresholds)
app.command()(stripe.ase)
app.command()(stripe.vsl_fit)
app.command()(sweeps.sweep)
app.command()(sweeps.optimize)
app.command()(sweeps.tolerance)
app.add_typer(library.materials)
app.add_typer(library.stacks)
app.command()(doctor.doctor)


def _version(wanted: bool) -> None:
    if wanted:
        from qdphotonics import __version__

        typer.echo(f"qdphotonics {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")] = False,
) -> None:
    """Common to all commands."""
    options.help_without_command(context)


def main() -> None:
    """What the shell starts."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Parameters
    ----------
    arguments : sequence of str
        Without the program's own name.

    Returns
    -------
    int
        Exit code: 0 done (a "no" verdict too), 2 bad input, 1 anything else.
    """
    try:
        code = app(list(arguments), prog_name="qdphotonics", standalone_mode=False)
        sys.stdout.flush()
    except ArgumentError as problem:
        return _complain(options.as_options(str(problem)), BAD_INPUT)
    except InputError as problem:
        return _complain(str(problem), BAD_INPUT)
    except QDPhotonicsError as problem:
        return _complain(str(problem), FAILED)
    except USAGE_ERROR as problem:
        return _complain(_usage(problem), BAD_INPUT)
    except BrokenPipeError:
        _close_stdout()  # whoever read has read enough, as `head` does: nobody is left to be told
        return FAILED
    except OSError as problem:
        return _complain(f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem), FAILED)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    return _complain("stopped", FAILED) if code == INTERRUPTED else DONE


def _usage(problem: Exception) -> str:
    """A usage error in one line, with where to read on."""
    text = str(getattr(problem, "format_message", problem.__str__)()).strip()
    context = getattr(problem, "ctx", None)
    command = context.command_path if context is not None else "qdphotonics"
    return f"{' '.join(text.split())} (see `{command} --help`)"


def _complain(text: str, code: int) -> int:
    typer.echo(f"error: {text}", err=True)
    return code


def _close_stdout() -> None:
    """Point stdout at nothing, so that the interpreter's last flush does not complain either."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
