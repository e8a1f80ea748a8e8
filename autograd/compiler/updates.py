"""One update of many parameters as native code, for training by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler import kernels

Rows = Sequence[Sequence[float]]


class NativeUpdate:
    """A rule (parameter, gradient, *states, *settings) -> (parameter, *states), applied to all at once.

    Raises TypeError for a rule that numba cannot compile.
    """

    def __init__(self, rule: Callable[..., Any], states: int, settings: int) -> None:
        self._kernel = kernels.update_kernel(rule, states, settings, None)

    def __call__(
        self, numbers: Sequence[float], gradients: Sequence[float], states: Rows, settings: Sequence[float]
    ) -> tuple[list[float], list[list[float]]] | None:
        """The new numbers and states; None if one of them is not finite or the rule raises."""
        before = np.array([numbers, *states])
        after = np.empty_like(before)
        refused = kernels.update(
            self._kernel,
            numbers=before,
            new_numbers=after,
            gradients=np.array(gradients),
            settings=np.array(settings),
            largest_norm=math.inf,
            count=len(numbers),
            row=len(numbers),
        )
        return None if refused else (after[0].tolist(), after[1:].tolist())
