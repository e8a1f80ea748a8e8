"""What is written in a box, and how large the box must be for it."""

from __future__ import annotations

from dataclasses import dataclass

from autograd.picture import looks
from autograd.picture.layered import PORT_SPACING
from autograd.picture.looks import shown, text_width
from autograd.picture.scene import Box, Mark
from autograd.picture.sheet import Strip, Words

LINE_HEIGHT, PADDING = 14.5, 6.0
NUMBER, EDGE_NUMBER, SYMBOL = 12.0, 10.5, 13.0
"""How large text is, in points: in a box, on an edge, and of a gate."""


@dataclass(frozen=True)
class Face:
    """What a box shows, and how large it is."""

    lines: tuple[Words, ...]
    strip: Strip | None
    width: float
    height: float


def face_of(box: Box, inputs: int, reserve: int) -> Face:
    """The face of a box that `inputs` edges enter, with room for the digits of `reserve`."""
    room = text_width("0" * reserve, NUMBER)
    if box.kind == "chip":
        label, number = Words(shown(box.label), "label", 10.5, True), Words(box.number, "number", 10.5)
        width = text_width(label.text, 11.2) + max(text_width(box.number, 10.5), room) + 20.0
        return Face((label, number), None, width, 20.0)
    color = {1: looks.POSITIVE, -1: looks.NEGATIVE_TEXT}.get(box.sign or 0, looks.FAINT)
    name = [Words(shown(box.label), "label", NUMBER, True)] if box.label.strip() else []
    lines = [*name, Words(box.number, "number", NUMBER)]
    if box.gradient is not None:
        lines.append(Words(f"∂ {box.gradient}", "gradient", NUMBER, color=color))
    elif reserve:
        lines.append(Words("∂ …", "gradient", NUMBER))
    widest = max(text_width(line.text, line.size) * (1.07 if line.bold else 1.0) for line in lines)
    width = max(widest, room + text_width("∂ ") if room else 0.0, 30.0) + 2 * PADDING
    height = max(len(lines) * LINE_HEIGHT + 8.0, inputs * PORT_SPACING + 4.0)
    strip = _strip(box.mark) if box.mark else None
    return Face(tuple(lines), strip, width + (strip.width if strip else 0.0), height)


def _strip(mark: Mark) -> Strip:
    if mark.kind == "group":
        detail = [Words(shown(mark.detail), "detail", 10.0, color=looks.FAINT)] if mark.detail else []
        lines = [Words(shown(mark.symbol), "title", NUMBER, True), *detail]
        fill, rim = looks.GROUP_FILL, looks.GROUP_BORDER
    else:
        lines = [Words(shown(mark.symbol), "symbol", 15.0 if len(mark.symbol) == 1 else SYMBOL)]
        fill, rim = looks.GATE_FILL, looks.GATE_BORDER
    width = max(text_width(line.text, line.size) * (1.07 if line.bold else 1.0) for line in lines) + 10.0
    return Strip(mark.id, mark.kind, max(width, 24.0), tuple(lines), fill, rim)
