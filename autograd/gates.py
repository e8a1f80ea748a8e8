"""The table of gates: each one a plain function of floats.

A gate takes floats and returns its output together with its local gradients,
∂output/∂input for every input, side by side:

>>> multiply.function(3.0, -4.0)
(-12.0, (-4.0, 3.0))

Nothing else in the project writes a derivative. The eager engine calls these functions,
the compiler compiles them as they stand, the step-through prints their formulas, and
the checker disputes them.

Called with numbers, a gate gives the plain number; called with a `Value` among its
arguments, it gives the `Value` that remembers it:

>>> exp(0.0)
1.0

Constants that take no gradient follow the inputs (`power(x, exponent)`); every gate has
as many local gradients as inputs. A gate of the reader's own is made the same way:

>>> @gate(symbol="x³", formula="x**3", local=("3*x**2",))
... def cube(x):
...     return x * x * x, (3.0 * x * x,)
>>> cube(2.0)
8.0
"""

from __future__ import annotations

import math

from autograd.declaration import Result, gate

# ── arithmetic ──────────────────────────────────────────────────────────────────────────


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


@gate(symbol="/", formula="a/b", local=("1/b", "-a/b**2"), domain="b ≠ 0")
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
    if abs(raised) <= 1e-300:
        return exponent * math.pow(x, exponent - 1.0)
    # x^(n-1) alone can overflow where the result is an ordinary number, and so can x^n / x.
    ratio = raised / x
    return exponent * ratio if abs(ratio) < math.inf else exponent / x * raised


@gate(
    symbol="^",
    formula="a**b",
    local=("b*a**(b - 1)", "a**b*log(a)"),
    domain="a > 0, or a = 0 with b > 0; for a negative a write a**b.data",
    convention="0^b has slope 0 in b; its slope in a at 0 is +∞ for 0 < b < 1",
)
def exponentiate(a: float, b: float) -> Result:
    """exponentiate(a, b) = a^b, for an exponent that takes a gradient too."""
    # log refuses a < 0, and 0^0 whose slope in b would be -∞.
    raised = math.log(a) if a < 0.0 or a == b == 0.0 else math.pow(a, b)
    growth = 0.0 if a == 0.0 else raised * math.log(a)
    return raised, (_slope_of_power(a, b, raised), growth)


@gate(symbol="|x|", formula="abs(x)", local=("sign(x)",), convention="slope 0 at 0")
def absolute(x: float) -> Result:
    """absolute(x) = |x|."""
    slope = 1.0 if x > 0.0 else (-1.0 if x < 0.0 else 0.0)
    return abs(x), (slope,)


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


# ── functions of one number ─────────────────────────────────────────────────────────────


@gate(symbol="exp", formula="exp(x)", local=("exp(x)",))
def exp(x: float) -> Result:
    """exp(x) = e^x. Its local gradient is its output."""
    y = math.exp(x)
    return y, (y,)


@gate(symbol="log", formula="log(x)", local=("1/x",), domain="x > 0")
def log(x: float) -> Result:
    """log(x), the natural logarithm."""
    return math.log(x), (1.0 / x,)


@gate(
    symbol="√",
    formula="sqrt(x)",
    local=("1/(2*sqrt(x))",),
    domain="x ≥ 0",
    convention="slope +∞ at 0",
)
def sqrt(x: float) -> Result:
    """sqrt(x) = √x, the square root."""
    root = math.sqrt(x)
    return root, (0.5 / root if root != 0.0 else math.inf,)


@gate(symbol="sin", formula="sin(x)", local=("cos(x)",), domain="a finite x")
def sin(x: float) -> Result:
    """sin(x), the sine of x radians."""
    return math.sin(x), (math.cos(x),)


@gate(symbol="cos", formula="cos(x)", local=("-sin(x)",), domain="a finite x")
def cos(x: float) -> Result:
    """cos(x), the cosine of x radians."""
    return math.cos(x), (-math.sin(x),)


# ── activations ─────────────────────────────────────────────────────────────────────────


@gate(symbol="σ", formula="sigmoid(z)", local=("sigmoid(z)*(1 - sigmoid(z))",))
def sigmoid(z: float) -> Result:
    """sigmoid(z) = 1/(1 + e^-z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    below, above = e / (1.0 + e), 1.0 / (1.0 + e)
    # σ(1-σ) as a product of both tails: 1 - σ itself would lose its digits far from 0.
    return (above if z >= 0.0 else below), (below * above,)


@gate(symbol="tanh", formula="tanh(z)", local=("1 - tanh(z)**2",))
def tanh(z: float) -> Result:
    """tanh(z) = 2σ(2z) - 1. Its slope is 4σ(1-σ) at 2z: 1 - tanh² loses its digits."""
    e = math.exp(-2.0 * abs(z))
    return math.tanh(z), (4.0 * e / ((1.0 + e) * (1.0 + e)),)


@gate(
    symbol="ReLU",
    formula="max(0, z)",
    local=("1 if z > 0 else 0",),
    role="router",
    convention="slope 0 at 0",
)
def relu(z: float) -> Result:
    """relu(z) = max(0, z): lets the gradient through where z > 0, and stops it elsewhere."""
    return (0.0, (0.0,)) if z <= 0.0 else (z, (1.0,))


@gate(
    symbol="leaky ReLU",
    formula="z if z >= 0 else alpha*z",
    local=("1 if z >= 0 else alpha",),
    convention="slope 1 at 0",
)
def leaky_relu(z: float, alpha: float = 0.01) -> Result:
    """leaky_relu(z, alpha=0.01) = z, and αz below 0."""
    return (alpha * z, (alpha,)) if z < 0.0 else (z, (1.0,))


@gate(
    symbol="ELU",
    formula="z if z > 0 else alpha*(exp(z) - 1)",
    local=("1 if z > 0 else alpha*exp(z)",),
    convention="slope α at 0",
)
def elu(z: float, alpha: float = 1.0) -> Result:
    """elu(z, alpha=1.0) = z, and α(e^z - 1) at 0 and below."""
    return (alpha * math.expm1(z), (alpha * math.exp(z),)) if z <= 0.0 else (z, (1.0,))


@gate(symbol="softplus", formula="log(1 + exp(z))", local=("sigmoid(z)",))
def softplus(z: float) -> Result:
    """softplus(z) = log(1 + e^z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    slope = (1.0 if z >= 0.0 else e) / (1.0 + e)
    return (z if z > 0.0 else 0.0) + math.log1p(e), (slope,)
