"""Fused gates: one gate of many inputs that stands for several elementary ones.

A fused gate is declared by the gates it folds: apply `each` to every term, add the results up,
and pass the sum through `finish`. Its local gradients follow from theirs by the chain rule, and
the elementary gates it stands for (autograd/expansion.py) have bit for bit the same numbers.

>>> dot([1.0, 2.0], [3.0, 4.0], 0.5)
11.5
>>> total([1.0, 2.0, 3.0])
6.0
>>> round(logsumexp([1000.0, 1000.0]), 4)
1000.6931
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import chain
from typing import Any, overload

from autograd.declaration import Gate, Operation, Result, V
from autograd.gates import exp, log, multiply
from autograd.reals import as_float, kind, named_number


@dataclass(frozen=True, eq=False, repr=False)
class SequenceGate(Operation):
    """A gate that is called with sequences, of any length.

    called  a function with the gate's parameters and docstring, which returns its arguments
    """

    called: Callable[..., tuple[Any, ...]]
    symbol: str
    formula: str
    role: str = ""

    def __post_init__(self) -> None:
        self._named_after(self.called)

    def flatten(self, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """The sequences in one row: the arguments of the gate's function of floats."""
        raise NotImplementedError

    @overload
    def __call__(self, *columns: Iterable[float] | float | None, **named: float | None) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *columns: Iterable[V | float] | V | float | None, **named: V | float | None) -> V: ...
    def __call__(self, *columns: Any, **named: Any) -> Any:
        """Apply to sequences of numbers (gives a float), or with Values among them (a Value)."""
        return self._apply(self.flatten(self.called(*columns, **named)))

    def _items(self, column: Any) -> tuple[Any, ...]:
        try:
            return tuple(column)
        except TypeError:
            got = kind(column)
            raise TypeError(f"{self.name} takes sequences of numbers and Values, got {got}") from None


@dataclass(frozen=True, eq=False, repr=False)
class FusedGate(SequenceGate):
    """finish(start + Σ each(term)).

    The arguments of its function come column by column: the first input of every term, then the
    second input of every term if `each` has two, then the start if there is one (the bias of a
    `dot`).

    each     the gate applied to every term; None adds the terms themselves
    finish   the gate applied to the sum; None leaves the sum as it is
    shifted  subtract the largest term from all terms first, and add it to the result: the same
             number for logsumexp, without the overflow
    """

    each: Gate | None = None
    finish: Gate | None = None
    shifted: bool = False

    @cached_property
    def width(self) -> int:
        """How many inputs a term has."""
        return 1 if self.each is None else len(self.each.local)

    @cached_property
    def adds_products(self) -> bool:
        """Whether it is a sum of products and no more, as a neuron's weighted sum is."""
        return (self.each, self.finish, self.shifted) == (multiply, None, False)

    def flatten(self, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """The columns and the start in one row."""
        width = self.width
        sequences = list(map(self._items, columns[:width]))
        lengths = list(map(len, sequences))
        if not lengths[0] or len(set(lengths)) > 1:
            got = " and ".join(map(str, lengths))
            raise ValueError(f"{self.name} takes sequences of one length, at least 1; got {got}")
        return (*chain(*sequences), *[start for start in columns[width:] if start is not None])

    def columns(self, arguments: Sequence[Any]) -> tuple[list[Sequence[Any]], Sequence[Any]]:
        """The other way round: the columns, and the start, of which there is none or one."""
        count = len(arguments) // self.width
        columns = [arguments[i * count : (i + 1) * count] for i in range(self.width)]
        return columns, arguments[self.width * count :]

    def function(self, *arguments: float) -> Result:
        """The output and the local gradient of every argument, in their order."""
        if self.adds_products:
            half = len(arguments) // 2
            return sum_of_products(arguments[:half], arguments[half : 2 * half], arguments[2 * half :])
        columns, start = self.columns(arguments)
        if self.shifted:
            (terms,) = columns
            shift = max(terms)
            columns = [[0.0 if x == shift else x - shift for x in terms]]  # ∞ - ∞ is 0 here, not NaN
        if self.each is None:
            (outputs,) = columns
            local_grads = [1.0] * len(arguments)
        else:
            results = list(map(self.each.function, *columns))
            outputs = [output for output, _ in results]
            local_grads = [local[i] for i in range(self.width) for _, local in results] + [1.0] * len(start)
        # Not sum(): from Python 3.12 on it rounds otherwise than a chain of additions.
        result = reduce(operator.add, (*start, *outputs))
        if self.finish is not None:
            result, (slope,) = self.finish.function(result)
            local_grads = [slope * local for local in local_grads]
        return (result + shift if self.shifted else result), tuple(local_grads)

    def applied_to(self, arguments: tuple[Any, ...]) -> str:
        """Its name and its arguments, for an error: too many to list, so the largest alone."""
        largest = max(arguments, key=lambda x: abs(as_float(getattr(x, "_data", x))))
        return f"{self.name} of {len(arguments)} numbers, the largest {named_number(largest)}"


def sum_of_products(first: Sequence[float], second: Sequence[float], start: Sequence[float]) -> Result:
    """What a gate that `adds_products` gives, without a call for each term: a neuron's hot path.

    The local gradients of a product are its factors, swapped, as in `multiply`. A loop is faster than
    `reduce` here.
    """
    products = map(operator.mul, first, second)
    result = start[0] if start else next(products)
    for product in products:
        result += product
    return result, (*second, *first, 1.0) if start else (*second, *first)


# `partial` hands the function below it to FusedGate as `called`.
@partial(FusedGate, symbol="Σ×", formula="Σ w·x + b", each=multiply)
def dot(weights: Any, inputs: Any, bias: Any = None) -> tuple[Any, ...]:
    """dot(weights, inputs, bias=None) = bias + w1·x1 + w2·x2 + …, added up in this order.

    weights and inputs are sequences of one length, of Values and numbers. Local gradients: of
    each weight its input, of each input its weight, and 1 of the bias.
    """
    return weights, inputs, bias


@partial(FusedGate, symbol="Σ", formula="Σ x", role="distributor")
def total(values: Any) -> tuple[Any, ...]:
    """total(values) = x1 + x2 + …, added up in this order. Every local gradient is 1."""
    return (values,)


@partial(FusedGate, symbol="log Σ exp", formula="log Σ exp(x)", each=exp, finish=log, shifted=True)
def logsumexp(values: Any) -> tuple[Any, ...]:
    """logsumexp(values) = log(e^x1 + e^x2 + …), finite for inputs of any size.

    Its local gradients are softmax(x). If all inputs are -∞, so is the output, and the local
    gradients are equal, as those of equal inputs are.
    """
    return (values,)
