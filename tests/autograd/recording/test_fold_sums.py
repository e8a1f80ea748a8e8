"""Sums of products, written out, become dots with the same numbers to the last bit."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, dot
from autograd.recording.fold_sums import fold_sums
from autograd.recording.recording import Instruction, Recording
from autograd.recording.tracing import record

a, b, c, w = (Value(number, label) for number, label in ((0.1, "a"), (0.7, "b"), (-0.3, "c"), (1.9, "w")))


def gates(function: Callable[..., Any], *example: Any) -> str:
    return " ".join(i.gate.name for i in fold_sums(record(function, *example)))


def run(recording: Recording, instructions: Sequence[Instruction], inputs: Sequence[float]) -> list[float]:
    """The outputs of instructions, each gate's function called in turn."""
    parameters = [p.data for p in recording.parameters]
    numbers = dict(enumerate([*inputs, *parameters, *recording.constants]))
    for i in instructions:
        numbers[i.output] = i.gate.function(*(numbers[slot] for slot in i.arguments))[0]
    return [numbers[slot] for slot in recording.outputs]


def product_used_twice(x: Value, y: Value) -> Value:
    product = a * x
    return (c + product) * product


def sum_used_twice(x: Value, y: Value) -> Value:
    partial = c + a * x
    return (partial + b * x) * partial


def product_is_a_result(x: Value, y: Value) -> Any:
    product = a * x
    return c + product, product


def sum_is_a_result(x: Value, y: Value) -> Any:
    partial = c + a * x
    return partial + b * x, partial


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x, y: a * x + b * y, "dot"),
        (lambda x, y: c + a * x + b * y, "dot"),
        (lambda x, y: a * x + b * y + c, "dot add"),
        (lambda x, y: a * x + c, "multiply add"),
        (lambda x, y: c + a * x, "dot"),
        (lambda x, y: 3.0 + x * y, "dot"),
        (lambda x, y: x * x + y * 2.0, "dot"),
        (lambda x, y: a * x - b * y, "multiply multiply subtract"),
        (lambda x, y: (a * x + b * y).tanh() + c * x, "dot tanh dot"),
        (lambda x, y: dot([a], [x]) + b * y, "dot dot"),
        (lambda x, y: x + y + a, "add add"),
        (lambda x, y: a * x, "multiply"),
        (product_used_twice, "multiply add multiply"),
        (sum_used_twice, "dot dot multiply"),
        (product_is_a_result, "multiply add"),
        (sum_is_a_result, "dot dot"),
    ],
)
def test_which_chains_are_folded(function: Callable[..., Any], expected: str) -> None:
    assert gates(function, 1.0, 2.0) == expected


def test_what_all_samples_share_stays_outside_sums_that_differ_from_sample_to_sample() -> None:
    recording = record(lambda x: c + a * b + w * x, 1.0)
    shared, own = fold_sums(recording)
    assert (shared.gate, recording.per_sample[shared.output]) == (dot, False)
    assert (own.gate, recording.per_sample[own.output]) == (dot, True)


def test_the_shared_factor_comes_first() -> None:
    recording = record(lambda x: c + x * w + x * 2.0, 1.0)
    (instruction,) = fold_sums(recording)
    names = [recording.names[slot] for slot in instruction.arguments]
    assert names == ["w", "2.0", "x", "x", "c"]


numbers = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([1e16, -1e16, 1e-300, -0.0]))
leaf = st.sampled_from(["x", "y", "a", "b", "3"])
terms = st.lists(st.tuples(st.sampled_from(["product", "leaf"]), leaf, leaf), min_size=1, max_size=8)


@given(terms, st.lists(numbers, min_size=4, max_size=4))
def test_folding_changes_no_bit(chain: list[tuple[str, str, str]], given_numbers: list[float]) -> None:
    x, y, *parameters = given_numbers
    leaves = {"a": Value(parameters[0]), "b": Value(parameters[1]), "3": 3.0}

    def written_out(x: Any, y: Any) -> Any:
        known = {"x": x, "y": y, **leaves}
        products = [known[p] * known[q] if kind == "product" else known[p] for kind, p, q in chain]
        return reduce(operator.add, products) + Value(0.0) * x

    recording = record(written_out, 1.0, 1.0)
    folded = run(recording, fold_sums(recording), [x, y])
    assert repr(folded[0]) == repr(written_out(Value(x), Value(y)).data)
