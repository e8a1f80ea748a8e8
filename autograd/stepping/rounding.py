"""Whether two numbers are the same but for rounding.

How far rounding may take a sum depends on the size of its terms and not on its own, which may
be 0. So there is no number that is small enough to count as none: a gradient of 1e-20 differs
from twice that.

>>> close(1e-20, 2e-20), close(0.1 + 0.2, 0.3)
(False, True)
>>> close(0.1 + 0.2 - 0.3, 0.0), close(0.1 + 0.2 - 0.3, 0.0, size=0.6)
(False, True)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograd.declaration import contribution

if TYPE_CHECKING:
    from autograd.stepping.steps import BackwardStep
    from autograd.value import Value


def close(a: float, b: float, size: float = 0.0) -> bool:
    """Whether two numbers are the same but for rounding; `size` is that of the terms of a sum."""
    return (
        a == b or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12 * size) or (math.isnan(a) and math.isnan(b))
    )


def sizes(root: Value, backward: Iterable[BackwardStep]) -> dict[Value, float]:
    """For every node that a backward pass reaches, how large its gradient would be if nothing cancelled."""
    found = {root: 1.0}
    for step in backward:
        added = contribution(abs(step.local_gradient), found[step.node])
        found[step.input] = found.get(step.input, 0.0) + added
    return found
