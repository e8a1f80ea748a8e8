"""What there is to draw of a graph: boxes, the edges between them, frames around some.

A box is a value, with the gate that made it at its left. A group may be closed: it is then
one box: what flows into it from outside enters it, and its results are the values in it.

Boxes, gates and edges have the ids that they keep in an SVG: value-3, gate-3, edge-3-0 by the
output's place in the topological order, as in the steps of a walk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograd.graph import contribution
from autograd.picture.folding import Folded, Item
from autograd.picture.grouping import Group
from autograd.picture.looks import number_color
from autograd.typesetting.numbers import decimal
from autograd.typesetting.symbols import gate_symbol
from autograd.value import Value


@dataclass(frozen=True)
class Mark:
    """A gate, or a closed group: its id, its symbol, gate or group, and what else there is to say of it.

    rank  a closed group's place among the others, such as a neuron's in its layer
    """

    id: str
    symbol: str
    kind: str
    detail: str = ""
    rank: int | None = None


@dataclass(frozen=True)
class Box:
    """One value, or the results of a closed group, with the gate or the group that made them.

    gradient, color  the gradient as it is written, None if it was not computed, and its color
    kind             leaf, made, several, "leaf several", or chip: once more what another box shows
    origin           what began here: a number or a gradient that is not finite, else empty
    shows            the id of the box that a chip repeats
    """

    id: str
    label: str
    number: str
    gradient: str | None
    color: str
    kind: str
    mark: Mark | None = None
    origin: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Edge:
    """From a box to another that is computed from it.

    label  the local gradient of a gate for this input
    flows  the gradient that flows back along it to each value in the box at its tail; empty if they
           were not computed
    """

    id: str
    tail: str
    head: str
    label: str
    flows: dict[Value, float] = field(default_factory=dict)


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
    """Everything that one drawing shows; boxes in topological order."""

    boxes: list[Box]
    edges: list[Edge]
    clusters: list[Cluster]


def scene(
    folded: Folded,
    numbers: Mapping[Value, float],
    gradients: Mapping[Value, float],
    names: Mapping[Value, str],
    framed: Iterable[Group] = (),
    decimals: int | None = 4,
    forward: bool = False,
) -> Scene:
    """The scene of a graph with some groups closed, and frames around others.

    numbers, gradients and names are what the values show; a gradient that was not computed is missing.
    In forward mode the gradients are tangents, and what flows along an edge comes from its input.
    """
    composer = _Composer(folded, numbers, gradients, names, decimals, forward)
    leaves = [x for x in folded.order if x.gate is None and x is folded.in_box[x][0]]
    items = [*(x for x in leaves if x not in folded.hidden), *(item for _, item in folded.items())]
    boxes = list(map(composer.box, items))
    shown = {box.id for box in boxes}
    return Scene(
        boxes,
        [edge for item in items for edge in composer.edges(item)],
        [cluster for group in framed for cluster in composer.clusters(group, shown)],
    )


@dataclass(frozen=True)
class _Composer:
    folded: Folded
    numbers: Mapping[Value, float]
    gradients: Mapping[Value, float]
    names: Mapping[Value, str]
    decimals: int | None
    forward: bool

    def box(self, item: Item) -> Box:
        """The box of a leaf, of a gate's output or of a closed group's results."""
        values = self.folded.in_box[item]
        leaf, several = values[0].gate is None, len(values) > 1
        gradients = [self.gradients[value] for value in values if value in self.gradients]
        kind = "leaf several" if leaf and several else "leaf" if leaf else "several" if several else "made"
        return Box(
            self.folded.box_id(item),
            f"{len(values)} {'parameters' if leaf else 'results'}" if several else self.names[values[0]],
            span([self.numbers[value] for value in values], self.decimals),
            span(gradients, self.decimals) if len(gradients) == len(values) else None,
            number_color(gradients),
            kind,
            None if leaf else self._mark(item),
            "; ".join(filter(None, map(self._origin, values))),
        )

    def _mark(self, item: Item) -> Mark:
        name = self.folded.mark_id(item)
        if isinstance(item, Value):
            return Mark(name, gate_symbol(item), "gate")
        return Mark(name, item.title, "group", _detail(item), self.folded.closed.index(item))

    def edges(self, item: Item) -> list[Edge]:
        """The edges into a gate or a closed group, one from each box but for the inputs of a gate."""
        folded, edges = self.folded, dict[str, Edge]()
        for node, position, x, local in folded.edges_into(item):
            name = folded.edge_id(item, x, position)
            alone = isinstance(item, Value) and len(folded.in_box[x]) == 1
            label = decimal(local, self.decimals) if alone else ""
            edge = edges.setdefault(name, Edge(name, folded.box_id(x), folded.box_id(item), label))
            arriving = self.gradients.get(x if self.forward else node)
            if arriving is not None:
                edge.flows[x] = edge.flows.get(x, 0.0) + contribution(local, arriving)
        return list(edges.values())

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

    def clusters(self, group: Group, shown: set[str]) -> list[Cluster]:
        """The frame of a group and of those within it, around what is there to see."""
        closed = {self.folded.group_of.get(node) for node in group.nodes}
        if len(closed) == 1 and None not in closed:
            return []
        parts = tuple(cluster for part in group.parts for cluster in self.clusters(part, shown))
        inside = {name for part in parts for name in part.all_members}
        own = set(group.nodes)
        shared = {x for node in self.folded.order if node not in own for x in node.inputs}
        ids = [self.folded.box_id(parameter) for parameter in group.parameters if parameter not in shared]
        ids += [self.folded.box_id(node) for node in group.nodes]
        members = tuple(member for member in dict.fromkeys(ids) if member in shown and member not in inside)
        if not members and not parts:
            return []
        first = self.folded.index[group.nodes[0]]
        return [Cluster(f"cluster-{first}-{len(group.path)}", group.title, members, parts)]


def _detail(group: Group) -> str:
    """How many parts or parameters there are in a closed group."""
    count = len(group.parts or group.parameters)
    kind = group.parts[0].path[len(group.path)] if group.parts else "parameters"
    return f"{count} {kind if count != 1 else kind.removesuffix('s')}" if count else ""


def span(numbers: Sequence[float], decimals: int | None) -> str:
    """One number as it is written, or the least and the largest of several."""
    least, largest = decimal(min(numbers), decimals), decimal(max(numbers), decimals)
    return least if least == largest else f"{least} … {largest}"
