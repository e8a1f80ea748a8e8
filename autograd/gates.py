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

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Result = tuple[float, tuple[float, ...]]
"""A gate's output, and its local gradient for each input."""

GateFunction = Callable[..., Result]

ARITHMETIC_ERRORS = (ValueError, ZeroDivisionError, OverflowError)
"""What Python's own arithmetic raises where a gate has no answer."""


class GateError(ValueError):
    """A gate was asked for a number that does not exist, or met one that is not finite."""


@dataclass(frozen=True, eq=False)
class Gate:
    """An elementary operation: its function of floats, and how people write it.

    function    floats -> (output, local gradients); constants follow the inputs
    symbol      what a drawing shows
    formula     the output, in Python's notation and the function's parameter names
    local       one formula per input: its local gradient
    role        what it does to the upstream gradient, in one word, where the lecture has one
    domain      where it is defined, empty for everywhere
    convention  what was chosen where mathematics leaves a choice (kinks, ties)
    """

    function: GateFunction
    symbol: str
    formula: str
    local: tuple[str, ...]
    role: str = ""
    domain: str = ""
    convention: str = ""

    def __post_init__(self) -> None:
        # Found and pickled by name, as functions are.
        object.__setattr__(self, "__module__", self.function.__module__)
        object.__setattr__(self, "__doc__", self.function.__doc__)
        object.__setattr__(self, "__qualname__", self.function.__qualname__)
        object.__setattr__(self, "__signature__", inspect.signature(self.function))

    @property
    def name(self) -> str:
        """What people call it: the name of its function."""
        return str(getattr(self.function, "__name__", self.symbol))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The function's parameter names: the inputs, then the constants."""
        return tuple(inspect.signature(self.function).parameters)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Apply the gate to numbers (gives a float) or to Values (gives a Value)."""
        if named:
            arguments = inspect.signature(self.function).bind(*arguments, **named).args
        for argument in arguments:
            if hasattr(argument, "__apply_gate__"):
                return argument.__apply_gate__(self, arguments)
        return self.answer(arguments, list(map(as_float, arguments)))[0]

    def answer(self, arguments: tuple[Any, ...], numbers: list[float]) -> Result:
        """The output and the local gradients for the numbers of `arguments`, checked.

        Raises GateError where the gate is not defined, TypeError for what is no such answer.
        """
        try:
            answer = self.function(*numbers)
        except ARITHMETIC_ERRORS as error:
            raise self.refusal(arguments, error) from None
        match answer:
            case (output, tuple(local_grads)) if len(local_grads) == len(self.local):
                return as_float(output), tuple(map(as_float, local_grads))
        raise TypeError(
            f"gate {self.name}: its function returns (output, local gradients), a float and a tuple of "
            f"{len(self.local)}; it gave {shortened(answer)}"
        )

    def refusal(self, arguments: tuple[Any, ...], error: Exception) -> GateError:
        """The error that names this gate, what it was given, and where it is defined."""
        if isinstance(error, OverflowError):
            return GateError(f"{self.applied_to(arguments)} is too large for a float")
        where = f": it needs {self.domain}" if self.domain else f" ({error})"
        return GateError(f"{self.applied_to(arguments)} is not defined{where}")

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """Its name and what it was given, for an error: `log(x = -1.0)`."""
        return f"{self.name}({', '.join(map(named_number, arguments))})"

    def __repr__(self) -> str:
        return f"<gate {self.name} {self.symbol}>"

    def __reduce__(self) -> str:
        return self.function.__qualname__


def gate(
    symbol: str,
    formula: str,
    local: tuple[str, ...],
    role: str = "",
    domain: str = "",
    convention: str = "",
) -> Callable[[GateFunction], Gate]:
    """Make a gate of a function of floats that returns `(output, local gradients)`.

    `formula` and `local` are written in Python's notation with the function's parameter
    names; the step-through, the drawing and the player typeset them. There is one local
    gradient for each input; parameters of the function beyond those are constants. The
    other arguments are the fields of `Gate`.

    The function keeps to floats: `1.0` and not `1`, as whole numbers wrap round in native
    code. It is pure: the same floats in, the same floats out.

    Raises TypeError where `local` is no tuple, is empty or has more formulas than the
    function has parameters, where the function takes any number of them or is none, and where
    what should be text is not.

    >>> @gate(symbol="x²", formula="x**2", local=("2*x",))
    ... def square(x):
    ...     return x * x, (2.0 * x,)
    >>> square(3.0)
    9.0
    """
    if not isinstance(local, (tuple, list)):
        raise TypeError(f"a gate's local is a tuple of formulas, one for each input, got {shortened(local)}")
    given = {"symbol": symbol, "formula": formula, "role": role, "domain": domain, "convention": convention}
    for name, text in (*given.items(), *(("local", formula) for formula in local)):
        if not isinstance(text, str):
            raise TypeError(f"a gate's {name} is text, got {type(text).__name__}: {shortened(text)}")

    def decorate(function: GateFunction) -> Gate:
        if not callable(function):
            given = f"{type(function).__name__}: {shortened(function)}"
            raise TypeError(f"a gate is made of a function of floats, got {given}")
        made = Gate(function, symbol, formula, tuple(local), role, domain, convention)
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                raise TypeError(f"gate {made.name}: name every input; {parameter} takes any number of them")
        if not 1 <= len(made.local) <= len(made.parameters):
            raise TypeError(
                f"gate {made.name}: {len(made.local)} local gradients for the parameters "
                f"{made.parameters}; give one formula for each input, inputs first"
            )
        return made

    return decorate


def contribution(local: float, upstream: float) -> float:
    """What one edge adds to its input's gradient: local gradient · upstream gradient.

    Where no gradient arrives none is passed on, however steep the gate: behind an upstream
    gradient of 0 a local gradient of ∞ (√x at 0) is not looked at, and makes no NaN.

    >>> contribution(2.0, -3.0), contribution(math.inf, 0.0)
    (-6.0, 0.0)
    """
    return local * upstream if upstream != 0.0 else 0.0


def is_number(thing: Any) -> bool:
    """Whether `thing` is one real number: an int, a bool, a NumPy scalar, a Fraction, …"""
    if isinstance(thing, (float, int)):
        return True
    if hasattr(thing, "__apply_gate__") or isinstance(thing, complex):
        return False
    return (hasattr(thing, "__float__") or hasattr(thing, "__index__")) and not hasattr(thing, "__len__")


def as_float(number: Any) -> float:
    """The float that a number stands for.

    Raises TypeError for text, complex numbers, arrays and Values, ValueError for an
    integer beyond the floats.
    """
    if type(number) is float:
        return number
    if not is_number(number):
        raise TypeError(f"expected one real number, got {type(number).__name__}: {shortened(number)}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"{type(number).__name__} too large for a float: {shortened(number)}") from None
    except (TypeError, ValueError):  # NumPy's numbers that count as dates, a Decimal that signals
        raise TypeError(
            f"expected one real number, got {type(number).__name__}: {shortened(number)}"
        ) from None


def shortened(thing: Any, limit: int = 60) -> str:
    """The repr of anything, no longer than a line of an error can take."""
    try:
        text = repr(thing)
    except Exception:  # a repr of foreign objects (or of an enormous int) may itself fail
        return "…"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def named_number(argument: Any) -> str:
    """A number or a Value for an error: `x = -1.0` where there is a label."""
    label = getattr(argument, "label", "")
    number = getattr(argument, "data", argument)
    return f"{label} = {shortened(number)}" if label else shortened(number)


# ── arithmetic ──────────────────────────────────────────────────────────────────────────


@gate(symbol="+", formula="a + b", local=("1", "1"), role="distributor")
def add(a: float, b: float) -> Result:
    """The sum: hands its upstream gradient to both inputs unchanged."""
    return a + b, (1.0, 1.0)


@gate(symbol="−", formula="a - b", local=("1", "-1"), role="distributor")
def subtract(a: float, b: float) -> Result:
    """The difference: hands its upstream gradient to a unchanged and to b with the sign turned."""
    return a - b, (1.0, -1.0)


@gate(symbol="×", formula="a*b", local=("b", "a"), role="switcher")
def multiply(a: float, b: float) -> Result:
    """a·b. Each input's local gradient is the other input."""
    return a * b, (b, a)


@gate(symbol="/", formula="a/b", local=("1/b", "-a/b**2"), domain="b ≠ 0")
def divide(a: float, b: float) -> Result:
    """a/b."""
    quotient = a / b
    return quotient, (1.0 / b, -quotient / b)


@gate(symbol="×(-1)", formula="-x", local=("-1",))
def negate(x: float) -> Result:
    """-x."""
    return -x, (-1.0,)


@gate(
    symbol="^",
    formula="x**exponent",
    local=("exponent*x**(exponent - 1)",),
    domain="x ≥ 0 for a fractional exponent, x ≠ 0 for a negative one",
    convention="the slope of 0^n at 0 is +∞ for 0 < n < 1, and 0^0 = 1 with slope 0",
)
def power(x: float, exponent: float) -> Result:
    """x^exponent, for an exponent that takes no gradient."""
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
    domain="a > 0, or a = 0 with b > 0",
    convention="0^b has slope 0 in b; its slope in a at 0 is +∞ for 0 < b < 1",
)
def exponentiate(a: float, b: float) -> Result:
    """a^b, for an exponent that takes a gradient too."""
    # log refuses a < 0, and 0^0 whose slope in b would be -∞.
    raised = math.log(a) if a < 0.0 or a == b == 0.0 else math.pow(a, b)
    growth = 0.0 if a == 0.0 else raised * math.log(a)
    return raised, (_slope_of_power(a, b, raised), growth)


@gate(symbol="|x|", formula="abs(x)", local=("sign(x)",), convention="slope 0 at 0")
def absolute(x: float) -> Result:
    """|x|."""
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
    """The larger of two numbers. Routes its whole upstream gradient to it."""
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
    """The smaller of two numbers. Routes its whole upstream gradient to it."""
    return (b, (0.0, 1.0)) if a > b or b != b else (a, (1.0, 0.0))


# ── functions of one number ─────────────────────────────────────────────────────────────


@gate(symbol="exp", formula="exp(x)", local=("exp(x)",))
def exp(x: float) -> Result:
    """e^x. Its local gradient is its output."""
    y = math.exp(x)
    return y, (y,)


@gate(symbol="log", formula="log(x)", local=("1/x",), domain="x > 0")
def log(x: float) -> Result:
    """The natural logarithm."""
    return math.log(x), (1.0 / x,)


@gate(
    symbol="√",
    formula="sqrt(x)",
    local=("1/(2*sqrt(x))",),
    domain="x ≥ 0",
    convention="slope +∞ at 0",
)
def sqrt(x: float) -> Result:
    """The square root."""
    root = math.sqrt(x)
    return root, (0.5 / root if root != 0.0 else math.inf,)


@gate(symbol="sin", formula="sin(x)", local=("cos(x)",), domain="a finite x")
def sin(x: float) -> Result:
    """The sine of x radians."""
    return math.sin(x), (math.cos(x),)


@gate(symbol="cos", formula="cos(x)", local=("-sin(x)",), domain="a finite x")
def cos(x: float) -> Result:
    """The cosine of x radians."""
    return math.cos(x), (-math.sin(x),)


# ── activations ─────────────────────────────────────────────────────────────────────────


@gate(symbol="σ", formula="sigmoid(z)", local=("sigmoid(z)*(1 - sigmoid(z))",))
def sigmoid(z: float) -> Result:
    """1/(1 + e^-z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    below, above = e / (1.0 + e), 1.0 / (1.0 + e)
    # σ(1-σ) as a product of both tails: 1 - σ itself would lose its digits far from 0.
    return (above if z >= 0.0 else below), (below * above,)


@gate(symbol="tanh", formula="tanh(z)", local=("1 - tanh(z)**2",))
def tanh(z: float) -> Result:
    """The hyperbolic tangent, 2σ(2z) - 1. Its slope is 4σ(1-σ) at 2z: 1 - tanh² loses its digits."""
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
    """max(0, z): lets the gradient through where z > 0, and stops it elsewhere."""
    return (0.0, (0.0,)) if z <= 0.0 else (z, (1.0,))


@gate(
    symbol="leaky ReLU",
    formula="z if z >= 0 else alpha*z",
    local=("1 if z >= 0 else alpha",),
    convention="slope 1 at 0",
)
def leaky_relu(z: float, alpha: float = 0.01) -> Result:
    """z, and αz below 0."""
    return (alpha * z, (alpha,)) if z < 0.0 else (z, (1.0,))


@gate(
    symbol="ELU",
    formula="z if z > 0 else alpha*(exp(z) - 1)",
    local=("1 if z > 0 else alpha*exp(z)",),
    convention="slope α at 0",
)
def elu(z: float, alpha: float = 1.0) -> Result:
    """z, and α(e^z - 1) at 0 and below."""
    return (alpha * math.expm1(z), (alpha * math.exp(z),)) if z <= 0.0 else (z, (1.0,))


@gate(symbol="softplus", formula="log(1 + exp(z))", local=("sigmoid(z)",))
def softplus(z: float) -> Result:
    """log(1 + e^z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    slope = (1.0 if z >= 0.0 else e) / (1.0 + e)
    return (z if z > 0.0 else 0.0) + math.log1p(e), (slope,)
