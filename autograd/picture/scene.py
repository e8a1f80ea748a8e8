"""What there is to draw of a graph: boxes, gates, the edges between them, groups around them.

A group may be closed. It is then drawn as one gate: what flows into its nodes flows into
it, and its results follow it, in one box where there are several.

Boxes, gates and edges have the ids that they keep in an SVG: value-3, gate-3, edge-3-0 by
the output's place in the topological order, as in the steps of a walk.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograd.declaration import contribution
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group
from autograd.typesetting.numbers import decimal
from autograd.typesetting.symbols import gate_symbol
from autograd.value import Value

Gradients = Mapping[Value, float | None]
"""The gradient of every node, None where it was not computed."""


@dataclass(frozen=True)
class Box:
    """One value, or the results of a closed group.

    gradient, sign  as written, and its sign; None where it was not computed
    kind            leaf, made, several, or "leaf several"
    """

    id: str
    label: str
    number: str
    gradient: str | None
    sign: int | None
    kind: str


@dataclass(frozen=True)
class Mark:
    """A gate, or a closed group."""

    id: str
    symbol: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Edge:
    """From a box to a gate, or from a gate to its box.

    label  the local gradient of a gate for this input
    flows  the gradients that flow back along it, one unless it ends at a closed group; empty
           where they were not computed
    """

    id: str
    tail: str
    head: str
    label: str
    flows: tuple[float, ...]
    to_box: bool = False

    @property
    def strength(self) -> float:
        """The largest of the gradients that flow along it, without its sign."""
        return max(map(abs, self.flows), default=0.0)

    @property
    def direction(self) -> str:
        """positive, negative, both, none, or unknown before a backward pass."""
        return direction(self.flows)


def direction(gradients: Sequence[float]) -> str:
    """positive, negative, both or none; unknown where there are none to judge by.

    >>> direction([0.5, 0.0]), direction([1.0, -1.0]), direction([0.0]), direction([])
    ('positive', 'both', 'none', 'unknown')
    """
    if not gradients:
        return "unknown"
    positive, negative = any(g > 0.0 for g in gradients), any(g < 0.0 for g in gradients)
    if positive and negative:
        return "both"
    return "positive" if positive else "negative" if negative else "none"


@dataclass(frozen=True)
class Cluster:
    """A frame around the boxes and gates of an open group."""

    id: str
    title: str
    members: tuple[str, ...]
    parts: tuple[Cluster, ...] = ()


@dataclass
class Scene:
    """Everything that one drawing shows."""

    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)

    @property
    def strongest(self) -> float:
        """The largest gradient along any edge, by which their widths are measured."""
        return max((e.strength for e in self.edges if math.isfinite(e.strength)), default=0.0)


def scene(
    folded: Folded, gradients: Gradients, names: Mapping[Value, str], framed: Iterable[Group] = ()
) -> Scene:
    """The scene of a graph with some groups closed, and frames around others."""
    return _Composer(folded, gradients, names).compose(framed)


class _Composer:
    def __init__(self, folded: Folded, gradients: Gradients, names: Mapping[Value, str]) -> None:
        self.folded = folded
        self.gradients = gradients
        self.names = names
        self.scene = Scene()

    def compose(self, framed: Iterable[Group]) -> Scene:
        placed: set[Group] = set()
        for node in self.folded.order:
            group = self.folded.within.get(node)
            if group is None and node not in self.folded.hidden:
                self._value(node)
            elif group is not None and group not in placed:
                placed.add(group)
                self._group(group)
        shown = {mark.id for mark in self.scene.marks} | {box.id for box in self.scene.boxes}
        self.scene.clusters = [cluster for group in framed for cluster in self._cluster(group, shown)]
        return self.scene

    def _value(self, node: Value) -> None:
        """A value's box, its gate, and the edges of the gate."""
        folded, mark = self.folded, self.folded.mark_id(node)
        if node.gate is None:
            self._leaf(node)
            return
        self._box([node], "made", self.names[node])
        self.scene.marks.append(Mark(mark, gate_symbol(node), "gate"))
        bundles: dict[str, Edge] = {}
        for k, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True)):
            box, flows = folded.box_id(x), self._flows(node, local)
            edge = Edge(folded.edge_id(node, x, k), box, mark, decimal(local), flows)
            if len(folded.together(x)) > 1:
                flows = bundles[box].flows + flows if box in bundles else flows
                bundles[box] = replace(edge, label="", flows=flows)
            else:
                self.scene.edges.append(edge)
        self.scene.edges += bundles.values()
        output = Edge(folded.output_id(node), mark, folded.box_id(node), "", self._flows(node, 1.0), True)
        self.scene.edges.append(output)

    def _leaf(self, leaf: Value) -> None:
        """The box of a leaf, or with the first of a bundle the box of them all."""
        first, *others = self.folded.together(leaf)
        if leaf is first:
            label = f"{len(others) + 1} parameters" if others else self.names[leaf]
            self._box([first, *others], "leaf several" if others else "leaf", label)

    def _group(self, group: Group) -> None:
        """A closed group, the box of its results, and the edges into it."""
        folded, mark = self.folded, self.folded.mark_id(group)
        self.scene.marks.append(Mark(mark, group.title, "group", _detail(group)))
        bundles: dict[str, tuple[str, dict[Value, float]]] = {}
        for way in folded.ways_in(group):
            edge, flows = bundles.setdefault(folded.box_id(way.x), (folded.edge_id(group, way.x), {}))
            for flow in self._flows(way.node, way.local_gradient):
                flows[way.x] = flows.get(way.x, 0.0) + flow
        for box, (edge, flows) in bundles.items():
            self.scene.edges.append(Edge(edge, box, mark, "", tuple(flows.values())))
        results = folded.results(group)
        several = len(results) > 1
        label = f"{len(results)} results" if several else self.names[results[0]]
        self._box(results, "several" if several else "made", label)
        flows_out = tuple(flow for node in results for flow in self._flows(node, 1.0))
        output = Edge(folded.output_id(group), mark, folded.box_id(results[0]), "", flows_out, True)
        self.scene.edges.append(output)

    def _box(self, nodes: Sequence[Value], kind: str, label: str) -> None:
        gradients = [g for g in (self.gradients[node] for node in nodes) if g is not None]
        number, box = written([node.data for node in nodes]), self.folded.box_id(nodes[0])
        if len(gradients) < len(nodes):
            self.scene.boxes.append(Box(box, label, number, None, None, kind))
        else:
            self.scene.boxes.append(Box(box, label, number, written(gradients), sign(gradients), kind))

    def _flows(self, node: Value, local: float) -> tuple[float, ...]:
        upstream = self.gradients[node]
        return () if upstream is None else (contribution(local, upstream),)

    def _cluster(self, group: Group, shown: set[str]) -> list[Cluster]:
        """The frame of a group and of those within it, around what is there to see."""
        closed = {self.folded.within.get(node) for node in group.nodes}
        if len(closed) == 1 and None not in closed:
            return []
        parts = tuple(cluster for part in group.parts for cluster in self._cluster(part, shown))
        inside = set[str]().union(*(_all_members(part) for part in parts))
        own = set(group.nodes)
        shared = {x for node in self.folded.order if node not in own for x in node.inputs}
        ids = [self.folded.box_id(parameter) for parameter in group.parameters if parameter not in shared]
        for node in group.nodes:
            item = self.folded.within.get(node, node)
            ids += [self.folded.mark_id(item), self.folded.box_id(node)]
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


def written(numbers: Sequence[float]) -> str:
    """One number, or the span of several."""
    if not numbers:
        return "…"
    least, largest = decimal(min(numbers)), decimal(max(numbers))
    return least if least == largest else f"{least} … {largest}"
