"""How far rounding takes the result of a graph, and its slope.

>>> x = Value(1.0)
>>> y = (x + 1e6) - 1e6
>>> noise = RoundingNoise(y, x)
>>> noise.of_value(2.0) > 1e-11, noise.of_slope() < 1e-15
(True, True)
"""

from __future__ import annotations

import math
import random
import sys

from autograd.declaration import ARITHMETIC_ERRORS
from autograd.graph import contribution, topological_order
from autograd.value import Value

EPSILON = sys.float_info.epsilon

Numbers = dict[Value, tuple[float, float]]
"""For each node its number, and its slope in the leaf that moves."""


class RoundingNoise:
    """The rounding noise that a move of one leaf brings into a graph.

    The graph is computed twice more: as it is, and with the output of every gate that the
    move reaches nudged by a rounding error, to one side or the other. How far the two are
    apart is the noise. Gates that the move does not reach round as before, and add none.
    """

    def __init__(self, root: Value, leaf: Value) -> None:
        self.root, self.leaf = root, leaf
        self.downstream: list[Value] = []
        moving = {leaf}
        for node in topological_order(root):
            if not moving.isdisjoint(node.inputs):
                moving.add(node)
                self.downstream.append(node)
        self.random = random.Random(0)

    def of_value(self, x: float) -> float:
        """The noise of the result if the leaf is moved to x."""
        exact, nudged = self._computed(x)
        if self.root not in nudged or self.root is self.leaf:
            return 0.0
        (value, _), (other, _) = exact[self.root], nudged[self.root]
        return max(abs(value - other), EPSILON * abs(value))

    def of_slope(self) -> float:
        """The noise of ∂result/∂leaf where the leaf stands; ∞ if rounding may leave a gate's domain."""
        noise = 0.0
        for _ in range(4):
            try:
                exact, nudged = self._computed(self.leaf.data)
            except ARITHMETIC_ERRORS:
                return math.inf
            if self.root in nudged:
                (_, slope), (_, other) = exact[self.root], nudged[self.root]
                noise = max(noise, abs(slope - other), EPSILON * abs(slope))
        return noise

    def _computed(self, x: float) -> tuple[Numbers, Numbers]:
        """Every node that the move to x reaches, exact and nudged: its number, and its slope in x."""
        exact, nudged = {self.leaf: (x, 1.0)}, {self.leaf: (x, 1.0)}
        for node in self.downstream:
            if nudged.keys().isdisjoint(node.inputs):
                continue
            value, slope = _with_slope(node, exact)
            other, other_slope = _with_slope(node, nudged)
            if value == other == node.data and _is_deaf(node, exact):
                continue
            exact[node] = value, slope
            nudged[node] = other + self.random.choice((-EPSILON, EPSILON)) * abs(other), other_slope
        return exact, nudged


def _with_slope(node: Value, moved: Numbers) -> tuple[float, float]:
    """A gate's output, and its slope in the leaf."""
    output, local_grads = _gate_result(node, moved)
    slopes = (moved.get(x, (0.0, 0.0))[1] for x in node.inputs)
    return output, sum(map(contribution, local_grads, slopes))


def _is_deaf(node: Value, moved: Numbers) -> bool:
    """Whether a gate does not listen to the inputs that move: relu at -2, max(1, 2) at 1.

    Its word that the slope is 0 is not enough, since it may be wrong: then 1e-3 + 1e9,
    where the move is lost in rounding, looks as deaf. It answers a larger move a little.
    """
    output, local_grads = _gate_result(node, moved)
    if any(slope for x, slope in zip(node.inputs, local_grads, strict=True) if x in moved):
        return False
    still = (x for x in node.arguments if x not in moved)
    if any(output == (x.data if isinstance(x, Value) else x) for x in still):
        return True  # it hands on what does not move
    for factor in (0.5, 1.5):
        larger = {x: (factor * y, 0.0) for x, (y, _) in moved.items()}
        try:
            change = abs(_gate_result(node, larger)[0] - output)
        except ARITHMETIC_ERRORS:
            return False
        if 0.0 < change < 1e-3 * abs(output):  # and no jump
            return False
    return True


def _gate_result(node: Value, moved: Numbers) -> tuple[float, list[float]]:
    """What the gate gives if some inputs move: its output, and the local gradient of each input."""
    numbers = [(moved[x][0] if x in moved else x.data) if isinstance(x, Value) else x for x in node.arguments]
    assert node.gate is not None
    output, local_grads = node.gate.function(*numbers)
    return output, [
        local for x, local in zip(node.arguments, local_grads, strict=False) if isinstance(x, Value)
    ]
