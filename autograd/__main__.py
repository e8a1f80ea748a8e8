"""The command line's door: `autograd`, or `python -m autograd`."""

import sys
from collections.abc import Sequence

from autograd import __version__
from autograd.command_line import commands


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    return commands.main(arguments, __version__)


if __name__ == "__main__":
    sys.exit(main())
