"""compile as a decorator: programs by the shape of arguments, and by what is no number in them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import CompiledFunction, Program, Value, compile  # noqa: A004  as the field calls it
from nn import MLP

pytest.importorskip("numba")


def recurrent(w: Value) -> CompiledFunction:
    @compile
    def last_state(word: Any, activation: str = "tanh", *, scale: float = 1.0) -> Any:
        """The last state."""
        state: Any = 0.0
        for x in word:
            state = w * x * scale + state
            state = state.tanh() if activation == "tanh" else state
        return state

    return last_state


def test_a_program_for_each_shape_all_on_the_same_parameters() -> None:
    w = Value(2.0)
    f = recurrent(w)
    for word in ([0.5], [1.0, -1.0], [0.1, 0.2, 0.3], [0.7], (1.0, 1.0)):
        state = 0.0
        for x in word:
            state = math.tanh(2.0 * x + state)
        assert f(word) == pytest.approx(state, rel=1e-15)
    assert len(f.programs) == 4  # a tuple is no list, and the function may tell them apart
    assert repr(f) == "<compiled function last_state: 4 programs>"
    assert f.__doc__ == "The last state."
    w.data = 0.0
    assert f([0.5]) == 0.0


def test_a_method_is_compiled_for_its_object() -> None:
    class Line:
        def __init__(self, slope: float) -> None:
            self.w = Value(slope)

        def at(self, x: Any) -> Any:
            return self.w * x

    steep = Line(3.0)
    at = compile(steep.at)
    assert at(2.0) == 6.0
    assert at.backward(5.0) == 15.0
    assert steep.w.grad == 5.0


def test_gradients_of_all_programs_add_up() -> None:
    w = Value(0.5)
    f = recurrent(w)
    assert f.backward([1.0], "linear") == 0.5
    assert f.backward([1.0, 2.0], activation="linear", scale=3.0) == 4.5
    assert w.grad == 1.0 + 9.0


def test_what_is_no_number_is_part_of_the_function() -> None:
    f = recurrent(Value(2.0))
    assert f([3.0], "linear") == 6.0
    assert f([3.0], "linear", scale=2.0) == 12.0  # a number, so the same program
    assert f([3.0], "tanh") == math.tanh(6.0)
    assert len(f.programs) == 2

    @compile
    def chosen(flag: bool, x: Any, options: Any = None) -> Any:
        return (x["a"] if flag else x["b"][1]) * (2.0 if options is None else 3.0)

    sample = {"a": 1.0, "b": [2.0, 5.0]}
    assert (chosen(True, sample), chosen(False, sample), chosen(False, sample, "more")) == (2.0, 10.0, 15.0)
    assert len(chosen.programs) == 3


class Point(NamedTuple):
    x: Any
    y: Any


def test_named_tuples_keep_their_names() -> None:
    w = Value(2.0)

    @compile
    def scaled(point: Point) -> Point:
        return Point(w * point.x, point.y * point.x)

    assert scaled(Point(3.0, 4.0)) == Point(6.0, 12.0)
    batch = scaled.program(Point(3.0, 4.0))([[1.0, 2.0], [3.0, 4.0]])
    assert batch.y.tolist() == [2.0, 12.0]


def test_models_and_arrays_are_functions_and_arguments() -> None:
    model = MLP(2, [1], rng=0)
    compiled = compile(model)
    assert compiled([1.0, 2.0]) == pytest.approx(model([1.0, 2.0]).data)
    assert repr(compiled) == "<compiled function MLP: 1 program>"
    w = Value(2.0)
    total_of = compile(lambda table: w * table.sum())
    assert (total_of(np.ones((2, 3))), total_of(np.ones(3)), len(total_of.programs)) == (12.0, 6.0, 2)


def test_one_program_and_its_batches() -> None:
    f = recurrent(Value(1.0))
    program = f.program([0.0, 0.0], "linear", scale=2.0)
    assert program.recording.inputs == ("word[0]", "word[1]", "scale")
    assert program([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0]).tolist() == [3.0, 70.0]
    assert f.programs == [program]


def test_a_function_without_arguments_or_with_an_example_is_one_program() -> None:
    w = Value(2.0)
    assert isinstance(compile(lambda: w * w), Program)
    assert isinstance(compile(lambda x: w * x, 1.0), Program)
    assert isinstance(compile(lambda *xs: w * 1.0), Program)
    assert isinstance(compile(lambda x: w * x), CompiledFunction)


def test_arguments_that_cannot_be_told_apart_are_refused() -> None:
    f = recurrent(Value(1.0))
    with pytest.raises(TypeError, match=r"takes numbers, nested as you like, .* got Value"):
        f([Value(1.0)])
    with pytest.raises(TypeError, match=r"hashable things beside them, got set"):
        f({1.0})
    with pytest.raises(TypeError, match="missing a required argument: 'word'"):
        f()
    assert f.programs == []
