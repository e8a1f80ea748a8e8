"""Ctrl-C: training stops after a whole number of updates, and can go on from there."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from tests.processes import child, output_of

INTERRUPTED = """
    import random, sys
    from nn import MLP, SGD, fit, mean_absolute_error, squared_error

    compiled, watched = sys.argv[1] != "eager", sys.argv[1] == "compiled, watched"
    threads, size = (2, 300) if sys.argv[1] == "compiled, two threads" else (1, 1)
    rng = random.Random(0)
    X = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(1000)]
    y = [x1 * x2 for x1, x2 in X]

    def trained(epochs, lr):
        model = MLP(2, [4, 1], "tanh", rng=0)
        optimizer = SGD(model.parameters(), lr)
        history = fit(
            model, squared_error, X, y, optimizer=optimizer, epochs=epochs, batch_size=size, rng=0,
            metrics=[mean_absolute_error] if watched else (), compiled=compiled, threads=threads,
            progress=False,
        )
        return model.state_dict(), optimizer.step_count, history

    trained(1, 0.001)  # kernels that are not there yet take their time
    print("training", flush=True)
    numbers, made, history = trained(10**9, 0.001)
    assert history.stopped == "interrupted" and history.epochs == made // -(-1000 // size), (history, made)
    again, _, _ = trained(history.epochs + 1, lambda updates: 0.001 if updates < made else 0.0)
    assert numbers == again
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
    threading.Event().wait(0.2)
    process.send_signal(signal.SIGINT)
    *_, last = output_of(process).splitlines()
    assert last.startswith("whole ")
    assert int(last.split()[1]) > 0
