"""The eager engine beside micrograd: pip install micrograd; python tests/benchmarks/engine.py

Four measurements, printed and not asserted, since machines differ:

1. One training step on moons (2-16-16-1, ReLU, hinge loss, SGD, 100 points, all at once), as a user
   of each library writes it, with the same weights: time, and the memory that the graph takes.
2. Where the time of ours goes, in microseconds per sample.
3. A chain of a·b + c on 66,000 nodes: microseconds per node, forward and backward.
4. A chain of adds of 10³ … 10⁶ nodes: time and memory per node. Both are to stay level.

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
from autograd import Value, dot, total
from autograd.value import gate_order

Action = Callable[[], Any]

SIZES = [16, 16, 1]
ROUNDS = 9


def seconds(action: Action) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def medians(actions: dict[str, Action]) -> dict[str, float]:
    """The median time of each action, in rounds in which all take turns."""
    rounds = [{name: seconds(action) for name, action in actions.items()} for _ in range(ROUNDS)]
    return {name: statistics.median(times[name] for times in rounds) for name in actions}


def peak_memory(action: Action) -> int:
    """How many bytes an action holds at most, beyond what was there before."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    action()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before


# ── moons ───────────────────────────────────────────────────────────────────────────────


def our_step(X: list[list[float]], y: list[int]) -> Callable[[], float]:
    model = nn.MLP(2, SIZES, rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)

    def step() -> float:
        loss = total([nn.hinge(model(x), label) for x, label in zip(X, y, strict=True)]) / len(X)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.data)

    return step


def micrograd_step(X: list[list[float]], y: list[int]) -> Callable[[], float]:
    model = micrograd.nn.MLP(2, SIZES)
    for parameter, same in zip(model.parameters(), nn.MLP(2, SIZES, rng=0).parameters(), strict=True):
        parameter.data = same.data

    def step() -> float:
        scores = [model([micrograd.engine.Value(number) for number in x]) for x in X]
        losses = [(1 + -label * score).relu() for label, score in zip(y, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= 0.1 * parameter.grad
        return float(loss.data)

    return step


def compare_steps(X: list[list[float]], y: list[int]) -> None:
    steps = {"micrograd": micrograd_step(X, y), "ours": our_step(X, y)}
    times = medians(dict(steps))
    memory = {name: peak_memory(step) for name, step in steps.items()}
    print("One training step on moons, 2-16-16-1, 100 points")
    for name, step in steps.items():
        speed, share = times["micrograd"] / times[name], memory[name] / memory["micrograd"]
        print(
            f"  {name:<10} {times[name] * 1e3:6.1f} ms  {speed:5.1f} × micrograd's speed   "
            f"{memory[name] / 2**20:5.1f} MiB  {share:7.1%}   loss {step():.12f}"
        )


def profile(X: list[list[float]], y: list[int]) -> None:
    """The parts of a step, each for all samples; a dot of 16 and a relu beside them."""
    model = nn.MLP(2, SIZES, rng=0)
    first, second, third = model.layers
    inputs = [[Value(number) for number in x] for x in X]
    hidden = [first(x) for x in inputs]
    deeper = [second(x) for x in hidden]
    scores = [model(x) for x in X]
    loss = total([nn.hinge(score, label) for score, label in zip(scores, y, strict=True)]) / len(X)
    parts: dict[str, tuple[int, Action]] = {
        "layer 2 → 16 relu": (1, lambda: [first(x) for x in inputs]),
        "layer 16 → 16 relu": (1, lambda: [second(x) for x in hidden]),
        "layer 16 → 1 linear": (1, lambda: [third(x) for x in deeper]),
        "hinge": (1, lambda: [nn.hinge(score, label) for score, label in zip(scores, y, strict=True)]),
        "order of the graph": (1, lambda: gate_order(loss)),
        "backward, order included": (1, loss.backward),
        "one dot of 16": (16, lambda: [dot(n.w, x, n.b) for x in hidden for n in second.neurons]),  # type: ignore[union-attr]
        "one relu": (16, lambda: [h.relu() for x in hidden for h in x]),
    }
    times = medians({name: part for name, (_, part) in parts.items()})
    print("\nWhere the time of ours goes, µs per sample")
    for name, (per_sample, _) in parts.items():
        print(f"  {name:<26} {times[name] / len(X) / per_sample * 1e6:7.1f}")


# ── chains ──────────────────────────────────────────────────────────────────────────────


def multiply_add_chain(engine: Any, count: int) -> Any:
    """a·b + c over and over: so many nodes."""
    b, c, node = engine(0.999), engine(0.001), engine(1.0)
    for _ in range(count // 2):
        node = node * b + c
    return node


def add_chain(count: int) -> Value:
    node, one = Value(0.0), Value(1.0)
    for _ in range(count):
        node = node + one
    return node


def median_stages(builds: dict[str, Action], rounds: int) -> dict[str, list[float]]:
    """How long each graph takes to build, to differentiate and to free, in rounds in which all take turns."""
    runs: dict[str, list[list[float]]] = {name: [] for name in builds}
    for _ in range(rounds):
        for name, build in builds.items():
            roots: list[Any] = []
            forward = seconds(lambda build=build, roots=roots: roots.append(build()))
            runs[name].append([forward, seconds(roots[0].backward), seconds(roots.clear)])
    return {
        name: [statistics.median(stage) for stage in zip(*times, strict=True)] for name, times in runs.items()
    }


def time_multiply_add(count: int = 66_000) -> None:
    sys.setrecursionlimit(10 * count)  # micrograd recurses through the graph
    engines = {"micrograd": micrograd.engine.Value, "ours": Value}
    builds = {name: lambda e=engine: multiply_add_chain(e, count) for name, engine in engines.items()}
    print(f"\nA chain of a·b + c, {count:,} nodes: µs per node")
    for name, times in median_stages(builds, ROUNDS).items():
        there, back, _ = (taken / count * 1e6 for taken in times)
        print(f"  {name:<10} forward {there:5.2f}   backward {back:5.2f}   together {there + back:5.2f}")


def measure_add_chains() -> None:
    print("\nA chain of adds: per node")
    print(f"  {'nodes':>9}  {'forward':>9}  {'backward':>9}  {'freeing':>9}  {'memory':>9}")
    for count in (1_000, 10_000, 100_000, 1_000_000):
        times = median_stages({"ours": lambda count=count: add_chain(count)}, ROUNDS if count < 1e6 else 3)
        memory = peak_memory(lambda count=count: add_chain(count))
        per_node = "  ".join(f"{taken / count * 1e6:6.2f} µs" for taken in times["ours"])
        print(f"  {count:>9,}  {per_node}  {memory / count:4.0f} byte")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    points, labels = nn.moons(100, rng=1, labels=(-1, 1))
    compare_steps(points, labels)
    profile(points, labels)
    time_multiply_add()
    measure_add_chains()
