"""Arithmetic, and what is written with its signs."""

from __future__ import annotations

import math

from autograd.declaration import Result, gate


@gate(symbol="+", formula="a + b", local=("1", "1"), role="distributor")
def add(a: float, b: float) -> Result:
    """add(a, b) = a + b: hands its upstream gradient to both inputs unchanged."""
    return a + b, (1.0, 1.0)


@gate(symbol="−", formula="a - b", local=("1", "-1"), role="distributor")
def subtract(a: float, b: float) -> Result:
    """subtract(a, b) = a - b: hands its upstream gradient to a unchanged, to b with its sign turned."""
    return a - b, (1.0, -1.0)


@gate(symbol="×", formula="a*b", local=("b", "a"), role="switcher")
def multiply(a: float, b: float) -> Result:
    """multiply(a, b) = a·b. Each input's local gradient is the other input."""
    return a * b, (b, a)


@gate(symbol="/", formula="a/b", local=("1/b", "-a/b**2"), computed=("1/b", "-output/b"), domain="b ≠ 0")
def divide(a: float, b: float) -> Result:
    """divide(a, b) = a/b."""
    quotient = a / b
    return quotient, (1.0 / b, -quotient / b)


@gate(symbol="×(-1)", formula="-x", local=("-1",))
def negate(x: float) -> Result:
    """negate(x) = -x."""
    return -x, (-1.0,)


@gate(
    symbol="^",
    formula="x**exponent",
    local=("exponent*x**(exponent - 1)",),
    domain="x ≥ 0 for a fractional exponent, x ≠ 0 for a negative one",
    convention="the slope of 0^n at 0 is +∞ for 0 < n < 1, and 0^0 = 1 with slope 0",
)
def power(x: float, exponent: float) -> Result:
    """power(x, exponent) = x^exponent, for an exponent that takes no gradient."""
    raised = math.pow(x, exponent)
    return raised, (_slope_of_power(x, exponent, raised),)


def _slope_of_power(x: float, exponent: float, raised: float) -> float:
    if x == 0.0:
        return 1.0 if exponent == 1.0 else (math.inf if 0.0 < exponent < 1.0 else 0.0)
    if abs(raised) <= 1e-300:  # x^n has lost digits, or all of them, to underflow
        return exponent * math.pow(x, exponent - 1.0)
    # x^(n-1) alone can overflow where the result is an ordinary number, and so can x^n / x.
    ratio = raised / x
    return exponent * ratio if abs(ratio) < math.inf else exponent / x * raised


@gate(
    symbol="^",
    formula="a**b",
    local=("b*a**(b - 1)", "a**b*log(a)"),
    computed=("b*a**(b - 1)", "output*log(a)"),
    domain="a > 0, or a = 0 with b > 0; for a negative a write a**b.data",
    convention="0^b has slope 0 in b; its slope in a at 0 is +∞ for 0 < b < 1",
)
def exponentiate(a: float, b: float) -> Result:
    """exponentiate(a, b) = a^b, for an exponent that takes a gradient too."""
    # Where b has no slope (for a < 0, and at 0^0, where it would be -∞), the logarithm raises the error
    # that becomes a GateError; in native code it gives NaN.
    raised = math.log(a) if a < 0.0 or a == b == 0.0 else math.pow(a, b)
    growth = 0.0 if a == 0.0 else raised * math.log(a)
    return raised, (_slope_of_power(a, b, raised), growth)


@gate(symbol="|x|", formula="abs(x)", local=("sign(x)",), convention="slope 0 at 0")
def absolute(x: float) -> Result:
    """absolute(x) = |x|."""
    slope = 1.0 if x > 0.0 else (-1.0 if x < 0.0 else 0.0)
    return abs(x), (slope,)


@gate(symbol="x²", formula="x**2", local=("2*x",))
def square(x: float) -> Result:
    """square(x) = x·x."""
    return x * x, (2.0 * x,)


@gate(symbol="1/x", formula="1/x", local=("-1/x**2",), computed=("-output*output",), domain="x ≠ 0")
def reciprocal(x: float) -> Result:
    """reciprocal(x) = 1/x."""
    y = 1.0 / x
    return y, (-(y * y),)


@gate(
    symbol="mod",
    formula="a - b*floor(a/b)",
    local=("1", "-floor(a/b)"),
    domain="b ≠ 0",
    convention="slope 1 in a at the jumps too, and the remainder has the sign of b",
)
def mod(a: float, b: float) -> Result:
    """mod(a, b), the remainder of a/b, as Python's % has it: with the sign of b."""
    remainder = a % b
    half_above = (a - remainder) / b + 0.5  # the quotient is whole but for rounding: round it
    return remainder, (1.0, -(half_above - half_above % 1.0))
