"""Depth and width: a million nodes, 2^1000 paths, and refusals that come at once.

Nothing in the engine recurses over a graph, so the recursion limit is set low here: what
recursed would fail at a hundredth of these sizes.
"""

from __future__ import annotations

import copy
import gc
import pickle
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograd import GateError, Value, dot, draw, exp, grad, gradcheck, logsumexp, no_grad, total, walk
from autograd.expansion import expand
from autograd.graph import leaves, topological_order, uses

SIZES = [10_000, pytest.param(1_000_000, marks=pytest.mark.thorough)]

each_size = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(autouse=True)
def _shallow() -> Iterator[None]:
    """Some hundreds of frames for pytest itself, and no thousands for anyone."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(600)
    yield
    sys.setrecursionlimit(limit)


def chain(size: int) -> Value:
    """The deep one: x + one + one + …"""
    one, node = Value(1.0, "one"), Value(0.0, "x")
    for _ in range(size):
        node = node + one
    return node


def fan(size: int) -> Value:
    """The wide one: one gate of so many inputs, all one Value."""
    return total([Value(2.0, "x")] * size)


def comb(size: int) -> Value:
    """As deep, with a leaf at every node."""
    node = Value(1.0)
    for _ in range(size):
        node = node * Value(1.0)
    return node


def diamond(size: int) -> Value:
    """Two edges from node to node, so 2^depth paths; a thousand of them, whatever the size."""
    node = Value(1.0, "x")
    for _ in range(1000):
        node = node + node
    return node


SHAPES = [chain, fan, comb, diamond]

each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)


@each_size
@pytest.mark.parametrize(
    ("shape", "gradient"),
    [(chain, lambda n: [1.0, float(n)]), (fan, lambda n: [float(n)]), (diamond, lambda n: [2.0**1000])],
    ids=["chain", "fan", "diamond"],
)
def test_gradients(shape: Callable[[int], Value], gradient: Callable[[int], list[float]], size: int) -> None:
    root = shape(size)
    root.backward()
    assert [leaf.grad for leaf in leaves(root)] == gradient(size)


@each_size
@each_shape
def test_copying_reading_and_freeing(shape: Callable[[int], Value], size: int) -> None:
    root = shape(size)
    assert repr(root) == f"Value({root.data!r})"
    assert uses(root)[root] == 0
    assert expand(root).data == root.data
    count = len(topological_order(root))
    for twin in (copy.deepcopy(root), pickle.loads(pickle.dumps(root)), copy.copy(root)):
        assert twin is not root
        assert (twin.data, len(topological_order(twin))) == (root.data, count)
    inputs = root.inputs
    del root, twin
    gc.collect()
    assert inputs[0].data is not None


@each_size
@each_shape
def test_what_is_too_large_to_read_is_refused_with_advice(shape: Callable[[int], Value], size: int) -> None:
    root = shape(size)
    with pytest.raises(
        ValueError, match=r"a walk of \d+ values is too large .*walk a part of the graph.*limit=\d+"
    ):
        walk(root)
    with pytest.raises(ValueError, match=r"a drawing of \d+ values is too large .*draw a part of the graph"):
        draw(root)
    with pytest.raises(ValueError, match=r"a drawing \w+ \d+ (values|edges).* is too large .*limit=\d+"):
        draw(root, keep_fused=True)


@each_size
def test_the_first_gate_that_overflowed_is_found_far_up(size: int) -> None:
    node = Value(1e308, "large") * 10.0
    for _ in range(size):
        node = -node
    with pytest.raises(GateError, match=r"it began at multiply\(large = 1e\+308, 10.0\) = inf"):
        node.backward()


@each_size
def test_fused_gates_take_as_many_inputs(size: int) -> None:
    x = [Value(1.0) for _ in range(size)]
    for node in (dot(x, x), total(x), logsumexp(x)):
        node.backward()
    assert x[0].grad == pytest.approx(2.0 + 1.0 + 1.0 / size)
    opened = expand(dot(x, [1.0] * size))
    opened.backward()
    assert opened.data == float(size)


@each_size
def test_plain_functions_may_be_deep(size: int) -> None:
    def f(x: Any) -> Any:
        for _ in range(size):
            x = x + 0.0
        return x * x

    assert grad(f)(3.0) == 6.0
    with no_grad():
        assert f(Value(3.0)).inputs == ()


def test_the_checker_may_look_at_deep_functions() -> None:
    deep = chain(1000)
    gradcheck(lambda x: exp(x * 1e-3) + deep, 1.0)


def test_a_training_loop_does_not_keep_its_graphs() -> None:
    w = Value(1.0, "w")

    def nodes() -> int:
        gc.collect()
        return sum(type(thing) is Value for thing in gc.get_objects())

    before = nodes()
    for _ in range(20):
        loss = sum(w * float(i) for i in range(100)) * 1e-4
        loss.backward()
        w.data -= 1e-3 * w.grad
        w.grad = 0.0
    del loss
    assert nodes() == before


def test_arguments_with_the_constants_first_are_put_together_in_one_pass() -> None:
    x = [Value(float(i)) for i in range(50_000)]
    node = total([*range(50_000), *x])
    assert node.arguments == (*map(float, range(50_000)), *x)
