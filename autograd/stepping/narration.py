"""A walk: its steps, and how people read them, as aligned text and as Markdown with formulas in LaTeX.

Text and Markdown lay out the same blocks: the leaves, one block for each gate on the way forward,
one for each gate on the way back, the gradients, the update.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from autograd.arguments import counted, one_of, whole_number
from autograd.languages import SENTENCES, Said
from autograd.stepping.steps import BackwardStep, ForwardStep, Given, Update
from autograd.typesetting.columns import aligned, width
from autograd.typesetting.latex import Latex
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.text import Text
from autograd.value import Value


@dataclass(frozen=True, repr=False)
class Walk:
    """The steps of a graph, as data; `print` shows them as text, a notebook as typeset formulas.

    root      the graph that was walked: fused gates opened, unless they were to be kept
    name      the root's name in the steps
    names     the name of every node: its label, or v1, v2, … for nodes without one
    given     the leaves; those of layer 1 before those of layer 2 if labels name layers, as w11(2) does
    forward   one step for every gate, inputs before outputs
    backward  one step for every edge, from the root to the leaves; empty before backward()
    update    the step of gradient descent that was asked for
    remarks   what to say of the whole
    """

    root: Value
    name: str
    names: Mapping[Value, str]
    given: tuple[Given, ...]
    forward: tuple[ForwardStep, ...]
    backward: tuple[BackwardStep, ...]
    update: Update | None = None
    remarks: tuple[Said, ...] = ()

    def text(self, decimals: int = 4, language: str = "en") -> str:
        """The steps as aligned text.

        decimals  how far numbers are rounded, 1 to 100
        language  en or zh-TW
        """
        blocks = text_lines(self, *_checked(decimals, language))
        return "\n".join(line.text for lines in blocks for line in lines)

    def markdown(self, decimals: int = 4, language: str = "en") -> str:
        """The steps as Markdown with formulas in LaTeX."""
        return markdown(self, *_checked(decimals, language))

    def through(self, *names: str) -> Walk:
        """The steps through some gates alone, which are named by their outputs.

        Raises ValueError for a name that no gate's output has.

        >>> from autograd import lectures, walk
        >>> L = lectures.logistic().root
        >>> L.backward()
        >>> print(walk(L).through("g8"))
        Forward
          g8 = 1/g7 = 1/1.3679 = 0.7311
        <BLANKLINE>
        Backward
          g8 = 1/g7
              ∂g8/∂g7 = -1/g7² = -1/1.3679² = -0.5344
               ∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311
        """
        for name in names:
            one_of("the name of a gate's output", name, [step.name for step in self.forward])
        forward = tuple(step for step in self.forward if step.name in names)
        backward = tuple(step for step in self.backward if step.name in names)
        return replace(self, given=(), forward=forward, backward=backward, update=None, remarks=())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        forward = counted(len(self.forward), "step")
        return f"<walk of {self.name}: {forward} forward, {len(self.backward)} back>"

    def _repr_markdown_(self) -> str:
        return self.markdown()


def _checked(decimals: int, language: str) -> tuple[int, str]:
    return whole_number("decimals", decimals, 1, 100), one_of("language", language, SENTENCES)


# ── the blocks ──────────────────────────────────────────────────────────────────────────

Row = tuple[str, ...]
"""The sides of an equation, written; an empty one is left out."""

ROLES = {"distributor", "switcher", "router"}
"""What the lecture calls gates by what they do to gradients."""

ABOUT_NUMBERS = {"changed", "as it is now", "compute again"}
"""Notes on leaves, and remarks, that belong to the forward pass."""


@dataclass(frozen=True)
class Block:
    """What belongs together: facts in a row, a title with a remark, equations below each other, notes.

    section  Forward, Backward, Gradients, Update or With the new numbers: a key of the languages
    """

    section: str
    facts: Sequence[str] = ()
    title: str = ""
    remark: str = ""
    rows: Sequence[Row] = ()
    notes: Sequence[Said] = ()

    def sentences(self, language: str) -> list[str]:
        """The notes in a language, each once."""
        return list(dict.fromkeys(said.to(language) for said in self.notes))


def blocks(walked: Walk, notation: Notation) -> Iterator[Block]:
    """The walk in pieces that can be shown one by one."""
    if walked.given:
        facts = [given.equation(notation) for given in walked.given]
        notes = [*(note for given in walked.given for note in given.notes), *walked.remarks]
        about_numbers = [note for note in notes if note.key in ABOUT_NUMBERS]
        yield Block("Forward", facts=facts, notes=about_numbers)
    for step in walked.forward:
        yield Block("Forward", rows=[_written(step.columns(notation))], notes=step.notes)
    if walked.backward:
        yield from _backward(walked, notation)
    else:
        why = "no backward pass" if walked.forward else "leaf"
        yield Block("Backward", notes=[Said.of(why, root=walked.name)])
    if walked.update:
        rate = notation.equation(notation.name("η"), notation.number(walked.update.learning_rate))
        title, remark = notation.finished(rate), notation.said("learning rate")
        rows = [_written(step.sides(notation)) for step in walked.update.steps]
        yield Block("Update", title=title, remark=remark, rows=rows)
        rows = [_written(step.sides(notation)) for step in walked.update.recomputed]
        yield Block("With the new numbers", rows=rows)


def _backward(walked: Walk, notation: Notation) -> Iterator[Block]:
    if remarks := [said for said in walked.remarks if said.key not in ABOUT_NUMBERS]:
        yield Block("Backward", notes=remarks)
    forward, of = {step.index: step for step in walked.forward}, notation.name(walked.name)
    for index, group in groupby(walked.backward, key=lambda step: step.index):
        edges, step = list(group), forward[index]
        title = notation.finished(notation.equation(*filter(None, step.columns(notation)[:2])))
        role = step.gate.role
        remark = notation.said(role) if role in ROLES else Said.by_gate(role).to(notation.language)
        rows = [row for edge in edges for row in edge_rows(edge, notation)]
        notes = [note for edge in edges for note in edge.notes]
        yield Block("Backward", title=title, remark=remark, rows=rows, notes=notes)
    rows = [
        _written((notation.derivative(of, notation.name(x.name)), notation.number(x.gradient)))
        for x in walked.given
        if x.gradient is not None
    ]
    if rows:
        notes = [note for x in walked.given for note in x.notes if note.key not in ABOUT_NUMBERS]
        yield Block("Gradients", rows=rows, notes=notes)


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


def _written(sides: Iterable[Piece | None]) -> Row:
    return tuple(side.written if side else "" for side in sides)


# ── as text ─────────────────────────────────────────────────────────────────────────────

WIDEST_COLUMN = 46
"""A longer cell does not push the column after it out for all the other rows."""

WIDEST_LINE = 100


@dataclass(frozen=True)
class Line:
    """A line of text, and what it is: section, title, equation or note; empty for anything else."""

    kind: str
    text: str


def text_lines(walked: Walk, decimals: int, language: str) -> Iterator[list[Line]]:
    """The lines of each block in turn; the first block of a section brings its heading."""
    notation, first = Text(decimals, language), True
    for section, group in groupby(blocks(walked, notation), key=lambda block: block.section):
        together = list(group)
        table = iter(_aligned([row for block in together for row in block.rows]))
        lines = [] if first else [Line("", "")]
        lines.append(Line("section", notation.said(section)))
        for block in together:
            lines += [Line("equation", f"  {x}") for x in _wrapped(notation.said("given"), block.facts)]
            if block.title:
                lines.append(Line("title", f"  {block.title}{', ' if block.remark else ''}{block.remark}"))
            if section == "Backward":
                lines += [Line("equation", f"      {row}") for row in _equal_signs_aligned(block.rows)]
            else:
                lines += [Line("equation", f"  {row}") for row in islice(table, len(block.rows))]
            indent = "      " if block.rows else "  "
            lines += [Line("note", indent + note) for note in block.sentences(language)]
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


def markdown(walked: Walk, decimals: int, language: str) -> str:
    """The walk as Markdown, formulas in LaTeX."""
    notation, parts = Latex(decimals, language), list[str]()
    for section, group in groupby(blocks(walked, notation), key=lambda block: block.section):
        parts.append(f"**{notation.said(section)}**")
        rows: list[Row] = []
        for block in group:
            if block.facts:
                parts.append(notation.said("given") + ", ".join(f"${fact}$" for fact in block.facts))
            if block.title:
                parts.append(f"${block.title}$" + (f", {_plain(block.remark)}" if block.remark else ""))
            rows += block.rows
            if section == "Backward" or block.notes:
                notes = (f"> {_plain(sentence)}" for sentence in block.sentences(language))
                parts += [*_displayed(rows), *notes]
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
