"""Embedding: a row of parameters for each token.

>>> embedding = Embedding(3, 2, rng=0)
>>> embedding
Embedding(3 → 2, 6 parameters)
>>> embedding(1) == embedding.rows[1]
True
"""

from __future__ import annotations

from typing import Any

from autograd.arguments import MOST, nonnegative, whole_number
from autograd.choice import choose
from autograd.parameter_names import label_of
from autograd.value import Value
from nn.initializers import Rng, find_rng
from nn.module import Module


class Embedding(Module):
    """The row of a table that stands at an index: for each of `count` tokens `size` numbers that learn.

    count      how many tokens there are, with the indices 0 … count - 1
    size       how many numbers stand for each
    deviation  the standard deviation σ of the normal distribution that they start from
    rng        a random.Random or an integer seed; None for other numbers in every run

    Only the row of the index gets a gradient, as if the one-hot row of the index were multiplied
    by the table. Source: Bengio et al. 2003; PyTorch's Embedding, which starts from σ = 1 too.
    """

    def __init__(self, count: int, size: int, deviation: float = 1.0, rng: Rng = None) -> None:
        count, size = whole_number("count", count, 1, MOST), whole_number("size", size, 1, MOST)
        deviation, generator = nonnegative("deviation", deviation), find_rng(rng)
        self.rows = [
            [Value(generator.gauss(0.0, deviation), label_of("e", (str(t), str(i)))) for i in range(size)]
            for t in range(count)
        ]

    def __call__(self, index: Any) -> list[Value]:
        """The Values at an index: a whole number, or a Value, as while a program is recorded."""
        if isinstance(index, Value):
            return [choose(index, column) for column in zip(*self.rows, strict=True)]
        return list(self.rows[whole_number("index", index, 0, len(self.rows) - 1)])

    def _description(self) -> str:
        return f"{len(self.rows)} → {len(self.rows[0])}"
