"""What is written in a box, and how large the box must be for it."""

from __future__ import annotations

from autograd.picture import looks
from autograd.picture.layered import PORT_SPACING
from autograd.picture.looks import shown, text_width
from autograd.picture.scene import Box, Mark
from autograd.picture.sheet import Spot, Strip, Words

PADDING = 6.0


def spot_of(box: Box, inputs: int, reserve: int) -> Spot:
    """The spot, still without a place, of a box that `inputs` edges enter, with room for `reserve` digits."""
    room = text_width("0" * reserve)
    rim, rim_width = (looks.NOT_FINITE, 2.6) if box.origin else (looks.FAINT, 1.0)
    if box.kind == "chip":
        label, number = Words(shown(box.label), "label", 10.5, True), Words(box.number, "number", 10.5)
        width = text_width(label.text, 11.2) + max(number.width, room) + 20.0
        return Spot(
            box.id, "chip", width, 20.0, (label, number), looks.CHIP_FILL, rim, rim_width,
            radius=10.0, dashed=True, shows=box.shows, tooltip=box.origin,
        )  # fmt: skip
    lines = [Words(shown(box.label), "label", bold=True)] if box.label.strip() else []
    lines.append(Words(box.number, "number"))
    if box.gradient is not None:
        lines.append(Words(f"∂ {box.gradient}", "gradient", color=box.color))
    elif reserve:
        lines.append(Words("∂ …", "gradient"))
    widest = max(line.width for line in lines)
    width = max(widest, room + text_width("∂ ") if room else 0.0, 30.0) + 2 * PADDING
    height = max(len(lines) * looks.LINE_HEIGHT + 8.0, inputs * PORT_SPACING + 4.0)
    strip = _strip(box.mark) if box.mark else None
    width += strip.width if strip else 0.0
    kind = f"value {box.kind}" + (" origin" if box.origin else "")
    fill = looks.LEAF_FILL if "leaf" in box.kind else looks.VALUE_FILL
    return Spot(
        box.id, kind, width, height, tuple(lines), fill, rim, rim_width, strip=strip, tooltip=box.origin
    )


def _strip(mark: Mark) -> Strip:
    symbol, fill, rim = shown(mark.symbol), looks.GATE_FILL, looks.GATE_BORDER
    lines = [Words(symbol, "symbol", 15.0 if len(mark.symbol) == 1 else 13.0)]
    if mark.kind == "group":
        fill, rim = looks.GROUP_FILL, looks.GROUP_BORDER
        lines = [Words(symbol, "title", bold=True)]
        lines += [Words(shown(mark.detail), "detail", 10.0, color=looks.FAINT)] if mark.detail else []
    width = max(24.0, max(line.width for line in lines) + 10.0)
    return Strip(mark.id, mark.kind, width, tuple(lines), fill, rim)
