"""A graph with some groups of its nodes closed: each is one gate, perhaps with several results."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from autograd.graph import Edge, edges_of, topological_order
from autograd.picture.grouping import Group
from autograd.value import Value

Item = Value | Group
"""A leaf, a gate (by its output), or a closed group."""


class Folded:
    """The graph of `root`, and what is seen of it when some groups are closed.

    order    all nodes, inputs before outputs
    index    the place of each in that order
    group_of the closed group of every node in one
    hidden   parameters that closed groups alone use
    bundles  leaves that are drawn as one
    in_box   for every value and every closed group the values in its box: the value alone, a bundle,
             or the results of a group, which are those of its nodes that something outside uses
    """

    def __init__(
        self, root: Value, closed: Collection[Group] = (), bundles: Sequence[Sequence[Value]] = ()
    ) -> None:
        self.order = topological_order(root)
        self.index = {node: i for i, node in enumerate(self.order)}
        self.closed = tuple(closed)
        self.bundles = tuple(bundles)
        self.group_of = {node: group for group in closed for node in group.nodes}
        used_in_the_open = {x for node in self.order if node not in self.group_of for x in node.inputs}
        self.hidden = {x for group in closed for x in group.parameters} - used_in_the_open
        used = {e.input for e in edges_of(self.order) if self.item_of(e.input) is not self.item_of(e.node)}
        results = {group: [x for x in group.nodes if x in used or x is root] for group in closed}
        self.in_box: dict[Item, Sequence[Value]] = {x: [x] for x in self.order}
        self.in_box |= {**results} | {x: some for some in (*results.values(), *bundles) for x in some}

    def item_of(self, x: Value) -> Item:
        """The closed group that a value is in, or itself."""
        return self.group_of.get(x, x)

    def edges_into(self, item: Item) -> Iterator[Edge]:
        """The edges into a gate or a closed group, except from the group's own parameters."""
        for edge in edges_of(item.nodes if isinstance(item, Group) else [item]):
            if self.item_of(edge.input) is not item and edge.input not in self.hidden:
                yield edge

    # ── ids, as in a drawing and in the steps of a walk ─────────────────────────────────

    def box_id(self, item: Item) -> str:
        """The box that shows a value, its own or one that it shares, or a group's results."""
        first, *others = self.in_box[item]
        return f"value{'s' if others else ''}-{self.index[first]}"

    def mark_id(self, item: Item) -> str:
        """The gate that made a node, or a closed group."""
        if isinstance(item, Group):
            return f"group-{self.index[item.nodes[0]]}"
        return f"gate-{self.index[item]}"

    def edge_id(self, item: Item, x: Value, position: int = 0) -> str:
        """The edge from a value to a gate or a closed group."""
        if isinstance(item, Value) and len(self.in_box[x]) == 1:
            return f"edge-{self.index[item]}-{position}"
        return f"{self.box_id(x)}-to-{self.mark_id(item)}"

    # ── order ───────────────────────────────────────────────────────────────────────────

    def items(self) -> list[tuple[int, Item]]:
        """Gates and closed groups in forward order, each with its depth.

        Raises ValueError if a closed group feeds itself through nodes outside: it could not be
        computed in one go.
        """
        inputs: dict[Item, set[Item]] = {self.item_of(node): set() for node in self.order if node.gate}
        for node, _, x, _ in edges_of(self.order):
            if x.gate and self.item_of(x) is not self.item_of(node):
                inputs[self.item_of(node)].add(self.item_of(x))
        depth: dict[Item, int] = {}
        try:
            for item in TopologicalSorter(inputs).static_order():
                depth[item] = 1 + max((depth[other] for other in inputs[item]), default=0)
        except CycleError as error:
            circle = len(error.args[1]) - 1  # it ends in the item that it begins with
            raise ValueError(f"{circle} gates and groups wait for each other") from None
        return sorted(((depth[item], item) for item in inputs), key=lambda pair: pair[0])
