"""Orders, leaves and uses, on graphs small enough to check by eye and large enough to break recursion."""

from __future__ import annotations

import math
import random

import pytest

from autograd import Value, first_not_finite, lectures, logsumexp, total
from autograd.graph import depths, edges_back, flow, leaves, topological_order, uses
from autograd.value import gate_order
from tests.graphs import named


def labels(nodes: list[Value]) -> str:
    return " ".join(node.label for node in nodes)


def logistic() -> Value:
    """The lecture's logistic unit, as far as g8."""
    return lectures.logistic()["g8"]


def test_the_order_of_the_lecture() -> None:
    root = logistic()
    assert labels(topological_order(root)) == "w0 w1 x1 w2 x2 g1 g2 g3 g4 g5 g6 g7 g8"
    assert labels(leaves(root)) == "w0 w1 x1 w2 x2"


def test_within_one_depth_nodes_come_in_order_of_use() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    first, second = named(a * b, "first"), named(a + b, "second")
    assert labels(topological_order(second - first)).split()[:4] == ["a", "b", "second", "first"]


def test_depth_is_the_longest_way_from_a_leaf() -> None:
    x = Value(2.0, "x")
    square = named(x * x, "square")
    root = named(named(square + x, "sum") * x, "root")
    found = {node.label: depth for node, depth in depths(root).items()}
    assert found == {"x": 0, "square": 1, "sum": 2, "root": 3}


def test_a_deep_gate_goes_before_a_shallow_one_that_is_met_first() -> None:
    x = Value(1.0, "x")
    shallow, deep = named(x * 2, "shallow"), named(named(x + 1, "1") + 1, "2")
    assert (
        labels([edge.node for edge in edges_back(named(shallow * deep, "root"))]) == "root root 2 shallow 1"
    )


def test_no_gradient_flows_from_a_node_that_has_none() -> None:
    x, y = Value(2.0), Value(3.0)
    gradients: dict[Value, float] = {}
    (step,) = flow(edges_back(x * 3.0), gradients)
    assert (step.upstream, step.before, step.contribution, step.after) == (0.0, 0.0, 0.0, 0.0)
    assert gradients == {x: 0.0}
    gradients = {y: 7.0}
    (step,) = flow(edges_back(y * 3.0), gradients)
    assert gradients == {y: 7.0}


def test_a_leaf_is_a_graph_of_its_own() -> None:
    x = Value(1.0)
    assert topological_order(x) == leaves(x) == [x]
    assert gate_order(x) == []
    assert uses(x) == {x: 0}


def test_uses_counts_edges() -> None:
    a, b = Value(2.0), Value(3.0)
    square = a * a
    root = square * b + square
    count = uses(root)
    assert (count[a], count[b], count[square], count[root]) == (2, 1, 2, 0)


def test_what_a_fused_gate_was_made_of_comes_before_it() -> None:
    x = [Value(1.0, "x1"), Value(2.0, "x2"), Value(3.0, "x3")]
    squares = [named(v * v, f"{v.label}²") for v in x]
    first = named(total(squares), "first")
    second = named(logsumexp([*squares, *x]), "second")  # whose inputs the first has met
    root = named(total([second, x[0], first]), "root")
    assert labels(topological_order(root)) == "x1 x2 x3 x1² x2² x3² second first root"
    order = gate_order(root)
    assert set(order) == {*squares, first, second, root}
    assert all(order.index(x) < order.index(node) for node in order for x in node.inputs if x.gate)
    assert uses(root) == {root: 0, first: 1, second: 1, x[0]: 4, x[1]: 3, x[2]: 3} | dict.fromkeys(squares, 2)


@pytest.mark.parametrize("seed", range(2))
def test_every_node_comes_once_and_after_its_inputs(seed: int) -> None:
    rng = random.Random(seed)
    nodes = [Value(rng.random()) for _ in range(5)]
    for _ in range(300):
        nodes.append(rng.choice(nodes) * rng.choice(nodes[-40:]))
    root = sum(nodes)
    order, gates = topological_order(root), gate_order(root)
    assert set(nodes) <= set(order)
    assert set(gates) == {node for node in order if node.gate is not None}
    for found in (order, gates):
        place = {node: i for i, node in enumerate(found)}
        assert len(place) == len(found)
        assert all(place[x] < place[node] for node in found for x in node.inputs if x in place)


# ── the chain rule ──────────────────────────────────────────────────────────────────────


def test_edges_come_back_from_the_deepest_gate_with_the_local_gradients() -> None:
    root = logistic()
    edges = list(edges_back(root))
    assert " ".join(f"{e.node.label}→{e.input.label}" for e in edges) == (
        "g8→g7 g7→g6 g6→g5 g5→g4 g4→g3 g4→g2 g3→w0 g3→g1 g1→w1 g1→x1 g2→w2 g2→x2"
    )
    assert [e.local_gradient for e in edges if e.node.label == "g1"] == [-1.0, 2.0]


def test_flow_is_the_backward_pass() -> None:
    root = logistic()
    x = topological_order(root)[2]  # used once; and w1 · x1 a second time
    root = root * x + x
    gradients = {root: 1.0}
    steps = list(flow(edges_back(root), gradients))
    root.backward()
    assert gradients == {node: node.grad for node in topological_order(root)}
    assert all(step.contribution == step.local_gradient * step.upstream for step in steps)
    assert all(step.after == step.before + step.contribution for step in steps)
    assert sum(step.input is x for step in steps) == uses(root)[x] == 3


# ── where numbers stop being finite ─────────────────────────────────────────────────────


def test_the_first_number_that_is_not_finite_is_named() -> None:
    assert first_not_finite(logistic()) is None
    x, bad = Value(1e200, "x"), Value(math.nan, "bad")
    square = x * x
    for root, node, words in (
        ((square - square) * 0.5, square, "it began at multiply(x = 1e+200, x = 1e+200) = inf"),
        (x + bad, bad, "the leaf bad = nan brought it in"),
    ):
        found = first_not_finite(root)
        assert found is not None
        assert (found.node, found.flow, str(found)) == (node, None, words)


def test_the_first_gradient_that_is_not_finite_is_named_with_its_edge() -> None:
    x = Value(0.0, "x")
    square = named(x * x, "x²")
    loss = square.sqrt() * 3.0
    for _ in range(2):  # before a backward pass and after it
        found = first_not_finite(loss)
        assert found is not None
        assert found.flow is not None
        assert (found.flow.input, found.flow.upstream, found.flow.local_gradient) == (square, 3.0, math.inf)
        assert str(found) == (
            "it began at sqrt(x² = 0.0), on the way back to x² = 0.0: "
            "upstream gradient 3.0 · local gradient inf = inf"
        )
        loss.backward()
    assert math.isnan(x.grad)


def test_a_sum_of_contributions_that_overflows_is_named() -> None:
    y = Value(0.0, "y")
    found = first_not_finite(y * 1e308 + y * 1e308)
    assert found is not None
    assert str(found).endswith("= 1e+308; added to 1e+308 it makes inf")
