"""The steps of a forward pass: their numbers are those of the backward one."""

from __future__ import annotations

import pytest

from autograd import Value, dot, lectures, walk_forward
from tests.graphs import named


def test_a_step_for_every_gate_that_moves() -> None:
    root = lectures.logistic().root
    root.backward()
    assert walk_forward(root, root).steps == ()
    leaf = root
    while leaf.gate is not None:
        leaf = leaf.inputs[0]
    steps = walk_forward(root, leaf).steps
    assert steps[-1].node is root
    assert steps[-1].value == pytest.approx(leaf.grad, rel=1e-12)
    for step in steps:
        assert step.value == sum(local * moved for _, local, _, moved in step.terms)


def test_a_sum_is_fenced_before_it_is_multiplied() -> None:
    x, b = Value(3.0, "x"), Value(1.0, "b")
    assert "(1 - tanh(z)²) × ∂z/∂x = 0.0707 × 1 = 0.0707\n" in str(walk_forward(named(x - b, "z").tanh(), x))


def test_fused_gates_are_opened_and_strangers_refused() -> None:
    w, x = [Value(2.0, "w1"), Value(3.0, "w2")], [Value(5.0, "x1"), Value(7.0, "x2")]
    y = dot(w, x)
    found = walk_forward(y, w[1])
    assert [step.value for step in found.steps] == [7.0, 7.0]
    assert (found.gates, found.leaves) == (3, 4)
    z = w[0] * x[0]
    assert [step.value for step in walk_forward(dot([z], [z], w[0]), z).steps] == [20.0, 20.0]
    for stranger in (Value(1.0), 2.0):
        with pytest.raises(ValueError, match="x is a Value of the graph, which"):
            walk_forward(y, stranger)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs the Value that a computation ends in, got float"):
        walk_forward(3.0, y)  # type: ignore[arg-type]
