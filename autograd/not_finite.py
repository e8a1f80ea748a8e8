"""Where the numbers of a graph stop being finite."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Generic

from autograd.grad_mode import guard_reading
from autograd.graph import Flow, N, edges_back, flow, topological_order
from autograd.reals import named_number


@dataclass(frozen=True)
class NotFinite(Generic[N]):
    """The first number of a graph that is infinite or NaN.

    node   the leaf or the gate's output that is not finite; for a gradient, the gate that
           handed it back
    flow   for a gradient, what flowed along the edge; None for a number of the forward pass
    """

    node: N
    flow: Flow[N] | None = None

    def __str__(self) -> str:
        node, gate = self.node, self.node.gate
        if gate is None:
            return f"the leaf {named_number(node)} brought it in"
        applied = gate.applied_to(node.arguments)
        if self.flow is None:
            return f"it began at {applied} = {node.data!r}"
        (*_, local, upstream, added, before, after) = self.flow
        product = f"upstream gradient {upstream!r} · local gradient {local!r} = {added!r}"
        summed = f"; added to {before!r} it makes {after!r}" if math.isfinite(added) else ""
        return f"it began at {applied}, on the way back to {named_number(self.flow.input)}: {product}{summed}"


def first_not_finite(root: N) -> NotFinite[N] | None:
    """Which operation made the NaN, or the infinity: in the graph of `root`, forward or backward.

    The numbers are checked first, in the order of the forward pass. If all are finite, the
    gradients of `root` are, in the order of the backward pass; they are computed for this, and
    `.grad` is neither read nor changed. None if everything is finite.

    >>> from autograd import Value
    >>> x = Value(0.0, "x")
    >>> print(first_not_finite((x * x).sqrt() + 1.0))
    it began at sqrt(0.0), on the way back to 0.0: upstream gradient 1.0 · local gradient inf = inf
    >>> print(first_not_finite(Value(1e300, "y") * 1e300 - 1.0))
    it began at multiply(y = 1e+300, 1e+300) = inf
    """
    guard_reading("first_not_finite()")
    for node in topological_order(root):
        if not math.isfinite(node.data):
            return NotFinite(node)
    for step in flow(edges_back(root), {root: 1.0}):
        if not math.isfinite(step.after):
            return NotFinite(step.node, step)
    return None
