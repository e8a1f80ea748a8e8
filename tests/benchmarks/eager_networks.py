"""Training a network eagerly, beside micrograd: python tests/benchmarks/eager_networks.py

One training step on moons (2-16-16-1, ReLU, hinge loss, SGD, 100 points, all at once), as a
user of each library writes it, with the same weights: the time, and the memory that the graph
and its backward pass take. Then where the time of ours goes, in microseconds per sample.

Printed and not asserted, since machines differ. Rounds take turns, the garbage collector runs
before every timing and is at its default during it, and medians are compared.
"""

from __future__ import annotations

import gc
import platform
import tracemalloc
from collections.abc import Callable
from typing import Any

import micrograd.engine
import micrograd.nn
from engine import medians  # the benchmark beside this one; it also finds the packages

import nn
from autograd import Value, dot, total
from autograd.value import gate_order

SIZES = [16, 16, 1]
ROUNDS = 9

Step = Callable[[], float]


def our_step(X: list[list[float]], y: list[int]) -> Step:
    model = nn.MLP(2, SIZES, rng=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)

    def step() -> float:
        loss = total([nn.hinge(model(x), label) for x, label in zip(X, y, strict=True)]) / len(X)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return float(loss.data)

    return step


def micrograd_step(X: list[list[float]], y: list[int]) -> Step:
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


def peak_memory(step: Callable[[], None]) -> int:
    """How many bytes a step holds at most, beyond what was there before."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak - before


def compare(X: list[list[float]], y: list[int]) -> None:
    steps = {"micrograd": micrograd_step(X, y), "ours": our_step(X, y)}
    losses: dict[str, list[float]] = {name: [] for name in steps}

    def recorded(name: str) -> Callable[[], None]:
        return lambda: losses[name].append(steps[name]())

    times = medians({name: recorded(name) for name in steps}, ROUNDS)
    memory = {name: peak_memory(recorded(name)) for name in steps}
    print(f"One training step on moons, 2-16-16-1, 100 points, medians of {ROUNDS} rounds")
    print(
        f"  {'':<10} {'time':>9}  {'speed':>7}   {'memory':>9}  {'share':>7}   loss after {ROUNDS + 1} steps"
    )
    for name, loss in losses.items():
        speed, share = times["micrograd"] / times[name], memory[name] / memory["micrograd"]
        print(
            f"  {name:<10} {times[name] * 1e3:6.1f} ms  {speed:5.1f} ×   "
            f"{memory[name] / 2**20:5.1f} MiB  {share:7.1%}   {loss[-1]:.12f}"
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
    parts: dict[str, tuple[int, Callable[[], Any]]] = {
        "layer 2 → 16 relu": (1, lambda: [first(x) for x in inputs]),
        "layer 16 → 16 relu": (1, lambda: [second(x) for x in hidden]),
        "layer 16 → 1 linear": (1, lambda: [third(x) for x in deeper]),
        "hinge": (1, lambda: [nn.hinge(score, label) for score, label in zip(scores, y, strict=True)]),
        "order of the graph": (1, lambda: gate_order(loss)),
        "backward, order included": (1, loss.backward),
        "one dot of 16": (16, lambda: [dot(n.w, x, n.b) for x in hidden for n in second.neurons]),  # type: ignore[union-attr]
        "one relu": (16, lambda: [h.relu() for x in hidden for h in x]),
    }
    times = medians({name: part for name, (_, part) in parts.items()}, ROUNDS)
    print("\nWhere the time of ours goes, µs per sample")
    for name, (per_sample, _) in parts.items():
        print(f"  {name:<26} {times[name] / len(X) / per_sample * 1e6:7.1f}")


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    points, labels = nn.moons(100, rng=1, labels=(-1, 1))
    compare(points, labels)
    profile(points, labels)
