"""How weights start: small random numbers, so that the neurons of a layer differ.

An initialiser draws one weight of a layer with n_in inputs and n_out neurons. Their
spread decides whether signals grow or fade from layer to layer: with variance 1/n_in the
weighted sum z varies as much as the inputs do. Biases start at 0.

Which one a layer takes where none is asked for depends on its activation:

| activation | initialiser |
|---|---|
| relu, leaky_relu, elu, softplus | he_normal |
| sigmoid, tanh, softmax | xavier_normal |
| linear, maxout, a function of one's own | lecun_normal |

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

from autograd.arguments import generator, whole_number
from autograd.reals import kind, shortened
from nn.activations import Activation, activation_name

Initializer = Callable[[random.Random, int, int], float]
"""(rng, n_in, n_out) -> one weight."""


def standard_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 1), whatever the size of the layer. Source: the lecture."""
    _check(rng, n_in, n_out)
    return rng.gauss(0.0, 1.0)


def lecun_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 1/n_in): z varies as much as the inputs. Source: LeCun et al. 1998, the lecture."""
    _check(rng, n_in, n_out)
    return rng.gauss(0.0, math.sqrt(1.0 / n_in))


def he_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 2/n_in): makes up for the half of z that a ReLU cuts off. Source: He et al. 2015."""
    _check(rng, n_in, n_out)
    return rng.gauss(0.0, math.sqrt(2.0 / n_in))


def he_uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-a, a) with a = √(6/n_in), the variance of `he_normal`. Source: He et al. 2015.

    >>> -0.5 < he_uniform(random.Random(0), 24, 1) < 0.5
    True
    """
    _check(rng, n_in, n_out)
    bound = math.sqrt(6.0 / n_in)
    return rng.uniform(-bound, bound)


def xavier_normal(rng: random.Random, n_in: int, n_out: int) -> float:
    """N(0, 2/(n_in + n_out)): between what the forward and the backward pass ask for.

    Also called Glorot's. Source: Glorot and Bengio 2010.
    """
    _check(rng, n_in, n_out)
    return rng.gauss(0.0, math.sqrt(2.0 / (n_in + n_out)))


def xavier_uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-a, a) with a = √(6/(n_in + n_out)), the variance of `xavier_normal` (Glorot and Bengio 2010).

    >>> -0.5 < xavier_uniform(random.Random(0), 12, 12) < 0.5
    True
    """
    _check(rng, n_in, n_out)
    bound = math.sqrt(6.0 / (n_in + n_out))
    return rng.uniform(-bound, bound)


def uniform(rng: random.Random, n_in: int, n_out: int) -> float:
    """U(-1, 1), whatever the size of the layer."""
    _check(rng, n_in, n_out)
    return rng.uniform(-1.0, 1.0)


def zeros(rng: random.Random, n_in: int, n_out: int) -> float:
    """0. Right for logistic regression; neurons of one layer then stay alike for ever."""
    _check(rng, n_in, n_out)
    return 0.0


def _check(rng: random.Random, n_in: int, n_out: int) -> None:
    generator("rng", rng)
    whole_number("n_in", n_in, at_least=1)
    whole_number("n_out", n_out, at_least=1)


INITIALIZERS: dict[str, Initializer] = {
    function.__name__: function
    for function in (
        standard_normal,
        lecun_normal,
        he_normal,
        he_uniform,
        xavier_normal,
        xavier_uniform,
        uniform,
        zeros,
    )
}

DEFAULTS: dict[str, Initializer] = {
    "relu": he_normal,
    "leaky_relu": he_normal,
    "elu": he_normal,
    "softplus": he_normal,
    "sigmoid": xavier_normal,
    "tanh": xavier_normal,
    "softmax": xavier_normal,
}
"""Activation -> initialiser; `lecun_normal` for the rest."""


def find_initializer(init: str | Initializer | None, activation: Activation) -> Initializer:
    """The initialiser that a name stands for, or the default of the activation for None.

    Raises ValueError for a name that is not in the table, TypeError for anything else that
    is no function.

    >>> from nn.activations import tanh
    >>> find_initializer(None, tanh).__name__
    'xavier_normal'
    """
    if init is None:
        return DEFAULTS.get(activation_name(activation), lecun_normal)
    if isinstance(init, str):
        if init not in INITIALIZERS:
            raise ValueError(
                f"there is no initialiser {shortened(init)}; there are {', '.join(INITIALIZERS)}, "
                "and any function (rng, n_in, n_out) -> weight"
            )
        return INITIALIZERS[init]
    if not callable(init):
        raise TypeError(f"an initialiser is a name or a function, got {kind(init)}")
    return init


def find_rng(rng: random.Random | int | None) -> random.Random:
    """The generator that is meant: itself, one with that seed, or for None a fresh one.

    None gives other numbers in every run. It is not a fixed seed, because neurons made one
    by one would then all be alike, and stay alike in training.

    Raises TypeError for anything else.

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
