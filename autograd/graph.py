"""The graph above a node: its order, its leaves, and the chain rule, edge by edge.

Nothing here changes a graph, and nothing recurses: a chain of a million gates is no deeper
than a chain of ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from autograd.value import Value, gate_order

# ── order ───────────────────────────────────────────────────────────────────────────────


def depths(root: Value) -> dict[Value, int]:
    """The longest way from a leaf to each node of the graph; 0 for the leaves themselves.

    Nodes come in the order in which a reader meets them: depth-first from the root, first
    input first.
    """
    met: dict[Value, int] = {}
    # A node is pushed, then None, then its inputs. When the None surfaces, their depths are known.
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if node is None:
            node = stack.pop()
            met[node] = 1 + max(map(met.__getitem__, node.inputs))
        elif node not in met:
            met[node] = 0
            if node.gate is not None:
                stack += (node, None)
                stack += [x for x in reversed(node.inputs) if x not in met]
    return met


def topological_order(root: Value) -> list[Value]:
    """Every node above `root` and `root` itself, each once, inputs before outputs.

    Nodes come by depth: leaves first, then the outputs of gates whose inputs are all leaves,
    and so on; within one depth in the order in which a reader meets them.

    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> c = a * b; c.label = "c"
    >>> d = c + a; d.label = "d"
    >>> [node.label for node in topological_order(d)]
    ['a', 'b', 'c', 'd']
    """
    depth = depths(root)
    return sorted(depth, key=depth.__getitem__)


def leaves(root: Value) -> list[Value]:
    """The inputs, parameters and constants at the top of the graph, each once."""
    return [node for node in topological_order(root) if node.gate is None]


def uses(root: Value) -> dict[Value, int]:
    """How many edges leave each node towards `root`: gradients add up where it is more than one."""
    count = Counter({root: 0})
    for node in gate_order(root):
        count.update(node.inputs)
    return count


# ── the chain rule ──────────────────────────────────────────────────────────────────────


class Edge(NamedTuple):
    """One edge of the graph: `input` is the node's input at `position`."""

    node: Value
    position: int
    input: Value
    local_gradient: float


class Flow(NamedTuple):
    """What flows back along one edge: contribution = local gradient · upstream gradient.

    before and after are the gradient of the edge's input: after = before + contribution.
    """

    node: Value
    position: int
    input: Value
    local_gradient: float
    upstream: float
    contribution: float
    before: float
    after: float


def contribution(local: float, upstream: float) -> float:
    """What one edge adds to its input's gradient: local gradient · upstream gradient.

    If no gradient arrives, none is passed on, however steep the gate: 0 · ∞ counts as 0 here,
    not as NaN, so that √x at 0 does no harm to a loss that does not depend on it.

    >>> contribution(2.0, -3.0), contribution(float("inf"), 0.0)
    (-6.0, 0.0)
    """
    return local * upstream if upstream != 0.0 else 0.0


def edges_of(nodes: Iterable[Value]) -> Iterator[Edge]:
    """The edges from each node to its inputs, in the order of the nodes."""
    for node in nodes:
        for position, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True)):
            yield Edge(node, position, x, local)


def edges_back(root: Value) -> Iterator[Edge]:
    """Every edge of the graph in the order of a backward pass by hand: deepest gate first."""
    depth = depths(root)
    return edges_of(sorted((node for node in depth if node.gate is not None), key=lambda node: -depth[node]))


def flow(edges: Iterable[Edge], gradients: dict[Value, float]) -> Iterator[Flow]:
    """The chain rule along edges: gradients[input] += local gradient · gradients[node].

    `gradients` begins with that of the root and is filled in as the edges are taken.
    `Value.backward` is this loop over the edges of `reversed(gate_order(root))`, written out for speed.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> [(step.before, step.after) for step in flow(edges_back(y), {y: 1.0})]
    [(0.0, 3.0), (3.0, 6.0)]
    """
    for node, position, x, local in edges:
        upstream, before = gradients.get(node, 0.0), gradients.get(x, 0.0)
        added = contribution(local, upstream)
        gradients[x] = after = before + added
        yield Flow(node, position, x, local, upstream, added, before, after)
