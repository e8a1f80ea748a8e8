"""The lecture's worked examples, built from Values, with the numbers that it prints and its errata.

>>> example = logistic()
>>> example.root.backward()
>>> print(example["g7"].data, example["g7"].grad)
1.3678794411714423 0.7310585786300049

Every call builds an example afresh, so that nothing done to one shows in the next. Each
number that the lecture prints stands here once, beside the exact one and, where the two
differ, beside the reason.

Sources. "Slides" are those on neural networks by Hung-Hsuan Chen (Deep learning), the
title of the slide given; "Lecture 2" and "chain-rule notes" are handwritten notes of
other lectures.
"""

from __future__ import annotations

from collections.abc import Callable

from autograd.lectures.errata import errata, small_numbers
from autograd.lectures.example import Example
from autograd.lectures.forward import forward
from autograd.lectures.labelled import named
from autograd.lectures.logistic import logistic
from autograd.lectures.two_layer import two_layer

__all__ = ["EXAMPLES", "errata", "forward", "logistic", "named", "small_numbers", "two_layer"]

EXAMPLES: dict[str, Callable[[], Example]] = {
    "logistic": logistic,
    "two-layer": two_layer,
    "forward": forward,
}
"""The examples by the names that the command line knows them by."""
