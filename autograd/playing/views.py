"""The ways in which a player can show one graph: fused gates, layers and neurons, open or closed.

Each view is a graph of its own, with the same numbers: some fused gates opened, some
groups closed. What is in view was laid out in Python; the page only switches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd.expansion import Expansion, expansion
from autograd.fused import FusedGate
from autograd.graph import gate_order, topological_order, uses
from autograd.parameter_names import label_of
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group, groups
from autograd.value import Value

MOST_SINGLE_GATES = 12
"""So many fused gates can be opened one by one; more only all together."""

FEWEST_TERMS_KEPT = 5
"""In an opened neuron, a `dot` of so many inputs stays one gate: opened it would be a long chain."""

LARGEST_WHOLE = 150
"""A model with so many values is also shown with everything open."""


@dataclass(frozen=True)
class View:
    """One way to show the graph.

    key, title  its name in the page, and for people
    parent      the view to go back to, empty for the first
    root        the graph, with some fused gates opened
    folded      the graph with some groups closed
    framed      groups that are open, to draw a frame around
    opens       the view in which a gate or a closed group, by its id, is open
    when        for every node its place in the order of the whole computation
    """

    key: str
    title: str
    parent: str
    root: Value
    folded: Folded
    framed: tuple[Group, ...]
    opens: Mapping[str, str]
    when: Mapping[Value, float]

    @property
    def size(self) -> int:
        """How many boxes are in view."""
        folded = self.folded
        shown = [node for node in folded.order if node not in folded.group_of and node not in folded.hidden]
        return len(shown) + len(folded.closed)


def views(root: Value, model: Any = None, keep_fused: bool = False) -> Iterator[View]:
    """All views of a graph, the one to begin with first, each made when it is asked for.

    Raises TypeError and ValueError for a model that is none, or that the graph is not made with.
    """
    return _fused_views(root, keep_fused) if model is None else _model_views(root, model, keep_fused)


def _when(root: Value, origin: Mapping[Value, Value], order: Sequence[Value]) -> dict[Value, float]:
    """Places in the order of `root`; what an opened gate is made of comes within its place."""
    index = {node: i for i, node in enumerate(topological_order(root))}
    together = Counter(origin[node] for node in order)
    so_far: Counter[Value] = Counter()
    when = {}
    for node in order:
        so_far[origin[node]] += 1
        when[node] = index[origin[node]] + so_far[origin[node]] / together[origin[node]] - 1.0
    return when


# ── fused gates ─────────────────────────────────────────────────────────────────────────


def _fused_views(root: Value, keep_fused: bool) -> Iterator[View]:
    fused = [node for node in topological_order(root) if isinstance(node.gate, FusedGate)]
    single = (
        {node: f"open-{i}" for i, node in enumerate(fused)} if 1 < len(fused) <= MOST_SINGLE_GATES else {}
    )

    def view(key: str, title: str, opened: Collection[Value]) -> View:
        expanded = expansion(root, opened)
        folded = Folded(expanded.root)
        inside: dict[Value, list[Value]] = {}
        for node in folded.order:
            if expanded.origin[node] in opened:
                inside.setdefault(expanded.origin[node], []).append(node)
        framed = tuple(Group((), _called(node), 0, tuple(nodes), (), ()) for node, nodes in inside.items())
        opens = {
            folded.mark_id(node): single.get(expanded.origin[node], "open")
            for node in folded.order
            if isinstance(node.gate, FusedGate)
        }
        when = _when(root, expanded.origin, folded.order)
        return View(key, title, "closed" if opened else "", expanded.root, folded, framed, opens, when)

    if not fused:
        yield view("whole", "the whole graph", ())
        return
    if not keep_fused:
        yield view("open", "fused gates open", fused)
    yield view("closed", "fused gates closed", ())
    for node, key in single.items():
        yield view(key, f"{_called(node)} open", (node,))
    if keep_fused:
        yield view("open", "fused gates open", fused)


def _called(node: Value) -> str:
    assert node.gate is not None
    return f"{node.gate.name} {node.label}".strip()


# ── models ──────────────────────────────────────────────────────────────────────────────

Chooser = Callable[[list[Group]], tuple[Sequence[Group], Sequence[Group]]]
"""Which groups to close, and which to draw a frame around."""


def _model_views(root: Value, model: Any, keep_fused: bool) -> Iterator[View]:
    tops = groups(root, model)
    inside = {node for top in tops for node in top.nodes}
    fused = {node for node in topological_order(root) if isinstance(node.gate, FusedGate)}
    outside = set() if keep_fused else fused - inside

    expansions: dict[frozenset[Value], tuple[Expansion, list[Group]]] = {}

    def expanded(opened: Collection[Value]) -> tuple[Expansion, list[Group]]:
        same = frozenset(opened)
        if same not in expansions:
            made = expansion(root, opened)
            parts = groups(root, model, made)
            for part in parts:
                _label_results(part)
            expansions[same] = made, parts
        return expansions[same]

    def view(key: str, title: str, parent: str, opened: Collection[Value], choose: Chooser) -> View:
        graph, parts = expanded(opened)
        closed, framed = choose(parts)
        folded = Folded(graph.root, closed, _bundles(graph.root, closed, parts))
        opens = {folded.mark_id(group): _key(group) for group in closed}
        when = _when(root, graph.origin, folded.order)
        return View(key, title, parent, graph.root, folded, tuple(framed), opens, when)

    yield view("closed", "layers", "", outside, lambda all_tops: (all_tops, ()))
    for top in tops:
        if len(top.parts) < 2:
            opened = outside | _to_open(top, keep_fused)
            yield view(_key(top), top.title, "closed", opened, _opening(top, *top.parts))
            continue
        yield view(_key(top), top.title, "closed", outside, _opening(top))
        opened = outside.union(*(_to_open(part, keep_fused) for part in top.parts))
        for part in top.parts:
            title = f"{part.title} of {top.title}"
            yield view(_key(part), title, _key(top), opened, _opening(top, part))
    everything = set() if keep_fused else fused
    whole = view("whole", "everything open", "closed", everything, lambda all_tops: ((), all_tops))
    if whole.size <= LARGEST_WHOLE:
        yield whole


def _opening(top: Group, part: Group | None = None) -> Chooser:
    """Close all but `top`, and in it all parts, or all but `part`, which are closed as one."""

    def choose(tops: list[Group]) -> tuple[Sequence[Group], Sequence[Group]]:
        (own,) = (other for other in tops if _key(other) == _key(top))
        away = [other for other in tops if other is not own]
        if part is None:
            return [*away, *own.parts], [own]
        rest = [other for other in own.parts if _key(other) != _key(part)]
        away += [_together(rest)] if len(rest) > 1 else rest
        return away, [own]

    return choose


def _together(rest: Sequence[Group]) -> Group:
    """Several parts of a layer as one group, which opens as the layer does."""
    first = rest[0]
    nodes = tuple(node for group in rest for node in group.nodes)
    parameters = tuple(dict.fromkeys(x for group in rest for x in group.parameters))
    return Group(first.path[:-2], f"{len(rest)} others", first.call, nodes, parameters, tuple(rest))


def _to_open(group: Group, keep_fused: bool) -> set[Value]:
    """The fused gates in a group that stay readable when they are opened."""
    if keep_fused:
        return set()
    fused = {node: node.gate for node in group.nodes if isinstance(node.gate, FusedGate)}
    return {node for node, gate in fused.items() if len(node.arguments) // gate.width < FEWEST_TERMS_KEPT}


def _bundles(root: Value, closed: Sequence[Group], parts: Sequence[Group]) -> list[list[Value]]:
    """The parameters of each large fused gate in view, which would be a column of boxes."""
    away = {node for group in closed for node in group.nodes}
    parameters = {parameter for part in parts for parameter in part.parameters}
    times_used = uses(root)
    large = [node for node in gate_order(root) if isinstance(node.gate, FusedGate) and node not in away]
    own = ([x for x in node.inputs if x in parameters and times_used[x] == 1] for node in large)
    return [bundle for bundle in own if len(bundle) > FEWEST_TERMS_KEPT]


def _label_results(group: Group) -> None:
    """In a copy of the graph: h3(2) for neuron 3 of layer 2, z3(2) for what its activation takes."""
    for part in group.parts:
        _label_results(part)
    if group.parts or len([name for name in group.path if name.isdecimal()]) > 2:
        return
    result = group.nodes[-1]
    result.label = result.label or label_of("h", group.path)
    if len(result.inputs) == 1 and result.inputs[0] in group.nodes:
        result.inputs[0].label = result.inputs[0].label or label_of("z", group.path)


def _key(group: Group) -> str:
    return f"{'.'.join(group.path) or 'model'}@{group.call}"
