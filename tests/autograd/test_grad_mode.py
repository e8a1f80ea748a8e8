"""What is remembered, where, and who is asked before a number leaves the graph."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import autograd
from autograd import Value, first_not_finite, gates, no_grad
from autograd.grad_mode import enable_grad, grad_enabled, guarded_by
from autograd.value import weighted_sum
from tests.autograd.test_value import described

ways_to_compute = pytest.mark.parametrize(
    "compute",
    [
        lambda x: x * x,
        lambda x: x + 1.0,
        lambda x: 1.0 / x,
        lambda x: -x,
        lambda x: x**2,
        lambda x: x.relu(),
        lambda x: autograd.dot([x, x], [1.0, x]),
        lambda x: autograd.leaky_relu(x),
        lambda x: autograd.dot([x, x], [x, x], x),
        lambda x: weighted_sum([x], [x], [2.0], x),
        lambda x: weighted_sum([x], [x], [2.0], None),
    ],
)


@ways_to_compute
def test_no_grad_records_nothing_and_enable_grad_records_even_inside(
    compute: Callable[[Value], Value],
) -> None:
    x = Value(2.0)
    expected = described(compute(x))
    assert compute(x).gate is not None
    with no_grad():
        y = compute(x)
        with enable_grad():
            assert grad_enabled()
            recorded = compute(x)
        assert not grad_enabled()
        assert compute(x).gate is None
    assert (y.gate, y.inputs, y.grad, y.data) == (None, (), 0.0, recorded.data)
    assert described(recorded) == expected
    with pytest.raises(ZeroDivisionError), no_grad(), enable_grad():
        raise ZeroDivisionError
    assert described(compute(x)) == expected


@ways_to_compute
def test_a_no_grad_that_ends_inside_an_enable_grad_changes_nothing_there(
    compute: Callable[[Value], Value],
) -> None:
    x, paused = Value(2.0), pausing()
    next(paused)
    with enable_grad():
        paused.close()
        assert grad_enabled()
        assert compute(x).gate is not None
    assert compute(x).gate is not None


def pausing() -> Iterator[None]:
    with no_grad():
        yield


def test_no_grad_in_generators_ends_with_the_last_of_them() -> None:
    x, first, second = Value(2.0), pausing(), pausing()
    next(first)
    next(second)
    first.close()  # the one that was opened first
    assert (x * x).gate is None
    second.close()
    assert (x * x).gate is gates.multiply


def test_no_grad_works_as_a_decorator() -> None:
    @no_grad()
    def predict(x: Value) -> Value:
        return x * x

    assert predict(Value(2.0)).gate is None
    assert predict(Value(3.0)).data == 9.0


def test_no_grad_holds_for_its_own_task_alone() -> None:
    x = Value(2.0)

    async def pausing(other_ran: asyncio.Event) -> Any:
        with no_grad():
            await other_ran.wait()
            return (x * x).gate

    async def working(other_ran: asyncio.Event) -> Any:
        gate = (x * x).gate
        other_ran.set()
        return gate

    async def both() -> list[Any]:
        other_ran = asyncio.Event()
        return await asyncio.gather(pausing(other_ran), working(other_ran))

    assert asyncio.run(both()) == [None, gates.multiply]


# ── guarding ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("read", "expression"),
    [
        (float, "float(v)"),
        (int, "int(v)"),
        (round, "round(v)"),
        (lambda v: v.data, "v.data"),
        (lambda v: v.grad, "v.grad"),
        (lambda v: v.local_grads, "v.local_grads"),
        (copy.copy, "a copy"),
        (copy.deepcopy, "a copy"),
        (first_not_finite, "first_not_finite()"),
        (bool, "a truth (if v, not v, and, or)"),
        (lambda v: f"{v:.2f}", "formatting"),
        (lambda v: bool(v < 1.0), "a comparison (<)"),
        (lambda v: v == 1.0, "a comparison (==)"),
        (lambda v: v.detach(), "detach()"),
        (lambda v: v.backward(), "backward()"),
        (lambda v: no_grad().__enter__(), "no_grad()"),
    ],
)
def test_a_guard_is_asked_before_a_number_leaves_the_graph(
    read: Callable[[Value], Any], expression: str
) -> None:
    asked: list[str] = []

    def refuse(expression: str) -> None:
        asked.append(expression)
        raise ZeroDivisionError

    v = Value(2.0)
    with pytest.raises(ZeroDivisionError), guarded_by(refuse):
        read(v)
    assert asked == [expression]
    assert v.data == 2.0  # the guard went with its block
    assert asked == [expression]
    assert (v * v).gate is gates.multiply


def test_text_shows_no_number_to_a_recording() -> None:
    v = Value(2.0, "v")
    v.grad = 3.0
    with guarded_by(lambda expression: None):
        assert repr(v) == f"{v}" == "Value(…, label='v')"


def test_a_guard_holds_for_its_own_thread_alone() -> None:
    asked: list[str] = []
    with guarded_by(asked.append):
        thread = threading.Thread(target=bool, args=(Value(2.0),))
        thread.start()
        thread.join()
    assert asked == []
