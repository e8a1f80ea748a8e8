"""`python -m autograd`: the command line."""

import sys

from autograd.command_line.commands import main

if __name__ == "__main__":
    sys.exit(main())
