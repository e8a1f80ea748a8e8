"""The steps of a walk for people: as aligned text, and as Markdown with formulas in LaTeX.

Both lay out the same blocks: the leaves, one block for each gate on the way forward,
one for each gate on the way back, the gradients, the update.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from autograd.languages import Said
from autograd.stepping.steps import BackwardStep, Note, Steps
from autograd.typesetting.columns import aligned, width
from autograd.typesetting.latex import Latex
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.text import Text

Row = tuple[str, ...]
"""The sides of an equation, written; an empty one is left out."""

ROLES = {"distributor", "switcher", "router"}
"""What the lecture calls gates by what they do to gradients."""


@dataclass(frozen=True)
class Block:
    """What belongs together: facts in a row, a title with a remark, equations below each other, notes.

    section  Forward, Backward, Gradients, Update or With the new numbers: a key of the languages
    """

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


# ── the blocks ──────────────────────────────────────────────────────────────────────────


def blocks(steps: Steps, notation: Notation) -> Iterator[Block]:
    """The walk in pieces that can be shown one by one."""
    about_numbers = [note.said for given in steps.given for note in given.notes if note.kind == "changed"]
    remarks = [*about_numbers, *(said for said in steps.remarks if said.key != "part")]
    if steps.given:
        facts = tuple(given.equation(notation) for given in steps.given)
        yield Block("Forward", facts=facts, notes=_sentences(remarks, notation))
    for step in steps.forward:
        notes = _sentences([note.said for note in step.notes], notation)
        yield Block("Forward", rows=(_written(step.columns(notation)),), notes=notes)
    if not steps.forward:
        yield Block("Backward", notes=(notation.said("leaf", root=steps.name),))
    elif not steps.backward:
        yield Block("Backward", notes=(notation.said("no backward pass", root=steps.name),))
    else:
        yield from _backward(steps, notation)
    if steps.update:
        yield from _update(steps, notation)


def _backward(steps: Steps, notation: Notation) -> Iterator[Block]:
    about_gradients = [said for said in steps.remarks if said.key == "part"]
    if about_gradients:
        yield Block("Backward", notes=_sentences(about_gradients, notation))
    forward = {step.index: step for step in steps.forward}
    for index, edges in groupby(steps.backward, key=lambda step: step.index):
        of_gate = list(edges)
        step = forward[index]
        title = notation.finished(notation.equation(*(side for side in step.columns(notation)[:2] if side)))
        role = step.gate.role
        remark = notation.said(role) if role in ROLES else Said.by_gate(role).to(notation.language)
        rows = tuple(row for edge in of_gate for row in edge_rows(edge, notation))
        notes = _sentences([note.said for edge in of_gate for note in edge.notes], notation)
        yield Block("Backward", (), title, remark, rows, notes)
    gradients, notes_of_leaves = [], list[Note]()
    for given in steps.given:
        if given.gradient is not None:
            derivative = notation.derivative(notation.name(steps.name), notation.name(given.name))
            gradients.append(_written((derivative, notation.number(given.gradient))))
            notes_of_leaves += (note for note in given.notes if note.kind != "changed")
    if gradients:
        notes = _sentences([note.said for note in notes_of_leaves], notation)
        yield Block("Gradients", rows=tuple(gradients), notes=notes)


def edge_rows(step: BackwardStep, notation: Notation) -> Iterator[Row]:
    """The equations of one edge: its local gradient, the chain rule, and the sum so far."""
    if not step.from_root:
        yield _written(step.local_sides(notation))
    if step.uses == 1:
        yield _written(step.sides(notation))
        return
    total, *added = step.sum_sides(notation)
    part = notation.said("part of sum", use=str(step.use), uses=str(step.uses))
    yield _written((notation.annotated(total, part), *step.sides(notation)))
    if step.use > 1:
        so_far = notation.annotated(total, notation.said("so far"))
        yield _written((total if step.use == step.uses else so_far, *added))


def _update(steps: Steps, notation: Notation) -> Iterator[Block]:
    assert steps.update is not None
    rate = notation.equation(notation.name("η"), notation.number(steps.update.learning_rate))
    yield Block(
        "Update",
        title=notation.finished(rate),
        remark=notation.said("learning rate"),
        rows=tuple(_written(step.sides(notation)) for step in steps.update.steps),
    )
    rows = tuple(_written(step.sides(notation)) for step in steps.update.recomputed)
    yield Block("With the new numbers", rows=rows)


def _written(sides: Iterable[Piece | None]) -> Row:
    return tuple(side.written if side else "" for side in sides)


def _sentences(said: Iterable[Said], notation: Notation) -> tuple[str, ...]:
    """Each sentence once, in order."""
    return tuple(dict.fromkeys(one.to(notation.language) for one in said))


# ── as text ─────────────────────────────────────────────────────────────────────────────

WIDEST_COLUMN = 46
"""A longer cell does not push the column after it out for all the other rows."""

WIDEST_LINE = 100


def text_lines(steps: Steps, decimals: int, language: str) -> Iterator[list[Line]]:
    """The lines of each block in turn; the first block of a section brings its heading."""
    notation, first = Text(decimals, language), True
    for section, group in groupby(blocks(steps, notation), key=lambda block: block.section):
        together = list(group)
        rows = [row for block in together for row in block.rows]
        table = iter(_aligned(rows)) if section != "Backward" else None
        lines = [] if first else [Line("", "")]
        lines.append(Line("section", notation.said(section)))
        for block in together:
            lines += [Line("equation", f"  {x}") for x in _wrapped(notation.said("given"), block.facts)]
            if block.title:
                lines.append(Line("title", f"  {block.title}{', ' if block.remark else ''}{block.remark}"))
            if table is None:
                lines += [Line("equation", f"      {row}") for row in _equal_signs_aligned(block.rows)]
            else:
                lines += [Line("equation", f"  {next(table)}") for _ in block.rows]
            lines += [Line("note", f"      {note}" if block.rows else f"  {note}") for note in block.notes]
            yield lines
            lines, first = [], False


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
            line = " " * width(before)
        line += fact + "   "
    if facts:
        yield line.rstrip()


# ── as Markdown ─────────────────────────────────────────────────────────────────────────


def markdown(steps: Steps, decimals: int, language: str) -> str:
    """The walk as Markdown, formulas in LaTeX."""
    notation, parts = Latex(decimals, language), list[str]()
    for section, group in groupby(blocks(steps, notation), key=lambda block: block.section):
        parts.append(f"**{notation.said(section)}**")
        rows: list[Row] = []
        for block in group:
            if block.facts:
                parts.append(notation.said("given") + ", ".join(f"${fact}$" for fact in block.facts))
            if block.title:
                parts.append(f"${block.title}$" + (f", {_plain(block.remark)}" if block.remark else ""))
            rows += block.rows
            if section == "Backward" or block.notes:
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
