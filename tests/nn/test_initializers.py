"""Initialisers: the spread they promise, their defaults, and what the spread is for."""

from __future__ import annotations

import math
import random
from statistics import fmean, pvariance

import pytest

from nn import ACTIVATIONS, INITIALIZERS, MLP, Layer, initializers

N_IN, N_OUT = 50, 30

VARIANCES = {
    "standard_normal": 1.0,
    "lecun_normal": 1 / N_IN,
    "he_normal": 2 / N_IN,
    "he_uniform": 2 / N_IN,
    "xavier_normal": 2 / (N_IN + N_OUT),
    "xavier_uniform": 2 / (N_IN + N_OUT),
    "uniform": 1 / 3,
    "zeros": 0.0,
}


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name: str) -> None:
    rng = random.Random(0)
    weights = [INITIALIZERS[name](rng, N_IN, N_OUT) for _ in range(20_000)]
    assert abs(fmean(weights)) <= 4 * math.sqrt(VARIANCES[name] / len(weights))
    assert pvariance(weights) == pytest.approx(VARIANCES[name], rel=0.05)
    if "uniform" in name:  # U(-a, a) has the variance a²/3
        bound = math.sqrt(3 * VARIANCES[name])
        assert 0.99 * bound < max(weights) <= bound


DEFAULTS = {
    **dict.fromkeys(
        ["relu", "leaky_relu", "elu", "softplus", "silu", "gelu", "gelu_tanh", "mish"], "he_normal"
    ),
    **dict.fromkeys(["sigmoid", "tanh", "softmax", "hardtanh", "softsign"], "xavier_normal"),
    **dict.fromkeys(["linear", "maxout", "selu", "log_sigmoid"], "lecun_normal"),
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_default_of_each_activation(activation: str) -> None:
    layer = Layer(3, 2, activation, rng=5)
    named = Layer(3, 2, activation, rng=5, init=DEFAULTS[activation])
    assert layer.state_dict() == named.state_dict()


def test_the_default_of_a_function_of_ones_own() -> None:
    assert initializers.find_initializer(None, lambda z: z).__name__ == "lecun_normal"


@pytest.mark.parametrize(
    ("activation", "init", "low", "high"),
    [
        ("linear", "lecun_normal", 0.05, 3),
        ("relu", "he_normal", 0.05, 3),
        ("tanh", "xavier_normal", 0.05, 3),
        ("linear", "standard_normal", 1e6, math.inf),  # by a factor of √30 in every layer
    ],
)
def test_signals_neither_grow_nor_fade_through_ten_layers_but_for_n01(
    activation: str, init: str, low: float, high: float
) -> None:
    rng = random.Random(0)
    x = [rng.gauss(0, 1) for _ in range(30)]
    signal = [h.data for h in MLP(30, [30] * 10, activation, activation, init=init, rng=rng)(x)]
    assert low < math.sqrt(fmean(h * h for h in signal)) < high
