"""What the eager engine takes beside micrograd: pip install micrograd; python tests/benchmarks/engine.py

Two measurements, printed and not asserted, since machines differ; compare.py has whole steps.

1. The memory that the graph of one training step on moons takes (2-16-16-1, ReLU, hinge loss, 100
   points, all at once), as a user of each library writes it.
2. A chain of a·b + c: time and memory per node. Of ours they are to stay level as it grows.

Engines take turns, the garbage collector runs before every timing and is left at its default
during it, and medians are compared.
"""

from __future__ import annotations

import gc
import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import micrograd.engine
import micrograd.nn

sys.path.insert(0, str(Path(__file__).parents[2]))

import nn
from autograd import Value, total

Action = Callable[[], Any]
ENGINES = {"micrograd": micrograd.engine.Value, "ours": Value}
LENGTHS = {"micrograd": [66_000], "ours": [66_000, 1_000, 10_000, 100_000, 1_000_000]}


def seconds(action: Action) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def peak_memory(action: Action) -> int:
    """How many bytes an action holds at most, beyond what was there before."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before


# ── memory of a training step ───────────────────────────────────────────────────────────


def our_loss(X: list[list[float]], y: list[int]) -> Action:
    model = nn.MLP(2, [16, 16, 1], rng=0)
    return lambda: total([nn.hinge(model(x), label) for x, label in zip(X, y, strict=True)]) / len(X)


def micrograd_loss(X: list[list[float]], y: list[int]) -> Action:
    model = micrograd.nn.MLP(2, [16, 16, 1])

    def loss() -> Any:
        scores = [model([micrograd.engine.Value(number) for number in x]) for x in X]
        return sum((1 + -label * score).relu() for label, score in zip(y, scores, strict=True)) / len(X)

    return loss


def measure_memory() -> None:
    samples = nn.moons(100, rng=1, labels=(-1, 1))
    losses = {"micrograd": micrograd_loss(*samples), "ours": our_loss(*samples)}
    memory = {name: peak_memory(lambda loss=loss: loss().backward()) for name, loss in losses.items()}
    print("One training step on moons, 2-16-16-1, 100 points: memory")
    for name, size in memory.items():
        print(f"  {name:<10} {size / 2**20:5.1f} MiB  {size / memory['micrograd']:7.1%}")


# ── chains ──────────────────────────────────────────────────────────────────────────────


def chain(engine: Any, count: int) -> Any:
    """a·b + c over and over: so many nodes."""
    b, c, node = engine(0.999), engine(0.001), engine(1.0)
    for _ in range(count // 2):
        node = node * b + c
    return node


def stages(engine: Any, count: int) -> list[float]:
    """How long a chain takes to build, to differentiate and to free."""
    roots: list[Any] = []
    forward = seconds(lambda: roots.append(chain(engine, count)))
    return [forward, seconds(roots[0].backward), seconds(roots.clear)]


def measure_chains() -> None:
    sys.setrecursionlimit(10**6)  # micrograd recurses through the graph
    print("\nA chain of a·b + c: per node")
    print(f"  {'':<10} {'nodes':>9}  {'forward':>9}  {'backward':>9}  {'freeing':>9}  {'memory':>9}")
    for count in LENGTHS["ours"]:
        engines = {name: engine for name, engine in ENGINES.items() if count in LENGTHS[name]}
        rounds = [
            {name: stages(engine, count) for name, engine in engines.items()}
            for _ in range(9 if count < 1e6 else 3)
        ]
        for name, engine in engines.items():
            times = map(statistics.median, zip(*(turn[name] for turn in rounds), strict=True))
            memory = peak_memory(lambda engine=engine, count=count: chain(engine, count))
            per_node = "  ".join(f"{taken / count * 1e6:6.2f} µs" for taken in times)
            print(f"  {name:<10} {count:>9,}  {per_node}  {memory / count:4.0f} byte")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    measure_memory()
    measure_chains()
