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

from autograd.declaration import ARITHMETIC_ERRORS, Gate
from autograd.graph import contribution, topological_order
from autograd.value import Value

EPSILON = sys.float_info.epsilon

Numbers = dict[Value, tuple[float, float]]
"""For each node its number, and its slope in the leaf that moves."""


class RoundingNoise:
    """The rounding noise that a move of one leaf brings into a graph of elementary gates.

    The graph is computed twice more: as it is, and with the output of every gate that the
    move reaches nudged by a rounding error, to one side or the other. How far the two are
    apart is the noise. Gates that the move does not reach round as before, and add none.
    """

    def __init__(self, root: Value, leaf: Value) -> None:
        self.root, self.leaf = root, leaf
        self.downstream: list[tuple[Value, Gate]] = []
        moving = {leaf}
        for node in topological_order(root):
            if isinstance(node.gate, Gate) and not moving.isdisjoint(node.inputs):
                moving.add(node)
                self.downstream.append((node, node.gate))
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
        for node, gate in self.downstream:
            if nudged.keys().isdisjoint(node.inputs):
                continue
            value, slope = _applied(node, gate, exact)
            other, other_slope = _applied(node, gate, nudged)
            if other == node.data and _is_deaf(node, gate, exact):
                continue
            exact[node] = value, slope
            nudged[node] = other + self.random.choice((-EPSILON, EPSILON)) * abs(other), other_slope
        return exact, nudged


def _is_deaf(node: Value, gate: Gate, moved: Numbers) -> bool:
    """Whether a gate does not listen to the inputs that move: relu at -2, max(1, 2) at 1.

    Its word that the slope is 0 is not enough, since it may be wrong: then sigmoid at 40, where a small
    move is lost in rounding, looks as deaf. So the inputs move far.
    """
    try:
        return all(
            _applied(node, gate, {x: (factor * y, 1.0) for x, (y, _) in moved.items()}) == (node.data, 0.0)
            for factor in (0.5, 1.0, 1.5)
        )
    except ARITHMETIC_ERRORS:
        return False


def _applied(node: Value, gate: Gate, moved: Numbers) -> tuple[float, float]:
    """A gate's output if some of its inputs move, and its slope in the leaf."""
    numbers = [
        x if not isinstance(x, Value) else moved[x][0] if x in moved else x.data for x in node.arguments
    ]
    output, local_grads = gate.function(*numbers)
    places = (i for i, x in enumerate(node.arguments) if isinstance(x, Value))
    slopes = (
        contribution(local_grads[i], moved[x][1])
        for i, x in zip(places, node.inputs, strict=True)
        if x in moved
    )
    return output, sum(slopes)
