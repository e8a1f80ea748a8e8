"""A scene, laid out: what stands where, on a sheet.

The frames of a model are laid out one inside the other: a neuron by itself, the neurons of a layer
below each other in their order, the layers in columns. A long chain goes on in a further row.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from copy import copy
from graphlib import CycleError, TopologicalSorter

from autograd.picture import looks
from autograd.picture.chips import with_chips
from autograd.picture.faces import EDGE_NUMBER, face_of
from autograd.picture.layered import Item, Link, Plan, columns_of, plan
from autograd.picture.looks import text_width
from autograd.picture.scene import Box, Cluster, Edge, Scene
from autograd.picture.sheet import Frame, Point, Sheet, Spot, Wire

FRAME_TITLE, FRAME_PADDING = 18.0, 9.0
ROW_GAP, BEND_GAP, MARGIN = 30.0, 7.0, 8.0
MOST_BENDS, BEND_COST = 4, 60.0
"""At most this many edges go on from row to row; one more is worth a row this many points longer."""
WIDEST = 1000.0
"""A graph that is wider, in points, goes on in a further row where few lines lead on."""

ROW_LENGTHS = (600.0, 800.0, WIDEST, 1300.0, math.inf)
MOST_FITTED = 150
"""The lengths of rows that are tried to fill a frame, two of them for more boxes."""

WORTH_ROWS = 0.8
"""Rows are drawn if the longest is shorter than so much of the whole."""


def arranged(scene: Scene, title: str = "", *, reserve: int = 0, widest: float = WIDEST) -> Sheet:
    """The sheet of a scene.

    reserve  how many digits and signs every number and gradient has room for, so that others may
             take their place and nothing moves; 0 for no more room than they need
    widest   how long a row may be, in points, if there is a place where it can go on in the next
    """
    return _Arrangement(scene, title, reserve, widest).sheet()


# ── places ──────────────────────────────────────────────────────────────────────────────


def fitted(scene: Scene, *, reserve: int = 0, aspect: float = 16 / 9) -> Sheet:
    """The sheet of a scene whose text is the largest in a frame of this aspect ratio."""
    lengths = ROW_LENGTHS if len(scene.boxes) <= MOST_FITTED else (WIDEST, math.inf)
    sheets = [arranged(scene, reserve=reserve, widest=length) for length in lengths]
    return max(sheets, key=lambda sheet: min(aspect / sheet.width, 1.0 / sheet.height))


class _Arrangement:
    """The whole, while places are found.

    places  the middle of every box
    passed  the points that an edge passes: row, x, y
    tops    where every row begins; ends, how far it reaches to the right
    bends   the edges that go on into every row, the lowest first
    """

    def __init__(self, scene: Scene, title: str, reserve: int, widest: float) -> None:
        self.scene = scene = with_chips(scene)
        self.title = title
        self.widest = widest
        self.edges = {edge.id: edge for edge in scene.edges}
        inputs: dict[str, int] = {}
        for edge in scene.edges:
            inputs[edge.head] = inputs.get(edge.head, 0) + 1
        self.boxes = {box.id: box for box in scene.boxes}
        self.faces = {box.id: face_of(box, inputs.get(box.id, 0), reserve) for box in scene.boxes}
        room = text_width("0" * reserve, EDGE_NUMBER)
        self.label_widths = {
            edge.id: max(text_width(edge.label, EDGE_NUMBER), room) + 12.0 if edge.label else 12.0
            for edge in scene.edges
        }
        self.places: dict[str, Point] = {}
        self.passed: dict[str, list[tuple[int, float, float]]] = {}
        self.frames: list[Frame] = []
        self.tops: list[float] = []
        self.ends: list[float] = []
        self.bends: list[list[str]] = []

    def sheet(self) -> Sheet:
        level = _Level(self, [*self.boxes], self.scene.clusters, list(self.scene.edges))
        rows = level.rows(self.widest)
        bend = MARGIN + BEND_GAP * MOST_BENDS if len(rows) > 1 else 0.0
        width, height = 0.0, 0.0
        for k, row in enumerate(rows):
            entering = [e.id for e in row.edges if e.tail not in row.home and e.head in row.home]
            self.bends.append(sorted(entering, key=lambda edge: -row.plan.routes[edge][0][1]))
            height += (ROW_GAP + BEND_GAP * (len(entering) - 1)) * (k > 0)
            self.tops.append(height)
            row.put(bend, height, k)
            self.ends.append(bend + row.plan.width)
            width = max(width, row.plan.width + 2 * bend)
            height += row.plan.height
        strongest = self.scene.strongest
        return Sheet(
            self.title,
            width,
            height,
            [self._spot(box) for box in self.boxes.values()],
            [self._wire(edge, strongest) for edge in self.scene.edges],
            self.frames,
        )

    def _points(self, edge: str) -> tuple[Point, ...]:
        """The points of an edge from left to right, and back to the left from row to row."""
        points: list[Point] = []
        before = 0
        for row, x, y in sorted(set(self.passed[edge])):
            if row > before and points:
                lanes = self.bends[row]
                up = BEND_GAP * lanes.index(edge)
                right = max(points[-1][0], *self.ends[before:row]) + MARGIN / 2 + up
                left = x - MARGIN / 2 - up
                between = self.tops[row] - ROW_GAP / 2 - up
                points += [(right, points[-1][1]), (right, between), (left, between), (left, y)]
            points.append((x, y))
            before = row
        return tuple(points)

    def _spot(self, box: Box) -> Spot:
        face = self.faces[box.id]
        x, y = self.places[box.id]
        chip, leaf = box.kind == "chip", "leaf" in box.kind
        fill = looks.CHIP_FILL if chip else looks.LEAF_FILL if leaf else looks.VALUE_FILL
        return Spot(
            id=box.id,
            kind="chip" if chip else f"value {box.kind}" + (" origin" if box.origin else ""),
            x=x - face.width / 2,
            y=y - face.height / 2,
            width=face.width,
            height=face.height,
            lines=face.lines,
            fill=fill,
            rim=looks.NOT_FINITE if box.origin else looks.FAINT,
            rim_width=2.6 if box.origin else 1.0,
            radius=10.0 if chip else 6.0,
            dashed=chip,
            strip=face.strip,
            shows=box.shows,
            tooltip=box.origin,
        )

    def _wire(self, edge: Edge, strongest: float) -> Wire:
        judged = edge.direction not in ("none", "unknown")
        return Wire(
            id=edge.id,
            kind=edge.direction,
            tail=edge.tail,
            head=edge.head,
            points=self._points(edge.id),
            color=looks.COLORS[edge.direction],
            width=looks.stroke_width(edge.strength, strongest) if judged else 1.2,
            dashed=edge.direction == "none",
            label=edge.label,
        )


class _Level:
    """What lies directly in one frame, or in none: boxes, and the frames within it as wholes."""

    def __init__(
        self,
        whole: _Arrangement,
        members: Sequence[str],
        clusters: Sequence[Cluster],
        edges: Sequence[Edge],
        cluster: Cluster | None = None,
    ) -> None:
        self.whole = whole
        self.cluster = cluster
        self.clusters = {part.id: part for part in clusters}
        self.home: dict[str, str] = {name: name for name in members}
        for part in clusters:
            self.home.update(dict.fromkeys(_all_members(part), part.id))
        self.edges = [edge for edge in edges if edge.tail in self.home or edge.head in self.home]
        self._dissolve_circles()
        self.inside = {
            part.id: _Level(
                whole,
                part.members,
                part.parts,
                [e for e in self.edges if part.id in (self.home.get(e.tail), self.home.get(e.head))],
                part,
            )
            for part in self.clusters.values()
        }
        for level in self.inside.values():
            level.lay_out()

    def _dissolve_circles(self) -> None:
        """A frame that feeds itself through boxes outside cannot be one whole: its boxes stand free."""
        while True:
            try:
                self.order = list(TopologicalSorter(self._inputs()).static_order())
            except CycleError as error:
                circle = set(error.args[1])
                for name, home in self.home.items():
                    if home in circle and home in self.clusters:
                        self.home[name] = name
                for name in circle:
                    self.clusters.pop(name, None)
            else:
                return

    def _inputs(self) -> dict[str, list[str]]:
        inputs: dict[str, list[str]] = {home: [] for home in self.home.values()}
        for edge in self.edges:
            tail, head = self.home.get(edge.tail), self.home.get(edge.head)
            if tail and head and tail != head:
                inputs[head].append(tail)
        return inputs

    def rows(self, widest: float) -> list[_Level]:
        """The level in rows, cut where few edges lead on from one column to the next."""
        self.lay_out()
        cuts, column = self._cuts(widest)
        rows = [copy(self) for _ in range(len(cuts) + 1)] if cuts else []
        for row, first, last in zip(rows, [-1, *cuts], [*cuts, len(column)], strict=False):
            row.home = {name: home for name, home in self.home.items() if first < column[home] <= last}
            row.lay_out()
        worth_it = rows and max(row.plan.width for row in rows) < WORTH_ROWS * self.plan.width
        return rows if worth_it else [self]

    def _cuts(self, widest: float) -> tuple[list[int], dict[str, int]]:
        """The last column of each row but the last, and the column that decides on the row of each item.

        A leaf goes into the row of the first gate that uses it.
        """
        column = {name: place for name, place in self.plan.columns.items() if isinstance(name, str)}
        edges = [(self.home[edge.tail], self.home[edge.head]) for edge in self.edges]
        fed = {head for _, head in edges}
        for tail in column.keys() - fed:
            column[tail] = min((column[head] for x, head in edges if x == tail), default=column[tail])
        ends = [0.0] * (1 + max(column.values()))
        for name, place in column.items():
            ends[place] = max(ends[place], self.plan.places[name][0])
        crossing = [0] * len(ends)
        for tail, head in edges:
            for passed in range(column[tail], column[head]):
                crossing[passed] += 1
        cuts: list[int] = []
        count = math.ceil(self.plan.width / widest)
        for k in range(1, count):
            wanted = self.plan.width * k / count
            free = [c for c in range(len(ends) - 1) if crossing[c] <= MOST_BENDS and c > (cuts or [-1])[-1]]
            near = min(free, key=lambda c: abs(ends[c] - wanted) + BEND_COST * crossing[c], default=None)
            if near is not None and abs(ends[near] - wanted) < widest / 3:
                cuts.append(near)
        return cuts, column

    def lay_out(self) -> None:
        names = set(self.home.values())
        links: list[Link] = []
        entries: dict[Hashable, Item] = {}
        exits: dict[Hashable, Item] = {}
        for edge in self.edges:
            tail, head = self.home.get(edge.tail), self.home.get(edge.head)
            if tail == head:
                continue
            begin, end = tail or ("in", edge.id), head or ("out", edge.tail)
            if tail is None:
                entries[begin] = Item(begin, 0.0, 0.0, lane=True)
            if head is None:
                exits[end] = Item(end, 0.0, 0.0, lane=True)
            label = (
                self.whole.label_widths[edge.id] if head in self.whole.boxes else 12.0 * (head is not None)
            )
            links.append(Link(edge.id, begin, end, label))
        items = [self._item(name) for name in self.order if name in names]
        inner = [link for link in links if link.tail in names and link.head in names]
        entered = {link.head for link in links if link.tail not in names}
        column: dict[Hashable, int] = columns_of([item.name for item in items], inner, entered)
        _side_by_side([item.name for item in items if item.rank is not None], column, inner)
        first, last = min(column.values(), default=0), max(column.values(), default=0)
        column |= dict.fromkeys(entries, first - 1) | dict.fromkeys(exits, last + 1)
        self.plan: Plan = plan([*entries.values(), *items, *exits.values()], links, column)

    def _item(self, name: str) -> Item:
        level = self.inside.get(name)
        if level is None:
            face, mark = self.whole.faces[name], self.whole.boxes[name].mark
            rank = None if mark is None or mark.rank is None else len(self.clusters) + mark.rank
            return Item(name, face.width, face.height, rank=rank, movable=True)
        inner = level.plan
        height = inner.height + FRAME_TITLE + FRAME_PADDING
        ports: dict[Hashable, float] = {}
        for edge in level.edges:
            if edge.tail not in level.home:
                ports[edge.id] = inner.routes[edge.id][0][1] + FRAME_TITLE - height / 2
            elif edge.head not in level.home:
                ports[edge.id] = inner.routes[edge.id][-1][1] + FRAME_TITLE - height / 2
        rank = list(self.clusters).index(name)
        return Item(name, max(inner.width, self._title_width(name)) + 2 * FRAME_PADDING, height, ports, rank)

    def _title_width(self, name: str) -> float:
        return text_width(self.clusters[name].title, 12.0) * 1.07

    def put(self, x: float, y: float, row: int) -> None:
        """Fix the places of everything in it, from its left upper corner."""
        for name, (middle, height) in self.plan.places.items():
            level = self.inside.get(str(name))
            if level is None:
                self.whole.places[str(name)] = (x + middle, y + height)
                continue
            item = self._item(str(name))
            left, top = x + middle - item.width / 2, y + height - item.height / 2
            title = self.clusters[str(name)].title
            self.whole.frames.append(Frame(str(name), title, left, top, item.width, item.height))
            inner = (item.width - level.plan.width) / 2
            level.put(left + inner, top + FRAME_TITLE, row)
        for name, route in self.plan.routes.items():
            self.whole.passed.setdefault(str(name), []).extend(
                (row, round(x + across, 2), round(y + down, 2)) for across, down in route
            )


def _side_by_side(ranked: Sequence[Hashable], column: dict[Hashable, int], links: Sequence[Link]) -> None:
    """Put ranked items, such as the neurons of a layer, into one column, unless something holds them back."""
    last = max((column[name] for name in ranked), default=0)
    held = {link.tail for link in links if column[link.head] <= last}
    column.update(dict.fromkeys((name for name in ranked if name not in held), last))


def _all_members(cluster: Cluster) -> list[str]:
    return [*cluster.members, *(name for part in cluster.parts for name in _all_members(part))]
