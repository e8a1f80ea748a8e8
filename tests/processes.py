"""Another Python, run in the project's folder."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python that runs some code, with pipes to and from it."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(process: subprocess.Popen[str]) -> str:
    """What it printed, once it has ended without an error."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out
