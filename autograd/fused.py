"""Fused gates: one gate of many inputs that stands for several elementary ones.

A fused gate is declared by the gates it folds: apply `each` to every term, add the
results up, and pass the sum through `finish`. Its local gradients follow from theirs by
the chain rule, so no derivative is written here, and its expansion into elementary gates
has bit for bit the same numbers.

>>> dot([1.0, 2.0], [3.0, 4.0], 0.5)
11.5
>>> total([1.0, 2.0, 3.0])
6.0
>>> round(logsumexp([1000.0, 1000.0]), 4)
1000.6931
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import chain
from typing import Any

from autograd.declaration import ARITHMETIC_ERRORS, Gate, GateError, Result
from autograd.gates import exp, log, multiply
from autograd.reals import as_float, kind, named_number


@dataclass(frozen=True, eq=False, repr=False)
class FusedGate:
    """finish(start + Σ each(term)).

    Its arguments are laid out column by column: the first input of every term, then the
    second input of every term where `each` has two, then the start where there is one
    (the bias of a `dot`).

    each     the gate applied to every term; None adds the terms themselves
    output   Python's own operator for the output of `each`, which spares a call per term
             where the local gradients are inputs (multiply's: each the other one)
    finish   the gate applied to the sum; None leaves the sum as it is
    shifted  take the largest term from all terms first and add it to the result: the same
             number for logsumexp, without the overflow
    """

    name: str
    symbol: str
    formula: str
    each: Gate | None = None
    output: Callable[..., float] | None = None
    finish: Gate | None = None
    shifted: bool = False
    role: str = ""

    @cached_property
    def width(self) -> int:
        """How many inputs a term has."""
        return 1 if self.each is None else len(self.each.local)

    def columns(self, arguments: Sequence[Any]) -> tuple[list[Sequence[Any]], Sequence[Any]]:
        """The arguments as columns of terms, and the start (none or one)."""
        count = len(arguments) // self.width
        columns = [arguments[i * count : (i + 1) * count] for i in range(self.width)]
        return columns, arguments[self.width * count :]

    def function(self, *arguments: float) -> Result:
        """The output and the local gradient of every argument, in their order."""
        columns, start = self.columns(arguments)
        if self.switches:
            first, second = columns
            return self.fold_switches(first, second, start)
        shift = 0.0
        if self.shifted:
            shift = self.shift(columns[0])
            columns = [[x - shift for x in columns[0]]]
        outputs: Sequence[float] = columns[0]
        local_grads: tuple[float, ...] = (1.0,) * len(outputs)
        if self.each is not None:
            outputs, locals_by_term = zip(*map(self.each.function, *columns), strict=True)
            local_grads = tuple(chain.from_iterable(zip(*locals_by_term, strict=True)))
        # Not sum(): from Python 3.12 on it rounds otherwise than a chain of additions.
        result = reduce(operator.add, (*start, *outputs))
        local_grads += (1.0,) * len(start)
        if self.finish is not None:
            result, (slope,) = self.finish.function(result)
            local_grads = tuple([slope * local for local in local_grads])
        return (result + shift if self.shifted else result), local_grads

    @staticmethod
    def shift(terms: Sequence[float]) -> float:
        """What a shifted gate takes from its terms: the largest, where that makes no ∞ - ∞."""
        largest = max(terms)
        return largest if math.isfinite(largest) else 0.0

    @cached_property
    def switches(self) -> bool:
        """Whether it only adds up a switcher, each of whose inputs is the other's local gradient."""
        return (
            self.each is not None
            and self.each.role == "switcher"
            and self.output is not None
            and self.finish is None
            and not self.shifted
        )

    def fold_switches(
        self, first: Sequence[float], second: Sequence[float], start: Sequence[float]
    ) -> Result:
        """The same, column by column, of a gate that `switches`: no call per term, no copy."""
        outputs = map(self.output, first, second)  # type: ignore[arg-type]
        if start:
            (result,), local_grads = start, (*second, *first, 1.0)
        else:
            result, local_grads = next(outputs), (*second, *first)
        for output in outputs:
            result += output
        return result, local_grads

    def flatten(self, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments in one row, checked.

        Raises TypeError for too few or too many arguments, ValueError where there is no
        term, or columns have different lengths.
        """
        width = self.width
        if width == 2 == len(columns) - 1:  # the neuron's way, without the loops
            first, second, bias = columns
            try:
                if len(first) == len(second) > 0:
                    return (*first, *second) if bias is None else (*first, *second, bias)
            except TypeError:
                pass  # what has no length may be an iterator, or is refused below
        start = columns[width:]
        if len(columns) < width or len(start) > (width > 1):
            given = f"{width} sequence{'s and perhaps a start' if width > 1 else ''}"
            raise TypeError(f"{self.name} takes {given}, got {len(columns)} arguments")
        terms = [self._terms(column) for column in columns[:width]]
        if not terms[0] or any(len(column) != len(terms[0]) for column in terms):
            lengths = " and ".join(str(len(column)) for column in terms)
            raise ValueError(f"{self.name} adds up terms: sequences of one length, at least 1; got {lengths}")
        return (*chain.from_iterable(terms), *start) if start and start[0] is not None else sum(terms, ())

    def _terms(self, column: Any) -> tuple[Any, ...]:
        try:
            return tuple(column)
        except TypeError:
            raise TypeError(
                f"{self.name} takes sequences of numbers and Values, got {kind(column)}"
            ) from None

    def __call__(self, *columns: Any) -> Any:
        """Apply to sequences of numbers (gives a float), or with Values among them (a Value)."""
        arguments = self.flatten(columns)
        for argument in arguments:
            if hasattr(argument, "__apply_gate__"):
                return argument.__apply_gate__(self, arguments)
        return self.answer(arguments, list(map(as_float, arguments)))[0]

    def answer(self, arguments: tuple[Any, ...], numbers: list[float]) -> Result:
        """The output and the local gradients for the numbers of `arguments`.

        Raises GateError where one of the gates is not defined.
        """
        try:
            return self.function(*numbers)
        except ARITHMETIC_ERRORS as error:
            raise self.refusal(arguments, error) from None

    def refusal(self, arguments: tuple[Any, ...], error: Exception) -> GateError:
        """The error that names this gate and how many numbers it was given."""
        return GateError(f"{self.name} of {len(arguments)} numbers failed: {error}")

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """Its name and what it was given, for an error: too many numbers to list, but for the largest."""
        largest = max(arguments, key=_magnitude)
        return f"{self.name} of {len(arguments)} numbers, the largest {named_number(largest)}"

    def __repr__(self) -> str:
        return f"<fused gate {self.name} {self.symbol}>"

    def __reduce__(self) -> str:
        return self.name


def _magnitude(argument: Any) -> float:
    return abs(float(getattr(argument, "data", argument)))


dot = FusedGate("dot", symbol="Σ×", formula="Σ w·x + b", each=multiply, output=operator.mul)
"""dot(weights, inputs, bias=None): b + w1·x1 + w2·x2 + …, added up in this order."""

total = FusedGate("total", symbol="Σ", formula="Σ x", role="distributor")
"""total(values): x1 + x2 + …, added up in this order."""

logsumexp = FusedGate(
    "logsumexp", symbol="log Σ exp", formula="log Σ exp(x)", each=exp, finish=log, shifted=True
)
"""logsumexp(values): log(e^x1 + e^x2 + …), finite for inputs of any size."""
