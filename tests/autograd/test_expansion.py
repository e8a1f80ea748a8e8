"""A fused graph and its expansion say the same, bit for bit."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from autograd import Value, dot, gates, logsumexp, no_grad, total
from autograd.expansion import expand
from autograd.graph import leaves, topological_order
from tests.autograd.test_fused import magnitude
from tests.autograd.test_value import described

EXAMPLES: dict[str, tuple[Callable[..., Value], str]] = {
    "dot": (lambda a, b, c: dot([a, b], [b, c]), "multiply multiply add"),
    "dot and bias": (lambda a, b, c: dot([a, b], [b, c], c), "multiply multiply add add"),
    "dot of one": (lambda a, b, c: dot([a], [b]), "multiply"),
    "dot of one and bias": (lambda a, b, c: dot([a], [b], c), "multiply add"),
    "dot with numbers": (lambda a, b, c: dot([a, 2.0], [3.0, b], 4.0), "multiply multiply add add"),
    "dot with a term of numbers": (lambda a, b, c: dot([a, 2.0], [b, 3.0]), "multiply add"),
    "total": (lambda a, b, c: total([a, b, c]), "add add"),
    "total of one": (lambda a, b, c: total([a]), "add"),
    "total with numbers": (lambda a, b, c: total([2.0, a, 3.0]), "add add"),
    "logsumexp": (lambda a, b, c: logsumexp([a, b]), "subtract subtract exp exp add log add"),
    "logsumexp of one": (lambda a, b, c: logsumexp([a]), "subtract exp log add"),
    "one's own": (lambda a, b, c: magnitude([a, b, c]), "absolute absolute absolute add add sqrt"),
    "several": (
        lambda a, b, c: dot([total([a, b]), c], [c, logsumexp([b, c])], a).tanh(),
        "add subtract subtract exp exp add log add multiply multiply add add tanh",
    ),
}


@pytest.mark.parametrize(("build", "gates"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_expansion_is_the_same_in_elementary_gates(build: Callable[..., Value], gates: str) -> None:
    fused = build(Value(-0.4, "a"), Value(0.3, "b"), Value(1.7, "c"))
    fused.label = "L"
    opened = expand(fused)
    nodes = [node for node in topological_order(opened) if node.gate is not None]
    assert sorted(node.gate.name for node in nodes) == sorted(gates.split())
    assert (opened.data, opened.label) == (fused.data, "L")
    assert all(node.grad is None for node in nodes)  # before a backward pass none is made up
    labelled = [leaf for leaf in leaves(opened) if leaf.label]  # the others are constants
    assert set(labelled) == set(leaves(fused))
    fused.backward()
    before, gradients = described(fused), [leaf.grad for leaf in leaves(fused)]
    opened = expand(fused)
    assert described(fused) == before
    assert opened.grad == 1.0
    nodes = [node for node in topological_order(opened) if node.gate is not None]
    carried = [node.grad for node in nodes]
    for leaf in leaves(fused):
        leaf.grad = 0.0
    opened.backward()
    assert [leaf.grad for leaf in leaves(fused)] == pytest.approx(gradients, rel=4e-16)
    assert carried == pytest.approx([node.grad for node in nodes], rel=4e-16)


def test_a_graph_without_fused_gates_is_returned_as_it_is() -> None:
    x = Value(2.0)
    y = x * x
    assert expand(y) is y
    assert expand(x) is x


def test_inside_no_grad_expansion_still_records() -> None:
    node = dot([Value(1.0)], [Value(2.0)])
    with no_grad():
        opened = expand(node)
    assert opened.inputs == node.inputs


def test_large_logits_stay_finite_when_expanded() -> None:
    x = [Value(1000.0), Value(999.0)]
    opened = expand(logsumexp(x))
    opened.backward()
    assert opened.data == 1000.0 + math.log1p(math.exp(-1.0))
    assert [v.grad for v in x] == pytest.approx([1 / (1 + math.exp(-1)), 1 / (1 + math.e)], rel=1e-15)


def test_an_update_since_changes_no_gradient_in_an_opened_dot() -> None:
    w, x, b = [Value(2.0), Value(3.0)], [Value(1.0), Value(-1.0)], Value(0.5)
    y = dot(w, x, b)
    y.backward()
    w[0].data = 100.0
    products = [node for node in topological_order(expand(y)) if node.gate is gates.multiply]
    assert [node.data for node in products] == [2.0, -3.0]
    assert [node.local_grads for node in products] == [(1.0, 2.0), (-1.0, 3.0)]


def test_an_update_since_changes_no_gradient_in_an_opened_logsumexp() -> None:
    z = [Value(1.0), Value(2.0)]
    y = logsumexp(z)
    y.backward()
    z[0].data = math.nan
    opened = expand(y)
    by_hand = [1.0 / (1.0 + math.e), math.e / (1.0 + math.e)]
    exponentials = [node for node in topological_order(opened) if node.gate is gates.exp]
    flows = [node.grad * node.local_grads[0] for node in exponentials]
    assert flows == pytest.approx(by_hand, rel=1e-12)
