"""Where the nodes of a graph stand: in columns, each to the right of what flows into it.

After Sugiyama, with effort that is bounded by construction: a column for every node,
a few sweeps that order each column by its neighbours, a few that shift nodes towards their
neighbours. A link that passes columns takes a lane through each, so that it crosses no node.

Throughout: an item is a node, or a lane of a link. A link enters an item on its left side
and leaves it on its right, at a port: a place so far below the item's middle.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SWEEPS = 8
"""How often the columns are ordered by their neighbours, and then shifted towards them."""

COLUMN_GAP, NODE_GAP, LANE_GAP = 22.0, 12.0, 9.0
PORT_SPACING = 15.0


@dataclass
class Item:
    """Something that stands in a column.

    ports    for every link, how far below the middle it enters or leaves; the middle by default
    rank     its place among the items of one list that keep their order, such as the neurons of a layer
    lane     whether it is the way of a link past a column, and not a node
    movable  whether the links that enter it may do so in any order
    """

    name: Hashable
    width: float
    height: float
    ports: dict[Hashable, float] = field(default_factory=dict)
    rank: int | None = None
    lane: bool = False
    movable: bool = False


@dataclass(frozen=True)
class Link:
    """From one item to another; `label` is the width of what is written before its head."""

    name: Hashable
    tail: Hashable
    head: Hashable
    label: float = 0.0


@dataclass
class Plan:
    """The place of every node's middle, and the points that every link passes, from the top left."""

    width: float
    height: float
    places: dict[Hashable, tuple[float, float]]
    routes: dict[Hashable, list[tuple[float, float]]]
    columns: dict[Hashable, int]


def columns_of(
    names: Sequence[Hashable], links: Sequence[Link], entered: Collection[Hashable] = ()
) -> dict[Hashable, int]:
    """The column of every node, inputs before outputs; `names` are in topological order.

    A node stands just before what it flows into if that shortens more links than it lengthens:
    those from leaves, which move along, do not count, those from outside into an `entered` node do.
    """
    before: dict[Hashable, list[Hashable]] = {name: [] for name in names}
    after: dict[Hashable, list[Hashable]] = {name: [] for name in names}
    for link in links:
        before[link.head].append(link.tail)
        after[link.tail].append(link.head)
    column: dict[Hashable, int] = {}
    for name in names:
        column[name] = max((column[x] + 1 for x in before[name]), default=0)
    for name in reversed(names):
        inputs = sum(bool(before[x]) for x in set(before[name])) + (name in entered)
        if after[name] and len(set(after[name])) > inputs:
            column[name] = min(column[x] for x in after[name]) - 1
    return column


def plan(items: Sequence[Item], links: Sequence[Link], column: Mapping[Hashable, int]) -> Plan:
    """Lay out a graph whose columns are known."""
    return _Layout(items, links, column).plan()


class _Layout:
    def __init__(self, items: Sequence[Item], links: Sequence[Link], column: Mapping[Hashable, int]) -> None:
        self.items = {item.name: item for item in items}
        first = min(column.values(), default=0)
        self.column = {name: place - first for name, place in column.items()}
        self.links = links
        self.ways: dict[Hashable, list[Hashable]] = {}
        for link in links:
            lanes: list[Hashable] = []
            for passed in range(self.column[link.tail] + 1, self.column[link.head]):
                lane = Item((link.name, passed), 0.0, 0.0, lane=True)
                self.items[lane.name] = lane
                self.column[lane.name] = passed
                lanes.append(lane.name)
            self.ways[link.name] = [link.tail, *lanes, link.head]
        self.before: dict[Hashable, list[tuple[Hashable, Hashable]]] = {name: [] for name in self.items}
        self.after: dict[Hashable, list[tuple[Hashable, Hashable]]] = {name: [] for name in self.items}
        for name, way in self.ways.items():
            for tail, head in pairwise(way):
                self.before[head].append((tail, name))
                self.after[tail].append((head, name))
        self.columns: list[list[Hashable]] = [[] for _ in range(1 + max(self.column.values(), default=0))]
        for name in self._as_a_reader_meets_them():
            self.columns[self.column[name]].append(name)
        self.columns = [self._ranked(column) for column in self.columns]

    def plan(self) -> Plan:
        self._order()
        self._assign_ports()
        y = self._heights()
        x = self._widths(y)
        top = min((y[name] - item.height / 2 for name, item in self.items.items()), default=0.0)
        bottom = max((y[name] + item.height / 2 for name, item in self.items.items()), default=0.0)
        width = max((x[name] + item.width / 2 for name, item in self.items.items()), default=0.0)
        places = {name: (x[name], y[name] - top) for name, item in self.items.items() if not item.lane}
        routes = {name: self._route(name, way, x, y, top) for name, way in self.ways.items()}
        return Plan(width, bottom - top, places, routes, self.column)

    # ── the order within each column ────────────────────────────────────────────────────

    def _as_a_reader_meets_them(self) -> list[Hashable]:
        """From the last nodes back, first inputs first."""
        ends = [name for name in self.items if not self.after[name]]
        seen: dict[Hashable, None] = {}
        stack = ends[::-1]
        while stack:
            name = stack.pop()
            if name not in seen:
                seen[name] = None
                stack.extend(x for x, _ in reversed(self.before[name]))
        return list(seen)

    def _order(self) -> None:
        best, fewest = [list(column) for column in self.columns], self._crossings()
        for sweep in range(SWEEPS):
            if fewest == 0:
                break
            forward = sweep % 2 == 0
            neighbours = self.before if forward else self.after
            order = range(1, len(self.columns)) if forward else range(len(self.columns) - 2, -1, -1)
            for i in order:
                beside = {name: j for j, name in enumerate(self.columns[i - 1 if forward else i + 1])}
                own = {name: float(j) for j, name in enumerate(self.columns[i])}
                for name in self.columns[i]:
                    if neighbours[name]:
                        near = [self._place_in(beside, x, link) for x, link in neighbours[name]]
                        own[name] = sum(near) / len(near)
                self.columns[i] = self._ranked(sorted(self.columns[i], key=own.__getitem__))
            crossings = self._crossings()
            if crossings < fewest:
                best, fewest = [list(column) for column in self.columns], crossings
        self.columns = best

    def _place_in(self, beside: Mapping[Hashable, int], name: Hashable, link: Hashable) -> float:
        item = self.items[name]
        return beside[name] + (item.ports.get(link, 0.0) / item.height if item.height else 0.0)

    def _ranked(self, column: list[Hashable]) -> list[Hashable]:
        """The same column with items that have ranks in their order, at the places that they take up."""
        ranked = iter(
            sorted(
                (name for name in column if self.items[name].rank is not None),
                key=lambda name: self.items[name].rank or 0,
            )
        )
        return [next(ranked) if self.items[name].rank is not None else name for name in column]

    def _crossings(self) -> int:
        count = 0
        for i, column in enumerate(self.columns[:-1]):
            place = {name: j for j, name in enumerate(self.columns[i + 1])}
            seen: list[int] = []
            for name in column:
                heads = [place[x] for x, _ in self.after[name]]
                count += sum(len(seen) - bisect_left(seen, head + 1) for head in heads)
                for head in heads:
                    insort(seen, head)
        return count

    def _assign_ports(self) -> None:
        """Links enter a node in the order in which they come, one below the other."""
        place = {name: j for column in self.columns for j, name in enumerate(column)}
        for name, item in self.items.items():
            if item.movable:
                come = sorted(self.before[name], key=lambda pair: self._place_in(place, *pair))
                for k, (_, link) in enumerate(come):
                    item.ports[link] = (k - (len(come) - 1) / 2) * PORT_SPACING

    # ── how high each item stands ───────────────────────────────────────────────────────

    def _heights(self) -> dict[Hashable, float]:
        y: dict[Hashable, float] = {}
        offsets = []
        for column in self.columns:
            offset, so_far = [], 0.0
            for above, name in zip([None, *column], column, strict=False):
                if above is not None:
                    so_far += (self.items[above].height + self.items[name].height) / 2
                    so_far += LANE_GAP if self.items[above].lane or self.items[name].lane else NODE_GAP
                offset.append(so_far)
            offsets.append(offset)
            y.update({name: place - so_far / 2 for name, place in zip(column, offset, strict=True)})
        for sweep in range(SWEEPS):
            forward = sweep % 2 == 0
            sides = (
                [self.before if forward else self.after] if sweep < SWEEPS - 2 else [self.before, self.after]
            )
            for i in range(len(self.columns)) if forward else range(len(self.columns) - 1, -1, -1):
                self._shift(self.columns[i], offsets[i], sides, y)
        return y

    def _shift(
        self,
        column: list[Hashable],
        offset: list[float],
        sides: list[dict[Hashable, list[tuple[Hashable, Hashable]]]],
        y: dict[Hashable, float],
    ) -> None:
        """Move a column's items as near to their neighbours as their order and distances allow.

        Least squares under an order: neighbours that would overlap move as one block.
        """
        blocks: list[list[float]] = []  # sum of weights × places, sum of weights, how many
        for name, down in zip(column, offset, strict=True):
            near = [self._wanted(name, x, link, y) for side in sides for x, link in side[name]]
            pull = sum(strength for _, strength in near)
            weight = 8.0 if self.items[name].lane else 1.0 + pull if self.before[name] else 0.05
            wanted = sum(place * strength for place, strength in near) / pull if near else y[name]
            blocks.append([weight * (wanted - down), weight, 1.0])
            while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] > blocks[-1][0] * blocks[-2][1]:
                last = blocks.pop()
                blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
        at = 0
        for total, weight, count in blocks:
            for k in range(at, at + int(count)):
                y[column[k]] = total / weight + offset[k]
            at += int(count)

    def _wanted(
        self, name: Hashable, other: Hashable, link: Hashable, y: Mapping[Hashable, float]
    ) -> tuple[float, float]:
        """Where a link would be level, and how much that counts.

        A leaf follows the node that it flows into, and not the other way round; two nodes stand at
        one height, whatever the ports: so a long chain goes straight on.
        """
        a, b = self.items[name], self.items[other]
        if a.movable and b.movable and self.before[name] and self.before[other]:
            return y[other], 1.0
        place = y[other] + b.ports.get(link, 0.0) - a.ports.get(link, 0.0)
        leaf = not (b.lane or self.before[other])
        return place, 0.001 if leaf else 1.0

    # ── how far to the right each column stands, and the way of each link ───────────────

    def _widths(self, y: Mapping[Hashable, float]) -> dict[Hashable, float]:
        """The middle of every item; before a column there is room for its labels, and for curves."""
        labels, steepest = [0.0] * len(self.columns), [0.0] * len(self.columns)
        for link in self.links:
            i = self.column[link.head]
            labels[i] = max(labels[i], link.label)
            way = self.ways[link.name]
            for tail, head in pairwise(way):
                i = self.column[head]
                steepest[i] = max(steepest[i], abs(y[tail] - y[head]))
        self.labels = labels
        x: dict[Hashable, float] = {}
        right = 0.0
        self.left_of, self.right_of = [], []
        for i, column in enumerate(self.columns):
            if i:
                right += COLUMN_GAP + min(steepest[i] * 0.12, 60.0) + labels[i]
            width = max(self.items[name].width for name in column)
            for name in column:
                x[name] = right + width / 2
            self.left_of.append(right)
            right += width
            self.right_of.append(right)
        return x

    def _route(
        self,
        name: Hashable,
        way: Sequence[Hashable],
        x: Mapping[Hashable, float],
        y: Mapping[Hashable, float],
        top: float,
    ) -> list[tuple[float, float]]:
        """From the tail's right side to the head's left, level past nodes and under labels."""
        points = []
        for k, at in enumerate(way):
            item, column = self.items[at], self.column[at]
            height = y[at] + item.ports.get(name, 0.0) - top
            if k > 0:
                points.append((self.left_of[column] - self.labels[column], height))
                if k == len(way) - 1:
                    points.append((x[at] - item.width / 2, height))
            if k < len(way) - 1:
                if k == 0:
                    points.append((x[at] + item.width / 2, height))
                points.append((self.right_of[column], height))
        return points
