"""What the shell starts, ``qdphotonics`` or ``python -m qdphotonics``: an interrupt while libraries load is no traceback either."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Run the command line that was typed."""
    signal.signal(signal.SIGTERM, _interrupted)  # what a batch system sends before it kills
    try:
        from qdphotonics import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit("error: stopped")


def _interrupted(*_: object) -> None:
    """Stop as at Ctrl-C."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
