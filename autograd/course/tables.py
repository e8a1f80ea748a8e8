"""Tables that a notebook typesets, formulas and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of text under a head, as Markdown: `$…$` in them is a formula.

    >>> Table(["gate", "output"], [["sigmoid", "$σ(z)$"], ["abs", "the size of z"]])
    | gate | output |
    |---|---|
    | sigmoid | $σ(z)$ |
    | abs | the size of z |
    """

    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def _repr_markdown_(self) -> str:
        lines = [[cell.replace("|", "\\|") for cell in row] for row in (self.head, *self.rows)]
        text = [f"| {' | '.join(line)} |" for line in lines]
        return "\n".join([text[0], "|" + "---|" * len(self.head), *text[1:]])

    def __repr__(self) -> str:
        return self._repr_markdown_()
