"""compile: from a function to one program, or to one for each shape of its arguments.

>>> from autograd import Value
>>> w = Value(2.0, "w")
>>> @compile
... def last_state(word, activation="tanh"):
...     state = 0.0
...     for x in word:
...         state = w * x + state
...         state = state.tanh() if activation == "tanh" else state
...     return state
>>> round(last_state([0.5]), 4), last_state([1.0, 2.0], activation="linear")
(0.7616, 6.0)
>>> last_state
<compiled function last_state: 2 programs>
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, overload

from autograd.arguments import counted
from autograd.arguments import function as as_function
from autograd.compiler.program import Program, native_options
from autograd.reals import is_number, kind
from autograd.recording.tracing import record
from autograd.shapes import is_array, tuple_like

P = ParamSpec("P")
NO_NUMBER: tuple[()] = ()
"""What stands among the numbers of an argument for anything but a number."""


# ruff: noqa: A001  compile, as the field calls it


@overload
def compile(function: Callable[[], Any], *, threads: int = 1, dtype: str = "float64") -> Program: ...
@overload
def compile(
    function: Callable[..., Any], first: Any, /, *others: Any, threads: int = 1, dtype: str = "float64"
) -> Program: ...
@overload
def compile(
    function: Callable[Concatenate[Any, P], Any], *, threads: int = 1, dtype: str = "float64"
) -> CompiledFunction: ...
def compile(function: Callable[..., Any], *example: Any, threads: int = 1, dtype: str = "float64") -> Any:
    """Record `function`, to be run as native code.

    With an example of its arguments it becomes one `Program`, for samples and batches of that
    shape. Without one, as with `@compile`, it becomes a function that records a program for each
    shape that it is called with: see `CompiledFunction`.

    `function` is called with Values in the place of the numbers: numbers, or lists, tuples and
    arrays of them, nested as you like. It returns a Value, or lists and tuples of Values. All other
    leaves that it reaches are the program's `parameters`, read at each run. Whatever else it
    reads, such as a global number or how many layers a model has, stays as it was when recorded.
    A method is compiled for its object: `compile(model.loss)`.

    threads  how many run side by side where a batch has more than 256 samples, which they share in
             spans; numbers do not depend on how many. Threads take time to start, so it pays for
             calls of some milliseconds, and for training of some tenths of a second: on two cores
             400,000 predictions took 0.66 of the time of one thread, updates on 2,000 points 0.71
    dtype    "float32" halves the memory of a program's numbers: wide layers run up to 1.7 times as
             fast, narrow ones hardly faster. What a gate gives, and sums of gradients, have 24 bits,
             a relative error of 6e-8: gradients of 784-50-10 on 64 samples are off by 4e-7 of the
             largest. Parameters, inputs, results and an optimizer's updates stay Python's floats

    Raises RecordingError if the function takes a number out of the graph, which would be frozen
    into the program: `if v > 0`, `v.data`, `float(v)`, `max(a, b)`, `v.detach()`. It is called
    twice, with different numbers: a random number, or anything else that makes another graph in
    the second call, is refused too, but for an `autograd.Draw`. Raises TypeError for anything but
    a function that returns Values, ImportError if numba is not installed.

    A gate of your own is compiled at the first run, which raises TypeError if numba cannot do it.

    >>> program = compile(lambda x, y: x * y, 0.0, 0.0)
    >>> program(3.0, 4.0)
    12.0
    """
    as_function("function", function)
    threads, dtype = native_options("compile", threads, dtype)
    if not example and _needs_arguments(function):
        return CompiledFunction(function, threads, dtype)
    return Program(record(function, *example), threads, dtype)


def _needs_arguments(function: Callable[..., Any]) -> bool:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # not every callable has a signature to read
        return False
    return any(p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters)


class CompiledFunction:
    """A function of any nested arguments, run as native code, and called as the function is.

    Numbers, lists, tuples, dicts and arrays of them are inputs, of any shape; anything else (text,
    True and False, None, a model) is part of what the function is, and has programs of its own. All
    programs read the same parameters. For one program and its batches, ask for `program`.
    """

    def __init__(self, function: Callable[..., Any], threads: int, dtype: str) -> None:
        update_wrapper(self, function)
        self._function, self._options = function, (threads, dtype)
        self._signature = inspect.signature(function)
        self._programs: dict[Hashable, Program] = {}

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What the function returns, as plain numbers."""
        numbers, program = self._specialized(arguments, named)
        return program(*numbers)

    def backward(self, *arguments: Any, **named: Any) -> float:
        """The loss that the function returns; adds its gradient to `.grad` of every parameter."""
        numbers, program = self._specialized(arguments, named)
        return program.backward(*numbers)

    def program(self, *arguments: Any, **named: Any) -> Program:
        """The program for arguments of this shape."""
        return self._specialized(arguments, named)[1]

    @property
    def programs(self) -> list[Program]:
        """The programs so far, in the order in which their shapes were met."""
        return list(self._programs.values())

    def __repr__(self) -> str:
        name = getattr(self._function, "__name__", type(self._function).__name__)
        return f"<compiled function {name}: {counted(len(self._programs), 'program')}>"

    def _specialized(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[list[Any], Program]:
        bound = self._signature.bind(*arguments, **named)
        bound.apply_defaults()
        numbers, form = _taken_apart(bound.arguments)
        inputs = {
            name: part for name, part in zip(bound.arguments, numbers, strict=True) if part is not NO_NUMBER
        }
        if form not in self._programs:
            example = bound.arguments

            def function(*values: Any) -> Any:
                filled = dict.fromkeys(example, NO_NUMBER) | dict(zip(inputs, values, strict=True))
                bound.arguments = _put_together(example, filled.values())
                return self._function(*bound.args, **bound.kwargs)

            function.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
                [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in inputs]
            )
            self._programs[form] = Program(record(function, *inputs.values()), *self._options)
        return list(inputs.values()), self._programs[form]


def _taken_apart(thing: Any) -> tuple[Any, Hashable]:
    """The numbers of an argument, nested as they are, and all the rest: nesting, shapes and other things."""
    if isinstance(thing, dict):
        numbers, forms = _taken_apart(list(thing.values()))
        return numbers, (dict, tuple(thing), forms)
    if isinstance(thing, (list, tuple)):
        parts = [_taken_apart(item) for item in thing]
        return [numbers for numbers, _ in parts], (type(thing), tuple(form for _, form in parts))
    if is_array(thing):
        return thing, ("array", tuple(thing.shape))
    if is_number(thing) and not isinstance(thing, bool):
        return thing, "number"
    if hasattr(thing, "__apply_gate__") or not isinstance(thing, Hashable):
        raise TypeError(
            "a compiled function takes numbers, nested as you like, and hashable things beside them, "
            f"got {kind(thing)}"
        )
    return NO_NUMBER, (type(thing), thing)


def _put_together(thing: Any, values: Any) -> Any:
    """An argument with Values, nested as `_taken_apart` nests them, in the place of its numbers."""
    if isinstance(thing, dict):
        return dict(zip(thing, map(_put_together, thing.values(), values), strict=True))
    if isinstance(thing, (list, tuple)):
        items = list(map(_put_together, thing, values))
        return items if isinstance(thing, list) else tuple_like(thing, items)
    return thing if values is NO_NUMBER else values
