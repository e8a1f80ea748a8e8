"""What can be said of a graph without changing it: its order, its leaves, where it went wrong.

Nothing here recurses, so a chain of a million gates is no deeper than a chain of ten.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from autograd.reals import named_number

if TYPE_CHECKING:
    from autograd.value import Value


def gate_order(root: Value) -> list[Value]:
    """Every node that a gate made, each once, after the nodes it was made from.

    Leaves are left out: the backward pass has nothing to do at them.
    """
    order: list[Value] = []
    visited: set[Value] = set()
    # A node is pushed, and below its inputs a None: when that surfaces, all inputs are done.
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
            left, right = node._left, node._right
            if left is None:
                if not visited.issuperset(node._inputs):  # many neurons share their inputs
                    for x in node._inputs:
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


def topological_order(root: Value) -> list[Value]:
    """Every node above `root` and `root` itself, each once, inputs before outputs.

    Nodes come by depth, the longest way from a leaf: leaves first, then what is made of
    leaves alone, and so on; within one depth in the order in which they are used.

    >>> from autograd import Value
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> c = a * b; c.label = "c"
    >>> d = c + a; d.label = "d"
    >>> [node.label for node in topological_order(d)]
    ['a', 'b', 'c', 'd']
    """
    depth: dict[Value, int] = defaultdict(int)  # that of a leaf is 0
    for node in gate_order(root):
        depth[node] = 1 + max(depth[x] for x in node.inputs)
    return sorted(_in_order_of_use(root), key=depth.__getitem__)


def _in_order_of_use(root: Value) -> Iterable[Value]:
    """Depth-first from the root, first input first: the order in which a reader meets them."""
    seen: dict[Value, None] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen[node] = None
            stack.extend(x for x in reversed(node.inputs) if x not in seen)
    return seen


def leaves(root: Value) -> list[Value]:
    """The inputs, parameters and constants at the top of the graph, each once."""
    return [node for node in topological_order(root) if node.gate is None]


def uses(root: Value) -> dict[Value, int]:
    """How many edges leave each node towards `root`: gradients add where it is more than one."""
    count: dict[Value, int] = {root: 0}
    for node in gate_order(root):
        for x in node.inputs:
            count[x] = count.get(x, 0) + 1
    return count


def first_not_finite(root: Value) -> str:
    """In a sentence, where a graph with a result that is not finite left the finite numbers."""
    for node in topological_order(root):
        if not math.isfinite(node.data):
            if node.gate is None:
                began = f"the leaf {named_number(node)} brought it in"
            else:
                began = f"it began at {node.gate.applied_to(node.arguments)} = {node.data!r}"
            return f"backward() from a result that is not finite: {began}"
    return f"backward() from {root!r}, whose data was set to a number that is not finite"
