"""The lecture's worked examples, built from Values, with the numbers that it prints and its errata.

>>> example = logistic()
>>> example.root.backward()
>>> print(example["g7"].data, example["g7"].grad)
1.3678794411714423 0.7310585786300049

Every call builds an example afresh, so that nothing done to one shows in the next. Each
number that the lecture prints stands here once, beside the exact one and, if the two
differ, beside the reason.

“The lecture” is five documents, S1 to S5, which `SOURCES` names; every printed number and every
erratum says where it stands, such as S3:336.
"""

from __future__ import annotations

from collections.abc import Callable

from autograd.lectures.errata import SOURCES, errata
from autograd.lectures.example import Example
from autograd.lectures.forward import forward
from autograd.lectures.labelled import named
from autograd.lectures.logistic import logistic
from autograd.lectures.two_layer import two_layer

__all__ = ["EXAMPLES", "SOURCES", "errata", "forward", "logistic", "named", "two_layer"]

EXAMPLES: dict[str, Callable[[], Example]] = {
    "logistic": logistic,
    "two-layer": two_layer,
    "forward": forward,
}
"""The examples by the names that the command line knows them by."""
