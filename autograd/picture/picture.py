"""A picture: what `draw` and `gradient_flow` return, shown in a notebook and written to files."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograd.arguments import file_path
from autograd.files import write_whole
from autograd.picture import rendering
from autograd.picture.dot import dot
from autograd.picture.sheet import Sheet
from autograd.picture.svg import svg

PAGE_WIDTH = 10
"""Of a picture in a notebook, at most, in inches."""


def save_as(what: str, path: str | os.PathLike[str], formats: Mapping[str, Callable[[], bytes]]) -> Path:
    """Write a file as its ending says, and return its path. Raises as `Picture.save` does."""
    path = file_path("path", path)
    if path.suffix.lower() not in formats:
        raise ValueError(
            f"{os.fspath(path)!r}: {what} is saved as {', '.join(formats)}, which its ending says"
        )
    write_whole(path, formats[path.suffix.lower()]())
    return path


@dataclass(eq=False, repr=False)
class Picture:
    """A drawing. A notebook shows it, `save` writes it.

    >>> from autograd import Value, draw
    >>> picture = draw(Value(2.0, "x") * 3.0)
    >>> picture
    <picture of 2 values>
    >>> picture.svg[:5], picture.dot[:7]
    ('<?xml', 'digraph')
    """

    sheet: Sheet
    description: str

    @cached_property
    def svg(self) -> str:
        """The text of an SVG file."""
        return svg(self.sheet)

    @cached_property
    def dot(self) -> str:
        """The text of a DOT file: Graphviz draws it as it stands with `dot -Knop2`."""
        return dot(self.sheet)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, and return its path.

        The ending says what is written: .svg, .png, .pdf, .dot or .gv. Raises ValueError for any other,
        OSError if the file cannot be written; an older file is then left as it was.
        """
        formats = {
            ".svg": lambda: self.svg.encode(),
            ".png": lambda: rendering.png(self.sheet),
            ".pdf": lambda: rendering.rendered(self.dot, "pdf"),
            ".dot": lambda: self.dot.encode(),
            ".gv": lambda: self.dot.encode(),
        }
        return save_as("a picture", path, formats)

    def __repr__(self) -> str:
        return f"<picture of {self.description}>"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a notebook shows: a PNG, no wider than a page.

        JupyterLab shows no SVG of a notebook that comes from elsewhere, and cuts a wide one off.
        """
        png = rendering.png(self.sheet, PAGE_WIDTH)
        width, height = struct.unpack(">II", png[16:24])
        pixels = rendering.DOTS_PER_INCH // rendering.SCREEN_DOTS_PER_INCH
        return {"image/png": png}, {"image/png": {"width": width // pixels, "height": height // pixels}}
