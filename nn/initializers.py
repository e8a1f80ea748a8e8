"""How weights start: small random numbers, so that the neurons of a layer differ.

An initialiser draws one weight of a layer with n_in inputs and n_out neurons. Their
spread decides whether signals grow or fade from layer to layer: with variance 1/n_in the
weighted sum z varies as much as the inputs do. Biases start at 0.

The default of a layer depends on its activation: `he_normal` for those that cut off one side,
such as relu, `xavier_normal` for those that level off on both, such as tanh, and for softmax,
`lecun_normal` for the rest.

>>> import random
>>> rng = random.Random(0)
>>> weights = [he_normal(rng, 50, 10) for _ in range(10_000)]
>>> round(sum(w * w for w in weights) / len(weights), 2)  # 2/n_in = 0.04
0.04
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable

from autograd.reals import kind
from nn.activations import Activation, activation_name, named

__all__ = [
    "INITIALIZERS", "he_normal", "he_uniform", "lecun_normal", "standard_normal", "uniform",
    "xavier_normal", "xavier_uniform", "zeros",
]  # fmt: skip

Initializer = Callable[[random.Random, int, int], float]
"""(rng, n_in, n_out) -> one weight."""

Init = str | Initializer | None
"""The name of an initialiser, a function, or None for the activation's default."""

Rng = random.Random | int | None
"""A generator, the seed of one, or None for other numbers in every run."""


def standard_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 1), whatever the size of the layer. Source: the lecture."""
    return rng.gauss(0.0, 1.0)


def lecun_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 1/n_in): z varies as much as the inputs. Source: LeCun et al. 1998, the lecture."""
    return rng.gauss(0.0, math.sqrt(1.0 / n_in))


def he_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 2/n_in): makes up for the half of z that ReLU cuts off. Source: He et al. 2015."""
    return rng.gauss(0.0, math.sqrt(2.0 / n_in))


def he_uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-a, a) with a = √(6/n_in), the variance of `he_normal`. Source: He et al. 2015."""
    bound = math.sqrt(6.0 / n_in)
    return rng.uniform(-bound, bound)


def xavier_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 2/(n_in + n_out)): a compromise between the forward pass (1/n_in) and the backward pass (1/n_out).

    Also called Glorot's. Source: Glorot and Bengio 2010.
    """
    return rng.gauss(0.0, math.sqrt(2.0 / (n_in + n_out)))


def xavier_uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-a, a) with a = √(6/(n_in + n_out)), the variance of `xavier_normal` (Glorot and Bengio 2010)."""
    bound = math.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-bound, bound)


def uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-1, 1), whatever the size of the layer."""
    return rng.uniform(-1.0, 1.0)


def zeros(rng: random.Random, n_in: int, n_out: int) -> float:
    """0. Right for logistic regression; the neurons of a hidden layer would stay alike forever."""
    return 0.0


INITIALIZERS: dict[str, Initializer] = {
    function.__name__: function
    for function in (
        *(standard_normal, lecun_normal, he_normal, xavier_normal),
        *(he_uniform, xavier_uniform, uniform, zeros),
    )
}

_DEFAULTS: dict[str, Initializer] = {
    **dict.fromkeys(("relu", "leaky_relu", "elu", "softplus"), he_normal),
    **dict.fromkeys(("silu", "gelu", "gelu_tanh", "mish"), he_normal),
    **dict.fromkeys(("sigmoid", "tanh", "softmax", "hardtanh", "softsign"), xavier_normal),
}


def find_initializer(init: Init, activation: Activation) -> Initializer:
    """The initialiser of this name in `INITIALIZERS`; a function as it is; for None the activation's default.

    >>> from nn import tanh
    >>> find_initializer(None, tanh).__name__
    'xavier_normal'
    """
    if init is None:
        return _DEFAULTS.get(activation_name(activation), lecun_normal)
    found: Initializer = named("initialiser", init, INITIALIZERS, "any function (rng, n_in, n_out) -> weight")
    return found


def find_rng(rng: Rng) -> random.Random:
    """A generator itself, a new one with an integer as its seed, or for None one without a seed.

    None gives other numbers in every run. With a fixed seed as the default, neurons created one
    by one would all be alike, and would stay alike in training.

    >>> find_rng(1).random() == find_rng(1).random()
    True
    """
    if isinstance(rng, random.Random):
        return rng
    if rng is None:
        return random.Random()
    try:
        return random.Random(operator.index(rng))
    except TypeError:
        raise TypeError(f"rng is a random.Random or an integer seed, got {kind(rng)}") from None
