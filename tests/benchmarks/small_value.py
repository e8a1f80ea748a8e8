"""The peer of the eager engine: a Value as small as popular ones are, and a GPT that either of them runs.

The source of the model is plain Python: + and ×, powers, `exp`, `log` and `relu` of whatever engine
it is given. It is `nn.CharacterGPT` with its Adam, written out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any


class SmallValue:
    """A number with what it was computed from and the local gradients: an engine of some forty lines."""

    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data: Any, children: Any = (), local_grads: Any = ()) -> None:
        self.data, self.grad = data, 0
        self.children, self.local_grads = children, local_grads

    def __add__(self, other: Any) -> SmallValue:
        other = other if isinstance(other, SmallValue) else SmallValue(other)
        return SmallValue(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other: Any) -> SmallValue:
        other = other if isinstance(other, SmallValue) else SmallValue(other)
        return SmallValue(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> SmallValue:
        return SmallValue(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self) -> SmallValue:
        return SmallValue(math.exp(self.data), (self,), (math.exp(self.data),))

    def log(self) -> SmallValue:
        return SmallValue(math.log(self.data), (self,), (1 / self.data,))

    def relu(self) -> SmallValue:
        return SmallValue(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> SmallValue:
        return self * -1

    def __sub__(self, other: Any) -> SmallValue:
        return self + (-other)

    def __truediv__(self, other: Any) -> SmallValue:
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        order: list[SmallValue] = []
        visited = set()

        def visit(node: SmallValue) -> None:
            if node not in visited:
                visited.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1
        for node in reversed(order):
            for child, local in zip(node.children, node.local_grads):  # noqa: B905  as it is there
                child.grad += local * node.grad


Matrix = list[list[Any]]


class WrittenOutGPT:
    """The GPT with its weights as lists of rows, by the names of `nn.CharacterGPT`."""

    def __init__(self, engine: Any, weights: dict[str, Any], heads: int = 4) -> None:
        self.weights = {name: [[engine(w) for w in row] for row in rows] for name, rows in weights.items()}
        self.parameters = [w for rows in self.weights.values() for row in rows for w in row]
        self.heads, self.steps = heads, 0
        self.means, self.squares = ([0.0] * len(self.parameters) for _ in range(2))

    def loss(self, word: Sequence[int]) -> Any:
        keys: Matrix = []
        values: Matrix = []
        losses = []
        for place, (token, target) in enumerate(pairwise(word)):
            shares = softmax(self._logits(token, place, keys, values))
            losses.append(-shares[target].log())
        return (1 / len(losses)) * sum(losses)

    def _logits(self, token: int, place: int, keys: Matrix, values: Matrix) -> list[Any]:
        w = self.weights
        x = normed(added(w["tokens"][token], w["positions"][place]))
        before, x = x, normed(x)
        query = linear(w["query"], x)
        keys.append(linear(w["key"], x))
        values.append(linear(w["value"], x))
        attended: list[Any] = []
        size = len(query) // self.heads
        for start in range(0, len(query), size):
            head = range(start, start + size)
            scores = [sum(query[j] * key[j] for j in head) / size**0.5 for key in keys]
            shares = softmax(scores)
            attended += [sum(a * v[j] for a, v in zip(shares, values, strict=True)) for j in head]
        x = added(before, linear(w["mix"], attended))
        hidden = [h.relu() for h in linear(w["widen"], normed(x))]
        return linear(w["logits"], added(x, linear(w["narrow"], hidden)))

    def train(self, word: Sequence[int], rate: float, beta1: float, beta2: float, epsilon: float) -> float:
        """One step of Adam on a word; its loss."""
        loss = self.loss(word)
        loss.backward()
        self.steps += 1
        for i, p in enumerate(self.parameters):
            self.means[i] = beta1 * self.means[i] + (1 - beta1) * p.grad
            self.squares[i] = beta2 * self.squares[i] + (1 - beta2) * p.grad**2
            mean = self.means[i] / (1 - beta1**self.steps)
            square = self.squares[i] / (1 - beta2**self.steps)
            p.data -= rate * mean / (square + epsilon) ** 0.5
            p.grad = 0
        return float(loss.data)


def linear(rows: Matrix, x: Sequence[Any]) -> list[Any]:
    return [sum(w_j * x_j for w_j, x_j in zip(row, x, strict=True)) for row in rows]


def softmax(z: Sequence[Any]) -> list[Any]:
    largest = max(z_i.data for z_i in z)
    exps = [(z_i - largest).exp() for z_i in z]
    total = sum(exps)
    return [e / total for e in exps]


def normed(x: Sequence[Any]) -> list[Any]:
    scale = (sum(x_i * x_i for x_i in x) / len(x) + 1e-5) ** -0.5
    return [x_i * scale for x_i in x]


def added(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    return [a_i + b_i for a_i, b_i in zip(a, b, strict=True)]
