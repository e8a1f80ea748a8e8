"""Predictions and targets drawn at random, for losses: `draw(rng, k)` gives a row of k numbers."""

from __future__ import annotations

import random
from collections.abc import Callable

Row = list[float]
Draw = Callable[[random.Random, int], Row]


def each_of(draw: Callable[[random.Random], float]) -> Draw:
    """A row of numbers drawn one by one."""
    return lambda rng, k: [draw(rng) for _ in range(k)]


numbers = each_of(lambda rng: rng.gauss(0, 2))
units = each_of(lambda rng: rng.uniform(0.01, 0.99))
labels = each_of(lambda rng: rng.choice([0.0, 1.0, rng.random()]))
signs = each_of(lambda rng: rng.choice([-1.0, 1.0]))


def distribution(rng: random.Random, k: int) -> Row:
    """Probabilities that add up to 1."""
    parts = [rng.expovariate(1.0) + 0.01 for _ in range(k)]
    return [part / sum(parts) for part in parts]


def one_hot(rng: random.Random, k: int) -> Row:
    """The row of a class."""
    c = rng.randrange(k)
    return [float(i == c) for i in range(k)]
