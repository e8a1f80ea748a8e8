"""Graphs that many tests look at: small ones to read, large ones as they come up in a course."""

from __future__ import annotations

import random

from autograd import Value, dot, total
from autograd.lectures.labelled import named as named  # for the tests too
from autograd.value import gate_order


def chain(length: int) -> Value:
    """tanh(tanh(… x …))."""
    x = Value(0.5, "x")
    for _ in range(length):
        x = x.tanh()
    return x


def horner(steps: int) -> Value:
    """((a0·x + a1)·x + a2)·x + …: every step uses x."""
    x, result = Value(0.5, "x"), Value(1.0, "a0")
    for i in range(1, steps + 1):
        result = result * x + Value(0.1 * i, f"a{i}")
    return result


def recurrent(steps: int) -> Value:
    """Unrolled h = tanh(w·h + u·x + b): every step uses w, u and b."""
    w, u, b, h = Value(0.5, "w"), Value(0.3, "u"), Value(0.1, "b"), Value(0.0, "h0")
    for i in range(steps):
        h = (w * h + u * Value(float(i % 3), f"x{i}") + b).tanh()
    return h


def attention(words: int, size: int) -> Value:
    """The sum of squares of one head's outputs: queries, keys and values of every word, softmax, mixture."""
    rng = random.Random(0)
    inputs = [[Value(rng.gauss(0.0, 1.0), f"x{i}{j}") for j in range(size)] for i in range(words)]
    matrices = [
        [[Value(rng.gauss(0.0, 1.0), f"{name}{i}{j}") for j in range(size)] for i in range(size)]
        for name in "QKV"
    ]
    queries, keys, values = ([[dot(row, x) for row in matrix] for x in inputs] for matrix in matrices)
    outputs = []
    for query in queries:
        weights = [dot(query, key).exp() for key in keys]
        normal = total(weights)
        shares = [weight / normal for weight in weights]
        outputs += [dot(shares, [value[j] for value in values]) for j in range(size)]
    return total([output * output for output in outputs])


def tangle(size: int, leaves: int = 20, seed: int = 0) -> Value:
    """A random graph: every gate takes any two of the values so far."""
    rng = random.Random(seed)
    values = [Value(rng.gauss(0.0, 1.0), f"x{i}") for i in range(leaves)]
    while len(values) < size - 1:
        a, b = rng.choice(values), rng.choice(values)
        values.append(rng.choice([lambda a=a, b=b: a + b, lambda a=a, b=b: (a * b).tanh()])())
    return total(values)


def dense(layers: int, width: int) -> Value:
    """Every value of a layer goes into all of the next."""
    h = [Value(0.1 * i, f"x{i}") for i in range(width)]
    for _ in range(layers):
        h = [total(h).tanh() for _ in range(width)]
    return total(h)


def window(size: int, reach: int) -> Value:
    """Every value is the sum of so many before it."""
    values = [Value(1.0, "x")]
    while len(values) < size:
        values.append(total(values[-reach:]).tanh())
    return values[-1]


LARGE = {
    "chain": lambda: chain(499),
    "Horner scheme": lambda: horner(166),
    "recurrent net": lambda: recurrent(82),
    "attention": lambda: attention(4, 4),
    "tangle": lambda: tangle(330),
    "dense layers": lambda: dense(25, 8),
    "window": lambda: window(80, 15),
}
"""Up to 500 values, as many as `draw` takes."""


def gate_names(root: Value) -> list[str]:
    """The gates above a node, and its own, in the order in which they were applied."""
    return [node.gate.name for node in gate_order(root) if node.gate]
