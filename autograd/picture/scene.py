"""What there is to draw of a graph: boxes, the edges between them, frames around some.

A box is a value, with the gate that made it at its left. A group may be closed: it is then
one box: what flows into it from outside enters it, and its results are the values in it.

Boxes, gates and edges have the ids that they keep in an SVG: value-3, gate-3, edge-3-0 by the
output's place in the topological order, as in the steps of a walk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograd.graph import contribution
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group
from autograd.picture.looks import direction
from autograd.typesetting.numbers import decimal
from autograd.typesetting.symbols import gate_symbol
from autograd.value import Value

Gradients = Mapping[Value, float | None]
"""The gradient of every value, None if it was not computed."""


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

    gradient, sign  the gradient as it is written, and its sign; None if it was not computed
    kind            leaf, made, several, "leaf several", or chip: once more what another box shows
    shows           the id of the box that a chip repeats
    origin          what began here: a number or a gradient that is not finite, else empty
    """

    id: str
    label: str
    number: str
    gradient: str | None
    sign: int | None
    kind: str
    mark: Mark | None = None
    origin: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Edge:
    """From a box to another that is computed from it.

    label  the local gradient of a gate for this input
    flows  the gradients that flow back along it, one unless it ends at a closed group; empty
           if they were not computed
    """

    id: str
    tail: str
    head: str
    label: str
    flows: tuple[float, ...]

    @property
    def strength(self) -> float:
        """The largest of the gradients that flow along it, without its sign."""
        return max(map(abs, self.flows), default=0.0)

    @property
    def direction(self) -> str:
        """positive, negative, both, none, not-finite, or unknown before a backward pass."""
        return direction(self.flows)


@dataclass(frozen=True)
class Cluster:
    """A frame around the boxes of an open group."""

    id: str
    title: str
    members: tuple[str, ...]
    parts: tuple[Cluster, ...] = ()


@dataclass
class Scene:
    """Everything that one drawing shows; boxes in topological order."""

    boxes: list[Box] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)

    @property
    def strongest(self) -> float:
        """The largest gradient along any edge, by which their widths are measured."""
        return max((e.strength for e in self.edges if math.isfinite(e.strength)), default=0.0)


def scene(
    folded: Folded,
    numbers: Mapping[Value, float],
    gradients: Gradients,
    names: Mapping[Value, str],
    framed: Iterable[Group] = (),
    decimals: int | None = 4,
    forward: bool = False,
) -> Scene:
    """The scene of a graph with some groups closed, and frames around others.

    numbers and gradients are what every value shows, names their labels. In forward mode the
    gradients are tangents, and what flows along an edge comes from its input.
    """
    return _Composer(folded, numbers, gradients, names, decimals, forward).compose(framed)


class _Composer:
    def __init__(
        self,
        folded: Folded,
        numbers: Mapping[Value, float],
        gradients: Gradients,
        names: Mapping[Value, str],
        decimals: int | None,
        forward: bool,
    ) -> None:
        self.forward = forward
        self.folded = folded
        self.numbers = numbers
        self.gradients = gradients
        self.names = names
        self.decimals = decimals
        self.scene = Scene()

    def compose(self, framed: Iterable[Group]) -> Scene:
        last = {group: group.nodes[-1] for group in self.folded.closed}
        for node in self.folded.order:
            group = self.folded.group_of.get(node)
            if group is None and node not in self.folded.hidden:
                self._value(node)
            elif group is not None and node is last[group]:
                self._group(group)
        self.scene.boxes = self._inputs_first()
        shown = {box.id for box in self.scene.boxes}
        self.scene.clusters = [cluster for group in framed for cluster in self._cluster(group, shown)]
        return self.scene

    def _inputs_first(self) -> list[Box]:
        depths = {
            self.folded.box_id(self.folded.results(item)[0] if isinstance(item, Group) else item): depth
            for depth, item in self.folded.items()
        }
        return sorted(self.scene.boxes, key=lambda box: depths.get(box.id, 0))

    def _value(self, node: Value) -> None:
        """A value with its gate, and the edges into it."""
        folded = self.folded
        if node.gate is None:
            self._leaf(node)
            return
        self._box([node], "made", self.names[node], Mark(folded.mark_id(node), gate_symbol(node), "gate"))
        bundles: dict[str, Edge] = {}
        for k, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True)):
            tail, flows = folded.box_id(x), self._flows(node, x, local)
            edge = Edge(
                folded.edge_id(node, x, k), tail, folded.box_id(node), decimal(local, self.decimals), flows
            )
            if len(folded.sharing_a_box(x)) > 1:
                flows = bundles[tail].flows + flows if tail in bundles else flows
                bundles[tail] = replace(edge, label="", flows=flows)
            else:
                self.scene.edges.append(edge)
        self.scene.edges += bundles.values()

    def _leaf(self, leaf: Value) -> None:
        """The box of a leaf, or with the first of a bundle the box of them all."""
        first, *others = self.folded.sharing_a_box(leaf)
        if leaf is first:
            label = f"{len(others) + 1} parameters" if others else self.names[leaf]
            self._box([first, *others], "leaf several" if others else "leaf", label)

    def _group(self, group: Group) -> None:
        """A closed group with its results, and the edges into it."""
        folded = self.folded
        results = folded.results(group)
        several = len(results) > 1
        label = f"{len(results)} results" if several else self.names[results[0]]
        rank = folded.closed.index(group)
        mark = Mark(folded.mark_id(group), group.title, "group", _detail(group), rank)
        self._box(results, "several" if several else "made", label, mark)
        bundles: dict[str, tuple[str, dict[Value, float]]] = {}
        for entry in folded.entry_edges(group):
            edge, flows = bundles.setdefault(folded.box_id(entry.x), (folded.edge_id(group, entry.x), {}))
            for flow in self._flows(entry.node, entry.x, entry.local_gradient):
                flows[entry.x] = flows.get(entry.x, 0.0) + flow
        for tail, (edge, flows) in bundles.items():
            self.scene.edges.append(Edge(edge, tail, folded.box_id(results[0]), "", tuple(flows.values())))

    def _box(self, values: Sequence[Value], kind: str, label: str, mark: Mark | None = None) -> None:
        gradients = [g for g in (self.gradients[value] for value in values) if g is not None]
        written = span([self.numbers[value] for value in values], self.decimals)
        computed = len(gradients) == len(values)
        self.scene.boxes.append(
            Box(
                self.folded.box_id(values[0]),
                label,
                written,
                span(gradients, self.decimals) if computed else None,
                sign(gradients) if computed else None,
                kind,
                mark,
                "; ".join(filter(None, map(self._origin, values))),
            )
        )

    def _origin(self, node: Value) -> str:
        """What is not finite, and began here: the node's number, or the gradient that it hands on."""
        began = []
        if not math.isfinite(self.numbers[node]) and all(math.isfinite(self.numbers[x]) for x in node.inputs):
            began.append("this number is not finite" if node.gate else "this leaf is not finite")
        upstream = self.gradients[node]
        if upstream is not None and math.isfinite(upstream) and node.gate and not self.forward:
            flows = [contribution(local, upstream) for local in node.local_grads]
            if not all(map(math.isfinite, flows)):
                began.append("its local gradient is not finite")
        return ", and ".join(began)

    def _flows(self, node: Value, x: Value, local: float) -> tuple[float, ...]:
        arriving = self.gradients[x if self.forward else node]
        return () if arriving is None else (contribution(local, arriving),)

    def _cluster(self, group: Group, shown: set[str]) -> list[Cluster]:
        """The frame of a group and of those within it, around what is there to see."""
        closed = {self.folded.group_of.get(node) for node in group.nodes}
        if len(closed) == 1 and None not in closed:
            return []
        parts = tuple(cluster for part in group.parts for cluster in self._cluster(part, shown))
        inside = set[str]().union(*(_all_members(part) for part in parts))
        own = set(group.nodes)
        shared = {x for node in self.folded.order if node not in own for x in node.inputs}
        ids = [self.folded.box_id(parameter) for parameter in group.parameters if parameter not in shared]
        ids += [self.folded.box_id(node) for node in group.nodes]
        members = tuple(member for member in dict.fromkeys(ids) if member in shown and member not in inside)
        if not members and not parts:
            return []
        first = self.folded.index[group.nodes[0]]
        return [Cluster(f"cluster-{first}-{len(group.path)}", group.title, members, parts)]


def _all_members(cluster: Cluster) -> set[str]:
    return set(cluster.members).union(*(_all_members(part) for part in cluster.parts))


def _detail(group: Group) -> str:
    """How many parts or parameters there are in a closed group."""
    count = len(group.parts or group.parameters)
    kind = group.parts[0].path[len(group.path)] if group.parts else "parameters"
    return f"{count} {kind if count != 1 else kind.removesuffix('s')}" if count else ""


def sign(gradients: Sequence[float]) -> int:
    """The sign of one gradient; 0 for several, which are not all alike."""
    return int(gradients[0] > 0.0) - int(gradients[0] < 0.0) if len(gradients) == 1 else 0


def span(numbers: Sequence[float], decimals: int | None = 4) -> str:
    """One number as it is written, or the least and the largest of several."""
    if not numbers:
        return "…"
    least, largest = decimal(min(numbers), decimals), decimal(max(numbers), decimals)
    return least if least == largest else f"{least} … {largest}"
