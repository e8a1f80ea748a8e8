"""Derivatives of plain functions.

`grad`, `value_and_grad` and `jacobian` take functions written for numbers, lists of numbers
or NumPy arrays, and give back plain numbers of the same shape.

>>> def f(a, b):
...     return a * b + a * a
>>> grad(f)(2.0, 3.0)
(7.0, 2.0)
>>> value_and_grad(f)(2.0, 3.0)
(10.0, (7.0, 2.0))
>>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 5.0])
[[5.0, 2.0], [1.0, 1.0]]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar, overload

from autograd.arguments import function
from autograd.grad_mode import enable_grad
from autograd.graph import gate_order
from autograd.reals import as_float, is_number
from autograd.shapes import flat, shaped
from autograd.value import Value

T = TypeVar("T")


class Gradient(Protocol):
    """The gradient of a function, in the shape of its arguments."""

    @overload
    def __call__(self, x: float, /, **constants: Any) -> float: ...
    @overload
    def __call__(self, x: T, /, **constants: Any) -> T: ...
    @overload
    def __call__(self, x: Any, y: Any, /, *others: Any, **constants: Any) -> tuple[Any, ...]: ...


class ValueAndGradient(Protocol):
    """The value of a function and its gradient, in the shape of its arguments."""

    @overload
    def __call__(self, x: float, /, **constants: Any) -> tuple[float, float]: ...
    @overload
    def __call__(self, x: T, /, **constants: Any) -> tuple[float, T]: ...
    @overload
    def __call__(
        self, x: Any, y: Any, /, *others: Any, **constants: Any
    ) -> tuple[float, tuple[Any, ...]]: ...


def grad(f: Callable[..., Any]) -> Gradient:
    """The gradient of a function that gives one number.

    The returned function takes f's arguments, each a number, a (nested) list or tuple of
    numbers or a NumPy array, and gives ∂f/∂(each number) in the same shape: one gradient
    for one argument, a tuple of them for several. Arguments given by name are handed to f
    as they are. These, and Values that f uses besides its arguments, count as constants and
    keep the gradients they have.

    Raises TypeError where an argument is not made of real numbers, where f takes a number
    out of the graph (`math.exp(x)` for `autograd.exp(x)`), gives anything but one number, or
    takes another derivative that depends on these arguments,
    ValueError where there is no number to differentiate by, GateError where a
    gate of f is not defined or the result is not finite.

    >>> grad(lambda x: x * x)(3.0)
    6.0
    >>> grad(lambda w, x: w[0] * x[0] + w[1] * x[1])([1.0, 2.0], [3.0, 4.0])
    ([3.0, 4.0], [1.0, 2.0])
    """
    both = value_and_grad(f)

    def gradient(*arguments: Any, **constants: Any) -> Any:
        return both(*arguments, **constants)[1]

    return gradient


def value_and_grad(f: Callable[..., Any]) -> ValueAndGradient:
    """The value of a function that gives one number, together with its gradient.

    Arguments, shapes and errors are those of `grad`.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    function("f", f)

    def value_and_gradient(*arguments: Any, **constants: Any) -> Any:
        inputs = [Value(number) for number in _numbers(arguments)]
        with _differentiating(inputs):
            output = one_output(f(*shaped(arguments, inputs), **constants))
        gradients = shaped(arguments, gradient_by(output, inputs))
        return output._data, gradients[0] if len(gradients) == 1 else gradients

    return value_and_gradient


def jacobian(f: Callable[[Any], Any]) -> Callable[[Any], list[list[float]]]:
    """∂f/∂x in numerator layout: a row for each output, a column for each input.

    The returned function takes x: a number, a (nested) list or tuple of numbers or a NumPy
    array. f is called with it and returns any of these. Nested outputs and inputs are
    counted in reading order. A function that returns one number has one row, as
    ∂(wᵀx)/∂w = xᵀ has in the lecture.

    Raises the errors of `grad`, except that f may return many numbers.

    >>> A = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    >>> jacobian(lambda x: [row[0] * x[0] + row[1] * x[1] for row in A])([7.0, 8.0])
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """
    function("f", f)

    def rows(x: Any) -> list[list[float]]:
        inputs = [Value(number) for number in _numbers((x,))]
        with _differentiating(inputs):
            outputs = flat(f(*shaped((x,), inputs)), "the result of f")
        return [gradient_by(one_output(output), inputs) for output in outputs]

    return rows


_running: ContextVar[frozenset[Value]] = ContextVar("running", default=frozenset())
"""The inputs of the derivatives that are being taken, one inside the other."""


@contextmanager
def _differentiating(inputs: list[Value]) -> Iterator[None]:
    around = _running.get()
    try:
        _running.set(around.union(inputs))
        with enable_grad():
            yield
    finally:
        _running.set(around)


def gradient_by(output: Value, inputs: Sequence[Value]) -> list[float]:
    """∂output/∂input for each input; every gradient in the graph is left as it was."""
    graph = dict.fromkeys((*inputs, output))
    for node in gate_order(output):
        graph[node] = None
        graph.update(dict.fromkeys(node.inputs))
    if not _running.get().isdisjoint(graph):
        raise TypeError(
            "a derivative is a plain number, through which no gradient flows: inside another derivative it "
            "cannot depend on the inputs of that one"
        )
    before = [(node, node._grad) for node in graph]
    try:
        for x in inputs:
            x._grad = 0.0
        output.backward()
        return [x._grad for x in inputs]
    finally:
        for node, gradient in before:
            node._grad = gradient


def one_output(output: Any) -> Value:
    if isinstance(output, Value):
        return output
    if is_number(output):
        return Value(output)
    raise TypeError(
        f"f must give one number, a Value or a plain one, got {type(output).__name__}; "
        f"jacobian is for functions that give several"
    )


def _numbers(arguments: tuple[Any, ...]) -> list[float]:
    numbers = []
    for position, argument in enumerate(arguments, 1):
        for number in flat(argument, f"argument {position}"):
            if isinstance(number, Value):
                raise TypeError(
                    f"argument {position}: derivatives are taken at plain numbers and are plain numbers, "
                    f"so they cannot be differentiated again; got a Value"
                )
            numbers.append(as_float(number))
    if not numbers:
        raise ValueError("no number to differentiate by: the arguments are empty")
    return numbers
