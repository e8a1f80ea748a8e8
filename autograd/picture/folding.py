"""A graph with some groups of its nodes closed: each is one gate, perhaps with several results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from autograd.graph import topological_order
from autograd.picture.grouping import Group
from autograd.value import Value


@dataclass(frozen=True)
class EntryEdge:
    """An edge from outside into a group: the input x, the node inside, and which of its inputs x is."""

    x: Value
    node: Value
    position: int

    @property
    def local_gradient(self) -> float:
        """∂node/∂x."""
        return self.node.local_grads[self.position]


class Folded:
    """The graph of `root`, and what is seen of it when some groups are closed.

    order    all nodes, inputs before outputs
    index    the place of each in that order
    group_of the closed group of every node in one
    hidden   parameters that closed groups alone use
    bundles  leaves that are drawn as one
    """

    def __init__(
        self, root: Value, closed: Collection[Group] = (), bundles: Sequence[Sequence[Value]] = ()
    ) -> None:
        self.order = topological_order(root)
        self.index = {node: i for i, node in enumerate(self.order)}
        self.closed = tuple(closed)
        self.group_of = {node: group for group in closed for node in group.nodes}
        used_in_the_open = {x for node in self.order if node not in self.group_of for x in node.inputs}
        parameters = {parameter for group in closed for parameter in group.parameters}
        self.hidden = parameters - used_in_the_open
        used_elsewhere = {
            x
            for node in self.order
            for x in node.inputs
            if self.group_of.get(x) is not self.group_of.get(node)
        }
        self.bundles = tuple(bundles)
        self._results = {
            group: [node for node in group.nodes if node in used_elsewhere or node is root]
            for group in closed
        }
        self._sharing = {x: list(some) for some in (*self._results.values(), *bundles) for x in some}

    # ── groups ──────────────────────────────────────────────────────────────────────────

    def results(self, group: Group) -> list[Value]:
        """The nodes of a closed group that something outside uses."""
        return self._results[group]

    def entry_edges(self, group: Group) -> Iterator[EntryEdge]:
        """The edges into a closed group, except from its own parameters."""
        for node in group.nodes:
            for position, x in enumerate(node.inputs):
                if self.group_of.get(x) is not group and x not in self.hidden:
                    yield EntryEdge(x, node, position)

    # ── ids, as in a drawing and in the steps of a walk ─────────────────────────────────

    def sharing_a_box(self, x: Value) -> list[Value]:
        """All values in the box of this one: the results of a closed group, a bundle of leaves."""
        return self._sharing.get(x, [x])

    def box_id(self, x: Value) -> str:
        """The box that shows a value, its own or one that it shares."""
        first, *others = self.sharing_a_box(x)
        return f"values-{self.index[first]}" if others else f"value-{self.index[x]}"

    def mark_id(self, item: Value | Group) -> str:
        """The gate that made a node, or a closed group."""
        if isinstance(item, Group):
            return f"group-{self.index[item.nodes[0]]}"
        return f"gate-{self.index[item]}"

    def edge_id(self, item: Value | Group, x: Value, position: int = 0) -> str:
        """The edge from a value to a gate or a closed group."""
        if isinstance(item, Value) and len(self.sharing_a_box(x)) == 1:
            return f"edge-{self.index[item]}-{position}"
        return f"{self.box_id(x)}-to-{self.mark_id(item)}"

    # ── order ───────────────────────────────────────────────────────────────────────────

    def items(self) -> list[tuple[int, Value | Group]]:
        """Gates (by their outputs) and closed groups in forward order, each with its depth.

        Raises ValueError if a closed group feeds itself through nodes outside: it could not be
        computed in one go.
        """
        inputs: dict[Value | Group, set[Value | Group]] = {}
        for node in self.order:
            if node.gate is not None:
                item = self.group_of.get(node, node)
                before = (self.group_of.get(x, x) for x in node.inputs if x.gate is not None)
                inputs.setdefault(item, set()).update(other for other in before if other is not item)
        depth: dict[Value | Group, int] = {}
        try:
            for item in TopologicalSorter(inputs).static_order():
                depth[item] = 1 + max((depth[other] for other in inputs[item]), default=0)
        except CycleError as error:
            *circle, _ = error.args[1]  # ends in the item that it begins with
            raise ValueError(f"{len(circle)} gates and groups wait for each other") from None
        return sorted(((depth[item], item) for item in inputs), key=lambda pair: pair[0])
