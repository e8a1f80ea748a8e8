"""What is remembered, where, and who is asked before a number leaves the graph."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

import autograd
from autograd import Value, gates, no_grad
from autograd.grad_mode import guard_reading, reading_guarded, recording
from autograd.value import weighted_sum
from tests.autograd.test_value import described

each_way_to_compute = pytest.mark.parametrize(
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
        lambda x: weighted_sum([x], [x], [x.data], x),
        lambda x: weighted_sum([x], [x], [x.data], None),
    ],
)


@each_way_to_compute
def test_no_grad_records_nothing(compute: Callable[[Value], Value]) -> None:
    x = Value(2.0)
    with no_grad():
        y = compute(x)
    assert (y.gate, y.inputs, y.grad) == (None, (), 0.0)
    assert y.data == compute(x).data
    assert compute(x).gate is not None


@each_way_to_compute
def test_recording_records_even_inside_no_grad(compute: Callable[[Value], Value]) -> None:
    x = Value(2.0)
    expected = described(compute(x))
    with no_grad():
        with recording():
            y = compute(x)
        assert compute(x).gate is None
    assert described(y) == expected
    with pytest.raises(ZeroDivisionError), no_grad(), recording():
        raise ZeroDivisionError
    assert described(compute(x)) == expected


def test_no_grad_nests_and_ends_with_an_error() -> None:
    x, open_before = Value(2.0), set(autograd.grad_mode.pauses)
    with no_grad():
        with no_grad():
            pass
        assert (x * x).gate is None
    with pytest.raises(ZeroDivisionError), no_grad():
        raise ZeroDivisionError
    assert (x * x).gate is gates.multiply
    assert autograd.grad_mode.pauses == open_before  # gates no longer look whether they are to record


def test_no_grad_works_as_a_decorator() -> None:
    @no_grad()
    def predict(x: Value) -> Value:
        return x * x

    assert predict(Value(2.0)).gate is None
    assert predict(Value(3.0)).data == 9.0


def test_no_grad_holds_for_its_own_thread_alone() -> None:
    x = Value(2.0)
    paused, recorded = threading.Event(), threading.Event()
    seen: dict[str, Any] = {}

    def pausing() -> None:
        with no_grad():
            paused.set()
            assert recorded.wait(10)
            seen["pausing"] = (x * x).gate

    def working() -> None:
        assert paused.wait(10)
        seen["working"] = (x * x).gate
        recorded.set()

    threads = [threading.Thread(target=pausing), threading.Thread(target=working)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"pausing": None, "working": gates.multiply}


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
        (bool, "a truth (if v, not v, and, or)"),
        (lambda v: f"{v:.2f}", "formatting"),
        (lambda v: v < 1.0, "a comparison (<)"),
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
    with pytest.raises(ZeroDivisionError), reading_guarded(refuse):
        read(v)
    assert asked == [expression]
    assert float(v) == 2.0  # the guard went with its block
    assert asked == [expression]
    assert (v * v).gate is gates.multiply


def test_a_guard_inside_another_is_asked_first_and_both_are() -> None:
    asked: list[str] = []
    with reading_guarded(lambda expression: asked.append(f"outer: {expression}")):
        with reading_guarded(lambda expression: asked.append(f"inner: {expression}")):
            guard_reading("this")
        guard_reading("that")
    guard_reading("nothing")
    assert asked == ["inner: this", "outer: this", "outer: that"]


def test_a_guard_holds_for_its_own_thread_alone() -> None:
    asked: list[str] = []
    with reading_guarded(asked.append):
        thread = threading.Thread(target=float, args=(Value(2.0),))
        thread.start()
        thread.join()
    assert asked == []
