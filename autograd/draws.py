"""Random numbers that a program can draw afresh: noise, and the masks of dropout.

>>> import random
>>> rng = random.Random(0)
>>> noise = Draw(lambda: rng.gauss(0.0, 1.0), mean=0.0, label="noise")
>>> round(noise.data, 4)
0.9417
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arguments import function
from autograd.reals import as_float
from autograd.value import Value


class Draw(Value):
    """A leaf whose number was drawn from a distribution.

    distribution  gives the next number, as `random.Random(0).random` does
    mean          its mean: what the number is worth where nothing should be left to chance, as
                  in the evaluation of a model

    Make one in each call of a function. A plain random number would be frozen into a program
    that records the function, and is refused; a Draw is drawn afresh for every sample. A copy
    of a Draw is a plain leaf, and keeps the number.

    Raises TypeError for a distribution that is not a function, and for anything but numbers.
    """

    __slots__ = ("distribution", "mean")

    def __init__(self, distribution: Callable[[], Any], mean: float, label: str = "") -> None:
        super().__init__(function("distribution", distribution, "random.Random(0).random")(), label)
        self.distribution = distribution
        self.mean = as_float(mean)
