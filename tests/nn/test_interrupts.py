"""Ctrl-C: training stops after a whole number of updates, and can go on from there."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from tests.processes import child, output_of

INTERRUPTED = """
    import math, random, sys
    from nn import MLP, Momentum, fit, mean_absolute_error, squared_error
    from nn.data import shuffled_batches
    from nn.runners import EagerRunner, Task

    compiled, watched = sys.argv[1] != "eager", sys.argv[1] == "compiled, watched"
    threads, size = (2, 300) if sys.argv[1] == "compiled, two threads" else (1, 1)
    per_epoch = -(-1000 // size)
    rng = random.Random(0)
    X = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(1000)]
    y = [x1 * x2 for x1, x2 in X]

    def new():
        model = MLP(2, [4, 1], "tanh", rng=0)
        return model, Momentum(model.parameters(), lr=0.001)

    model, optimizer = new()
    if compiled:  # kernels that are not there yet take their time
        fit(model, squared_error, X, y, optimizer=optimizer, epochs=1, batch_size=size, compiled=True)
        model, optimizer = new()
    print("training", flush=True)
    history = fit(
        model, squared_error, X, y, optimizer=optimizer, epochs=10**9, batch_size=size, rng=0,
        compiled=compiled, threads=threads, metrics=[mean_absolute_error] if watched else (), progress=False,
    )
    made = optimizer.step_count
    assert history.stopped == "interrupted" and history.epochs == made // per_epoch, (history, made)
    numbers = [p.data for p in model.parameters()]
    assert all(map(math.isfinite, numbers))

    again, steps = new()
    def evaluate(x, target):
        prediction = again(x)
        return prediction, squared_error(prediction, target)

    task = Task(evaluate, list(zip(X, y)), steps, None, again.parameters())
    if compiled:
        from nn.compiled_runner import CompiledRunner
    runner, order = (CompiledRunner if compiled else EagerRunner)(task), random.Random(0)
    while steps.step_count < made:
        batches = shuffled_batches(1000, size, order)[: made - steps.step_count]
        list(runner.epochs([batches], stop=lambda: False, ahead=False))
    assert numbers == [p.data for p in again.parameters()]
    assert optimizer.state == steps.state

    more = fit(model, squared_error, X, y, optimizer=optimizer, epochs=1, compiled=compiled)
    assert (more.stopped, more.epochs, optimizer.step_count) == ("", 1, made + 1)
    print("whole", made)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs signals between processes")
@pytest.mark.parametrize("how", ["eager", "compiled", "compiled, watched", "compiled, two threads"])
def test_ctrl_c_in_another_process_leaves_a_whole_number_of_updates(how: str) -> None:
    if how != "eager":
        pytest.importorskip("numba")
    process = child(INTERRUPTED, how)
    assert process.stdout is not None
    assert process.stdout.readline() == "training\n"
    threading.Event().wait(0.5)
    process.send_signal(signal.SIGINT)
    *_, last = output_of(process).splitlines()
    assert last.startswith("whole ")
    assert int(last.split()[1]) > 0
