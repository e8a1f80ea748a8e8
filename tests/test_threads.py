"""Threads side by side: each has its own graphs and pauses, and all may share a program."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import autograd
from autograd import Value, dot, draw, no_grad, player, sigmoid
from nn import MLP, Adam, fit, squared_error


@pytest.fixture
def _hasty() -> Iterator[None]:
    """Threads take turns after a microsecond in the place of five thousand."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def side_by_side(works: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, run in threads that start together; the first error, if there is any."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def recorded_here_and_paused_there(seed: int) -> list[float]:
    """Graphs built, pauses entered and left, backward passes: numbers that depend on all of them."""
    rng = random.Random(seed)
    numbers = []
    for _ in range(60):
        leaves = [Value(rng.uniform(-2.0, 2.0)) for _ in range(4)]
        node = leaves[0]
        for _ in range(12):
            other = rng.choice(leaves)
            if rng.random() < 0.3:
                with no_grad():
                    assert (node * other).gate is None
                    constant = sigmoid(node + other)
                    with no_grad():
                        assert constant.exp().gate is None
                    assert constant.sin().gate is None
                node = node * constant
            else:
                node = dot([node, other], [other, node], leaves[1]).tanh()
            assert node.gate is not None
        node.backward()
        numbers += [node.data, *(leaf.grad for leaf in leaves)]
    return numbers


@pytest.mark.usefixtures("_hasty")
def test_threads_have_graphs_and_pauses_of_their_own() -> None:
    alone = [recorded_here_and_paused_there(seed) for seed in range(8)]
    together = side_by_side([lambda seed=seed: recorded_here_and_paused_there(seed) for seed in range(8)])
    assert together == alone
    assert (Value(1.0) + Value(2.0)).gate is not None


@pytest.mark.usefixtures("_hasty")
def test_threads_may_run_one_program() -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("numba")
    w = [Value(0.5, "w1"), Value(-1.5, "w2")]
    program = autograd.compile(lambda x: dot(w, x).tanh(), [0.0, 0.0])
    rng = np.random.default_rng(0)
    batches = [rng.normal(size=(size, 2)) for size in (1, 2, 3, 7, 64, 100)]
    alone = [program(batch).tolist() for batch in batches]
    losses = [program.backward(batch) for batch in batches]
    gradients = [leaf.grad for leaf in w]
    for leaf in w:
        leaf.grad = 0.0

    fresh = autograd.compile(lambda x: dot(w, x).tanh(), [0.0, 0.0])  # whose first run is in threads too

    def run(i: int) -> tuple[list[list[float]], float]:
        outputs = [fresh(batches[i]).tolist() for _ in range(30)]
        return outputs, fresh.backward(batches[i])

    together = side_by_side([lambda i=i: run(i) for i in range(len(batches))])
    assert [outputs for outputs, _ in together] == [[outputs] * 30 for outputs in alone]
    assert [loss for _, loss in together] == losses
    assert [leaf.grad for leaf in w] == pytest.approx(gradients, rel=1e-14)  # added up in another order


@pytest.mark.usefixtures("_hasty")
def test_threads_may_train_models_of_their_own() -> None:
    pytest.importorskip("numba")
    X, y = [[0.5, -1.0], [2.0, 1.0], [0.0, 1.0]], [1.0, 0.0, 3.0]

    def train(seed: int, compiled: bool) -> list[float]:
        model = MLP(2, [3, 1], "tanh", rng=seed)
        optimizer = Adam(model.parameters(), lr=0.05)
        arguments = {"epochs": 5, "batch_size": 2, "rng": seed, "compiled": compiled}
        fit(model, squared_error, X, y, optimizer=optimizer, **arguments)  # type: ignore[arg-type]
        return [p.data for p in model.parameters()]

    works = [(seed, compiled) for seed in range(3) for compiled in (False, True)]
    alone = [train(*work) for work in works]
    assert side_by_side([lambda work=work: train(*work) for work in works]) == alone


@pytest.mark.usefixtures("_hasty")
def test_threads_may_draw_and_play() -> None:
    roots = [(Value(2.0, "w") * 3.0).tanh() * float(i) for i in range(1, 4)]
    for root in roots:
        root.backward()
    works = [lambda root=root: (draw(root).svg, player(root).html) for root in roots]
    assert side_by_side(works) == [work() for work in works]
