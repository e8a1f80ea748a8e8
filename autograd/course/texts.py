"""Texts that a notebook typesets: tables, what is folded until it is wanted, and source code."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, repr=False)
class Markdown:
    """A text that a notebook typesets; `$…$` in it is a formula."""

    markdown: str

    def __repr__(self) -> str:
        return self.markdown

    _repr_markdown_ = __repr__


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Markdown:
    """Rows of text under a head.

    >>> table(["gate", "output"], [["sigmoid", "$σ(z)$"], ["abs", "the size of z"]])
    | gate | output |
    |---|---|
    | sigmoid | $σ(z)$ |
    | abs | the size of z |
    """
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    first, *others = [f"| {' | '.join(row)} |" for row in cells]
    return Markdown("\n".join([first, "|" + "---|" * len(head), *others]))


def folded(title: str, thing: Any) -> Markdown:
    """What is typeset in a notebook, a walk say, behind a title that opens it.

    >>> from autograd import Value, walk
    >>> folded("Gate by gate", walk(Value(2.0, "x") * 3.0)).markdown.splitlines()[:3]
    ['<details><summary>Gate by gate</summary>', '', '**Forward**']
    """
    return Markdown(f"<details><summary>{title}</summary>\n\n{thing._repr_markdown_()}\n\n</details>")


def source(*functions: Callable[..., Any]) -> Markdown:
    """The source code of functions, as it stands in their files.

    >>> source(folded).markdown.splitlines()[:2]
    ['```python', 'def folded(title: str, thing: Any) -> Markdown:']
    """
    texts = [textwrap.dedent(inspect.getsource(function)) for function in functions]
    return Markdown("```python\n" + "\n".join(texts) + "```")
