"""The whole pass as an animation: the picture of a graph, filled in step by step."""

from __future__ import annotations

import base64
import io
import itertools
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from autograd.arguments import boolean, counted, one_of, positive, require_root, whole_number
from autograd.graph import topological_order
from autograd.languages import SENTENCES, said
from autograd.passes import passes
from autograd.picture import looks, rendering
from autograd.picture.arrangement import fitted
from autograd.picture.drawing import opened
from autograd.picture.folding import Folded
from autograd.picture.looks import text_width
from autograd.picture.picture import save_as
from autograd.picture.scene import RESERVED_DIGITS, Contents
from autograd.picture.sheet import Box, Edge, Sheet, Words
from autograd.stepping.narration import Walk, edge_rows
from autograd.stepping.steps import ForwardStep, Recomputed
from autograd.stepping.walk import walk
from autograd.typesetting.numbers import decimal
from autograd.typesetting.text import Text
from autograd.value import Value

WIDTH = 1280
"""Of an animation, in pixels."""

NARROWEST, CAPTION_LINE, CAPTION_SIZE = 560.0, 22.0, 16.0
HELD = 3.0
"""How many times as long as the others the last frame of a phase stays."""

GLOW, WAITING = "#ffc93c", "#8b95a1"
HALO = 2.0
"""A line at work is so much wider."""


def animate(
    root: Value,
    *,
    model: Any = None,
    parameters: Iterable[Value] = (),
    learning_rate: float = 0.001,
    keep_fused: bool = False,
    decimals: int = 4,
    limit: int = 500,
    language: str = "en",
    seconds: float = 1.2,
) -> Animation:
    """The walk of `root` as a moving picture: a frame for each step, with its equations below the graph.

    Going forward, the gate at work is lit and its number appears. Going back, every edge in turn hands
    on upstream × local gradient, and turns blue if that is positive, orange if it is negative. With
    `parameters` a step of gradient descent follows, and the forward pass with the new numbers.

    model       anything with `named_parameters()`: its layers and neurons stand in frames
    parameters  the leaves that take a step, as for `walk`; no Value is changed
    decimals    how many decimals numbers are rounded to, 1 to 100
    language    of the captions: en, or zh-TW
    seconds     how long a step stays; the last of a phase stays longer

    A notebook shows it, `save` writes it. Raises what `walk` raises.

    >>> from autograd import lectures
    >>> L = lectures.logistic().root
    >>> L.backward()
    >>> animate(L)
    <animation of L: 26 frames, 36.0 seconds>
    """
    require_root("animate", root)
    decimals, seconds = whole_number("decimals", decimals, 1, 100), positive("seconds", seconds)
    language, keep_fused = one_of("language", language, SENTENCES), boolean("keep_fused", keep_fused)
    walked = walk(
        root, parameters=parameters, learning_rate=learning_rate, keep_fused=keep_fused, limit=limit
    )
    return Animation(walked, _base(root, walked, model, keep_fused, decimals), decimals, language, seconds)


def _base(root: Value, walked: Walk, model: Any, keep_fused: bool, decimals: int) -> Sheet:
    """The finished picture, with every place in it decided."""
    shown, framed, _ = opened(root, model, keep_fused)
    found, in_walk = passes(shown), topological_order(walked.root)
    names = {node: walked.names[x] for node, x in zip(topological_order(shown), in_walk, strict=True)}
    gradients = found.gradients or {}
    contents = Contents(Folded(shown), found.numbers, gradients, names, decimals, reserve=RESERVED_DIGITS)
    return fitted(contents.scene(framed))


@dataclass(frozen=True)
class Moment:
    """One frame, as data.

    section    Forward, Backward, Update, …: a key of the languages
    lines      the equations of the step
    numbers    what every value shows so far, by its id in the picture; gradients likewise
    flowed     the edges that a gradient has flowed back along
    active     what is at work: boxes, gates and edges; the first is what changes
    """

    section: str
    lines: tuple[str, ...]
    numbers: Mapping[str, str]
    gradients: Mapping[str, Words]
    flowed: Collection[str]
    active: tuple[str, ...]


def moments(walked: Walk, decimals: int = 4, language: str = "en") -> Iterator[Moment]:
    """The steps of a walk, each with all that is known after it."""
    notation = Text(decimals, language)
    numbers = {f"value-{given.index}": decimal(given.number, decimals) for given in walked.given}
    gradients: dict[str, Words] = {}
    flowed: list[str] = []

    def moment(section: str, lines: Iterable[str], *active: str) -> Moment:
        return Moment(section, tuple(lines), dict(numbers), dict(gradients), tuple(flowed), active)

    def computed(section: str, step: ForwardStep | Recomputed, number: str) -> Moment:
        box, mark = f"value-{step.index}", f"gate-{step.index}"
        numbers[box] = number
        edges = [f"edge-{step.index}-{k}" for k in range(len(step.node.inputs))]
        return moment(section, [step.equation(notation)], box, mark, *edges)

    def gradient(number: float) -> Words:
        return Words(f"∂ {decimal(number, decimals)}", "gradient", color=looks.number_color([number]))

    given = "   ".join(given.equation(notation) for given in walked.given)
    yield moment("Forward", [notation.said("given") + given])
    for step in walked.forward:
        yield computed("Forward", step, decimal(step.result, decimals))
    if not walked.backward:
        return
    root = f"value-{walked.forward[-1].index}"
    gradients[root] = gradient(1.0)
    of_root = notation.derivative(notation.name(walked.name), notation.name(walked.name))
    yield moment("Backward", [notation.equation(of_root, notation.number(1.0)).written], root)
    for edge in walked.backward:
        box, line = f"value-{edge.input_index}", f"edge-{edge.index}-{edge.position}"
        gradients[box] = gradient(edge.after)
        flowed.append(line)
        rows = [" = ".join(filter(None, row)) for row in edge_rows(edge, notation)]
        yield moment("Backward", rows, box, line, f"gate-{edge.index}", f"value-{edge.index}")
    if not walked.update:
        return
    for update in walked.update.steps:
        box = f"value-{update.index}"
        *_, numbers[box] = (side.written for side in update.sides(notation))
        yield moment("Update", [update.equation(notation)], box)
    for again in walked.update.recomputed:
        _, after = again.numbers(notation)
        yield computed("With the new numbers", again, after.written)


# ── the frames as sheets ────────────────────────────────────────────────────────────────


def frames(base: Sheet, shown: Sequence[Moment], language: str = "en") -> list[Sheet]:
    """For every moment the finished picture with no more in it than is known, and its equations below."""
    width = max(base.width, NARROWEST)
    captions = [list(_wrapped(moment.lines, width)) for moment in shown]
    height = base.height + CAPTION_LINE * (max(map(len, captions)) + 1.5)
    corners = [(x, y, Words(" ", size=1.0)) for x, y in ((0.0, 0.0), (width, height))]  # all frames alike
    left = (width - base.width) / 2
    moved = replace(
        base,
        width=width,
        height=height,
        boxes=[replace(box, x=box.x + left) for box in base.boxes],
        edges=[replace(edge, points=tuple((x + left, y) for x, y in edge.points)) for edge in base.edges],
        frames=[replace(frame, x=frame.x + left) for frame in base.frames],
    )
    sheets = []
    for moment, caption in zip(shown, captions, strict=True):
        below = [Words(said(moment.section, language), color=looks.FAINT)]
        below += [Words(line, size=CAPTION_SIZE) for line in caption]
        below[-1] = replace(below[-1], bold=True)
        heights = (base.height + CAPTION_LINE * k for k in itertools.count(1))
        words = [(width / 2, y, line) for y, line in zip(heights, below, strict=False)]
        boxes = [_box(box, moment) for box in moved.boxes]
        edges = [_edge(edge, moment) for edge in moved.edges]
        sheets.append(replace(moved, boxes=boxes, edges=edges, words=[*corners, *words]))
    return sheets


def _wrapped(lines: Iterable[str], width: float) -> Iterator[str]:
    """The lines, one that is too long in several."""
    for line in lines:
        so_far = ""
        for word in line.split(" "):
            longer = f"{so_far} {word}" if so_far else word
            if so_far and text_width(longer, CAPTION_SIZE, bold=True) > width:
                yield so_far
                longer = word
            so_far = longer
        yield so_far


def _box(box: Box, moment: Moment) -> Box:
    value = box.shows or box.id
    number, gradient = moment.numbers.get(value, "…"), moment.gradients.get(value)
    lit = box.id in moment.active[:1]

    def written(words: Words) -> Words:
        if words.kind == "number":
            return replace(words, text=number)
        if words.kind != "gradient":
            return words
        if gradient is None:
            return replace(words, text="∂ …", color=looks.FAINT)
        return replace(gradient, color=looks.INK) if lit else gradient

    mark = box.mark
    if mark and mark.id in moment.active:
        mark = replace(mark, fill=GLOW)
    active = box.id in moment.active
    return replace(
        box,
        lines=tuple(map(written, box.lines)),
        fill=GLOW if lit else box.fill,
        rim=looks.INK if active else looks.FAINT,
        rim_width=2.0 if active else 1.0,
        dashed=box.dashed or number == "…",
        mark=mark,
    )


def _edge(edge: Edge, moment: Moment) -> Edge:
    active, known = edge.id in moment.active, edge.head in moment.numbers
    label = edge.label if known else ""
    if edge.id in moment.flowed:
        return replace(edge, back=True, label=label, width=edge.width + HALO * active)
    color = looks.INK if active else WAITING
    return replace(edge, kind="unknown", label=label, color=color, width=1.0 + HALO * active / 2)


# ── all frames as a file ────────────────────────────────────────────────────────────────


class Animation:
    """A moving picture. A notebook shows it, `save` writes it.

    moments    what every frame shows
    sheets     the frames, laid out
    durations  how long each stays, in seconds
    """

    def __init__(self, walked: Walk, base: Sheet, decimals: int, language: str, seconds: float) -> None:
        self.name = walked.name
        self.moments = tuple(moments(walked, decimals, language))
        sections = [moment.section for moment in self.moments]
        last = [a != b for a, b in zip(sections, [*sections[1:], ""], strict=True)]
        self.durations = tuple(seconds * HELD if ends else seconds for ends in last)
        self.sheets = frames(base, self.moments, language)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the animation to a file, and return its path.

        The ending says what is written: .gif, .webp, or .png, which moves too in browsers. Raises ValueError
        for any other, ImportError, with the remedy, if Pillow is not installed, OSError if the file cannot
        be written; an older file is then left as it was.
        """
        kinds = ("GIF", "WEBP", "PNG")
        formats = {f".{kind.lower()}": partial(self._encoded, kind) for kind in kinds}
        return save_as("an animation", path, formats)

    def _encoded(self, kind: str) -> bytes:
        try:
            from PIL import Image
        except ImportError:
            raise ImportError("an animation needs Pillow: pip install pillow") from None
        pictures = [
            Image.open(io.BytesIO(rendering.png(sheet, WIDTH / rendering.DOTS_PER_INCH))).convert("RGB")
            for sheet in self.sheets
        ]
        file = io.BytesIO()
        first, *others = pictures
        milliseconds = [round(1000 * seconds) for seconds in self.durations]
        more: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
        first.save(file, kind, save_all=True, append_images=others, duration=milliseconds, loop=0, **more)
        return file.getvalue()

    def _repr_html_(self) -> str:
        picture = base64.b64encode(self._encoded("GIF")).decode()
        return f'<img alt="{escape(repr(self)[1:-1])}" src="data:image/gif;base64,{picture}">'

    def __repr__(self) -> str:
        frames, seconds = counted(len(self.moments), "frame"), sum(self.durations)
        return f"<animation of {self.name}: {frames}, {seconds:.1f} seconds>"
