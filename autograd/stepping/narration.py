"""A walk told to people: as aligned text, and as Markdown with formulas in LaTeX.

Both lay out the same blocks: what was given, one block for each gate on the way forward,
one for each gate on the way back, the gradients, the update.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from autograd.stepping.steps import BackwardStep, Note
from autograd.typesetting.columns import aligned, width
from autograd.typesetting.latex import Latex
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.text import Text

if TYPE_CHECKING:
    from autograd.stepping.walk import Walk

Row = tuple[str, ...]
"""The sides of an equation, written; an empty one is left out."""

FORWARD, BACKWARD, GRADIENTS, UPDATE, AFTERWARDS = (
    "Forward",
    "Backward",
    "Gradients",
    "Update",
    "With the new numbers",
)

ROLES = {"distributor", "switcher", "router"}
"""What the lecture calls gates by what they do to gradients."""


@dataclass(frozen=True)
class Block:
    """What belongs together: facts in a row, a title with a remark, equations below each other, notes."""

    section: str
    facts: tuple[str, ...] = ()
    title: str = ""
    remark: str = ""
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of text, and what it is: section, title, equation, result or note."""

    kind: str
    text: str


# ── what is told ────────────────────────────────────────────────────────────────────────


def blocks(walk: Walk, notation: Notation) -> Iterator[Block]:
    """The walk in pieces that can be shown one after the other."""
    yield Block(FORWARD, facts=tuple(given.equation(notation) for given in walk.given))
    for step in walk.forward:
        yield Block(FORWARD, rows=(_written(step.columns(notation)),), notes=_sentences([step.notes]))
    if not walk.forward:
        yield Block(
            BACKWARD, notes=(f"{walk.name} is a leaf: no gate made it, so there is nothing to step through",)
        )
    elif not walk.went_back:
        hint = f"no gradients yet: call backward() on {walk.name}, then walk it again"
        yield Block(BACKWARD, notes=(hint,))
    else:
        yield from _backward(walk, notation)
    if walk.update:
        yield from _update(walk, notation)


def _backward(walk: Walk, notation: Notation) -> Iterator[Block]:
    forward = {step.index: step for step in walk.forward}
    rows: list[Row]
    for index, edges in groupby(walk.backward, key=lambda step: step.index):
        steps = list(edges)
        made = forward[index]
        title = notation.finished(notation.equation(*(side for side in made.columns(notation)[:2] if side)))
        role = made.gate.role
        remark = f"a gradient {role}" if role in ROLES else role
        rows = [row for step in steps for row in _edge(step, notation)]
        yield Block(BACKWARD, (), title, remark, tuple(rows), _sentences(step.notes for step in steps))
    rows, notes = [], []
    for given in walk.given:
        if given.gradient is not None:
            derivative = notation.derivative(notation.name(walk.name), notation.name(given.name))
            rows.append(_written((derivative, notation.number(given.gradient))))
            notes.append(given.notes)
    yield Block(GRADIENTS, rows=tuple(rows), notes=_sentences(notes))


def _edge(step: BackwardStep, notation: Notation) -> Iterator[Row]:
    if not step.from_root:
        yield _written(step.local_sides(notation))
    if step.uses == 1:
        yield _written(step.sides(notation))
        return
    total, *added = step.sum_sides(notation)
    part = notation.annotated(total, f", part {step.use} of {step.uses}")
    yield _written((part, *step.sides(notation)))
    if step.use > 1:
        so_far = notation.annotated(total, " so far")
        yield _written((total if step.use == step.uses else so_far, *added))


def _update(walk: Walk, notation: Notation) -> Iterator[Block]:
    assert walk.update is not None
    rate = notation.finished(
        notation.equation(notation.name("η"), notation.number(walk.update.learning_rate))
    )
    yield Block(
        UPDATE,
        title=rate,
        remark="the learning rate",
        rows=tuple(_written(step.sides(notation)) for step in walk.update.steps),
    )
    rows = []
    for computed in walk.update.recomputed:
        name, before, after = computed.pieces(notation)
        rows.append(_written((name, notation.compared(before, "→", after))))
    yield Block(AFTERWARDS, rows=tuple(rows))


def _written(sides: Iterable[Piece | None]) -> Row:
    return tuple(side.written if side else "" for side in sides)


def _sentences(notes: Iterable[Sequence[Note]]) -> tuple[str, ...]:
    """Each sentence once, in order."""
    return tuple(dict.fromkeys(note.sentence for some in notes for note in some))


# ── as text ─────────────────────────────────────────────────────────────────────────────

WIDEST_COLUMN = 46
"""A longer cell does not push the column after it out for all the other rows."""

WIDEST_LINE = 100


def text(walk: Walk, decimals: int) -> str:
    """The walk as aligned text."""
    return "\n".join(line.text for lines in text_lines(walk, decimals) for line in lines)


def text_lines(walk: Walk, decimals: int) -> Iterator[list[Line]]:
    """The lines of each block in turn; the first block of a section brings its heading."""
    for section, group in groupby(blocks(walk, Text(decimals)), key=lambda block: block.section):
        told = list(group)
        rows = [row for block in told for row in block.rows]
        table = iter(_aligned(rows)) if section != BACKWARD else None
        heading = [] if section == FORWARD else [Line("", "")]
        heading.append(Line("section", section))
        for block in told:
            lines = heading
            heading = []
            lines += [Line("equation", f"  {line}") for line in _wrapped("given: ", block.facts)]
            if block.title:
                lines.append(Line("title", f"  {block.title}{', ' if block.remark else ''}{block.remark}"))
            if table is None:
                lines += [Line("equation", f"      {row}") for row in _equal_signs_aligned(block.rows)]
            else:
                lines += [Line("equation", f"  {next(table)}") for _ in block.rows]
            lines += [Line("note", f"      {note}" if block.rows else f"  {note}") for note in block.notes]
            yield lines


def _aligned(rows: Sequence[Row]) -> list[str]:
    """Equations in columns, with an = before every side but the first."""
    cells = [(row[0], *(f"= {side}" if side else "" for side in row[1:])) for row in rows]
    return aligned(cells, between=" ", widest=WIDEST_COLUMN)


def _equal_signs_aligned(rows: Sequence[Row]) -> list[str]:
    """Equations with their first = below each other."""
    return aligned([(row[0], "= " + " = ".join(row[1:])) for row in rows], "><", between=" ")


def _wrapped(before: str, facts: Sequence[str]) -> Iterator[str]:
    line = before
    for fact in facts:
        if line.strip() and line != before and width(line) + width(fact) > WIDEST_LINE:
            yield line.rstrip()
            line = " " * len(before)
        line += fact + "   "
    if facts:
        yield line.rstrip()


# ── as Markdown ─────────────────────────────────────────────────────────────────────────


def markdown(walk: Walk, decimals: int) -> str:
    """The walk as Markdown, formulas in LaTeX."""
    parts: list[str] = []
    for section, group in groupby(blocks(walk, Latex(decimals)), key=lambda block: block.section):
        parts.append(f"**{section}**")
        rows: list[Row] = []
        for block in group:
            if block.facts:
                parts.append("given: " + ", ".join(f"${fact}$" for fact in block.facts))
            if block.title:
                parts.append(f"${block.title}$" + (f", {_plain(block.remark)}" if block.remark else ""))
            rows += block.rows
            if section == BACKWARD or block.notes:
                parts += [*_displayed(rows), *(f"> {_plain(note)}" for note in block.notes)]
                rows = []
        parts += _displayed(rows)
    return "\n\n".join(parts) + "\n"


def _displayed(rows: Sequence[Row]) -> list[str]:
    """Equations below each other, their first = aligned."""
    if not rows:
        return []
    lines = (f"{row[0]} &= " + " = ".join(side for side in row[1:] if side) for row in rows)
    return ["$$\\begin{aligned}\n" + " \\\\[0.5em]\n".join(lines) + "\n\\end{aligned}$$"]


def _plain(text: str) -> str:
    """Words in which Markdown, HTML and LaTeX find nothing to do."""
    return re.sub(r"([\\`*_{}\[\]$#|~])", r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;")
