"""A scene, laid out: what stands where, on a sheet.

The frames of a model are laid out one inside the other: a neuron by itself, the neurons of a layer
below each other in their order, the layers in columns. A long chain goes on in a further row.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from autograd.picture import looks
from autograd.picture.chips import with_chips
from autograd.picture.layered import PORT_SPACING, Block, Layout, Link, columns_of
from autograd.picture.scene import Cluster, Scene
from autograd.picture.sheet import Edge, Frame, Point, Sheet, Words

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


def fitted(scene: Scene, *, aspect: float = 16 / 9) -> Sheet:
    """The sheet of a scene whose text is the largest in a frame of this aspect ratio."""
    lengths = ROW_LENGTHS if len(scene.boxes) <= MOST_FITTED else (WIDEST, math.inf)
    sheets = [arranged(scene, widest=length) for length in lengths]
    return max(sheets, key=lambda sheet: min(aspect / sheet.width, 1.0 / sheet.height))


def arranged(scene: Scene, title: str = "", *, widest: float = WIDEST) -> Sheet:
    """The sheet of a scene; a row that is longer than `widest`, in points, goes on in the next if it can."""
    return _Arrangement(with_chips(scene)).sheet(title, widest)


class _Arrangement:
    """The whole, while places are found.

    places  the middle of every box
    passed  the points that an edge passes: row, x, y
    tops    where every row begins; ends, how far it reaches to the right
    bends   the edges that go on into every row, the lowest first
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        inputs = Counter(edge.head for edge in scene.edges)
        self.boxes = {
            box.id: replace(box, height=max(box.height, inputs[box.id] * PORT_SPACING + 4.0))
            for box in scene.boxes
        }
        room = looks.text_width("0" * scene.reserve, looks.EDGE_NUMBER)
        self.label_widths = {
            edge.id: 12.0 + max(looks.text_width(edge.label, looks.EDGE_NUMBER), room if edge.label else 0.0)
            for edge in scene.edges
        }
        self.places: dict[str, Point] = {}
        self.passed: dict[str, list[tuple[int, float, float]]] = {edge.id: [] for edge in scene.edges}
        self.frames: list[Frame] = []
        self.tops: list[float] = []
        self.ends: list[float] = []
        self.bends: list[list[str]] = []

    def sheet(self, title: str, widest: float) -> Sheet:
        rows = _Level(self, [*self.boxes], self.scene.clusters, self.scene.edges).rows(widest)
        bend = MARGIN + BEND_GAP * MOST_BENDS if len(rows) > 1 else 0.0
        height = 0.0
        for k, row in enumerate(rows):
            entering = [e.id for e in row.edges if e.tail not in row.home and e.head in row.home]
            self.bends.append(sorted(entering, key=lambda edge: -row.layout.routes[edge][0][1]))
            if k > 0:
                height += ROW_GAP + BEND_GAP * (len(entering) - 1)
            self.tops.append(height)
            row.put(bend, height, k)
            self.ends.append(bend + row.layout.width)
            height += row.layout.height
        boxes = []
        for name, box in self.boxes.items():
            x, y = self.places[name]
            boxes.append(replace(box, x=x - box.width / 2, y=y - box.height / 2))
        edges = [replace(edge, points=self._points(edge.id)) for edge in self.scene.edges]
        return Sheet(title, max(self.ends) + bend, height, boxes, edges, self.frames)

    def _points(self, edge: str) -> tuple[Point, ...]:
        """The points of an edge from left to right, and back to the left from row to row."""
        points: list[Point] = []
        before = 0
        for row, x, y in sorted(set(self.passed[edge])):
            if row > before and points:
                up = BEND_GAP * self.bends[row].index(edge)
                right = max(points[-1][0], *self.ends[before:row]) + MARGIN / 2 + up
                left = x - MARGIN / 2 - up
                between = self.tops[row] - ROW_GAP / 2 - up
                points += [(right, points[-1][1]), (right, between), (left, between), (left, y)]
            points.append((x, y))
            before = row
        return tuple(points)


class _Level:
    """What lies directly in one frame, or in none: boxes, and the frames within it as wholes.

    home    for every box, the block of this level that it is or lies in
    order   the blocks, inputs before outputs
    inside  the levels of the frames among them
    layout  where they stand
    """

    def __init__(
        self, whole: _Arrangement, members: Sequence[str], clusters: Sequence[Cluster], edges: Sequence[Edge]
    ) -> None:
        self.whole = whole
        self.clusters = {part.id: part for part in clusters}
        self.home = {name: name for name in members}
        for part in clusters:
            self.home.update(dict.fromkeys(part.all_members, part.id))
        self.edges = [edge for edge in edges if edge.tail in self.home or edge.head in self.home]
        self._dissolve_circles()
        self.inside = {
            part.id: _Level(whole, part.members, part.parts, self.edges) for part in self.clusters.values()
        }
        self.lay_out()

    def _dissolve_circles(self) -> None:
        """A frame that feeds itself through boxes outside cannot be one whole: its boxes stand free."""
        inputs: dict[str, list[str]] = {home: [] for home in self.home.values()}
        for edge in self.edges:
            tail, head = self.home.get(edge.tail), self.home.get(edge.head)
            if tail and head and tail != head:
                inputs[head].append(tail)
        try:
            self.order = list(TopologicalSorter(inputs).static_order())
        except CycleError as error:
            circle = {self.clusters.pop(name).id for name in error.args[1] if name in self.clusters}
            self.home |= {name: name for name, home in self.home.items() if home in circle}
            self._dissolve_circles()

    def rows(self, widest: float) -> list[_Level]:
        """The level in rows, cut where few edges lead on from one column to the next."""
        cuts, column = self._cuts(widest)
        rows = [copy(self) for _ in range(len(cuts) + 1)] if cuts else []
        for row, first, last in zip(rows, [-1, *cuts], [*cuts, len(column)], strict=False):
            row.home = {name: home for name, home in self.home.items() if first < column[home] <= last}
            row.lay_out()
        worth_it = rows and max(row.layout.width for row in rows) < WORTH_ROWS * self.layout.width
        return rows if worth_it else [self]

    def _cuts(self, widest: float) -> tuple[list[int], dict[str, int]]:
        """The last column of each row but the last, and the column that decides on the row of each block.

        A leaf goes into the row of the first gate that uses it.
        """
        layout, blocks = self.layout, dict.fromkeys(self.home.values())
        column = {name: layout.column[name] for name in blocks}
        edges = [(self.home[edge.tail], self.home[edge.head]) for edge in self.edges]
        fed = {head for _, head in edges}
        for tail in column.keys() - fed:
            column[tail] = min((column[head] for x, head in edges if x == tail), default=column[tail])
        ends = [0.0] * (1 + max(column.values()))
        for name, place in column.items():
            ends[place] = max(ends[place], layout.places[name][0])
        crossing = [0] * len(ends)
        for tail, head in edges:
            for passed in range(column[tail], column[head]):
                crossing[passed] += 1
        cuts: list[int] = []
        count = math.ceil(layout.width / widest)
        for k in range(1, count):
            wanted = layout.width * k / count
            free = [c for c in range(len(ends) - 1) if crossing[c] <= MOST_BENDS and c > (cuts or [-1])[-1]]
            near = min(free, key=lambda c: abs(ends[c] - wanted) + BEND_COST * crossing[c], default=None)
            if near is not None and abs(ends[near] - wanted) < widest / 3:
                cuts.append(near)
        return cuts, column

    def lay_out(self) -> None:
        """Find the places of the blocks; edges from and to outside begin and end at lanes of their own."""
        names = set(self.home.values())
        links: list[Link] = []
        entries, exits = {}, {}
        for edge in self.edges:
            tail, head = self.home.get(edge.tail), self.home.get(edge.head)
            if tail == head:
                continue
            begin, end = tail or f"into {edge.id}", head or f"out of {edge.tail}"
            if tail is None:
                entries[begin] = Block(begin, lane=True)
            if head is None:
                exits[end] = Block(end, lane=True)
            in_frame = 0.0 if head is None else 12.0
            label = self.whole.label_widths[edge.id] if head in self.whole.boxes else in_frame
            links.append(Link(edge.id, begin, end, label))
        blocks = [self._block(name) for name in self.order if name in names]
        inner = [(link.tail, link.head) for link in links if link.tail in names and link.head in names]
        entered = {link.head for link in links if link.tail not in names}
        column = columns_of([block.name for block in blocks], inner, entered)
        _side_by_side([block.name for block in blocks if block.rank is not None], column, inner)
        first, last = min(column.values()), max(column.values())
        column |= dict.fromkeys(entries, first - 1) | dict.fromkeys(exits, last + 1)
        self.layout = Layout([*entries.values(), *blocks, *exits.values()], links, column)

    def _block(self, name: str) -> Block:
        level = self.inside.get(name)
        if level is None:
            box = self.whole.boxes[name]
            rank = None if box.rank is None else len(self.clusters) + box.rank
            return Block(name, box.width, box.height, rank=rank)
        inner = level.layout
        height = inner.height + FRAME_TITLE + FRAME_PADDING
        ports = {}
        for edge in level.edges:
            if edge.tail not in level.home or edge.head not in level.home:
                end = 0 if edge.tail not in level.home else -1
                ports[edge.id] = inner.routes[edge.id][end][1] + FRAME_TITLE - height / 2
        width = max(inner.width, self._title(name).width) + 2 * FRAME_PADDING
        return Block(name, width, height, ports, list(self.clusters).index(name))

    def _title(self, name: str) -> Words:
        return Words(self.clusters[name].title, bold=True, color=looks.FAINT)

    def put(self, x: float, y: float, row: int) -> None:
        """Fix the places of everything in it, from its left upper corner."""
        for name, (across, down) in self.layout.places.items():
            level = self.inside.get(name)
            if level is None:
                self.whole.places[name] = (x + across, y + down)
                continue
            frame = self.layout.blocks[name]
            left, top = x + across - frame.width / 2, y + down - frame.height / 2
            self.whole.frames.append(Frame(name, self._title(name), left, top, frame.width, frame.height))
            level.put(left + (frame.width - level.layout.width) / 2, top + FRAME_TITLE, row)
        for name, route in self.layout.routes.items():
            self.whole.passed[name] += (
                (row, round(x + across, 2), round(y + down, 2)) for across, down in route
            )


def _side_by_side(ranked: Sequence[str], column: dict[str, int], links: Sequence[tuple[str, str]]) -> None:
    """Put ranked blocks, such as the neurons of a layer, into one column, if nothing holds them back."""
    last = max((column[name] for name in ranked), default=0)
    held = {tail for tail, head in links if column[head] <= last}
    column.update(dict.fromkeys((name for name in ranked if name not in held), last))
