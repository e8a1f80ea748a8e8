"""Derivatives of plain functions.

`grad`, `value_and_grad`, `jacobian`, `hessian`, `hvp` and `jvp` take functions written for
numbers, lists and dicts of numbers or NumPy arrays, and return plain numbers in the same shape.

>>> def f(a, b):
...     return a * b + a * a
>>> grad(f)(2.0, 3.0)
(7.0, 2.0)
>>> value_and_grad(f)(2.0, 3.0)
(10.0, (7.0, 2.0))
>>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 5.0])
[[5.0, 2.0], [1.0, 1.0]]

Derivatives of derivatives are right, in any order and mixed:

>>> grad(grad(lambda x: x**3))(2.0)
12.0
>>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 5.0])
[[10.0, 6.0], [6.0, 0.0]]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar, overload

from autograd.arguments import as_list, function
from autograd.derivatives.gradients import forward_gradients, gradients, tangents_as_values
from autograd.fused import total
from autograd.grad_mode import enable_grad
from autograd.reals import as_float, is_number, kind
from autograd.shapes import flat, shaped
from autograd.value import Value, all_nodes

T = TypeVar("T")

ArgNums = int | str | Sequence[int | str] | None


class Gradient(Protocol):
    """A gradient, which has the shape of the argument."""

    @overload
    def __call__(self, x: float, /) -> float: ...
    @overload
    def __call__(self, x: Value, /) -> Value: ...
    @overload
    def __call__(self, x: list[T], /) -> list[T]: ...
    @overload
    def __call__(self, x: dict[str, T], /) -> dict[str, T]: ...
    @overload
    def __call__(self, *arguments: Any, **named: Any) -> Any: ...


@overload
def grad(f: Callable[..., Any], argnums: ArgNums = None) -> Gradient: ...
@overload
def grad(
    f: Callable[..., Any], argnums: ArgNums = None, *, has_aux: Literal[True]
) -> Callable[..., tuple[Any, Any]]: ...
def grad(f: Callable[..., Any], argnums: ArgNums = None, *, has_aux: bool = False) -> Any:
    """The gradient of a function that returns one number.

    argnums  which arguments to differentiate by: a position, the name of one that is passed by
             name, or several of them in a list or tuple; all positional ones unless given.
             All others are data, and passed to f as they are.
    has_aux  f returns (number, anything), and the gradient comes as (gradient, anything)

    The returned function takes f's arguments, and returns ∂f/∂(each number) in the shape of the
    argument: a number, (nested) lists, tuples and dicts of numbers, or a NumPy array. One
    argument gives one gradient, several a tuple. Values that f uses besides its arguments are
    constants, and keep the gradients they have.

    An argument may be made of Values, as it is if `grad` stands inside another derivative. Then
    the gradient is made of Values too, gates that can be drawn, compiled and differentiated again.

    Raises TypeError if an argument is not made of real numbers, or f returns anything but one
    number; ValueError if there is no number to differentiate by, or an argument twice; GateError
    if a gate of f is not defined or the result is not finite.

    >>> grad(lambda x: x * x)(3.0)
    6.0
    >>> grad(lambda w, x: w[0] * x[0] + w[1] * x[1])([1.0, 2.0], [3.0, 4.0])
    ([3.0, 4.0], [1.0, 2.0])
    >>> grad(lambda p, x: p["slope"] * x + p["start"], argnums=0)({"slope": 2.0, "start": 1.0}, 5.0)
    {'slope': 5.0, 'start': 1.0}
    >>> grad(lambda x: (x * x, "seen"), has_aux=True)(3.0)
    (6.0, 'seen')
    """
    both = value_and_grad(f, argnums, has_aux=has_aux)

    def gradient(*arguments: Any, **named: Any) -> Any:
        value, slopes = both(*arguments, **named)
        return (slopes, value[1]) if has_aux else slopes

    return gradient


def value_and_grad(
    f: Callable[..., Any], argnums: ArgNums = None, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """The value of a function that returns one number, together with its gradient.

    Arguments, shapes and errors are those of `grad`; with `has_aux` the value is (number, anything).

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    function("f", f)

    def value_and_gradient(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        with _inputs(argnums, arguments, named) as inputs:
            result = f(*inputs.arguments, **inputs.named)
            output, aux = _output_and_aux(result) if has_aux else (one_output(result), None)
            slopes = shaped(inputs.chosen, inputs.slopes(output))
            value = output if inputs.stay_values([output]) else output.data
        one = isinstance(argnums, (int, str)) or (argnums is None and len(arguments) == 1)
        return (value, aux) if has_aux else value, slopes[0] if one else slopes

    return value_and_gradient


def jacobian(f: Callable[..., Any], argnums: int | str = 0) -> Callable[..., list[list[Any]]]:
    """∂f/∂x in numerator layout: a row for each output, a column for each input.

    The returned function takes f's arguments, of which the one that `argnums` names is x: a
    number, (nested) lists, tuples and dicts of numbers, or a NumPy array. f returns any of
    these. Nested outputs and inputs are counted in reading order. A function that returns one
    number has one row, as ∂(wᵀx)/∂w = xᵀ has in the lecture.

    Raises the errors of `grad`, except that f may return many numbers.

    >>> A = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    >>> jacobian(lambda x: [row[0] * x[0] + row[1] * x[1] for row in A])([7.0, 8.0])
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """
    function("f", f)

    def rows(*arguments: Any, **named: Any) -> list[list[Any]]:
        with _inputs(argnums, arguments, named) as inputs:
            outputs = flat(f(*inputs.arguments, **inputs.named), "the result of f")
            return [inputs.slopes(one_output(output)) for output in outputs]

    return rows


def hessian(f: Callable[..., Any], argnums: int | str = 0) -> Callable[..., list[list[Any]]]:
    """∂²f/∂x∂x, of a function that returns one number: row i has the slopes of ∂f/∂x_i.

    Arguments and errors are those of `jacobian`.

    >>> hessian(lambda x: x[0] ** 3 + x[0] * x[1])([2.0, 5.0])
    [[12.0, 1.0], [1.0, 0.0]]
    """
    return jacobian(grad(f, argnums), argnums)


def hvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """The Hessian of f at x times a vector, H·v, at the price of a few gradients: H is not built.

    f returns one number; v has the shape of x, and so has the result.

    >>> hvp(lambda x: x[0] ** 3 + x[0] * x[1], [2.0, 5.0], [1.0, 10.0])
    [22.0, 1.0]
    """
    return jvp(grad(f), x, v)


def jvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """How fast f(x) moves if x moves as fast as v: the Jacobian times a vector, J·v, by one forward pass.

    v has the shape of x, and the result has the shape of f(x).

    >>> jvp(lambda x: [x[0] * x[1], x[0] + x[1]], [2.0, 5.0], [1.0, 10.0])
    [25.0, 11.0]
    """
    function("f", f)
    with _inputs(0, (x,), {}) as inputs:
        result = f(*inputs.arguments)
        outputs = [one_output(output) for output in flat(result, "the result of f")]
        tangents = dict(zip(inputs.values, _direction(x, v), strict=True))
        if inputs.stay_values(outputs) or any(isinstance(t, Value) for t in tangents.values()):
            moved: list[Any] = list(tangents_as_values(outputs, tangents))
        else:
            found = forward_gradients(total([Value(0.0), *outputs]), tangents)
            moved = [found[output] for output in outputs]
        return shaped((result,), moved)[0]


# ── the inputs of a derivative ──────────────────────────────────────────────────────────

_running: ContextVar[frozenset[Value]] = ContextVar("running", default=frozenset())
"""The inputs of the derivatives that are being taken, one inside the other."""


@dataclass
class _Inputs:
    """The Values that stand for the numbers of the arguments that a derivative is taken by.

    arguments, named  what to call f with
    values            the Values, in reading order
    chosen            the arguments that they stand for, as they were passed
    given_values      whether the arguments held Values, so that the results are Values too
    around            the inputs of derivatives around this one
    """

    arguments: tuple[Any, ...]
    named: dict[str, Any]
    values: list[Value]
    chosen: tuple[Any, ...]
    given_values: bool
    around: frozenset[Value]

    def stay_values(self, outputs: Sequence[Value]) -> bool:
        """Whether a derivative around this one needs the results as Values."""
        around = self.around
        return self.given_values or (
            bool(around) and any(not around.isdisjoint(all_nodes(y)) for y in outputs)
        )

    def slopes(self, output: Value) -> list[Any]:
        """∂output/∂(each value): Values if somebody differentiates them further, else plain numbers."""
        if self.stay_values([output]):
            return list(gradients(output, self.values))
        return list(gradient_by(output, self.values))


def _chosen(argnums: ArgNums, arguments: tuple[Any, ...], named: dict[str, Any]) -> dict[int | str, Any]:
    """The arguments to differentiate by, under their positions and names."""
    everything: dict[int | str, Any] = dict(enumerate(arguments))
    if argnums is None:
        return everything
    everything.update(named)
    if isinstance(argnums, (int, str)):
        argnums = [argnums]
    chosen: dict[int | str, Any] = {}
    for place in as_list("argnums", argnums, "positions and names"):
        if place not in [*everything]:
            raise TypeError(
                f"there is no argument {place!r} to differentiate by: argnums counts from 0, or names"
            )
        if place in chosen:
            raise ValueError(f"argnums has argument {place!r} twice")
        chosen[place] = everything[place]
    return chosen


@contextmanager
def _inputs(argnums: ArgNums, arguments: tuple[Any, ...], named: dict[str, Any]) -> Iterator[_Inputs]:
    chosen = _chosen(argnums, arguments, named)
    numbers: list[Any] = []
    for place, argument in chosen.items():
        numbers += flat(argument, place if isinstance(place, str) else f"argument {place + 1}")
    if not numbers:
        raise ValueError("no number to differentiate by: the arguments are empty")
    around = _running.get()
    with enable_grad():
        # A Value is passed on by a gate of its own: f may use the same Value besides its arguments.
        values = [x * 1.0 if isinstance(x, Value) else Value(as_float(x)) for x in numbers]
        filled = dict(zip(chosen, shaped(tuple(chosen.values()), values), strict=True))
        token = _running.set(around.union(values))
        try:
            yield _Inputs(
                arguments=tuple(filled.get(i, argument) for i, argument in enumerate(arguments)),
                named={name: filled.get(name, argument) for name, argument in named.items()},
                values=values,
                chosen=tuple(chosen.values()),
                given_values=any(isinstance(x, Value) for x in numbers),
                around=around,
            )
        finally:
            _running.reset(token)


def _direction(x: Any, v: Any) -> list[Any]:
    """The numbers of v, one for each number of x."""
    along, count = flat(v, "v"), len(flat(x, "x"))
    if len(along) != count:
        raise ValueError(f"v has {len(along)} numbers, and x has {count}: v has the shape of x")
    return [number if isinstance(number, Value) else as_float(number) for number in along]


def gradient_by(output: Value, inputs: Sequence[Value]) -> list[float]:
    """∂output/∂input for each input; every gradient in the graph is left as it was."""
    before = [(node, node.grad) for node in {*inputs, *all_nodes(output)}]
    try:
        for x in inputs:
            x.grad = 0.0
        output.backward()
        return [x.grad for x in inputs]
    finally:
        for node, gradient in before:
            node.grad = gradient


def one_output(output: Any) -> Value:
    if isinstance(output, Value):
        return output
    if is_number(output):
        return Value(output)
    raise TypeError(
        f"f must return one number, a Value or a plain one, got {type(output).__name__}; "
        f"jacobian is for functions that return several"
    )


def _output_and_aux(result: Any) -> tuple[Value, Any]:
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError(f"with has_aux, f returns a pair (number, anything), got {kind(result)}")
    return one_output(result[0]), result[1]
