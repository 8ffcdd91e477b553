"""What the shell starts, ``qdphotonics`` or ``python -m qdphotonics``: an interrupt while libraries load is no traceback either."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line that was typed."""
    try:
        from qdphotonics import cli

        cli.main()
    except KeyboardInterrupt:
        sys.exit("error: stopped")


if __name__ == "__main__":
    main()
