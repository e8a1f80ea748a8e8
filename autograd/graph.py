"""The graph above a node: its order, its leaves, and the chain rule, edge by edge.

Nothing here changes a graph, and nothing recurses: a chain of a million gates is no deeper
than a chain of ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, Protocol, Self, TypeVar


class Node(Protocol):
    """What this file reads of a `Value`: its number, the gate that made it (None for a leaf), and
    what that gate was applied to.

    arguments    the inputs, which are nodes, and the constants, in their order
    inputs       the nodes alone, with one of local_grads for each
    left, right  the inputs again if there are one or two, which is faster to read; None otherwise
    """

    @property
    def data(self) -> float: ...
    @property
    def gate(self) -> Any: ...
    @property
    def inputs(self) -> tuple[Self, ...]: ...
    @property
    def arguments(self) -> tuple[Self | float, ...]: ...
    @property
    def local_grads(self) -> tuple[float, ...]: ...
    @property
    def left(self) -> Self | None: ...
    @property
    def right(self) -> Self | None: ...


N = TypeVar("N", bound=Node)

# ── order ───────────────────────────────────────────────────────────────────────────────


def gate_order(root: N) -> list[N]:
    """Every node that a gate made, each once, after the nodes it was made from.

    Leaves are left out: the backward pass has nothing to do at them.
    """
    order: list[N] = []
    visited: set[N] = set()
    # A node is pushed, then None, then its inputs. When the None surfaces, all inputs are done.
    stack: list[Any] = [root] if root.gate is not None else []
    push, pop, done, visit = stack.append, stack.pop, order.append, visited.add
    while stack:
        node = pop()
        if node is None:
            done(pop())
        elif node not in visited:
            visit(node)
            push(node)
            push(None)
            left, right = node.left, node.right
            if left is None:
                inputs = node.inputs
                if not visited.issuperset(inputs):  # many neurons share their inputs
                    for x in inputs:
                        if x.gate is None:
                            visit(x)
                        elif x not in visited:
                            push(x)
            else:
                if left.gate is not None and left not in visited:
                    push(left)
                if right is not None and right.gate is not None and right not in visited:
                    push(right)
    return order


def depths(root: N) -> dict[N, int]:
    """The longest way from a leaf to each node of the graph; 0 for the leaves themselves.

    Nodes come in the order in which a reader meets them: depth-first from the root, first
    input first.
    """
    met: dict[N, int] = {}
    # A node is pushed again below its inputs, under a None: when that surfaces, their depths are known.
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


def topological_order(root: N) -> list[N]:
    """Every node above `root` and `root` itself, each once, inputs before outputs.

    Nodes come by depth: leaves first, then the outputs of gates whose inputs are all leaves,
    and so on; within one depth in the order in which a reader meets them.

    >>> from autograd import Value
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> c = a * b; c.label = "c"
    >>> d = c + a; d.label = "d"
    >>> [node.label for node in topological_order(d)]
    ['a', 'b', 'c', 'd']
    """
    depth = depths(root)
    return sorted(depth, key=depth.__getitem__)


def leaves(root: N) -> list[N]:
    """The inputs, parameters and constants at the top of the graph, each once."""
    return [node for node in topological_order(root) if node.gate is None]


def uses(root: N) -> dict[N, int]:
    """How many edges leave each node towards `root`: gradients add up where it is more than one."""
    count: dict[N, int] = {root: 0}
    for node in gate_order(root):
        for x in node.inputs:
            count[x] = count.get(x, 0) + 1
    return count


# ── the chain rule ──────────────────────────────────────────────────────────────────────


class Edge(NamedTuple, Generic[N]):
    """One edge of the graph: `input` is the node's input at `position`."""

    node: N
    position: int
    input: N
    local_gradient: float


class Flow(NamedTuple, Generic[N]):
    """What flows back along one edge: contribution = local gradient · upstream gradient.

    before and after are the gradient of the edge's input: after = before + contribution.
    """

    node: N
    position: int
    input: N
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


def edges_of(nodes: Iterable[N]) -> Iterator[Edge[N]]:
    """The edges from each node to its inputs, in the order of the nodes."""
    for node in nodes:
        for position, (x, local) in enumerate(zip(node.inputs, node.local_grads, strict=True)):
            yield Edge(node, position, x, local)


def edges_back(root: N) -> Iterator[Edge[N]]:
    """Every edge of the graph in the order of a backward pass by hand: deepest gate first."""
    depth = depths(root)
    return edges_of(sorted((node for node in depth if node.gate is not None), key=lambda node: -depth[node]))


def flow(edges: Iterable[Edge[N]], gradients: dict[N, float]) -> Iterator[Flow[N]]:
    """The chain rule along edges: gradients[input] += local gradient · gradients[node].

    `gradients` begins with that of the root and is filled in as the edges are taken.
    `Value.backward` is this loop over the edges of `reversed(gate_order(root))`, written out for speed.

    >>> from autograd import Value
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
