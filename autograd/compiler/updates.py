"""One update of many parameters as native code, for training by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler import kernels

Rows = Sequence[Sequence[float]]
Update = Callable[[Sequence[float], Sequence[float], Rows, Sequence[float]], Any]


def native_update(rule: Callable[..., Any], states: int, settings: int) -> Update:
    """A rule (parameter, gradient, *states, *settings) -> (parameter, *states), applied to all at once.

    It takes numbers, gradients, states and settings and gives the new numbers and states; None if one
    of them is not finite or the rule raises. Raises TypeError for a rule that numba cannot compile.
    """
    kernel = kernels.update_kernel(rule, states, settings, None)

    def update(
        numbers: Sequence[float], gradients: Sequence[float], states: Rows, settings: Sequence[float]
    ) -> tuple[list[float], list[list[float]]] | None:
        before = np.array([numbers, *states])
        after, count = np.empty_like(before), len(numbers)
        refused = kernels.update(
            kernel, numbers=before, new_numbers=after, gradients=np.array(gradients),
            settings=np.array(settings), largest_norm=math.inf, count=count, row=count,
        )  # fmt: skip
        return None if refused else (after[0].tolist(), after[1:].tolist())

    return update
