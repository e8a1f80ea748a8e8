"""The ways in which a page can show one graph: fused gates, layers and neurons, open or closed.

There is one graph, all fused gates opened. In a view some groups of its nodes are closed: a fused gate,
a neuron, a layer. The numbers and names are the same in every view; only the picture differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from autograd.expansion import Expansion, expansion
from autograd.fused import FusedGate
from autograd.graph import topological_order, uses
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
    folded      the graph with some groups closed
    framed      groups that are open, to draw a frame around
    opens       the view in which a closed group, by its id, is open
    fused       the closed groups that are fused gates, each with the node that its gate made
    """

    key: str
    title: str
    parent: str
    folded: Folded
    framed: tuple[Group, ...]
    opens: Mapping[str, str]
    fused: Mapping[Group, Value]

    @property
    def size(self) -> int:
        """How many boxes are in view."""
        folded = self.folded
        shown = [node for node in folded.order if node not in folded.group_of and node not in folded.hidden]
        return len(shown) + len(folded.closed)


class Views:
    """All views of a graph.

    expansion  the graph with all fused gates open, which every view shows
    """

    def __init__(self, root: Value, model: Any = None, keep_fused: bool = False) -> None:
        self.expansion: Expansion = expansion(root)
        self._keep_fused = keep_fused
        self._tops = [] if model is None else groups(root, model, self.expansion)
        inside: dict[Value, list[Value]] = {}
        for node in topological_order(self.expansion.root):
            origin = self.expansion.origin[node]
            if isinstance(origin.gate, FusedGate) and node.gate is not origin.gate:
                inside.setdefault(origin, []).append(node)
        self._fused = {
            node: Group((), _called(node), 0, tuple(inside[node]), (), (), node.gate)
            for node in topological_order(root)
            if node in inside
        }
        for top in self._tops:
            _label_results(top)

    def __iter__(self) -> Iterator[View]:
        """The views, the one to begin with first, each made when it is asked for."""
        return self._of_model() if self._tops else self._of_fused_gates()

    def within(self, limit: int, most: int) -> list[View]:
        """The first `most` views of at most `limit` boxes, of which one leads to no view but these."""
        shown = list(islice((view for view in self if view.size <= limit), most))
        keys = {view.key for view in shown}
        return [
            replace(
                view,
                parent=view.parent if view.parent in keys else shown[0].key if view.parent else "",
                opens={mark: key for mark, key in view.opens.items() if key in keys},
            )
            for view in shown
        ]

    def _view(
        self,
        key: str,
        title: str,
        parent: str,
        opened: Collection[Value],
        closed: Sequence[Group] = (),
        framed: Sequence[Group] = (),
        opens: Callable[[Value], str] | None = None,
    ) -> View:
        away = {node for group in closed for node in group.nodes}
        fused = {
            group: node
            for node, group in self._fused.items()
            if node not in opened and not away.issuperset(group.nodes)
        }
        bundles = self._bundles(fused) if self._tops else ()
        folded = Folded(self.expansion.root, [*closed, *fused], bundles)
        into = {folded.mark_id(group): _key(group) for group in closed}
        if opens:
            into |= {folded.mark_id(group): opens(node) for group, node in fused.items()}
        return View(key, title, parent, folded, tuple(framed), into, fused)

    # ── fused gates ─────────────────────────────────────────────────────────────────────

    def _of_fused_gates(self) -> Iterator[View]:
        fused = self._fused
        if not fused:
            yield self._view("whole", "the whole graph", "", ())
            return
        few = 1 < len(fused) <= MOST_SINGLE_GATES
        single = {node: f"open-{i}" for i, node in enumerate(fused)} if few else {}

        def view(key: str, title: str, opened: Collection[Value]) -> View:
            parent, framed = "closed" if opened else "", [fused[node] for node in opened]
            return self._view(key, title, parent, opened, (), framed, lambda node: single.get(node, "open"))

        whole = view("open", "fused gates open", list(fused))
        if not self._keep_fused:
            yield whole
        yield view("closed", "fused gates closed", ())
        for node, key in single.items():
            yield view(key, f"{_called(node)} open", [node])
        if self._keep_fused:
            yield whole

    # ── models ──────────────────────────────────────────────────────────────────────────

    def _of_model(self) -> Iterator[View]:
        tops = self._tops
        inside = {node for top in tops for node in top.nodes}
        outside = {node for node, group in self._fused.items() if not inside.issuperset(group.nodes)}
        opened = set() if self._keep_fused else outside
        yield self._view("closed", "layers", "", opened, tops)
        others_of = {top: [other for other in tops if other is not top] for top in tops}
        for top, others in others_of.items():
            if len(top.parts) < 2:
                yield self._view(_key(top), top.title, "closed", opened | self._readable(top), others, [top])
            else:
                yield self._view(_key(top), top.title, "closed", opened, [*others, *top.parts], [top])
        for top, others in others_of.items():
            for part in top.parts if len(top.parts) > 1 else ():
                rest = [other for other in top.parts if other is not part]
                closed = [*others, *([_together(rest)] if len(rest) > 1 else rest)]
                title = f"{part.title} of {top.title}"
                yield self._view(_key(part), title, _key(top), opened | self._readable(part), closed, [top])
        everything = () if self._keep_fused else self._fused
        whole = self._view("whole", "everything open", "closed", everything, (), tops)
        if whole.size <= LARGEST_WHOLE:
            yield whole

    def _readable(self, group: Group) -> set[Value]:
        """The fused gates in a group that stay readable when they are opened."""
        if self._keep_fused:
            return set()
        nodes = set(group.nodes)
        return {
            node
            for node, own in self._fused.items()
            if nodes.issuperset(own.nodes) and len(node.arguments) // node.gate.width < FEWEST_TERMS_KEPT  # type: ignore[union-attr]
        }

    def _bundles(self, fused: Mapping[Group, Value]) -> list[list[Value]]:
        """The parameters of each large fused gate in view, which would be a column of boxes."""
        parameters = {parameter for top in self._tops for parameter in top.parameters}
        times_used = uses(self.expansion.root)
        own = ([x for x in node.inputs if x in parameters and times_used[x] == 1] for node in fused.values())
        return [bundle for bundle in own if len(bundle) > FEWEST_TERMS_KEPT]


def _called(node: Value) -> str:
    assert node.gate is not None
    return f"{node.gate.name} {node.label}".strip()


def _together(rest: Sequence[Group]) -> Group:
    """Several parts of a layer as one group, which opens as the layer does."""
    first = rest[0]
    nodes = tuple(node for group in rest for node in group.nodes)
    parameters = tuple(dict.fromkeys(x for group in rest for x in group.parameters))
    return Group(first.path[:-2], f"{len(rest)} others", first.call, nodes, parameters, tuple(rest))


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
