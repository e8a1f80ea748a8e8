"""How a drawing looks: colours, widths and signs of gradients, and how much room text takes."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from autograd.typesetting.labels import printable

# Blue and orange are told apart with every common form of colour blindness, and in a grey
# print the blue is the darker of the two.
POSITIVE, NEGATIVE, NO_FLOW = "#005ab5", "#e66100", "#9aa0a6"
COLORS = {
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "both": "#7a5195",
    "none": NO_FLOW,
    "not-finite": "#b3003c",
    "unknown": "#5f6368",
}
NOT_FINITE = COLORS["not-finite"]
NUMBER_COLORS = {"positive": POSITIVE, "negative": "#b34700", "not-finite": NOT_FINITE}
"""Of gradients written in boxes, where the orange of lines would be too light to read."""

INK, FAINT = "#202124", "#6b7075"
VALUE_FILL, LEAF_FILL, CHIP_FILL = "#ffffff", "#f1f3f4", "#fafbfb"
GATE_FILL, GATE_BORDER = "#fff3d6", "#8a6d1d"
GROUP_FILL, GROUP_BORDER = "#e8eef7", "#48617e"

LINE_HEIGHT, EDGE_NUMBER = 14.5, 10.5
"""How far apart lines of text stand, and how large the number on an edge is, in points."""
LEGEND_SIZE, LEGEND_LINE, LEGEND_GAP = 11.0, 15.0, 8.0
CORNER, ARROW = 10.0, 7.0
"""The radius of a line's corners, and how long an arrowhead is."""

FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif"
THINNEST, THICKEST = 1.0, 5.0
LONGEST_LABEL = 32

NARROW, WIDE = set("ijlIf.,:;|!'`()[]{} t"), set("mwMW@%—━╍Σ")


def text_width(text: str, size: float = 12.0, bold: bool = False) -> float:
    """Roughly how wide a text is in a sans-serif font; a little too wide if in doubt.

    >>> text_width("0.3679") == text_width("9.8765")
    True
    """
    units = 0.0
    for c in text:
        if unicodedata.combining(c):
            continue
        if unicodedata.east_asian_width(c) in ("W", "F"):
            units += 1.05
        else:
            units += 0.32 if c in NARROW else 0.9 if c in WIDE else 0.7 if c.isupper() else 0.58
    return units * size * (1.07 if bold else 1.0)


def shown(label: str) -> str:
    """A label on one line; a long one ends in …."""
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    return printable(label)


def direction(gradients: Collection[float]) -> str:
    """positive, negative, both, or none if all are 0; not-finite if one is NaN or ∞; unknown without any.

    >>> direction([0.5, 0.0]), direction([1.0, -1.0]), direction([0.0]), direction([])
    ('positive', 'both', 'none', 'unknown')
    """
    if not gradients:
        return "unknown"
    if not all(map(math.isfinite, gradients)):
        return "not-finite"
    positive, negative = any(g > 0.0 for g in gradients), any(g < 0.0 for g in gradients)
    if positive and negative:
        return "both"
    return "positive" if positive else "negative" if negative else "none"


def number_color(gradients: Sequence[float]) -> str:
    """The color in which a gradient is written; several are not all alike."""
    return NUMBER_COLORS.get(direction(gradients), FAINT) if len(gradients) == 1 else FAINT


def signs(after: str = "", all_finite: bool = True) -> list[tuple[str, str]]:
    """What the colors of lines mean, as pieces of a legend, each with its color."""
    not_finite = [] if all_finite else [("━━", NOT_FINITE), (" NaN or ∞   ", FAINT)]
    return [
        ("━━", POSITIVE), (" positive   ", FAINT), ("━━", NEGATIVE), (" negative   ", FAINT), *not_finite,
        ("╍╍", NO_FLOW), (f" none.   The wider, the stronger{after}.", FAINT),
    ]  # fmt: skip


def legend_width(line: Sequence[tuple[str, str]]) -> float:
    """Roughly how wide a line of a legend is."""
    return text_width("".join(text for text, _ in line), LEGEND_SIZE)


def strongest_of(gradients: Iterable[float]) -> float:
    """The largest gradient that is finite, by its size: the one that the widest line shows."""
    return max(filter(math.isfinite, map(abs, gradients)), default=0.0)


def stroke(gradients: Collection[float], strongest: float) -> tuple[str, str, float]:
    """The direction of a line, its color, and its width, by its largest gradient next to the strongest."""
    kind = direction(gradients)
    if kind in ("none", "unknown"):
        return kind, COLORS[kind], 1.2
    strength = max(map(abs, gradients))
    share = min(strength / strongest, 1.0) if strongest and math.isfinite(strength) else 1.0
    return kind, COLORS[kind], THINNEST + (THICKEST - THINNEST) * math.sqrt(share)
