"""Hessians and forward passes beside HIPS/autograd, PyTorch and JAX.

    python -m pip install --target peers autograd jax   # whatever is missing is left out
    PYTHONPATH=peers python tests/benchmarks/second_order.py [--rounds 3]

Every engine runs in a process of its own, since HIPS/autograd has our package's name, on one
thread, in double precision; the processes take turns. The table has medians. Peers are given
arrays, as they like it best, and we are given lists of numbers. "compiled" is `compile` here and
`jit` in JAX, with what is compiled once left out.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import argparse
import gc
import json
import math
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
HIDDEN, POINTS = 8, 50

Task = Callable[[], Any]


def rosenbrock(x: Any) -> Any:
    """Σ 100(x_{i+1} - x_i²)² + (1 - x_i)², for numbers or for Values in a list."""
    return sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def rosenbrock_of_arrays(x: Any) -> Any:
    """The same for one array."""
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def moons() -> tuple[list[list[float]], list[float]]:
    """Points on two interlocking half circles, and their classes, -1 and 1."""
    rng = random.Random(0)
    angles = [rng.uniform(0.0, math.pi) for _ in range(POINTS)]
    upper = [[math.cos(angle), math.sin(angle)] for angle in angles[::2]]
    lower = [[1 - math.cos(angle), 0.5 - math.sin(angle)] for angle in angles[1::2]]
    return upper + lower, [-1.0] * len(upper) + [1.0] * len(lower)


def start(count: int) -> list[float]:
    """Where the derivatives are taken."""
    rng = random.Random(1)
    return [rng.uniform(-1.0, 1.0) for _ in range(count)]


PARAMETERS = 4 * HIDDEN + 1
SIZES = {"Rosenbrock, 2": 2, "Rosenbrock, 100": 100, f"moons network, {PARAMETERS}": PARAMETERS}


def network_of_arrays(tanh: Any, softplus: Any, array: Any) -> Callable[[Any], Any]:
    """The mean logistic loss of a 2-8-1 network by its parameters, for an engine of arrays."""
    X, y = map(array, moons())

    def loss(p: Any) -> Any:
        W, b, v = p[: 2 * HIDDEN].reshape(2, HIDDEN), p[2 * HIDDEN : 3 * HIDDEN], p[3 * HIDDEN : 4 * HIDDEN]
        return softplus(-y * (tanh(X @ W + b) @ v + p[-1])).mean()

    return loss


def of_arrays(network: Callable[[Any], Any], array: Any) -> Iterator[tuple[str, Callable[[Any], Any], Any]]:
    """Each task's name, function and point, for an engine of arrays."""
    for name, size in SIZES.items():
        yield name, rosenbrock_of_arrays if "Rosen" in name else network, array(start(size))


def ours(compiled: bool) -> Iterator[tuple[str, Task]]:
    sys.path.insert(0, str(PROJECT))
    from autograd import compile, dot, hessian, jvp, softplus, total  # noqa: A004

    X, y = moons()

    def network(p: Any) -> Any:
        units = [([p[j], p[HIDDEN + j]], p[2 * HIDDEN + j]) for j in range(HIDDEN)]
        v, b = p[3 * HIDDEN : 4 * HIDDEN], p[-1]
        losses = [
            softplus(dot(v, [dot(w, x, c).tanh() for w, c in units], b) * -y_i)
            for x, y_i in zip(X, y, strict=True)
        ]
        return total(losses) / len(losses)

    for name, size in SIZES.items():
        f, x = (rosenbrock if "Rosen" in name else network), start(size)
        if compiled:
            yield f"{name}: jvp", partial(compile(lambda x, v, f=f: jvp(f, x, v), x, x), x, x)
            if size <= PARAMETERS:
                yield f"{name}: Hessian", partial(compile(hessian(f), x), x)
        else:
            yield f"{name}: jvp", partial(jvp, f, x, x)
            yield f"{name}: Hessian", partial(hessian(f), x)


def hips() -> Iterator[tuple[str, Task]]:
    import autograd.numpy as np
    from autograd.differential_operators import make_jvp

    from autograd import hessian

    network = network_of_arrays(np.tanh, lambda z: np.logaddexp(0.0, z), np.array)
    for name, f, x in of_arrays(network, np.array):
        yield f"{name}: jvp", lambda f=f, x=x: make_jvp(lambda x: f(x))(x)(x)
        yield f"{name}: Hessian", partial(hessian(f), x)


def pytorch() -> Iterator[tuple[str, Task]]:
    import torch

    torch.set_num_threads(1)
    array = lambda numbers: torch.tensor(numbers, dtype=torch.float64)  # noqa: E731
    network = network_of_arrays(torch.tanh, torch.nn.functional.softplus, array)
    for name, f, x in of_arrays(network, array):
        yield f"{name}: jvp", partial(torch.func.jvp, f, (x,), (x,))
        yield f"{name}: Hessian", partial(torch.func.hessian(f), x)


def jax() -> Iterator[tuple[str, Task]]:
    import jax
    import jax.numpy as np

    jax.config.update("jax_enable_x64", True)
    network = network_of_arrays(np.tanh, jax.nn.softplus, np.array)
    for name, f, x in of_arrays(network, np.array):
        moved, H = jax.jit(lambda x, v, f=f: jax.jvp(f, (x,), (v,))), jax.jit(jax.hessian(f))
        yield f"{name}: jvp", lambda moved=moved, x=x: jax.block_until_ready(moved(x, x))
        yield f"{name}: Hessian", lambda H=H, x=x: jax.block_until_ready(H(x))


ENGINES: dict[str, Callable[[], Iterator[tuple[str, Task]]]] = {
    "ours": lambda: ours(compiled=False),
    "ours, compiled": lambda: ours(compiled=True),
    "HIPS/autograd": hips,
    "PyTorch": pytorch,
    "JAX, compiled": jax,
}


def seconds(task: Task) -> float:
    """How long one call takes, of as many as make a tenth of a second."""
    task()
    begin = time.perf_counter()
    task()
    repeats = max(1, int(0.1 / (time.perf_counter() - begin)))
    gc.collect()
    begin = time.perf_counter()
    for _ in range(repeats):
        task()
    return (time.perf_counter() - begin) / repeats


def in_a_process(engine: str) -> dict[str, float]:
    """What one process measured with one engine; nothing if the engine is not installed."""
    run = subprocess.run(
        [sys.executable, "-P", __file__, "--engine", engine], capture_output=True, text=True, check=False
    )
    if run.returncode:
        print(f"{engine} is left out: {run.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return {}
    measured: dict[str, float] = json.loads(run.stdout)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--engine", choices=ENGINES, help="measure one engine in this process, and print JSON"
    )
    chosen = parser.parse_args()
    if chosen.engine:
        print(json.dumps({name: seconds(task) for name, task in ENGINES[chosen.engine]()}))
        return
    rounds = [{engine: in_a_process(engine) for engine in ENGINES} for _ in range(chosen.rounds)]
    tasks = [f"{name}: {what}" for name in SIZES for what in ("jvp", "Hessian")]
    print(f"{'milliseconds':28}" + "".join(f"{engine:>16}" for engine in ENGINES))
    for task in tasks:
        cells = []
        for engine in ENGINES:
            times = [measured[engine][task] for measured in rounds if task in measured[engine]]
            cells.append(f"{1e3 * statistics.median(times):.3g}" if times else "")
        print(f"{task:28}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main()
