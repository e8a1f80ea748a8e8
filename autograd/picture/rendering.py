"""Graphviz, which lays out what stands in a column, and draws PNG and PDF.

It is the `dot` program if that is on the PATH, and otherwise the library that pygraphviz
brings in its wheel. Both see the same DOT and the same font.
"""

from __future__ import annotations

import atexit
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from autograd.picture.dot import ENGINE, dot
from autograd.picture.sheet import POINTS_PER_INCH, Sheet

SCREEN_DOTS_PER_INCH = 96

DOTS_PER_INCH = 2 * SCREEN_DOTS_PER_INCH
"""Of a picture made of pixels, so that a projector and a printer show it sharp."""

MOST_PIXELS, LARGEST_SIDE = 12e6, 20_000
"""Of a PNG in all, and on a side: a larger picture is drawn smaller, since it took many seconds."""

NO_GRAPHVIZ = (
    "there is no Graphviz to lay out a picture: `pip install pygraphviz` (from 2.0 on its wheels bring the "
    "library), or install the `dot` program "
    "(https://graphviz.org/download) and put it on the PATH"
)


def png(sheet: Sheet, widest: float = math.inf) -> bytes:
    """The PNG of a sheet, no wider than this many inches."""
    width, height = (side / POINTS_PER_INCH + 1.0 for side in sheet.with_legend)
    pixels = width * height * DOTS_PER_INCH**2
    longest = LARGEST_SIDE / DOTS_PER_INCH
    share = min(1.0, widest / width, longest / width, longest / height, math.sqrt(MOST_PIXELS / pixels))
    size = f"{width * share:.2f},{height * share:.2f}"
    return rendered(dot(sheet).replace("{", f'{{ dpi={DOTS_PER_INCH} size="{size}"', 1), "png")


def places(text: str) -> dict[str, tuple[float, float]]:
    """Where Graphviz puts the middle of every node of a DOT text: points to the right and up."""
    lines = rendered(text, "plain", "dot").decode().splitlines()
    nodes = (line.split() for line in lines if line.startswith("node "))
    return {name: (POINTS_PER_INCH * float(x), POINTS_PER_INCH * float(y)) for _, name, x, y, *_ in nodes}


def rendered(text: str, kind: str, engine: str = ENGINE) -> bytes:
    """What Graphviz makes of a DOT text with one of its engines: png, pdf, or plain text with places.

    Raises RuntimeError if there is neither the `dot` program nor pygraphviz.
    """
    with _one_at_a_time, _fonts():
        program = shutil.which("dot")
        return _by_program(program, text, kind, engine) if program else _by_library(text, kind, engine)


_one_at_a_time = threading.Lock()


def _by_program(program: str, text: str, kind: str, engine: str) -> bytes:
    run = subprocess.run(
        [program, f"-K{engine}", f"-T{kind}"], input=text.encode(), capture_output=True, check=False
    )
    if run.returncode:
        raise RuntimeError(f"Graphviz ({program}) failed: {run.stderr.decode(errors='replace').strip()}")
    return run.stdout


def _by_library(text: str, kind: str, engine: str) -> bytes:
    with _graphviz_warnings_muted():
        try:
            import pygraphviz
        except ImportError:
            raise RuntimeError(NO_GRAPHVIZ) from None
        graph = pygraphviz.AGraph(string=text)
        try:
            if engine == ENGINE:
                graph.has_layout = True
            else:
                graph.layout(engine)
            return bytes(graph.draw(format=kind))
        finally:
            graph.close()


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
"""The font beside this file for every drawing, so that text fits its box everywhere; then the
machine's own, for the scripts that it does not cover."""


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
def _graphviz_warnings_muted() -> Iterator[None]:
    """Keep off standard error what the C library writes there: it complains of the machine's font files.

    It writes to file descriptor 2, past `sys.stderr`.
    """
    standard_error = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123  a descriptor is needed
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(standard_error, 2)
        os.close(standard_error)
