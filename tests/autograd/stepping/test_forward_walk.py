"""The steps of a forward pass: their numbers are those of the backward one, their words say what it costs."""

from __future__ import annotations

import pytest

from autograd import Value, dot, lectures, walk_forward


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


def test_its_text() -> None:
    w, x, b = Value(-2.0, "w"), Value(3.0, "x"), Value(1.0, "b")
    z = w * x - b
    z.label = "z"
    h = z.tanh()
    h.label = "h"
    lines = str(walk_forward(h, x)).splitlines()
    assert lines[:7] == [
        "What moves when x moves by 1",
        "   v1 = w·x",
        "        ∂v1/∂x = w × ∂x/∂x = -2 × 1 = -2",
        "   z = v1 - b",
        "        ∂z/∂x = 1 × ∂v1/∂x = 1 × -2 = -2",
        "   h = tanh(z)",
        "        ∂h/∂x = (1 - tanh(z)²) × ∂z/∂x = 3.3261e-6 × -2 = -6.6522e-6",
    ]
    assert lines[7].startswith("3 of 3 gates move. ")
    assert "3 inputs take 3 passes" in lines[7]


def test_fused_gates_are_opened_and_strangers_refused() -> None:
    w, x = [Value(2.0, "w1"), Value(3.0, "w2")], [Value(5.0, "x1"), Value(7.0, "x2")]
    y = dot(w, x)
    found = walk_forward(y, w[1])
    assert [step.value for step in found.steps] == [7.0, 7.0]
    assert (found.gates, found.leaves) == (3, 4)
    with pytest.raises(ValueError, match="is not in the graph"):
        walk_forward(y, Value(1.0))
