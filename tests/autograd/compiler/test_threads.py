"""threads=: the same numbers, bit for bit, and the same errors, however many threads share a batch."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np
import pytest

import nn
from autograd import GateError, Value, compile, dot, log, total  # noqa: A004  as the field calls it

pytest.importorskip("numba")

from autograd.compiler.execution import side_by_side
from autograd.compiler.layout import spans

THREADS = (1, 2, 3)


def points(count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(count, 3))


@pytest.mark.parametrize(("dtype", "rounding"), [("float64", 1e-12), ("float32", 1e-6)])
@pytest.mark.parametrize("count", [1, 257, 5000])
def test_outputs_and_gradients_are_the_same_bit_for_bit(count: int, dtype: Any, rounding: float) -> None:
    model, found = nn.MLP(3, [8, 1], "tanh", rng=0), []
    for threads in THREADS:
        program = compile(lambda x: nn.squared_error(model(x), 1.0), [0.0] * 3, threads=threads, dtype=dtype)
        for parameter in model.parameters():
            parameter.grad = 0.0
        loss = program.backward(points(count))
        outputs = program(points(count)).tolist()
        found.append((loss, outputs, [parameter.grad for parameter in model.parameters()]))
    assert found[0] == found[1] == found[2]
    assert math.fsum(found[0][1]) / count == pytest.approx(found[0][0], rel=rounding)


@pytest.mark.parametrize("batch_size", [None, 300])
def test_training_gives_the_same_parameters_bit_for_bit(batch_size: int | None) -> None:
    X, found = points(1000).tolist(), []
    for threads in THREADS:
        model = nn.MLP(3, [8, 1], "tanh", rng=0)
        history = nn.fit(
            model, nn.squared_error, X, [math.sin(x[0]) for x in X],
            optimizer=nn.Adam(model.parameters(), lr=0.05, clip_norm=0.5), epochs=4, batch_size=batch_size,
            penalty=lambda model: nn.l2_penalty(model, 0.01, n=64), rng=0, compiled=True, threads=threads,
            progress=False,
        )  # fmt: skip
        found.append((history.loss, [(p.data, p.grad) for p in model.parameters()]))
    assert found[0] == found[1] == found[2]


def test_a_batch_of_several_shapes_is_shared_too() -> None:
    found = []
    for threads in THREADS:
        w = [Value(0.5) for _ in range(3)]
        history = nn.minimize(
            lambda x: nn.squared_error(dot(w[: len(x)], x), 1.0),  # noqa: B023
            [row[: 1 + i % 3] for i, row in enumerate(points(1800).tolist())],
            optimizer=nn.Adam(w, lr=0.05), steps=5, compiled=True, threads=threads, progress=False,
        )  # fmt: skip
        found.append((history.loss, [weight.data for weight in w]))
    assert found[0] == found[1] == found[2]


def test_an_error_in_training_names_the_sample_and_leaves_the_last_good_update() -> None:
    found = []
    for threads in THREADS:
        w = Value(1.0, "w")
        X = [1.0] * 1000
        X[900] = 4.0
        with pytest.raises(GateError, match=r"log\(.*\(sample 900\)") as caught:
            nn.minimize(
                lambda x: log(5.0 * w - x), X,  # noqa: B023
                optimizer=nn.SGD([w], lr=0.02), steps=100, compiled=True, threads=threads, progress=False,
            )  # fmt: skip
        with pytest.raises(GateError, match=r"log\(.*\(sample 900\)"):
            compile(lambda x: log(2.0 * w - x), 1.0, threads=threads)(X)  # noqa: B023
        found.append((str(caught.value), w.data))
    assert found[0] == found[1] == found[2]
    assert 0.75 < found[0][1] < 0.85  # below 0.8 there is no logarithm


def test_infinite_slopes_of_two_spans_are_what_the_eager_engine_makes_of_them() -> None:
    w = Value(0.0, "w")
    signs = np.where(np.arange(600) < 300, 1.0, -1.0)
    program = compile(lambda sign: sign * w**0.5, 1.0)
    with pytest.warns(UserWarning, match="gate by gate"):
        program.backward(signs)
    native, w.grad = w.grad, 0.0
    (total([sign * w**0.5 for sign in signs.tolist()]) / 600).backward()
    assert str(native) == str(w.grad)


def test_several_spans_have_threads_and_one_has_that_which_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    here = threading.get_ident()
    together = threading.Barrier(3)  # which none passes before three are there
    assert here not in side_by_side(lambda _: (together.wait(10.0), threading.get_ident())[1], 3)
    program = compile(lambda x: x * 2.0, 0.0, threads=4)
    monkeypatch.setattr("autograd.compiler.execution.ThreadPoolExecutor", None)
    assert program(np.ones(256)).tolist() == [2.0] * 256
    with pytest.raises(TypeError):
        program(np.ones(257))


def test_spans_are_whole_and_at_most_sixteen() -> None:
    for count in (0, 1, 256, 257, 4096, 4097, 100_000):
        found = spans(count)
        assert [i for span in found for i in span] == list(range(count))
        assert len(found) <= 16
        assert all(len(span) >= 256 for span in found[:-1])


def test_what_is_no_number_of_threads_is_refused() -> None:
    with pytest.raises(ValueError, match="threads is a whole number of at least 1"):
        compile(lambda x: x, 0.0, threads=0)
    w = Value(1.0)
    with pytest.raises(ValueError, match="threads and dtype apply to native code"):
        nn.minimize(lambda: w * w, optimizer=nn.SGD([w], lr=0.1), steps=1, threads=2, progress=False)
