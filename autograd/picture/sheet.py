"""A drawing with every place in it decided: what a writer of SVG or of DOT needs, and no more.

Lengths are in points, from the top left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from autograd.picture import looks

Point = tuple[float, float]

POINTS_PER_INCH = 72.0


@dataclass(frozen=True)
class Words:
    """One line of text. `kind` names it in the SVG: label, number, gradient, detail, …"""

    text: str
    kind: str = ""
    size: float = 12.0
    bold: bool = False
    color: str = ""

    @property
    def width(self) -> float:
        """About how wide it is."""
        return looks.text_width(self.text, self.size, self.bold)


@dataclass(frozen=True)
class Mark:
    """The gate, or the closed group, at the left end of the box that it made; `kind` is gate or group."""

    id: str
    kind: str
    width: float
    lines: tuple[Words, ...]
    fill: str
    rim: str


@dataclass(frozen=True)
class Box:
    """A box or a circle, with lines of text in its middle.

    shows    the id of the box that a chip repeats
    tooltip  a sentence for a mouse that rests on it
    rank     its place among boxes that keep their order, as closed neurons do in their layer
    x, y     its left upper corner
    """

    id: str
    kind: str
    width: float
    height: float
    lines: tuple[Words, ...]
    fill: str
    rim: str
    rim_width: float = 1.0
    radius: float = 6.0
    dashed: bool = False
    mark: Mark | None = None
    shows: str = ""
    tooltip: str = ""
    rank: int | None = None
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Edge:
    """A line through points: level or upright with round corners, else curved from level to level.

    kind      the direction of the gradients along it
    label     what is written on its last level piece, which ends at the head
    straight  without curves and arrowhead
    back      the arrowhead stands at the tail
    """

    id: str
    tail: str
    head: str
    kind: str
    color: str
    width: float
    label: str = ""
    points: tuple[Point, ...] = ()
    straight: bool = False
    back: bool = False

    @property
    def dashed(self) -> bool:
        return self.kind == "none"


@dataclass(frozen=True)
class Frame:
    """A frame around boxes, its title at the left upper corner."""

    id: str
    title: Words
    x: float
    y: float
    width: float
    height: float


@dataclass
class Sheet:
    """A drawing. `legend` are lines below it, each of pieces of text in their colours."""

    title: str
    width: float
    height: float
    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    words: list[tuple[float, float, Words]] = field(default_factory=list)
    legend: list[list[tuple[str, str]]] = field(default_factory=list)

    @property
    def with_legend(self) -> tuple[float, float]:
        """Width and height with the legend below."""
        below = looks.LEGEND_GAP + looks.LEGEND_LINE * len(self.legend) if self.legend else 0.0
        return max([self.width, *map(looks.legend_width, self.legend)]), self.height + below


def curve(edge: Edge, short: float = 0.0) -> list[Point]:
    """The cubic Bézier curve of an edge: a point, then three for every piece.

    `short` is cut off at the end, to leave room for an arrowhead.
    """
    *inner, (end_x, end_y) = edge.points
    points = [*inner, (end_x - short, end_y)]
    result = points[:1]
    for k, (x, y) in enumerate(points[1:], start=1):
        from_x, from_y = result[-1]
        upright = from_x == x or points[k - 1][0] == x
        if edge.straight or from_y == y or upright:
            to_x, to_y = x, y
            if k + 1 < len(points) and upright != (points[k + 1][0] == x):
                to_x, to_y = _towards((from_x, from_y), (x, y), looks.CORNER)
            result += [
                (from_x + (to_x - from_x) / 3, from_y + (to_y - from_y) / 3),
                (from_x + 2 * (to_x - from_x) / 3, from_y + 2 * (to_y - from_y) / 3),
                (to_x, to_y),
            ]
            if (to_x, to_y) != (x, y):  # round the corner
                after = _towards(points[k + 1], (x, y), looks.CORNER)
                result += [(x, y), (x, y), after]
        else:
            middle = (from_x + x) / 2
            result += [(middle, from_y), (middle, y), (x, y)]
    return result


def _towards(start: Point, end: Point, short: float) -> Point:
    """The point at this distance before the end of a line, or its middle if that is nearer."""
    length = math.dist(start, end)
    share = min(short / length, 0.5) if length else 0.0
    return (end[0] + (start[0] - end[0]) * share, end[1] + (start[1] - end[1]) * share)
