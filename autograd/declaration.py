"""What a gate is, and how one is declared.

A gate is an elementary operation of a computation, with its derivatives: the local gradients
∂output/∂input, one for each input. In the backward pass from a result L, the upstream gradient
∂L/∂output arrives at the gate's output. The chain rule multiplies it by a local gradient, and the
product is what the gate adds to ∂L/∂input.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar, overload

from autograd.reals import as_float, is_number, kind, named_number, shortened

Result = tuple[float, tuple[float, ...]]
"""A gate's output, and its local gradient for each input."""

GateFunction = Callable[..., Result]

ARITHMETIC_ERRORS = (ValueError, ZeroDivisionError, OverflowError)
"""What Python's own arithmetic raises where a gate has no answer."""

gate_errors: ContextVar[list[GateError] | None] = ContextVar("gate_errors", default=None)
"""The errors raised while the compiler records a function by running it once; None at other times.

A function that catches one goes a way that depends on numbers, so its recording is refused.
"""


class GateError(ValueError):
    """A gate is not defined for the numbers it was applied to, or a result is not finite."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        if (noted := gate_errors.get()) is not None:
            noted.append(self)


class Appliable(Protocol):
    """A Value (autograd/value.py), known here by the method with which it applies a gate."""

    def __apply_gate__(self, gate: Any, arguments: tuple[Any, ...], /) -> Any: ...


V = TypeVar("V", bound=Appliable)


class Operation:
    """What all gates share: how they are called, shown and pickled.

    An elementary one is a `Gate` (below); those of many inputs are in autograd/fused.py and choice.py.
    """

    # `Gate` says what they mean.
    function: GateFunction
    symbol: str
    formula: str
    role: str
    domain: str = ""

    # Copied from the function that declares the gate.
    __name__: str
    __qualname__: str
    __signature__: inspect.Signature

    def _apply(self, arguments: tuple[Any, ...]) -> Any:
        """The gate's output: a Value if one of the arguments is a Value, else a float."""
        for argument in arguments:
            if hasattr(argument, "__apply_gate__"):
                return argument.__apply_gate__(self, arguments)
        return self.answer(arguments, list(map(as_float, arguments)))[0]

    def answer(self, arguments: tuple[Any, ...], numbers: list[float]) -> Result:
        """The output and the local gradients for `numbers`; an error shows the `arguments`, with labels.

        Raises GateError if the gate is not defined there.
        """
        try:
            return self.function(*numbers)
        except ARITHMETIC_ERRORS as error:
            raise self.refusal(arguments, error) from None
        except Exception as error:
            error.add_note(f"in {self.applied_to(arguments)}")
            raise

    def refusal(self, arguments: tuple[Any, ...], error: Exception) -> GateError:
        """The error that names this gate, its arguments, and where it is defined."""
        if isinstance(error, OverflowError):
            return GateError(f"{self.applied_to(arguments)} is too large for a float")
        why = f"it needs {self.domain}" if self.domain else str(error)
        return GateError(f"{self.applied_to(arguments)} is not defined: {why}")

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """Its name and its arguments, for an error: `log(x = -1.0)`."""
        return f"{self.name}({', '.join(map(named_number, arguments))})"

    def _named_after(self, function: Callable[..., Any]) -> None:
        """Copy from the function what `help`, pickle and editors read."""
        signature = inspect.signature(function)
        # Without the annotations: a gate takes Values as well as the floats of its function.
        plain = [x.replace(annotation=x.empty) for x in signature.parameters.values()]
        vars(self).update(  # frozen dataclasses refuse plain assignment
            __module__=function.__module__,
            __name__=function.__name__,
            __qualname__=function.__qualname__,
            __doc__=function.__doc__,
            __signature__=signature.replace(parameters=plain, return_annotation=signature.empty),
        )

    @property
    def name(self) -> str:
        """What people call it: the name of its function."""
        return self.__name__

    @cached_property
    def defaults(self) -> dict[str, float]:
        """The numbers for parameters that are left out, such as the α of a leaky ReLU."""
        parameters = self.__signature__.parameters.values()
        return {x.name: as_float(x.default) for x in parameters if is_number(x.default)}

    def __repr__(self) -> str:
        return f"<gate {self.name}{self.__signature__}>"

    def __reduce__(self) -> str:
        return self.__qualname__  # pickled by name, as functions are


@dataclass(frozen=True, eq=False, repr=False)
class Gate(Operation):
    """An elementary operation: its function of floats, and how people write it.

    The function's first parameters are the gate's inputs, which take gradients. The others are
    constants, such as the exponent of `power`, which take none.

    function    floats -> (output, local gradients)
    symbol      what a drawing shows
    formula     the output, in Python's notation and the function's parameter names
    local       one formula per input: its local gradient
    role        what it does to the upstream gradient, where the lecture has a word: distributor
                (both inputs get it), switcher (times the other input), router (one gets it all)
    domain      where it is defined; empty if everywhere
    convention  what was chosen where mathematics leaves a choice (kinks, ties)
    computed    the same as `local`, written so that second derivatives keep their digits, where the
                formulas for people lose them; `output` stands for the gate's output, and both
                sides of an `if` are computed
    """

    function: GateFunction
    symbol: str
    formula: str
    local: tuple[str, ...]
    role: str = ""
    domain: str = ""
    convention: str = ""
    computed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._named_after(self.function)
        if mistake := next(self._mistakes(), ""):
            raise TypeError(f"gate {self.name}: {mistake}")

    def _mistakes(self) -> Iterator[str]:
        """What is wrong with the declaration."""
        for name in ("symbol", "formula", "role", "domain", "convention"):
            if not isinstance(text := getattr(self, name), str):
                yield f"its {name} is text, got {kind(text)}"
        for name, formulas in (("local", self.local), ("computed", self.computed)):
            if not isinstance(formulas, tuple) or not all(isinstance(formula, str) for formula in formulas):
                yield f"its {name} is a tuple of formulas, one for each input, got {shortened(formulas)}"
        if len(self.computed) not in (0, len(self.local)):
            yield f"its computed has one formula for each of local, got {shortened(self.computed)}"
        for x in self.__signature__.parameters.values():
            if x.kind not in (x.POSITIONAL_ONLY, x.POSITIONAL_OR_KEYWORD):
                yield f"its function takes arguments by position; {x} is not one"
            if x.default is not x.empty and not is_number(x.default):
                yield f"the default of {x.name} is a number, got {kind(x.default)}"
        if not 1 <= len(self.local) <= len(self.parameters):
            yield (
                f"{len(self.local)} local gradients for the parameters {self.parameters}; "
                "give one formula for each input, inputs first"
            )

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The function's parameter names: the inputs, then the constants."""
        return tuple(self.__signature__.parameters)

    @overload
    def __call__(self, *numbers: float, **named: float) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *arguments: V | float, **named: V | float) -> V: ...
    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Apply the gate to numbers (gives a float) or to Values (gives a Value)."""
        if named or len(arguments) != len(self.parameters):
            try:
                bound = self.__signature__.bind(*arguments, **named)
            except TypeError as error:
                raise TypeError(f"{self.name}{self.__signature__}: {error}") from None
            bound.apply_defaults()
            arguments = bound.args
        return self._apply(arguments)

    def answer(self, arguments: tuple[Any, ...], numbers: list[float]) -> Result:
        """The same, checked and as floats: what a user's function returns may be anything."""
        answer: Any = super().answer(arguments, numbers)
        match answer:
            case (output, tuple(local_grads)) if len(local_grads) == len(self.local):
                with suppress(TypeError):  # raised for anything but numbers
                    return as_float(output), tuple(map(as_float, local_grads))
        raise TypeError(
            f"gate {self.name}: its function returns (output, local gradients), a float and a tuple of "
            f"{len(self.local)}; it gave {shortened(answer)}"
        )


def gate(
    symbol: str,
    formula: str,
    local: tuple[str, ...],
    role: str = "",
    domain: str = "",
    convention: str = "",
    computed: tuple[str, ...] = (),
) -> Callable[[GateFunction], Gate]:
    """Make a gate of a function of floats that returns `(output, local gradients)`.

    The arguments are the fields of `Gate`. `formula` and `local` are typeset wherever the gate is
    shown, and second derivatives are computed from `local`, with the functions of `autograd.gates`.

    The function keeps to floats, `1.0` and not `1`: whole numbers wrap round in native code. It is
    pure: the same floats in, the same floats out. Its parameters are positional, and a default is
    a number.

    Raises TypeError, saying where, if there is not one local gradient for each input, or the function
    takes its arguments in another way. That the formulas are true is not checked here: where one gives
    another number than the function, `walk` and the page say so.

    >>> @gate(symbol="x²", formula="x**2", local=("2*x",))
    ... def square(x):
    ...     return x * x, (2.0 * x,)
    >>> square(3.0), square.function(3.0)
    (9.0, (9.0, (6.0,)))
    """
    return lambda function: Gate(function, symbol, formula, local, role, domain, convention, computed)
