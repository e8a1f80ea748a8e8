"""Texts that a notebook typesets: one that is folded until it is wanted, and source code."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, repr=False)
class Text:
    """Markdown that a cell gives."""

    markdown: str

    def _repr_markdown_(self) -> str:
        return self.markdown

    def __repr__(self) -> str:
        return self.markdown


def folded(title: str, thing: Any) -> Text:
    """What is typeset in a notebook, a walk say, behind a title that opens it.

    >>> from autograd import Value, walk
    >>> folded("Gate by gate", walk(Value(2.0, "x") * 3.0)).markdown.splitlines()[:3]
    ['<details><summary>Gate by gate</summary>', '', '**Forward**']
    """
    return Text(f"<details><summary>{title}</summary>\n\n{thing._repr_markdown_()}\n\n</details>")


def source(*functions: Callable[..., Any]) -> Text:
    """The source code of functions, as it stands in their files.

    >>> source(folded).markdown.splitlines()[:2]
    ['```python', 'def folded(title: str, thing: Any) -> Text:']
    """
    texts = [textwrap.dedent(inspect.getsource(function)) for function in functions]
    return Text("```python\n" + "\n".join(texts) + "```")
