"""Wrong local gradients, as they are often written: what stands at an edge in place of ∂gate/∂input."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd.declaration import ARITHMETIC_ERRORS
from autograd.examining.expressions import OPERATIONS, Edge, Trace


class Site(NamedTuple):
    """An edge as the author of a gate sees it: the gate, its arguments and output, which input, its slope."""

    operation: str
    arguments: tuple[float, ...]
    output: float
    position: int
    local: float

    @property
    def x(self) -> float:
        """The first argument."""
        return self.arguments[0]

    def slopes_at(self, *arguments: float) -> tuple[float, ...]:
        """The gate's right local gradients at other numbers."""
        return OPERATIONS[self.operation].function(*arguments)[1]


Wrong = Callable[[Site], float]


def site(trace: Trace, edge: Edge) -> Site:
    """What is known at an edge."""
    step = trace.operation(edge.gate)
    assert step is not None
    return Site(step.operation, trace.arguments(step), trace.data[edge.gate], edge.position, edge.local)


def wrong_local(wrong: Wrong, at: Site) -> float:
    """The wrong local gradient; NaN where it cannot be computed."""
    try:
        return wrong(at)
    except ARITHMETIC_ERRORS:
        return math.nan


def _of(**wrong: Wrong) -> Wrong:
    """A mistake in these operations alone."""
    return lambda s: wrong[s.operation](s) if s.operation in wrong else s.local


def _of_two(wrong: Wrong) -> Wrong:
    """A mistake that only a gate of two inputs can have."""
    return lambda s: wrong(s) if len(OPERATIONS[s.operation].local) == 2 else s.local


def _divisor(wrong: Wrong) -> Wrong:
    return _of(divide=lambda s: wrong(s) if s.position else s.local)


def _at_the_output(s: Site) -> float:
    if len(OPERATIONS[s.operation].local) == 2:
        return s.local
    return s.slopes_at(s.output, *s.arguments[1:])[0]


LOCAL_MISTAKES: Sequence[tuple[str, str, str, Wrong]] = (
    (
        "forgets-local",
        "the upstream gradient is handed on as it is, without the local one",
        "the chain rule in each gate: which two numbers are multiplied?",
        lambda s: 1.0,
    ),
    ("sign", "the sign of a local gradient is turned", "the sign of the derivative", lambda s: -s.local),
    (
        "other input",
        "each input gets the local gradient of the other",
        "which input the local gradient belongs to",
        _of_two(lambda s: s.slopes_at(*s.arguments)[1 - s.position]),
    ),
    (
        "inputs exchanged",
        "the derivative is that of the gate with its inputs exchanged",
        "which operand stands on which side",
        _of_two(lambda s: s.slopes_at(*s.arguments[::-1])[1 - s.position]),
    ),
    (
        "at the output",
        "the derivative is taken at the gate's result, not at its input",
        "the number at which the derivative is taken",
        _at_the_output,
    ),
    (
        "input for output",
        "a derivative that is written with the result is computed with the input",
        "which of the two numbers, input or result, the formula of the derivative means",
        _of(
            tanh=lambda s: 1 - s.x**2,
            sigmoid=lambda s: s.x * (1 - s.x),
            exp=lambda s: s.x,
            sqrt=lambda s: 0.5 / s.x,
        ),
    ),
    (
        "exponent forgotten",
        "the factor n of n·x^(n-1) is missing",
        "the power rule",
        _of(power=lambda s: s.local / s.arguments[1]),
    ),
    (
        "exponent kept",
        "the exponent is not lowered by 1",
        "the power rule",
        _of(power=lambda s: s.local * s.x),
    ),
    (
        "divisor not squared",
        "b stands where b² belongs",
        "the quotient rule",
        _divisor(lambda s: s.local * s.arguments[1]),
    ),
    (
        "numerator forgotten",
        "a is missing in the slope by b",
        "the quotient rule",
        _divisor(lambda s: s.local / s.x),
    ),
    (
        "a factor forgotten",
        "one factor of the derivative is missing",
        "the formula of the derivative",
        _of(tanh=lambda s: 1 - s.output, sigmoid=lambda s: s.output),
    ),
    (
        "a term forgotten",
        "a part of the derivative is missing",
        "the formula of the derivative",
        _of(tanh=lambda s: s.output**2, sigmoid=lambda s: 1 - s.output),
    ),
    (
        "upside down",
        "x stands where 1/x belongs, or the other way round",
        "the formula of the derivative",
        lambda s: 1.0 / s.local,
    ),
    (
        "passes everything",
        "the gradient passes where the gate lets nothing through",
        "the case in which the gate gives 0",
        _of(relu=lambda s: 1.0, absolute=lambda s: 1.0),
    ),
    (
        "zero",
        "no gradient reaches one of the inputs",
        "whether every input of the gate gets its share",
        lambda s: 0.0,
    ),
    (
        "the result",
        "the result stands where the local gradient belongs",
        "the formula of the derivative",
        lambda s: s.output,
    ),
    ("half", "a factor 2 is missing", "the factors of the derivative", lambda s: 0.5 * s.local),
    (
        "twice",
        "there is a factor 2 too much",
        "the factors of the derivative, and how often a gate's backward step runs",
        lambda s: 2.0 * s.local,
    ),
)
"""Key, title, where to look, and the wrong number; the more common first."""
