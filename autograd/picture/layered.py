"""Where the nodes of a graph stand: in columns, each to the right of what flows into it.

Graphviz orders the nodes of each column and says how high they stand. A link that passes columns
takes a lane through each, so that it crosses no node; what it is drawn along is decided here.

Throughout: a block is a node, or a lane of a link. A link enters a block on its left side
and leaves it on its right, at a port: a place so far below the block's middle.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from autograd.picture import rendering
from autograd.picture.sheet import POINTS_PER_INCH, Point

COLUMN_GAP, NODE_GAP = 22.0, 11.0

ITERATIONS = 100
"""How often `dot` may improve the places of a layout, about."""
PORT_SPACING = 15.0


@dataclass
class Block:
    """Something that stands in a column.

    ports  for every link, how far below the middle it enters or leaves; without any, links leave from
           the middle, and enter in the order in which they come
    rank   its place among the blocks of one list that keep their order, such as the neurons of a layer
    lane   whether it is the way of a link past a column, and not a node
    """

    name: str
    width: float = 0.0
    height: float = 0.0
    ports: dict[str, float] = field(default_factory=dict)
    rank: int | None = None
    lane: bool = False


@dataclass(frozen=True)
class Link:
    """From one block to another; `label` is the width of what is written before its head."""

    name: str
    tail: str
    head: str
    label: float = 0.0


def columns_of(
    names: Sequence[str], links: Iterable[tuple[str, str]], entered: Collection[str] = ()
) -> dict[str, int]:
    """The column of every node, inputs before outputs; `names` are in topological order.

    A node stands just before what it flows into if that shortens more links than it lengthens:
    those from leaves, which move along, do not count, those from outside into an `entered` node do.
    """
    before: dict[str, list[str]] = {name: [] for name in names}
    after: dict[str, list[str]] = {name: [] for name in names}
    for tail, head in links:
        before[head].append(tail)
        after[tail].append(head)
    column: dict[str, int] = {}
    for name in names:
        column[name] = max((column[x] + 1 for x in before[name]), default=0)
    for name in reversed(names):
        inputs = sum(bool(before[x]) for x in set(before[name])) + (name in entered)
        if after[name] and len(set(after[name])) > inputs:
            column[name] = min(column[x] for x in after[name]) - 1
    return column


class Layout:
    """A graph whose columns are known, laid out.

    places  the middle of every node, from the top left
    routes  the points that every link passes
    """

    def __init__(self, blocks: Sequence[Block], links: Sequence[Link], column: Mapping[str, int]) -> None:
        self.blocks = {block.name: block for block in blocks}
        first = min(column.values())
        self.column = {name: place - first for name, place in column.items()}
        self.links = links
        self.ways = {link.name: self._way(link) for link in links}
        self.before: dict[str, list[tuple[str, str]]] = {name: [] for name in self.blocks}
        self.after: dict[str, list[str]] = {name: [] for name in self.blocks}
        for name, way in self.ways.items():
            for tail, head in pairwise(way):
                self.before[head].append((tail, name))
                self.after[tail].append(head)
        self.columns: list[list[str]] = [[] for _ in range(1 + max(self.column.values()))]
        for name, place in self.column.items():
            self.columns[place].append(name)
        self.y = self._heights()
        self.height = max(self.y[block.name] + block.height / 2 for block in self.blocks.values())
        self._assign_ports()
        self.labels, self.spans = self._spans()
        self.width = sum(self.spans[-1])
        self.places = {block.name: self._middle(block) for block in self.blocks.values() if not block.lane}
        self.routes = {name: self._route(name, way) for name, way in self.ways.items()}

    def _way(self, link: Link) -> list[str]:
        """The blocks that a link passes: its tail, a lane through every column between, its head."""
        lanes = []
        for passed in range(self.column[link.tail] + 1, self.column[link.head]):
            lane = f"{link.name} past {passed}"
            self.blocks[lane], self.column[lane] = Block(lane, lane=True), passed
            lanes.append(lane)
        return [link.tail, *lanes, link.head]

    # ── how high each block stands: Graphviz decides ────────────────────────────────────

    def _heights(self) -> dict[str, float]:
        """How far below the top the middle of every block stands, as `dot` orders and places the columns."""
        self.number = {name: k for k, name in enumerate(self.blocks)}
        places = rendering.places("\n".join(self._statements()))
        y = {name: -places[str(k)][1] for name, k in self.number.items()}
        top = min(y[block.name] - block.height / 2 for block in self.blocks.values())
        return {name: height - top for name, height in y.items()}

    def _statements(self) -> Iterator[str]:
        """The columns in DOT. Ranked blocks keep their order; lanes and links between them go straight."""
        number = self.number
        effort = min(2.0, ITERATIONS / len(number))  # per node
        yield f"digraph {{ rankdir=LR splines=none nslimit={effort:.2f} nslimit1={effort:.2f} mclimit=1"
        yield f"nodesep={NODE_GAP / POINTS_PER_INCH:.3f} node [shape=box margin=0]"
        for name in self._as_a_reader_meets_them():
            block = self.blocks[name]
            width, height = (max(side, 1.0) / POINTS_PER_INCH for side in (block.width, block.height))
            size = f"width={width:.4f} height={height:.4f}"
            label = f"<{_table(block)}> shape=plain" if block.ports else f'"" fixedsize=true {size}'
            yield f"{number[name]} [label={label}]"
        for column in self.columns:
            yield f"{{ rank=same {' '.join(str(number[name]) for name in column)} }}"
            ranks = {name: rank for name in column if (rank := self.blocks[name].rank) is not None}
            for above, below in pairwise(sorted(ranks, key=ranks.__getitem__)):
                yield f"{number[above]} -> {number[below]} [style=invis]"
        for link, way in self.ways.items():
            for tail, head in pairwise(way):
                straight = self.blocks[tail].lane or self.blocks[head].lane
                begin, end = self._end(tail, link, "e"), self._end(head, link, "w")
                yield f"{begin} -> {end} [weight={8 if straight else 2}]"
        yield "}"

    def _end(self, name: str, link: str, side: str) -> str:
        ports, number = self.blocks[name].ports, self.number[name]
        return f"{number}:p{list(ports).index(link)}:{side}" if link in ports else f"{number}"

    def _as_a_reader_meets_them(self) -> list[str]:
        """From the last nodes back, first inputs first."""
        seen: dict[str, None] = {}
        stack = [name for name in reversed(self.blocks) if not self.after[name]]
        while stack:
            name = stack.pop()
            if name not in seen:
                seen[name] = None
                stack.extend(x for x, _ in reversed(self.before[name]))
        return list(seen)

    def _assign_ports(self) -> None:
        """Links enter a node in the order in which they come, one below the other."""
        for block in self.blocks.values():
            if not block.ports and not block.lane:
                come = sorted(self.before[block.name], key=lambda end: self._height(*end))
                for k, (_, link) in enumerate(come):
                    block.ports[link] = (k - (len(come) - 1) / 2) * PORT_SPACING

    def _height(self, name: str, link: str) -> float:
        """Where a link enters or leaves a block."""
        return self.y[name] + self.blocks[name].ports.get(link, 0.0)

    # ── how far to the right each column stands, and the way of each link ───────────────

    def _spans(self) -> tuple[list[float], list[Point]]:
        """Each column's room for labels, where it begins and how wide it is; before it is room for curves."""
        labels, steepest = [0.0] * len(self.columns), [0.0] * len(self.columns)
        for link in self.links:
            i = self.column[link.head]
            labels[i] = max(labels[i], link.label)
            for tail, head in pairwise(self.ways[link.name]):
                i = self.column[head]
                steepest[i] = max(steepest[i], abs(self.y[tail] - self.y[head]))
        spans: list[Point] = []
        for column, label, steep in zip(self.columns, labels, steepest, strict=True):
            gap = COLUMN_GAP + min(steep * 0.12, 60.0) + label
            left = sum(spans[-1]) + gap if spans else 0.0
            spans.append((left, max(self.blocks[name].width for name in column)))
        return labels, spans

    def _middle(self, block: Block) -> Point:
        left, width = self.spans[self.column[block.name]]
        return left + width / 2, self.y[block.name]

    def _route(self, link: str, way: Sequence[str]) -> list[Point]:
        """From the tail's right side to the head's left, level past nodes and under labels."""
        tail, *lanes, head = (self.blocks[name] for name in way)
        points = [(self._middle(tail)[0] + tail.width / 2, self._height(tail.name, link))]
        for begin, end in pairwise((tail, *lanes, head)):
            column = self.column[end.name]
            points.append((sum(self.spans[column - 1]), self._height(begin.name, link)))
            points.append((self.spans[column][0] - self.labels[column], self._height(end.name, link)))
        return [*points, (self._middle(head)[0] - head.width / 2, self._height(head.name, link))]


def _table(block: Block) -> str:
    """A box of the block's size, with a thin row at each port."""
    rows, down = [], 0.0
    for offset, k in sorted((offset, k) for k, offset in enumerate(block.ports.values())):
        top = offset + block.height / 2 - 1.0
        rows += [_row(block.width, top - down), _row(block.width, 2.0, f'PORT="p{k}"')]
        down = top + 2.0
    rows.append(_row(block.width, block.height - down))
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{"".join(rows)}</TABLE>'


def _row(width: float, height: float, port: str = "") -> str:
    size = f'FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{max(height, 1.0):.0f}"'
    return f"<TR><TD {port} {size}></TD></TR>"
