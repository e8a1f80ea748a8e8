"""Fused gates against numbers worked out without them."""

from __future__ import annotations

import dataclasses
import inspect
import math
import pickle
import re
from functools import partial
from typing import Any

import pytest
from mpmath import mp, mpf

import autograd
from autograd import GateError, Value, choose, dot, gradcheck, logsumexp, total, walk
from autograd.expansion import expand
from autograd.fused import FusedGate
from autograd.gates import absolute, divide, multiply, sqrt


@partial(FusedGate, symbol="√Σ|x|", formula="√Σ |x|", each=absolute, finish=sqrt)
def magnitude(values: Any) -> Any:
    """The root of the sum of absolute values."""
    return (values,)


# ── numbers ─────────────────────────────────────────────────────────────────────────────


def test_dot() -> None:
    w, x, b = [Value(2.0), Value(-3.0)], [Value(5.0), Value(7.0)], Value(0.5)
    node = dot(w, x, b)
    assert (node.gate, node.inputs, node.data) == (dot, (*w, *x, b), -10.5)
    assert node.local_grads == (5.0, 7.0, 2.0, -3.0, 1.0)
    node.backward()
    assert [v.grad for v in (*w, *x, b)] == [5.0, 7.0, 2.0, -3.0, 1.0]


def test_choose_routes_the_gradient_to_the_value_that_it_hands_on() -> None:
    index, values = Value(1.0, "i"), [Value(2.0), Value(3.0), Value(5.0)]
    (choose(index, [v * v for v in values]) * 2.0).backward()
    assert [v.grad for v in values] == [0.0, 12.0, 0.0]
    assert index.grad == 0.0
    assert choose(2, [4.0, 5.0, 6.0]) == 6.0
    assert choose(0, [values[0]]).data == 2.0
    assert choose(True, [4.0, Value(math.inf)]).data == math.inf


@pytest.mark.parametrize("index", [-1, 3, 0.5, math.nan, math.inf])
def test_choose_needs_an_index_that_is_there(index: float) -> None:
    with pytest.raises(GateError, match=r"of 3 values\) is not defined: it needs a whole index from 0 to 2"):
        choose(Value(index, "i"), [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="choose needs at least one value to choose"):
        choose(0, [])


def test_choose_is_one_gate_in_every_view() -> None:
    chosen = choose(Value(1.0, "i"), [Value(2.0, "a"), Value(3.0, "b")])
    chosen.backward()
    assert "choose(i, a, b) = choose(1, 2, 3) = 3" in str(walk(chosen))
    assert expand(chosen) is chosen


@pytest.mark.parametrize("size", [1, 9])
def test_choose_compiled(size: int) -> None:
    pytest.importorskip("numba")
    values = [Value(2.0), Value(3.0), Value(5.0)]
    program = autograd.compile(lambda i, x: choose(i, [*values, x, x * x, 7.0]) ** 2, 0.0, 0.5)
    picked, xs = [i % 6 for i in range(size)], [0.5 + i for i in range(size)]
    expected = [[2.0, 3.0, 5.0, x, x * x, 7.0][i] ** 2 for i, x in zip(picked, xs, strict=True)]
    assert program(picked, xs).tolist() == expected
    program.backward(picked, xs)
    assert [v.grad for v in values] == [2.0 * v.data * picked.count(k) / size for k, v in enumerate(values)]
    with pytest.raises(GateError, match=r"choose\(i = 6\.0, of 6 values\) is not defined.* \(sample 0\)"):
        program([6.0] * size, xs)


def test_a_value_as_an_index_says_what_to_write() -> None:
    with pytest.raises(TypeError, match=r"choose\(v, xs\) hands on one of them, .* and int\(v\.data\)"):
        [1.0, 2.0][Value(1.0)]  # type: ignore[call-overload]


def test_logsumexp_of_infinities() -> None:
    assert logsumexp([math.inf, 0.0]) == math.inf
    assert logsumexp([Value(-math.inf), Value(1.5)]).data == 1.5
    assert math.isnan(logsumexp([math.nan, 0.0]))
    assert logsumexp([math.inf, math.inf]) == math.inf
    assert logsumexp([-math.inf, -math.inf]) == -math.inf  # log 0, the limit


@pytest.mark.parametrize("infinity", [math.inf, -math.inf])
def test_the_slopes_of_logsumexp_at_infinity_are_their_limits(infinity: float) -> None:
    x = [Value(infinity), Value(infinity), Value(1.5)]
    assert logsumexp(x[:2]).local_grads == (0.5, 0.5)  # as of any two equal numbers
    assert logsumexp(x).local_grads == ((0.5, 0.5, 0.0) if infinity > 0 else (0.0, 0.0, 1.0))


@pytest.mark.parametrize(
    "given", [[1.0, 2.0, 3.0], [0.0], [1000.0, 999.0], [-1000.0, -1001.0], [1e308, -1e308], [5.0] * 7]
)
def test_logsumexp_and_its_gradient_which_is_softmax(given: list[float]) -> None:
    x = [Value(number) for number in given]
    node = logsumexp(x)
    with mp.workdps(50):
        powers = [mp.exp(mpf(number)) for number in given]
        assert node.data == pytest.approx(float(mp.log(mp.fsum(powers))), rel=1e-15, abs=1e-15)
        softmax = [float(power / mp.fsum(powers)) for power in powers]
    assert node.local_grads == pytest.approx(softmax, rel=1e-14)


def test_a_start_has_a_local_gradient_of_1_whatever_the_terms_are() -> None:
    ratios = FusedGate(lambda a, b, start=None: (a, b, start), "Σ/", "Σ a/b", each=divide)
    node = ratios([Value(3.0), Value(5.0)], [Value(2.0), Value(4.0)], Value(7.0))
    assert (node.data, node.local_grads) == (9.75, (0.5, 0.25, -0.75, -0.3125, 1.0))


def test_a_dot_alone_takes_the_fast_way() -> None:
    assert [gate.adds_products for gate in (dot, total, logsumexp)] == [True, False, False]
    shifted = FusedGate(lambda a, b: (a, b), "", "", each=multiply, shifted=True)
    assert not shifted.adds_products


def test_a_gate_of_the_same_fields_is_another_gate() -> None:
    for gate in (dot, total, choose):
        assert dataclasses.replace(gate) != gate


def test_terms_are_added_from_the_left_starting_with_the_bias() -> None:
    # In any other order, or with compensation, the small terms would survive or be lost otherwise.
    assert dot([1.0, 1.0], [1.0, -1e16], 1e16) == 0.0
    assert total([1e16, 1.0, -1e16, 1.0]) == 1.0


@pytest.mark.parametrize(
    ("gate", "inputs"),
    [
        (dot, [[0.5, -1.5, 2.0], [3.0, 0.1, -0.7], 0.3]),
        (dot, [[0.5, -1.5, 2.0], [3.0, 0.1, -0.7]]),
        (total, [[0.5, -1.5, 2.0]]),
        (logsumexp, [[0.5, -1.5, 2.0]]),
        (magnitude, [[0.5, -1.5, 2.0]]),
    ],
)
def test_gradients_are_those_of_central_differences(gate: FusedGate, inputs: list[Any]) -> None:
    gradcheck(gate, inputs, tolerance=1e-8)


# ── constants among the inputs ──────────────────────────────────────────────────────────


def test_numbers_among_the_values_are_constants_in_their_places() -> None:
    w, x = Value(2.0), Value(3.0)
    node = dot([w, 10.0], [7.0, x], 0.5)
    assert node.data == 2.0 * 7.0 + 10.0 * 3.0 + 0.5
    assert (node.inputs, node.local_grads) == ((w, x), (7.0, 10.0))
    assert node.constants == ((1, 10.0), (2, 7.0), (4, 0.5))
    assert node.arguments == (w, 10.0, 7.0, x, 0.5)


def test_a_value_may_stand_in_several_places() -> None:
    x = Value(3.0)
    node = dot([x, x], [x, 1.0], x)  # x² + 2x
    node.backward()
    assert (node.data, x.grad) == (15.0, 8.0)


def test_generators_are_sequences_too() -> None:
    assert total(x * 2 for x in [Value(1.0), Value(2.0)]).data == 6.0


# ── refusals ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gate", "columns", "error", "words"),
    [
        (dot, ([1.0], [2.0, 3.0]), ValueError, " takes sequences of one length, at least 1; got 1 and 2"),
        (dot, ([], []), ValueError, " takes sequences of one length, at least 1; got 0 and 0"),
        (total, ([],), ValueError, " takes sequences of one length, at least 1; got 0"),
        (dot, ([1.0],), TypeError, "() missing 1 required positional argument: 'inputs'"),
        (dot, ([1.0], [2.0], 3.0, 4.0), TypeError, "() takes from 2 to 3 positional arguments but"),
        (choose, (0,), TypeError, "() missing 1 required positional argument: 'values'"),
    ],
)
def test_sequences_that_do_not_fit_are_refused(
    gate: FusedGate, columns: Any, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=f"^{gate.name}{re.escape(words)}"):
        gate(*columns)


@pytest.mark.parametrize("gate", [dot, total, choose])
def test_a_number_where_a_sequence_belongs_is_refused(gate: Any) -> None:
    with pytest.raises(TypeError, match="takes sequences of numbers and Values, got float: "):
        gate(*([1.0], 2.0) if gate is dot else (0, 2.0) if gate is choose else (2.0,))


@pytest.mark.parametrize("thing", ["2", None])
def test_terms_that_are_not_numbers_are_refused(thing: Any) -> None:
    for others in ([1.0], [Value(1.0)]):
        with pytest.raises(TypeError, match="expected one real number, got"):
            total([*others, thing])


@pytest.mark.parametrize("gate", [dot, total, logsumexp])
def test_fused_gates_are_pickled_by_name(gate: FusedGate) -> None:
    assert pickle.loads(pickle.dumps(gate)) is gate
    assert repr(gate) == f"<gate {gate.name}{inspect.signature(gate)}>"
