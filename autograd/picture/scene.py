"""What there is to draw of a graph: boxes, the edges between them, frames around some; not yet where.

A box is a value, with the gate that made it at its left. A group may be closed: it is then
one box: what flows into it from outside enters it, and its results are the values in it.

Boxes, gates and edges have the ids that they keep in an SVG: value-3, gate-3, edge-3-0 by the
output's place in the topological order, as in the steps of a walk.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograd.arguments import counted
from autograd.graph import contribution
from autograd.picture import looks
from autograd.picture.folding import Folded, Item
from autograd.picture.grouping import Group
from autograd.picture.looks import number_color, shown, stroke, strongest_of, text_width
from autograd.picture.sheet import Box, Edge, Mark, Words
from autograd.typesetting.numbers import decimal
from autograd.typesetting.symbols import gate_symbol
from autograd.value import Value

RESERVED_DIGITS = 8
"""Where numbers change, every number has room for so many digits, so that nothing moves."""

NARROWEST, PADDING = 30.0, 6.0
"""The text of a box is at least so wide, and so far from its rim, in points."""


@dataclass(frozen=True)
class Cluster:
    """A frame around the boxes of an open group."""

    id: str
    title: str
    members: tuple[str, ...]
    parts: tuple[Cluster, ...] = ()

    @property
    def all_members(self) -> list[str]:
        """Its boxes, those in the frames within it too."""
        return [*self.members, *(name for part in self.parts for name in part.all_members)]


@dataclass(frozen=True)
class Scene:
    """Everything that one drawing shows; boxes in topological order, `reserve` as in its contents."""

    boxes: list[Box]
    edges: list[Edge]
    clusters: list[Cluster]
    reserve: int = 0


@dataclass(frozen=True)
class Contents:
    """What a drawing shows of a graph, some groups of which may be closed.

    numbers, gradients, names  of its values; a gradient that was not computed is missing
    forward  whether the gradients are tangents: what flows along an edge then comes from its input
    reserve  how many digits and signs every number and gradient has room for, so that others may
             take their place and nothing moves; 0 for no more room than they need
    opens    the closed groups, by their ids, that a page can open: a sign says so
    """

    folded: Folded
    numbers: Mapping[Value, float]
    gradients: Mapping[Value, float]
    names: Mapping[Value, str]
    decimals: int | None = 4
    forward: bool = False
    reserve: int = 0
    opens: Collection[str] = ()

    def scene(self, framed: Iterable[Group] = ()) -> Scene:
        """Its scene, with frames around some groups."""
        folded = self.folded
        leaves = [x for x in folded.order if x.gate is None and x is folded.in_box[x][0]]
        items = [*(x for x in leaves if x not in folded.hidden), *(item for _, item in folded.items())]
        boxes = list(map(self._box, items))
        drawn = {box.id for box in boxes}
        clusters = [cluster for group in framed for cluster in self._clusters(group, drawn)]
        return Scene(boxes, self._edges(items), clusters, self.reserve)

    def _box(self, item: Item) -> Box:
        """The box of a leaf, of a gate's output or of a closed group's results."""
        values = self.folded.in_box[item]
        leaf, several = values[0].gate is None, len(values) > 1
        label = f"{len(values)} {'parameters' if leaf else 'results'}" if several else self.names[values[0]]
        lines = [Words(shown(label), "label", bold=True)] if label.strip() else []
        lines.append(Words(span([self.numbers[value] for value in values], self.decimals), "number"))
        gradients = [self.gradients[value] for value in values if value in self.gradients]
        if len(gradients) == len(values):
            written = f"∂ {span(gradients, self.decimals)}"
            lines.append(Words(written, "gradient", color=number_color(gradients)))
        elif self.reserve:
            lines.append(Words("∂ …", "gradient"))
        mark = None if leaf else self._mark(item)
        room = text_width("∂ " + "0" * self.reserve)
        width = max(room, NARROWEST, *(line.width for line in lines)) + 2 * PADDING
        began = "; ".join(filter(None, map(self._origin, values)))
        kinds = {"leaf": leaf, "several": several, "made": not leaf and not several, "origin": bool(began)}
        return Box(
            self.folded.box_id(item),
            " ".join(["value", *(kind for kind, holds in kinds.items() if holds)]),
            width + (mark.width if mark else 0.0),
            len(lines) * looks.LINE_HEIGHT + 8.0,
            tuple(lines),
            looks.LEAF_FILL if leaf else looks.VALUE_FILL,
            *((looks.NOT_FINITE, 2.6) if began else (looks.FAINT, 1.0)),
            mark=mark,
            tooltip=began,
            rank=self.folded.closed.index(item) if isinstance(item, Group) and not item.gate else None,
        )

    def _mark(self, item: Item) -> Mark:
        name = self.folded.mark_id(item)
        sign = " ⊕" if name in self.opens else ""
        if gate := item.gate:
            symbol = gate_symbol(item) if isinstance(item, Value) else gate.symbol + sign
            lines = [Words(shown(symbol), "symbol", 15.0 if len(symbol) == 1 else 13.0)]
            kind, colors = "gate", (looks.GATE_FILL, looks.GATE_BORDER)
        else:
            assert isinstance(item, Group), "a leaf has no mark"
            lines = [Words(shown(item.title + sign), "title", bold=True)]
            if detail := _detail(item):
                lines.append(Words(shown(detail), "detail", 10.0, color=looks.FAINT))
            kind, colors = "group", (looks.GROUP_FILL, looks.GROUP_BORDER)
        width = max(24.0, max(line.width for line in lines) + 10.0)
        return Mark(name, kind, width, tuple(lines), *colors)

    def _edges(self, items: Iterable[Item]) -> list[Edge]:
        """The edges into gates and closed groups, one from each box but for the inputs of a gate.

        What flows along an edge is the gradient that goes back along it to each value in the box at its tail.
        """
        folded, ends = self.folded, dict[str, tuple[str, str, str]]()
        flows: dict[str, dict[Value, float]] = {}
        for item in items:
            for node, position, x, local in folded.edges_into(item):
                name = folded.edge_id(item, x, position)
                alone = isinstance(item, Value) and len(folded.in_box[x]) == 1
                label = decimal(local, self.decimals) if alone else ""
                ends.setdefault(name, (folded.box_id(x), folded.box_id(item), label))
                flow = flows.setdefault(name, {})
                arriving = self.gradients.get(x if self.forward else node)
                if arriving is not None:
                    flow[x] = flow.get(x, 0.0) + contribution(local, arriving)
        strongest = strongest_of(size for flow in flows.values() for size in flow.values())
        return [
            Edge(name, tail, head, *stroke(flows[name].values(), strongest), label)
            for name, (tail, head, label) in ends.items()
        ]

    def _origin(self, node: Value) -> str:
        """What is not finite, and began here: the node's number, or the gradient that it hands on."""
        began = []
        if not math.isfinite(self.numbers[node]) and all(math.isfinite(self.numbers[x]) for x in node.inputs):
            began.append("this number is not finite" if node.gate else "this leaf is not finite")
        upstream = self.gradients.get(node, math.nan)
        flows = [contribution(local, upstream) for local in node.local_grads]
        if math.isfinite(upstream) and not self.forward and not all(map(math.isfinite, flows)):
            began.append("its local gradient is not finite")
        return ", and ".join(began)

    def _clusters(self, group: Group, drawn: set[str]) -> list[Cluster]:
        """The frame of a group and of those within it, around what is there to see."""
        closed = {self.folded.group_of.get(node) for node in group.nodes}
        if len(closed) == 1 and None not in closed:
            return []
        parts = tuple(cluster for part in group.parts for cluster in self._clusters(part, drawn))
        inside = {name for part in parts for name in part.all_members}
        own = set(group.nodes)
        shared = {x for node in self.folded.order if node not in own for x in node.inputs}
        ids = [self.folded.box_id(parameter) for parameter in group.parameters if parameter not in shared]
        ids += [self.folded.box_id(node) for node in group.nodes]
        members = tuple(member for member in dict.fromkeys(ids) if member in drawn and member not in inside)
        if not members and not parts:
            return []
        first = self.folded.index[group.nodes[0]]
        return [Cluster(f"cluster-{first}-{len(group.path)}", group.title, members, parts)]


def _detail(group: Group) -> str:
    """How many parts or parameters there are in a closed group."""
    count = len(group.parts or group.parameters)
    kind = group.parts[0].path[len(group.path)].removesuffix("s") if group.parts else "parameter"
    return counted(count, kind) if count else ""


def span(numbers: Sequence[float], decimals: int | None) -> str:
    """One number as it is written, or the least and the largest of several."""
    least, largest = decimal(min(numbers), decimals), decimal(max(numbers), decimals)
    return least if least == largest else f"{least} … {largest}"
