"""Randomness in a network: dropout and noise, at work while a model learns, and not while it predicts.

Both act where gates are recorded, as in training, and hand on their inputs inside `no_grad`, as
in `predict` and `evaluate`. Compiled, the numbers are drawn afresh for every sample.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.arguments import nonnegative, real_number
from autograd.draws import Draw
from autograd.grad_mode import grad_enabled
from autograd.value import Value
from nn.initializers import Rng, find_rng
from nn.module import Module


class Dropout(Module):
    """Each input times 0 with the probability p, otherwise times 1/(1-p), so that its mean stays.

    p    the share of inputs that is switched off, at least 0 and less than 1
    rng  a random.Random or an integer seed; None for other choices in every run

    Source: Srivastava et al. 2014, in the "inverted" form that PyTorch's Dropout has too.

    >>> from autograd import no_grad
    >>> dropout = Dropout(0.5, rng=0)
    >>> [h.data for h in dropout([1.0, 2.0, 3.0, 4.0])]
    [2.0, 4.0, 0.0, 0.0]
    >>> with no_grad():
    ...     dropout([1.0, 2.0, 3.0, 4.0])
    [1.0, 2.0, 3.0, 4.0]
    """

    def __init__(self, p: float, rng: Rng = None) -> None:
        self.p = real_number("p", p, "at least 0 and less than 1", lambda p: 0.0 <= p < 1.0)
        self._rng = find_rng(rng)

    def __call__(self, x: Any) -> Any:
        """The inputs, a Value or a list, some of them switched off."""

        def mask() -> float:
            return 0.0 if self._rng.random() < self.p else 1.0 / (1.0 - self.p)

        return _each(x, lambda v: v * Draw(mask, 1.0, "mask"))

    def __repr__(self) -> str:
        return f"Dropout({self.p})"


class Noise(Module):
    """Each input plus a number drawn from the normal distribution with mean 0.

    deviation  the standard deviation σ of the noise
    rng        a random.Random or an integer seed; None for other noise in every run

    Source: Bishop 1995, "Training with noise is equivalent to Tikhonov regularization".

    >>> [round(h.data, 2) for h in Noise(0.1, rng=0)([1.0, 2.0])]
    [1.09, 1.86]
    """

    def __init__(self, deviation: float, rng: Rng = None) -> None:
        self.deviation = nonnegative("deviation", deviation)
        self._rng = find_rng(rng)

    def __call__(self, x: Any) -> Any:
        """The inputs, a Value or a list, with noise added."""
        return _each(x, lambda v: v + Draw(lambda: self._rng.gauss(0.0, self.deviation), 0.0, "noise"))

    def __repr__(self) -> str:
        return f"Noise({self.deviation})"


def _each(x: Any, noisy: Callable[[Any], Value]) -> Any:
    if not grad_enabled():
        return x
    return [noisy(v) for v in x] if hasattr(x, "__iter__") else noisy(x)
