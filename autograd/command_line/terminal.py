"""Standard output: in colour where people see it, plain where it goes into a file."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence

from autograd.stepping.narration import Line
from autograd.typesetting.labels import GREEK
from autograd.typesetting.text import SUPERSCRIPTS

STYLES = {"section": "1;4", "title": "1", "note": "33"}
"""How a terminal shows the kinds of lines: bold and underlined, bold, yellow."""

SPELLED = {letter: name for name, letter in GREEK.items()} | {
    "∂": "d",
    "√": "sqrt ",
    "·": "*",
    "×": "x",
    "→": "->",
    "∞": "inf",
    "Σ": "sum",
    "…": "...",
    "−": "-",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "“": '"',
    "”": '"',
    "Ŷ": "Y^",
    "ŷ": "y^",
    "′": "'",
    "⏎": "Enter",
    **{chr(sign): f"^{chr(digit)}" for digit, sign in SUPERSCRIPTS.items()},
}
"""How a sign is spelt where the encoding lacks it."""


def speak_every_encoding() -> None:
    """Spell out the signs that the encoding of standard output lacks: d for ∂ in cp1252."""
    codecs.register_error("spelled", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="spelled")


def _spelled(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    return "".join(SPELLED.get(sign, "?") for sign in signs), error.end


class Terminal:
    """Prints the lines of a walk, each in the style of its kind."""

    def __init__(self) -> None:
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self.styled = sys.stdout.isatty() and not plain
        self.columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0

    def show(self, lines: Sequence[Line]) -> None:
        """Print lines; sentences are wrapped between words."""
        for line in lines:
            style = STYLES.get(line.kind) if self.styled else None
            for row in self._wrapped(line):
                print(f"\x1b[{style}m{row}\x1b[0m" if style else row)

    def _wrapped(self, line: Line) -> list[str]:
        if not self.columns or line.kind not in ("", "note"):
            return [line.text]
        indent = " " * (len(line.text) - len(line.text.lstrip()))
        return textwrap.wrap(line.text, self.columns, subsequent_indent=indent) or [""]

    def pause(self) -> None:
        """Wait for Enter; go on if nobody is there to press it."""
        sys.stdout.flush()
        prompt = "  ⏎ " if sys.stdin.isatty() else ""
        try:
            input(prompt)
        except EOFError:
            return
        if prompt and self.styled:
            print("\x1b[A\x1b[2K", end="")  # the prompt has done its work
