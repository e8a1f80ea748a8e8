"""Functions of analysis: roots, exponentials, logarithms, circular and hyperbolic functions."""

from __future__ import annotations

import math

from autograd.declaration import Result, gate

LN_2, LN_10 = math.log(2.0), math.log(10.0)
TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)

# ── roots, exponentials, logarithms ─────────────────────────────────────────────────────


@gate(symbol="exp", formula="exp(x)", local=("exp(x)",), computed=("output",))
def exp(x: float) -> Result:
    """exp(x) = e^x. Its local gradient is its output."""
    y = math.exp(x)
    return y, (y,)


@gate(symbol="log", formula="log(x)", local=("1/x",), domain="x > 0")
def log(x: float) -> Result:
    """log(x), the natural logarithm."""
    return math.log(x), (1.0 / x,)


@gate(symbol="exp2", formula="2**x", local=("2**x*log(2)",), computed=("output*log(2)",))
def exp2(x: float) -> Result:
    """exp2(x) = 2^x."""
    y = math.pow(2.0, x)
    return y, (y * LN_2,)


@gate(symbol="expm1", formula="exp(x) - 1", local=("exp(x)",))
def expm1(x: float) -> Result:
    """expm1(x) = e^x - 1, without the loss of digits near 0."""
    return math.expm1(x), (math.exp(x),)


@gate(symbol="log2", formula="log2(x)", local=("1/(x*log(2))",), domain="x > 0")
def log2(x: float) -> Result:
    """log2(x), the logarithm to base 2."""
    return math.log2(x), (1.0 / x / LN_2,)


@gate(symbol="log10", formula="log10(x)", local=("1/(x*log(10))",), domain="x > 0")
def log10(x: float) -> Result:
    """log10(x), the logarithm to base 10."""
    return math.log10(x), (1.0 / x / LN_10,)


@gate(symbol="log1p", formula="log(1 + x)", local=("1/(1 + x)",), domain="x > -1")
def log1p(x: float) -> Result:
    """log1p(x) = log(1 + x), without the loss of digits near 0."""
    return math.log1p(x), (1.0 / (1.0 + x),)


@gate(
    symbol="√",
    formula="sqrt(x)",
    local=("1/(2*sqrt(x))",),
    computed=("0.5/output",),
    domain="x ≥ 0",
    convention="slope +∞ at 0",
)
def sqrt(x: float) -> Result:
    """sqrt(x) = √x, the square root."""
    root = math.sqrt(x)
    return root, (0.5 / root if root != 0.0 else math.inf,)


@gate(
    symbol="∛",
    formula="cbrt(x)",
    local=("1/(3*cbrt(x)**2)",),
    computed=("1/(3*output*output)",),
    convention="slope +∞ at 0",
)
def cbrt(x: float) -> Result:
    """cbrt(x), the cube root, of negative numbers too."""
    # Not math.cbrt, which numba does not know.
    if x == 0.0 or x - x != 0.0:  # 0, ∞ and NaN are their own cube roots
        return x, (math.inf if x == 0.0 else 1.0 / (x * x),)
    # Near 1 the cube of the root neither overflows nor loses digits, so that one step of Newton's
    # method mends what the power leaves: 1/3 is no float.
    scale = 2.0**100 if abs(x) > 1.0 else 2.0**-100
    scale = scale if abs(x) > 1e200 or abs(x) < 1e-200 else 1.0
    size = abs(x) / scale / scale / scale
    root = math.pow(size, 1.0 / 3.0)
    root -= (root * root * root - size) / (3.0 * root * root)
    root *= scale
    return math.copysign(root, x), (1.0 / (3.0 * root * root),)


@gate(
    symbol="hypot",
    formula="sqrt(a**2 + b**2)",
    local=("a/hypot(a, b)", "b/hypot(a, b)"),
    computed=(  # 5e-324, the smallest float, because both sides of an `if` are computed
        "a/max(output, 5e-324) if output > 0 else 0",
        "b/max(output, 5e-324) if output > 0 else 0",
    ),
    convention="slope 0 at the origin",
)
def hypot(a: float, b: float) -> Result:
    """hypot(a, b), the length of (a, b), without overflow on the way."""
    a_size, b_size = abs(a), abs(b)
    larger = a_size if a_size > b_size else b_size
    if larger == 0.0:
        return 0.0, (0.0, 0.0)
    # Relative to the larger of the two (NaN is not larger, and comes through the ratio).
    ratio_a, ratio_b = a / larger, b / larger
    length = math.sqrt(ratio_a * ratio_a + ratio_b * ratio_b)
    return larger * length, (ratio_a / length, ratio_b / length)


# ── circular and hyperbolic functions, the error function ───────────────────────────────


@gate(symbol="sin", formula="sin(x)", local=("cos(x)",), domain="a finite x")
def sin(x: float) -> Result:
    """sin(x), the sine of x radians."""
    return math.sin(x), (math.cos(x),)


@gate(symbol="cos", formula="cos(x)", local=("-sin(x)",), domain="a finite x")
def cos(x: float) -> Result:
    """cos(x), the cosine of x radians."""
    return math.cos(x), (-math.sin(x),)


@gate(
    symbol="tan",
    formula="tan(x)",
    local=("1 + tan(x)**2",),
    computed=("1 + output*output",),
    domain="a finite x",
)
def tan(x: float) -> Result:
    """tan(x), the tangent of x radians."""
    y = math.tan(x)
    return y, (1.0 + y * y,)


@gate(
    symbol="asin",
    formula="asin(x)",
    local=("1/sqrt(1 - x**2)",),
    computed=("1/sqrt((1 - x)*(1 + x))",),
    domain="-1 ≤ x ≤ 1",
    convention="slope +∞ at -1 and 1",
)
def asin(x: float) -> Result:
    """asin(x), the angle in radians, from -π/2 to π/2, whose sine is x."""
    below = (1.0 - x) * (1.0 + x)  # 1 - x² loses its digits near 1
    return math.asin(x), (1.0 / math.sqrt(below) if below != 0.0 else math.inf,)


@gate(
    symbol="acos",
    formula="acos(x)",
    local=("-1/sqrt(1 - x**2)",),
    computed=("-1/sqrt((1 - x)*(1 + x))",),
    domain="-1 ≤ x ≤ 1",
    convention="slope -∞ at -1 and 1",
)
def acos(x: float) -> Result:
    """acos(x), the angle in radians, from 0 to π, whose cosine is x."""
    below = (1.0 - x) * (1.0 + x)
    return math.acos(x), (-1.0 / math.sqrt(below) if below != 0.0 else -math.inf,)


@gate(symbol="atan", formula="atan(x)", local=("1/(1 + x**2)",), computed=("1/hypot(1, x)/hypot(1, x)",))
def atan(x: float) -> Result:
    """atan(x), the angle in radians, from -π/2 to π/2, whose tangent is x."""
    return math.atan(x), (1.0 / (1.0 + x * x),)


@gate(
    symbol="atan2",
    formula="atan2(y, x)",
    local=("x/(x**2 + y**2)", "-y/(x**2 + y**2)"),
    computed=("x/hypot(x, y)/hypot(x, y)", "-y/hypot(x, y)/hypot(x, y)"),
    domain="x ≠ 0 or y ≠ 0",
    convention="π for a negative x and y = 0, and -π for y = -0",
)
def atan2(y: float, x: float) -> Result:
    """atan2(y, x), the angle in radians, from -π to π, of the point (x, y)."""
    larger = max(abs(x), abs(y))
    ratio_x, ratio_y = x / larger, y / larger
    square_of_length = ratio_x * ratio_x + ratio_y * ratio_y
    return math.atan2(y, x), (ratio_x / square_of_length / larger, -ratio_y / square_of_length / larger)


@gate(symbol="sinh", formula="sinh(x)", local=("cosh(x)",))
def sinh(x: float) -> Result:
    """sinh(x), the hyperbolic sine, (e^x - e^-x)/2."""
    return math.sinh(x), (math.cosh(x),)


@gate(symbol="cosh", formula="cosh(x)", local=("sinh(x)",))
def cosh(x: float) -> Result:
    """cosh(x), the hyperbolic cosine, (e^x + e^-x)/2."""
    return math.cosh(x), (math.sinh(x),)


@gate(symbol="asinh", formula="asinh(x)", local=("1/sqrt(1 + x**2)",), computed=("1/hypot(1, x)",))
def asinh(x: float) -> Result:
    """asinh(x), the number whose hyperbolic sine is x."""
    size = abs(x)
    slope = 1.0 / math.sqrt(1.0 + x * x) if size < 1e100 else 1.0 / size  # x² would overflow
    return math.asinh(x), (slope,)


@gate(
    symbol="acosh",
    formula="acosh(x)",
    local=("1/sqrt(x**2 - 1)",),
    computed=("1/(sqrt(x - 1)*sqrt(x + 1))",),
    domain="x ≥ 1",
    convention="slope +∞ at 1",
)
def acosh(x: float) -> Result:
    """acosh(x), the number from 0 on whose hyperbolic cosine is x."""
    y = math.acosh(x)
    return y, (1.0 / (math.sqrt(x - 1.0) * math.sqrt(x + 1.0)) if x != 1.0 else math.inf,)


@gate(
    symbol="atanh",
    formula="atanh(x)",
    local=("1/(1 - x**2)",),
    computed=("1/((1 - x)*(1 + x))",),
    domain="-1 < x < 1",
)
def atanh(x: float) -> Result:
    """atanh(x), the number whose hyperbolic tangent is x."""
    return math.atanh(x), (1.0 / ((1.0 - x) * (1.0 + x)),)


@gate(
    symbol="erf",
    formula="erf(x)",
    local=("2*exp(-x**2)/sqrt(pi)",),
    computed=("2*exp(-clip(x, -40, 40)**2)/sqrt(pi)",),
)
def erf(x: float) -> Result:
    """erf(x), the error function, 2/√π · ∫₀ˣ e^(-t²) dt."""
    return math.erf(x), (TWO_OVER_ROOT_PI * bell(x, 1.0),)


@gate(
    symbol="erfc",
    formula="erfc(x)",
    local=("-2*exp(-x**2)/sqrt(pi)",),
    computed=("-2*exp(-clip(x, -40, 40)**2)/sqrt(pi)",),
)
def erfc(x: float) -> Result:
    """erfc(x) = 1 - erf(x), without the loss of digits where erf is almost 1."""
    return math.erfc(x), (-TWO_OVER_ROOT_PI * bell(x, 1.0),)


def bell(x: float, factor: float) -> float:
    """e^(-factor·x²). The square is not rounded: its last digit would cost several of the result's."""
    if abs(x) > 40.0:
        return 0.0
    rest = x % 0.0625  # what remains has so few digits that its square is exact
    short = x - rest
    return math.exp(-factor * short * short) * math.exp(-factor * rest * (short + x))
