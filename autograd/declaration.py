"""What a gate is, and how one is declared: the class of them all, and the decorator that makes one.

>>> @gate(symbol="x³", formula="x**3", local=("3*x**2",))
... def cube(x):
...     return x * x * x, (3.0 * x * x,)
>>> cube(2.0)
8.0
>>> cube.function(2.0)
(8.0, (12.0,))
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd.reals import as_float, kind, named_number, shortened

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
            case (output, local_grads) if type(local_grads) is tuple and len(local_grads) == len(self.local):
                return as_float(output), tuple(map(as_float, local_grads))
        raise TypeError(
            f"gate {self.name}: its function returns (output, local gradients), a float and a tuple of "
            f"{len(self.local)}; it gave {shortened(answer)}"
        )

    def refusal(self, arguments: tuple[Any, ...], error: Exception) -> GateError:
        """The error that names this gate, the arguments it was given, and where it is defined."""
        if isinstance(error, OverflowError):
            return GateError(f"{self.applied_to(arguments)} is too large for a float")
        where = f": it needs {self.domain}" if self.domain else f" ({error})"
        return GateError(f"{self.applied_to(arguments)} is not defined{where}")

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """Its name and the arguments it was given, for an error: `log(x = -1.0)`."""
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

    Raises TypeError where `local` is no tuple or list, is empty or has more formulas than the
    function has parameters, where the function takes any number of them, takes some by name
    alone or is no function, and where what should be text is not.

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
            raise TypeError(f"a gate's {name} is text, got {kind(text)}")

    def decorate(function: GateFunction) -> Gate:
        if not callable(function):
            raise TypeError(f"a gate is made of a function of floats, got {kind(function)}")
        made = Gate(function, symbol, formula, tuple(local), role, domain, convention)
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                raise TypeError(f"gate {made.name}: every input has a name and a place; {parameter} has not")
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

    >>> contribution(2.0, -3.0), contribution(float("inf"), 0.0)
    (-6.0, 0.0)
    """
    return local * upstream if upstream != 0.0 else 0.0
