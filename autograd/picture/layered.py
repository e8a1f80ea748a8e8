"""Where the nodes of a graph stand: in columns, each to the right of what flows into it.

Graphviz orders the nodes of each column and says how high they stand. A link that passes columns
takes a lane through each, so that it crosses no node; what it is drawn along is decided here.

Throughout: an item is a node, or a lane of a link. A link enters an item on its left side
and leaves it on its right, at a port: a place so far below the item's middle.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from autograd.picture import rendering

COLUMN_GAP, NODE_GAP = 22.0, 11.0
INCH = 72.0

ITERATIONS = 100
"""How often `dot` may improve the places of a layout, about."""
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
        for name, place in self.column.items():
            self.columns[place].append(name)

    def plan(self) -> Plan:
        y = self._heights()
        self._assign_ports(y)
        x = self._widths(y)
        top = min((y[name] - item.height / 2 for name, item in self.items.items()), default=0.0)
        bottom = max((y[name] + item.height / 2 for name, item in self.items.items()), default=0.0)
        width = max((x[name] + item.width / 2 for name, item in self.items.items()), default=0.0)
        places = {name: (x[name], y[name] - top) for name, item in self.items.items() if not item.lane}
        routes = {name: self._route(name, way, x, y, top) for name, way in self.ways.items()}
        return Plan(width, bottom - top, places, routes, self.column)

    # ── how high each item stands: Graphviz decides ─────────────────────────────────────

    def _heights(self) -> dict[Hashable, float]:
        """How far below the top the middle of every item stands, as `dot` orders and places the columns."""
        number = {name: k for k, name in enumerate(self.items)}
        nodes = rendering.places("\n".join(self._statements(number)))
        return {name: -nodes[str(k)][1] for name, k in number.items()}

    def _statements(self, number: Mapping[Hashable, int]) -> Iterator[str]:
        """The columns in DOT. Ranked items keep their order; lanes and the links between them go straight."""
        effort = min(2.0, ITERATIONS / len(number))  # per node
        yield f"digraph {{ rankdir=LR splines=none nslimit={effort:.2f} nslimit1={effort:.2f} mclimit=1"
        yield f"nodesep={NODE_GAP / INCH:.3f} node [shape=box margin=0]"
        for name in self._as_a_reader_meets_them():
            item = self.items[name]
            size = f"width={max(item.width, 1.0) / INCH:.4f} height={max(item.height, 1.0) / INCH:.4f}"
            label = f"<{_table(item)}> shape=plain" if item.ports else f'"" fixedsize=true {size}'
            yield f"{number[name]} [label={label}]"
        for column in self.columns:
            yield f"{{ rank=same {' '.join(str(number[name]) for name in column)} }}"
            ranked = [name for name in column if self.items[name].rank is not None]
            for above, below in pairwise(sorted(ranked, key=lambda name: self.items[name].rank or 0)):
                yield f"{number[above]} -> {number[below]} [style=invis]"
        for link, way in self.ways.items():
            for tail, head in pairwise(way):
                straight = self.items[tail].lane or self.items[head].lane
                ends = [self._end(tail, link, number, "e"), self._end(head, link, number, "w")]
                yield f"{ends[0]} -> {ends[1]} [weight={8 if straight else 2}]"
        yield "}"

    def _end(self, name: Hashable, link: Hashable, number: Mapping[Hashable, int], side: str) -> str:
        ports = self.items[name].ports
        return f"{number[name]}:p{list(ports).index(link)}:{side}" if link in ports else str(number[name])

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

    def _assign_ports(self, y: Mapping[Hashable, float]) -> None:
        """Links enter a node in the order in which they come, one below the other."""
        for name, item in self.items.items():
            if item.movable:
                come = sorted(
                    self.before[name], key=lambda end: y[end[0]] + self.items[end[0]].ports.get(end[1], 0.0)
                )
                for k, (_, link) in enumerate(come):
                    item.ports[link] = (k - (len(come) - 1) / 2) * PORT_SPACING

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


def _table(item: Item) -> str:
    """A box of the item's size, with a thin row at each port."""
    rows, down = [], 0.0
    for offset, k in sorted((offset, k) for k, offset in enumerate(item.ports.values())):
        top = offset + item.height / 2 - 1.0
        rows += [_row(item.width, top - down), _row(item.width, 2.0, f'PORT="p{k}"')]
        down = top + 2.0
    rows.append(_row(item.width, item.height - down))
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{"".join(rows)}</TABLE>'


def _row(width: float, height: float, port: str = "") -> str:
    size = f'FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{max(height, 1.0):.0f}"'
    return f"<TR><TD {port} {size}></TD></TR>"
