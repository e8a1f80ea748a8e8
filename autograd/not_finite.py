"""Where the numbers of a graph stop being finite."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd.arguments import require_root
from autograd.grad_mode import guard_reading
from autograd.graph import Flow, edges_back, flow
from autograd.reals import named_number
from autograd.value import Value, all_nodes, origin


@dataclass(frozen=True)
class NotFinite:
    """The first number of a graph that is infinite or NaN.

    node   the leaf or the gate's output that is not finite; for a gradient, the gate that
           handed it back
    flow   for a gradient, what flowed along the edge; None for a number of the forward pass
    """

    node: Value
    flow: Flow | None = None

    def __str__(self) -> str:
        gate = self.node.gate
        if self.flow is None or gate is None:
            return origin(self.node)
        applied = gate.applied_to(self.node.arguments)
        (*_, local, upstream, added, before, after) = self.flow
        product = f"upstream gradient {upstream!r} · local gradient {local!r} = {added!r}"
        summed = f"; added to {before!r} it makes {after!r}" if math.isfinite(added) else ""
        return f"it began at {applied}, on the way back to {named_number(self.flow.input)}: {product}{summed}"


def first_not_finite(root: Value) -> NotFinite | None:
    """Which operation made the NaN, or the infinity: in the graph of `root`, forward or backward.

    The numbers are checked first, in the order of the forward pass. If all are finite, the
    gradients of `root` are, in the order of the backward pass; they are computed for this, and
    `.grad` is neither read nor changed. None if everything is finite.

    >>> x = Value(0.0, "x")
    >>> print(first_not_finite((x * x).sqrt() + 1.0))
    it began at sqrt(0.0), on the way back to 0.0: upstream gradient 1.0 · local gradient inf = inf
    >>> print(first_not_finite(Value(1e300, "y") * 1e300 - 1.0))
    it began at multiply(y = 1e+300, 1e+300) = inf
    """
    guard_reading("first_not_finite()")
    require_root("first_not_finite", root)
    for node in all_nodes(root):
        if not math.isfinite(node.data):
            return NotFinite(node)
    for step in flow(edges_back(root), {root: 1.0}):
        if not math.isfinite(step.after):
            return NotFinite(step.node, step)
    return None
