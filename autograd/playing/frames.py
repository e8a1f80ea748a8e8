"""One step of a player, and the markup of its panel: formulas in MathML, tables, boards.

A frame says what is at work, what the panel tells, and what is new in the picture:
numbers, gradients, edges along which a gradient has flowed. The page adds the frames up,
and so can go forward and back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from autograd.stepping.steps import Note
from autograd.typesetting.mathml import MathML
from autograd.typesetting.notation import Piece
from autograd.typesetting.text import Text

FLAGS = {"dead": "✕", "loses": "✕", "tie": "=", "kink": "∠", "infinite": "∞"}
"""The signs at an edge for the kinds of notes that are about it."""

MATHML, TEXT = MathML(), Text()

LONGEST_TABLE = 40
"""So many rows are listed."""

MOST_EDGES = 8
"""A gate of more inputs hands back to all of them in one frame."""

BACKWARD, UPDATE, AGAIN = 1.0, 3.0, 4.0
"""Where the phases begin in the time that all views share; the forward pass is from 0 to 1."""


Board = list[list[str] | str]
"""Columns of a name, a number and what it is called, and signs between them."""


@dataclass
class Frame:
    """One step of a player.

    phase      start, forward, backward, update or again
    time       its place in the whole, the same in every view
    title      one line of text
    line       the line of the walk, and its result
    panel      rows of the panel: a caption, and markup, or a board
    role       what the gate does to the gradient
    notes      what not to miss: its kind, and a sentence
    active     ids of what is at work
    focus      id of the box that changes
    numbers    new numbers by box
    gradients  new gradients by box: as written, and the sign
    flows      edges along which a gradient has flowed now
    locals     gates whose local gradients are known now
    flags      signs at edges: where nothing passes, at a tie, on a kink
    question   what may be asked here: the number, and what it is in markup
    wrong      boxes with a wrong gradient, and the right one (in a mistaken pass)
    """

    phase: str
    time: float
    title: str
    line: tuple[str, str] | tuple[()] = ()
    panel: list[tuple[str, str | Board]] = field(default_factory=list)
    role: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    active: list[str] = field(default_factory=list)
    focus: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    gradients: dict[str, tuple[str, int]] = field(default_factory=dict)
    flows: list[Any] = field(default_factory=list)
    locals: list[str] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    question: tuple[float, str] | None = None
    wrong: dict[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The frame as JSON can hold it, without what is empty."""
        return {name: value for name, value in vars(self).items() if value not in ("", (), [], {}, None)}


def question(number: float, what: str) -> tuple[float, str] | None:
    """What may be asked of a number: nothing where it is infinite or NaN, which nobody could type in."""
    return (number, what) if math.isfinite(number) else None


# ── markup ──────────────────────────────────────────────────────────────────────────────


def equation(*sides: Piece) -> str:
    """Sides with = between them; the last is the result, which a page may hide."""
    *others, last = sides
    return MATHML.finished(MATHML.equation(*others, answer(last)))


def answer(piece: Piece) -> Piece:
    """A result, marked so that the page can hide it."""
    return replace(piece, written=f'<mrow class="answer">{piece.written}</mrow>')


Column = tuple[Piece | None, Piece | str, str]
"""A factor, a term or a result: in names, in numbers, and what it is called."""


def board(*columns: Column | str) -> Board:
    """Names, numbers below them, and below these what each is; signs stand between.

    The last column is the result, which a page may hide. It is laid out in the page: here
    are the columns, each its three cells in markup, or a sign.
    """
    return [column if isinstance(column, str) else _cells(column) for column in columns]


def _cells(column: Column) -> list[str]:
    name, number, caption = column
    return [
        "" if name is None else MATHML.finished(name),
        escape(number) if isinstance(number, str) else MATHML.finished(number),
        escape(caption),
    ]


def line(sides: Sequence[Piece], sign: str = "=") -> tuple[str, str]:
    """An equation as plain text, its result apart."""
    *others, last = (TEXT.finished(side) for side in sides)
    return f"{' = '.join(others)} {sign}", last


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], count: int) -> str:
    """Text in a table, and how many of `count` rows it leaves out."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    more = f"<p>and {count - len(rows)} more</p>" if len(rows) < count else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def told(notes: Sequence[Note]) -> list[tuple[str, str]]:
    return [(note.kind, note.sentence) for note in notes]
