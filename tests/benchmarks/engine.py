"""How fast the engine is, beside micrograd: pip install micrograd; python tests/benchmarks/engine.py

Three measurements, printed and not asserted, since machines differ:

1. One training step of the classic moons network (2-16-16-1, ReLU, hinge loss, 100 points), on
   the very same graph of elementary gates in both engines; and, for ours, with a `dot` per neuron.
2. A chain of a·b + c on 66,000 nodes: microseconds per node, forward and backward.
3. A chain of adds of 10³ … 10⁶ nodes: time and memory per node. Both are to stay level.

The two engines take turns, the garbage collector runs before every timing and is left at its
default during it, and medians are compared.
"""

from __future__ import annotations

import gc
import math
import platform
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import micrograd.engine as micrograd

sys.path.insert(0, str(Path(__file__).parents[2]))

from autograd import Value, dot

Layer = list[tuple[list[Any], Any]]
Neuron = Callable[[list[Any], list[Any], Any], Any]

ROUNDS = 7


def seconds(action: Callable[[], Any]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def medians(actions: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median time of each action, in rounds in which all take turns."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(seconds(action))
    return {name: statistics.median(taken) for name, taken in times.items()}


# ── moons ───────────────────────────────────────────────────────────────────────────────


def moons(count: int, rng: random.Random) -> list[tuple[tuple[float, float], int]]:
    """Two interleaving half circles, labelled 1 and -1."""
    points = []
    for i in range(count):
        angle = math.pi * rng.random()
        x, y = math.cos(angle), math.sin(angle)
        noise = rng.gauss(0, 0.1), rng.gauss(0, 0.1)
        points.append(
            ((x + noise[0], y + noise[1]), 1) if i % 2 else ((1 - x + noise[0], 0.5 - y + noise[1]), -1)
        )
    return points


def elementary_neuron(weights: list[Any], inputs: list[Any], bias: Any) -> Any:
    return sum((w * x for w, x in zip(weights, inputs, strict=True)), bias)


def network(engine: Any, rng: random.Random) -> list[Layer]:
    return [
        [([engine(rng.uniform(-1, 1)) for _ in range(inputs)], engine(0.0)) for _ in range(outputs)]
        for inputs, outputs in [(2, 16), (16, 16), (16, 1)]
    ]


def training_step(engine: Any, layers: list[Layer], points: list[Any], neuron: Neuron) -> float:
    """Forward, backward and update on all points at once; gives the loss."""
    losses = []
    for point, label in points:
        values = [engine(x) for x in point]
        for depth, layer in enumerate(layers):
            scores = [neuron(weights, values, bias) for weights, bias in layer]
            values = scores if depth == len(layers) - 1 else [score.relu() for score in scores]
        losses.append((1 + -label * values[0]).relu())
    loss = sum(losses) * (1.0 / len(losses))
    parameters = [p for layer in layers for weights, bias in layer for p in [*weights, bias]]
    for p in parameters:
        p.grad = 0.0
    loss.backward()
    for p in parameters:
        p.data -= 0.05 * p.grad
    return float(loss.data)


def train_moons() -> None:
    points = moons(100, random.Random(1))
    losses: dict[str, list[float]] = {}

    def trainer(name: str, engine: Any, neuron: Neuron) -> Callable[[], None]:
        layers = network(engine, random.Random(2))
        losses[name] = []
        return lambda: losses[name].append(training_step(engine, layers, points, neuron))

    times = medians(
        {
            "micrograd": trainer("micrograd", micrograd.Value, elementary_neuron),
            "ours": trainer("ours", Value, elementary_neuron),
            "ours, dot": trainer("ours, dot", Value, dot),
        }
    )
    print("One training step on moons, 2-16-16-1, 100 points")
    for name, taken in times.items():
        ratio = times["micrograd"] / taken
        loss = losses[name][-1]
        print(f"  {name:<10} {taken * 1e3:8.1f} ms   {ratio:5.1f} × micrograd's speed   loss {loss:.12f}")


# ── chains ──────────────────────────────────────────────────────────────────────────────


def multiply_add_chain(engine: Any, count: int) -> Any:
    """Chain a·b + c over and over: `count` nodes made by gates."""
    b, c = engine(0.999), engine(0.001)
    node = engine(1.0)
    for _ in range(count // 2):
        node = node * b + c
    return node


def stages(build: Callable[[], Any]) -> dict[str, float]:
    """How long a graph takes to build, to differentiate and to free."""
    roots: list[Any] = []
    return {
        "forward": seconds(lambda: roots.append(build())),
        "backward": seconds(lambda: roots[0].backward()),
        "freeing": seconds(roots.clear),
    }


def median_stages(builds: dict[str, Callable[[], Any]], rounds: int) -> dict[str, dict[str, float]]:
    """The median of every stage of every build, in rounds in which all take turns."""
    runs = [{name: stages(build) for name, build in builds.items()} for _ in range(rounds)]
    return {
        name: {stage: statistics.median(run[name][stage] for run in runs) for stage in runs[0][name]}
        for name in builds
    }


def time_multiply_add(count: int = 66_000) -> None:
    sys.setrecursionlimit(10 * count)  # micrograd recurses through the graph
    builds = {
        name: lambda engine=engine: multiply_add_chain(engine, count)
        for name, engine in {"micrograd": micrograd.Value, "ours": Value}.items()
    }
    print(f"\nA chain of a·b + c, {count:,} nodes: µs per node")
    for name, taken in median_stages(builds, ROUNDS).items():
        there, back = (taken[stage] / count * 1e6 for stage in ("forward", "backward"))
        print(f"  {name:<10} forward {there:5.2f}   backward {back:5.2f}   together {there + back:5.2f}")


def add_chain(count: int) -> Value:
    x, one = Value(0.0), Value(1.0)
    node = x
    for _ in range(count):
        node = node + one
    return node


def measure_add_chains() -> None:
    print("\nA chain of adds: per node")
    print(f"  {'nodes':>9}  {'forward':>9}  {'backward':>9}  {'freeing':>9}  {'memory':>9}")
    for count in (1_000, 10_000, 100_000, 1_000_000):
        times = median_stages({"ours": lambda count=count: add_chain(count)}, ROUNDS if count < 1e6 else 3)
        tracemalloc.start()
        root = add_chain(count)
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        del root
        per_node = "  ".join(f"{taken / count * 1e6:6.2f} µs" for taken in times["ours"].values())
        print(f"  {count:>9,}  {per_node}  {memory / count:4.0f} byte")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    train_moons()
    time_multiply_add()
    measure_add_chains()
