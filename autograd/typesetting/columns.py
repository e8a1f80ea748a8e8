r"""Columns of text, aligned as a terminal shows them: the one aligner for every table.

>>> print("\n".join(aligned([("", "exact"), ("g8", "0.7311"), ("L", "-12")], "<>")))
     exact
g8  0.7311
L      -12
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import zip_longest


def width(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> width("ŷ"), width("梯度")
    (1, 4)
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def aligned(
    rows: Iterable[Sequence[str]], sides: str = "<", between: str = "  ", widest: float = float("inf")
) -> list[str]:
    """Rows of cells as lines.

    sides    for each column whether its cells stand to the left (<) or the right (>); the last one
             holds for the columns that follow
    between  what separates two columns; a column of empty cells is left out
    widest   a cell wider than this does not push the next column out for all other rows
    """
    rows = list(rows)
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max((w for w in map(width, column) if w <= widest), default=0) for column in columns]
    sides = sides.ljust(len(columns), sides[-1])
    lines = []
    for row in rows:
        cells = []
        for cell, side, space in zip(row, sides, widths, strict=False):
            padding = " " * (space - width(cell))
            if space or cell:
                cells.append(cell + padding if side == "<" else padding + cell)
        lines.append(between.join(cells).rstrip())
    return lines
