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


def draws(name: str, seed: int = 0) -> list[float]:
    rng = random.Random(seed)
    return [INITIALIZERS[name](rng, N_IN, N_OUT) for _ in range(20_000)]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_mean_and_variance(name: str) -> None:
    weights = draws(name)
    assert abs(fmean(weights)) <= 4 * math.sqrt(VARIANCES[name] / len(weights))
    assert pvariance(weights) == pytest.approx(VARIANCES[name], rel=0.05)


@pytest.mark.parametrize(
    ("name", "bound"), [("uniform", 1.0), ("he_uniform", 0.34642), ("xavier_uniform", 0.27387)]
)
def test_uniform_ones_fill_their_range(name: str, bound: float) -> None:
    weights = draws(name)
    assert 0.99 * bound < max(weights) <= bound
    assert -bound <= min(weights) < -0.99 * bound


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
    ("activation", "init"), [("linear", "lecun_normal"), ("relu", "he_normal"), ("tanh", "xavier_normal")]
)
def test_signals_neither_grow_nor_fade_through_ten_layers(activation: str, init: str) -> None:
    """The reason for these variances: N(0, 1) would grow by a factor of √40 in every layer."""
    rng = random.Random(0)
    x = [rng.gauss(0, 1) for _ in range(40)]
    signal = [h.data for h in MLP(40, [40] * 10, activation, activation, init=init, rng=rng)(x)]
    assert 0.05 < math.sqrt(fmean(h * h for h in signal)) < 3


def test_n01_signals_do_grow() -> None:
    rng = random.Random(0)
    x = [rng.gauss(0, 1) for _ in range(40)]
    signal = [h.data for h in MLP(40, [40] * 10, "linear", init="standard_normal", rng=rng)(x)]
    assert math.sqrt(fmean(h * h for h in signal)) > 1e6
