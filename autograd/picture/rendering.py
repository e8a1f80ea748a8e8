"""DOT -> SVG, PNG, PDF, with the Graphviz that there is.

That is the `dot` program where it is on the PATH, and otherwise the library that
pygraphviz brings in its wheel. Both see the same DOT and the same font.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import graphviz

from autograd.arguments import boolean, file_path
from autograd.files import write_whole
from autograd.reals import kind, shortened

SCREEN_DOTS_PER_INCH = 96

DOTS_PER_INCH = 2 * SCREEN_DOTS_PER_INCH
"""Of a picture made of pixels, so that a projector and a printer show it sharp."""

PAGE_WIDTH = 10
"""Of a picture in a notebook, at most, in inches."""

PIXEL_FORMATS = {"png", "jpg", "jpeg", "jpe", "gif", "bmp", "webp", "tif", "tiff"}

CRASH_THE_LIBRARY = {"vrml"}
"""Formats in which it ends the whole process."""

NO_GRAPHVIZ = (
    "there is no Graphviz to lay out the drawing: either `pip install pygraphviz` (from 2.0 on its wheels "
    "bring the library), or install the `dot` program (https://graphviz.org/download) and put it on the PATH"
)


class Drawing(graphviz.Digraph):  # type: ignore[misc]  # graphviz has no types
    """A `graphviz.Digraph` that needs no `dot` program to be shown, piped or rendered.

    A notebook shows it; `source` is its DOT text.

    >>> drawing = Drawing(format="svg")
    >>> drawing.edge("a", "b")
    >>> drawing.source.split()
    ['digraph', '{', 'a', '->', 'b', '}']
    >>> drawing.pipe()[:5]
    b'<?xml'
    """

    def pipe(
        self,
        format: str | None = None,  # noqa: A002  as in graphviz
        *,
        encoding: str | None = None,
        quiet: bool = False,
    ) -> bytes | str:
        """The picture itself, as bytes, or as text where an encoding is given."""
        if encoding is not None and not isinstance(encoding, str):
            raise TypeError(f"encoding is the name of one, such as 'utf-8', got {kind(encoding)}")
        wanted = self.format if format is None else format
        picture = rendered(self.source, wanted, self.engine, quiet)
        return picture.decode(encoding) if encoding else picture

    def __repr__(self) -> str:
        return f"<Drawing: {len(self.body)} lines of DOT>"

    def _repr_mimebundle_(self, *_: Any, **__: Any) -> tuple[dict[str, bytes], dict[str, Any]]:
        """What a notebook shows: a PNG, no wider than a page.

        Not an SVG: JupyterLab shows none of a notebook that comes from elsewhere, and cuts a wide one off.
        """
        png = rendered(self.source.replace("{", f'{{ size="{PAGE_WIDTH},1000"', 1), "png", self.engine)
        width, height = struct.unpack(">II", png[16:24])
        pixels = DOTS_PER_INCH // SCREEN_DOTS_PER_INCH
        return {"image/png": png}, {"image/png": {"width": width // pixels, "height": height // pixels}}

    def render(
        self,
        filename: os.PathLike[str] | str | None = None,
        directory: os.PathLike[str] | str | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002  as in graphviz
        *,
        outfile: os.PathLike[str] | str | None = None,
        quiet: bool = False,
        quiet_view: bool = False,
    ) -> str:
        """Write the picture to a file, and beside it its DOT unless `cleanup`; returns the picture's path.

        As in graphviz, `render("logistic")` writes `logistic` and `logistic.svg`;
        `render(outfile="logistic.png")` writes `logistic.gv` and the file named.

        Raises OSError where they cannot be written, and ValueError where both would be the same
        file; older files are then left as they were.
        """
        directory = self.directory if directory is None else directory
        folder = file_path("directory", directory) if directory else Path()
        if outfile is not None:
            picture_path = folder / file_path("outfile", outfile)
            wanted = picture_path.suffix.removeprefix(".").lower() if format is None else format
            named = picture_path.with_suffix(".gv") if filename is None else file_path("filename", filename)
            source_path = folder / named
        else:
            wanted = self.format if format is None else format
            source_path = folder / file_path("filename", self.filename if filename is None else filename)
            picture_path = source_path.with_name(f"{source_path.name}.{wanted}")
        cleanup = boolean("cleanup", cleanup)
        if not cleanup:
            _check_they_differ(source_path, picture_path)
        picture = rendered(self.source, wanted, self.engine, quiet)
        picture_path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(picture_path, picture)
        if not cleanup:
            source_path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(source_path, self.source.encode())
        if view or quiet_view:
            graphviz.view(str(picture_path), quiet=quiet_view)
        return str(picture_path)


def _check_they_differ(source: Path, picture: Path) -> None:
    """Raises ValueError where both are one file, and OSError where the DOT, written last, is a folder."""
    if os.path.realpath(source) == os.path.realpath(picture):
        raise ValueError(
            f"the picture and its DOT would both be written to {picture}: "
            "give another filename for the DOT, or cleanup=True to write none"
        )
    if source.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(source))


def rendered(dot: str, format: str, engine: str = "dot", quiet: bool = False) -> bytes:  # noqa: A002
    """The picture that a DOT text describes, as the bytes of a file of that format.

    Raises ValueError for a format that the Graphviz that there is does not write, RuntimeError
    where there is neither the `dot` program nor pygraphviz.
    """
    if not isinstance(format, str) or format not in graphviz.FORMATS:
        raise _not_written(format)
    if format in PIXEL_FORMATS:
        dot = dot.replace("{", f"{{ dpi={DOTS_PER_INCH}", 1)
    with _one_at_a_time, _fonts():
        if shutil.which(engine):
            return _by_program(dot, format, engine, quiet)
        return _by_library(dot, format, engine)


_one_at_a_time = threading.Lock()


def _not_written(format: Any) -> ValueError:  # noqa: A002
    return ValueError(
        f"Graphviz does not write the format {shortened(format)} here; it writes svg, png, pdf and others"
    )


def _by_program(dot: str, format: str, engine: str, quiet: bool) -> bytes:  # noqa: A002
    try:
        return bytes(graphviz.pipe(engine, format, dot.encode(), quiet=quiet))
    except graphviz.CalledProcessError as error:
        if b"Format: " in (error.stderr or b""):
            raise _not_written(format) from None
        raise


def _by_library(dot: str, format: str, engine: str) -> bytes:  # noqa: A002
    if format in CRASH_THE_LIBRARY:
        raise _not_written(format)
    with _without_needless_words():
        try:
            import pygraphviz
        except ImportError:
            raise RuntimeError(NO_GRAPHVIZ) from None
        graph = pygraphviz.AGraph(string=dot)
        try:
            picture = graph.draw(format=format, prog=engine)
        except TypeError:  # what pygraphviz makes of it
            raise _not_written(format) from None
        finally:
            graph.close()
    if not picture:
        raise _not_written(format)
    return bytes(picture)


# ── fonts, on Linux, where a machine may have none ──────────────────────────────────────

FONTS = Path(__file__).with_name("fonts")

FONT_CONFIGURATION = """<?xml version="1.0"?>
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="xdg">fonts</dir>
  <match target="pattern">
    <test name="family"><string>Helvetica</string></test>
    <edit name="family" mode="prepend" binding="same"><string>DejaVu Sans Condensed</string></edit>
  </match>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""
"""The font beside this file for every drawing, so that boxes have the same width everywhere; the
machine's own after it, for the scripts that it does not cover."""


@contextmanager
def _fonts() -> Iterator[None]:
    if not sys.platform.startswith("linux") or "FONTCONFIG_FILE" in os.environ:
        yield
        return
    os.environ["FONTCONFIG_FILE"] = _font_configuration()
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]


@cache
def _font_configuration() -> str:
    """A copy of the fonts, and the file that says where they are.

    A copy, because Fontconfig leaves files of its own beside the fonts that it finds.
    """
    folder = Path(tempfile.mkdtemp(prefix="autograd-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for font in FONTS.glob("*.ttf"):
        shutil.copy(font, folder)
    configuration = folder / "fonts.conf"
    configuration.write_text(FONT_CONFIGURATION.format(fonts=escape(str(folder))), encoding="utf-8")
    return str(configuration)


@contextmanager
def _without_needless_words() -> Iterator[None]:
    """Keep what the library says of the machine's font files, and of formats, off standard error.

    It speaks from C, past `sys.stderr`, and complains of files newer than itself. A format that
    it does not write is an error of Python's. Anything else that it says is passed on.
    """
    try:
        standard_error = os.dup(2)
    except OSError:  # there is none
        yield
        return
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(standard_error, 2)
            os.close(standard_error)
            said.seek(0)
            for line in said:
                if not line.startswith((b"Fontconfig", b"Error: Format: ")):
                    os.write(2, line)
