"""Wrong local gradients, as they are often written: what stands at an edge instead of ∂gate/∂input."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograd.declaration import Gate
from autograd.examining.expressions import OPERATIONS
from autograd.graph import Edge
from autograd.value import Value

Wrong = Callable[[Edge], float]
"""The wrong number at an edge; it may raise an arithmetic error."""


def applied(node: Value) -> tuple[Gate, list[float]]:
    """The gate that made a node, and the numbers that it was applied to."""
    assert node.gate is not None
    return OPERATIONS[node.gate.name], [x.data if isinstance(x, Value) else x for x in node.arguments]


def place(edge: Edge) -> int:
    """Which of the gate's arguments, plain numbers among them, the edge leads to."""
    return [i for i, x in enumerate(edge.node.arguments) if isinstance(x, Value)][edge.position]


def _times(factor: float) -> Wrong:
    return lambda edge: factor * edge.local_gradient


def _formula(argument: int = 0, **wrong: Callable[..., float]) -> Wrong:
    """A mistake in the slope by one argument of a few operations: a function of output and arguments."""

    def at(edge: Edge) -> float:
        gate, numbers = applied(edge.node)
        if gate.name not in wrong or place(edge) != argument:
            return edge.local_gradient
        return wrong[gate.name](edge.node.data, *numbers)

    return at


def _slope_by_the_other(edge: Edge, exchanged: bool = False) -> float:
    gate, numbers = applied(edge.node)
    if len(gate.local) < 2:
        return edge.local_gradient
    return gate.function(*(numbers[::-1] if exchanged else numbers))[1][1 - place(edge)]


def _slope_at_the_output(edge: Edge) -> float:
    gate, (_, *constants) = applied(edge.node)
    return gate.function(edge.node.data, *constants)[1][0] if len(gate.local) < 2 else edge.local_gradient


LOCAL_MISTAKES: Sequence[tuple[str, str, str, Wrong]] = (
    ("forgets-local", "the upstream gradient is handed on as it is, without the local one",
     "the chain rule in each gate: which two numbers are multiplied?", lambda e: 1.0),
    ("sign", "the sign of a local gradient is flipped",
     "the sign of the derivative", _times(-1.0)),
    ("other input", "each input gets the local gradient of the other",
     "which input the local gradient belongs to", _slope_by_the_other),
    ("inputs exchanged", "the derivative is that of the gate with its inputs exchanged",
     "which operand stands on which side", lambda e: _slope_by_the_other(e, exchanged=True)),
    ("at the output", "the derivative is taken at the gate's result, not at its input",
     "the number at which the derivative is taken", _slope_at_the_output),
    ("input for output", "a derivative that is written with the result is computed with the input",
     "which of the two numbers, input or result, the formula of the derivative means",
     _formula(tanh=lambda y, x: 1 - x**2, sigmoid=lambda y, x: x * (1 - x),
              exp=lambda y, x: x, sqrt=lambda y, x: 0.5 / x)),
    ("exponent forgotten", "the factor n of n·x^(n-1) is missing",
     "the power rule", _formula(power=lambda y, x, n: x ** (n - 1))),
    ("exponent kept", "the exponent is not lowered by 1",
     "the power rule", _formula(power=lambda y, x, n: n * y)),
    ("divisor not squared", "b stands where b² belongs",
     "the quotient rule", _formula(1, divide=lambda y, a, b: -a / b)),
    ("numerator forgotten", "a is missing in the slope by b",
     "the quotient rule", _formula(1, divide=lambda y, a, b: -1 / b**2)),
    ("a factor forgotten", "one factor of the derivative is missing",
     "the formula of the derivative", _formula(tanh=lambda y, x: 1 - y, sigmoid=lambda y, x: y)),
    ("a term forgotten", "a part of the derivative is missing",
     "the formula of the derivative", _formula(tanh=lambda y, x: y**2, sigmoid=lambda y, x: 1 - y)),
    ("upside down", "x stands where 1/x belongs, or the other way round",
     "the formula of the derivative", lambda e: 1.0 / e.local_gradient),
    ("zero", "no gradient reaches one of the inputs",
     "whether every input of the gate gets its share", _times(0.0)),
    ("the result", "the result stands where the local gradient belongs",
     "the formula of the derivative", lambda e: e.node.data),
    ("half", "a factor 2 is missing",
     "the factors of the derivative", _times(0.5)),
    ("twice", "there is a factor 2 too much",
     "the factors of the derivative, and how often a gate's backward step runs", _times(2.0)),
)  # fmt: skip
"""Key, title, where to look, and the wrong number; the more common first."""
