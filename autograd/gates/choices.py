"""Gates that choose, compare and round: their slopes are 0 and 1."""

from __future__ import annotations

from autograd.declaration import Result, gate


@gate(
    symbol="max",
    formula="max(a, b)",
    local=("1 if a >= b else 0", "0 if a >= b else 1"),
    role="router",
    convention="at a tie the first input takes the gradient",
)
def maximum(a: float, b: float) -> Result:
    """maximum(a, b), the larger of two numbers. Routes its whole upstream gradient to it."""
    # `b != b` is true of NaN alone: a NaN comes through, whichever input brings it.
    return (b, (0.0, 1.0)) if a < b or b != b else (a, (1.0, 0.0))


@gate(
    symbol="min",
    formula="min(a, b)",
    local=("1 if a <= b else 0", "0 if a <= b else 1"),
    role="router",
    convention="at a tie the first input takes the gradient",
)
def minimum(a: float, b: float) -> Result:
    """minimum(a, b), the smaller of two numbers. Routes its whole upstream gradient to it."""
    return (b, (0.0, 1.0)) if a > b or b != b else (a, (1.0, 0.0))


@gate(symbol=">", formula="1 if a > b else 0", local=("0", "0"), convention="slope 0, at the jump too")
def greater(a: float, b: float) -> Result:
    """greater(a, b) = 1 if a > b, else 0: a condition for `where`."""
    return (1.0 if a > b else 0.0), (0.0, 0.0)


@gate(symbol="≥", formula="1 if a >= b else 0", local=("0", "0"), convention="slope 0, at the jump too")
def greater_equal(a: float, b: float) -> Result:
    """greater_equal(a, b) = 1 if a ≥ b, else 0: a condition for `where`."""
    return (1.0 if a >= b else 0.0), (0.0, 0.0)


@gate(symbol="<", formula="1 if a < b else 0", local=("0", "0"), convention="slope 0, at the jump too")
def less(a: float, b: float) -> Result:
    """less(a, b) = 1 if a < b, else 0: a condition for `where`."""
    return (1.0 if a < b else 0.0), (0.0, 0.0)


@gate(symbol="≤", formula="1 if a <= b else 0", local=("0", "0"), convention="slope 0, at the jump too")
def less_equal(a: float, b: float) -> Result:
    """less_equal(a, b) = 1 if a ≤ b, else 0: a condition for `where`."""
    return (1.0 if a <= b else 0.0), (0.0, 0.0)


@gate(
    symbol="where",
    formula="a if condition != 0 else b",
    local=("0", "1 if condition != 0 else 0", "0 if condition != 0 else 1"),
    role="router",
    convention="the condition has slope 0",
)
def where(condition: float, a: float, b: float) -> Result:
    """where(condition, a, b), the first number if the condition holds (is anything but 0), else the second.

    Both are computed, and the gradient goes to the one that is taken. The condition is a
    comparison, `where(x > 0, a, b)`, or any number. Unlike Python's `a if x > 0 else b` it can be
    recorded: a program looks at the condition in every run.
    """
    if condition != condition:
        return condition, (0.0, 0.0, 0.0)
    return (a, (0.0, 1.0, 0.0)) if condition != 0.0 else (b, (0.0, 0.0, 1.0))


@gate(
    symbol="clip",
    formula="max(low, min(x, high))",
    local=("1 if low <= x <= high else 0",),
    role="router",
    convention="slope 1 at either bound",
)
def clip(x: float, low: float, high: float) -> Result:
    """clip(x, low, high) = x, but no less than `low` and no more than `high`.

    For bounds that take gradients, use `maximum` and `minimum`.
    """
    below = high if x > high else x
    return (low if below < low else below), (1.0 if low <= x <= high else 0.0,)


@gate(symbol="sign", formula="sign(x)", local=("0",), convention="0 at 0; slope 0, at the jump too")
def sign(x: float) -> Result:
    """sign(x) = 1 above 0, -1 below."""
    return (1.0 if x > 0.0 else (-1.0 if x < 0.0 else x)), (0.0,)


@gate(symbol="⌊x⌋", formula="floor(x)", local=("0",), convention="slope 0, at the jumps too")
def floor(x: float) -> Result:
    """floor(x), the largest whole number that is not above x."""
    return (x - x % 1.0 if x - x == 0.0 else x), (0.0,)  # x - x is 0 unless x is ∞ or NaN
