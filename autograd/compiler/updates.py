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
        new_numbers, new_states = np.array(numbers), np.array(states, dtype=float)
        refused = kernels.update(
            self._kernel,
            numbers=new_numbers,
            gradients=np.array(gradients),
            states=new_states,
            settings=np.array(settings),
            largest_norm=math.inf,
            count=len(numbers),
        )
        return None if refused else (new_numbers.tolist(), new_states.tolist())
