"""Orders, leaves and uses, on graphs small enough to check by eye and large enough to break recursion."""

from __future__ import annotations

import random

import pytest

from autograd import Value, dot, logsumexp, total
from autograd.graph import gate_order, leaves, topological_order, uses


def named(node: Value, label: str) -> Value:
    node.label = label
    return node


def labels(nodes: list[Value]) -> str:
    return " ".join(node.label for node in nodes)


def logistic() -> Value:
    """The lecture's logistic unit as far as g8, its nodes named as there."""
    w0, w1, w2 = Value(-3.0, "w0"), Value(2.0, "w1"), Value(-3.0, "w2")
    x1, x2 = Value(-1.0, "x1"), Value(-2.0, "x2")
    g1 = named(w1 * x1, "g1")
    g2 = named(w2 * x2, "g2")
    g3 = named(w0 + g1, "g3")
    g4 = named(g3 + g2, "g4")
    g5 = named(-g4, "g5")
    g6 = named(g5.exp(), "g6")
    g7 = named(1 + g6, "g7")
    return named(1 / g7, "g8")


def test_the_order_of_the_lecture() -> None:
    root = logistic()
    assert labels(topological_order(root)) == "w0 w1 x1 w2 x2 g1 g2 g3 g4 g5 g6 g7 g8"
    assert labels(leaves(root)) == "w0 w1 x1 w2 x2"


def test_gates_alone_come_after_their_inputs() -> None:
    order = gate_order(logistic())
    assert sorted(node.label for node in order) == ["g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8"]
    place = {node: i for i, node in enumerate(order)}
    assert all(place[x] < place[node] for node in order for x in node.inputs if x.gate is not None)


def test_within_one_depth_nodes_come_in_order_of_use() -> None:
    a, b = Value(1.0, "a"), Value(2.0, "b")
    first, second = named(a * b, "first"), named(a + b, "second")
    assert labels(topological_order(second - first)).split()[:4] == ["a", "b", "second", "first"]


def test_a_node_comes_after_its_deepest_input() -> None:
    x = Value(1.0, "x")
    deep = named(named(named(x + 1, "1") + 1, "2") + 1, "3")
    shallow = named(x * 2, "shallow")
    assert labels(topological_order(named(shallow * deep, "root"))) == "x shallow 1 2 3 root"


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


def test_fused_gates_are_nodes_of_many_inputs() -> None:
    w, x, b = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)], Value(5.0)
    node = dot(w, x, b)
    assert topological_order(node) == [*w, *x, b, node]
    assert uses(node)[b] == 1


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


@pytest.mark.parametrize("seed", range(5))
def test_every_node_comes_once_and_after_its_inputs(seed: int) -> None:
    rng = random.Random(seed)
    nodes = [Value(rng.random()) for _ in range(5)]
    for _ in range(300):
        nodes.append(rng.choice(nodes) * rng.choice(nodes[-40:]))
    root = sum(nodes)
    order = topological_order(root)
    place = {node: i for i, node in enumerate(order)}
    assert len(place) == len(order)
    assert set(nodes) <= set(order)
    assert all(place[x] < place[node] for node in order for x in node.inputs)
    assert set(gate_order(root)) == {node for node in order if node.gate is not None}


def test_a_graph_of_2_to_the_1000_paths_is_ordered_node_by_node() -> None:
    x = Value(1.0)
    node = x
    for _ in range(1000):
        node = node + node
    assert len(topological_order(node)) == len(uses(node)) == 1001
    assert leaves(node) == [x]


def test_a_chain_of_a_hundred_thousand_is_ordered_without_recursion() -> None:
    x = Value(1.0)
    node = x
    for _ in range(100_000):
        node = -node
    order = topological_order(node)
    assert (len(order), order[0], order[-1]) == (100_001, x, node)
