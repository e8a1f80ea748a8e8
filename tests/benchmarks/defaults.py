"""Which activation and initialiser an `MLP` should have by default: measured over seeds and tasks.

    python tests/benchmarks/defaults.py [seeds]

A run is stuck if its final loss is above half the loss of the best constant prediction. Printed
are, for each candidate and task, the share of runs that are stuck and the median final loss. Tasks
of four samples, the video's and xor, are run with five times as many seeds. With 12 seeds:

                    video 0.1    sum 0.1  sum 0.05    xor     sine   moons  circles   blobs    deep
    relu, he         12% .003      95% 4   50% 2.1  13% 0  0% .018  0% .20   0% .05  0% .05  8% .11
    leaky_relu, he   13% .002    78% 3.9   40% .73  12% 0  0% .018  0% .20   0% .05  0% .05  0% .12
    elu, he           3% .000  95% 1e303  32% .026   0% 0  8% .010  0% .25   0% .03  0% .04  0% .01
    tanh, xavier      0% .000    5% .000   0% .000   0% 0  0% .010  0% .28   0% .17  0% .07  8% .17
    tanh, lecun       2% .000    3% .000   0% .000   0% 0  0% .013  0% .24   0% .13  0% .06  0% .11
    tanh, he          2% .000   35% .001   2% .001   2% 0  0% .012  0% .17   0% .11  0% .05  0% .04

relu learns circles and moons fastest, and dies at large steps; elu leaves the floats there; tanh
stays stuck least, and starts slowly from the small weights of xavier_normal.
"""

from __future__ import annotations

import math
import random
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import nn
from autograd import GateError, Value

Samples = tuple[list[Any], list[Any]]


def sum_of_squares(prediction: Value, target: float) -> Any:
    """(ŷ - y)², as the video has it; its sum over four samples is four times the mean that `fit` takes."""
    return 4.0 * (prediction - target) ** 2


def video(seed: int) -> Samples:
    return [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]], [1.0, -1.0, -1.0, 1.0]


def sine(seed: int) -> Samples:
    x = [-3.0 + 6.0 * i / 39 for i in range(40)]
    return x, [math.sin(v) for v in x]


@dataclass(frozen=True)
class Task:
    samples: Callable[[int], Samples]
    sizes: tuple[int, list[int]]
    loss: Callable[[Any, Any], Any]
    rate: float
    epochs: int
    batch_size: int | None
    stuck: float  # a final mean loss above this


TASKS = {
    "video, rate 0.1": Task(video, (3, [4, 4, 1]), nn.squared_error, 0.1, 100, None, 0.25),
    "video, its sum": Task(video, (3, [4, 4, 1]), sum_of_squares, 0.1, 50, None, 2.0),
    "video, rate 0.05": Task(video, (3, [4, 4, 1]), sum_of_squares, 0.05, 50, None, 2.0),
    "xor": Task(lambda seed: nn.xor(rng=seed, labels=(-1, 1)), (2, [4, 1]), nn.hinge, 0.3, 100, None, 0.5),
    "sine": Task(sine, (1, [8, 8, 1]), nn.squared_error, 0.05, 150, 10, 0.1),
    "moons": Task(
        lambda seed: nn.moons(60, rng=seed), (2, [8, 8, 1]), nn.sigmoid_cross_entropy, 0.1, 60, 10, 0.35
    ),
    "circles": Task(
        lambda seed: nn.circles(60, rng=seed), (2, [8, 1]), nn.sigmoid_cross_entropy, 0.3, 120, 10, 0.35
    ),
    "three blobs": Task(
        lambda seed: nn.blobs(60, rng=seed), (2, [6, 3]), nn.softmax_cross_entropy, 0.1, 20, 10, 0.55
    ),
    "deep moons": Task(
        lambda seed: nn.moons(60, rng=seed), (2, [6] * 5 + [1]), nn.sigmoid_cross_entropy, 0.1, 60, 10, 0.35
    ),
}

CANDIDATES: dict[str, dict[str, Any]] = {
    "relu, he": {"activation": "relu"},
    "leaky_relu, he": {"activation": "leaky_relu"},
    "elu, he": {"activation": "elu"},
    "tanh, xavier": {"activation": "tanh"},
    "tanh, lecun": {"activation": "tanh", "init": "lecun_normal"},
    "tanh, he": {"activation": "tanh", "init": "he_normal"},
    "tanh, uniform(-1, 1)": {"activation": "tanh", "init": "uniform"},
}


def run(name: str, candidate: str, seed: int) -> float:
    """The mean loss after training; infinite if it leaves the floats."""
    task = TASKS[name]
    model = nn.MLP(*task.sizes, **CANDIDATES[candidate], rng=seed)
    X, y = task.samples(seed)
    optimizer = nn.SGD(model.parameters(), lr=task.rate)
    try:
        nn.fit(
            model, task.loss, X, y, optimizer=optimizer, epochs=task.epochs, batch_size=task.batch_size,
            rng=random.Random(seed), progress=False,
        )  # fmt: skip
        return nn.evaluate(model, task.loss, X, y)["loss"]
    except GateError:
        return math.inf


def losses(name: str, candidate: str, seeds: int) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that layers are dead is what is counted here
        return [
            run(name, candidate, seed)
            for seed in range(seeds if len(TASKS[name].samples(0)[0]) > 4 else 5 * seeds)
        ]


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    width = max(map(len, CANDIDATES))
    print(f"share of {seeds} seeds that stay stuck, and the median final loss\n")
    for i, name in enumerate(TASKS, 1):
        print(f"{i}  {name}")
    print(f"\n{'':{width}}", *(f"{i:>12}" for i in range(1, len(TASKS) + 1)))
    with ProcessPoolExecutor() as pool:
        for candidate in CANDIDATES:
            rows = [pool.submit(losses, name, candidate, seeds) for name in TASKS]
            cells = []
            for row, task in zip(rows, TASKS.values(), strict=True):
                found = row.result()
                stuck = sum(not loss < task.stuck for loss in found) / len(found)
                cells.append(f"{stuck:>5.0%} {median(found):6.2g}")
            print(f"{candidate:{width}}", *cells, flush=True)


if __name__ == "__main__":
    main()
