"""Activations against mpmath and the lecture's derivatives."""

from __future__ import annotations

from typing import Any

import pytest
from mpmath import mp, mpf

import autograd
from autograd import Value
from nn import ACTIVATIONS, activations, maxout, relu, softmax

BEYOND_THE_LECTURE = [  # see gate_cases
    *("log_sigmoid", "silu", "gelu", "gelu_tanh", "selu", "mish", "hardtanh", "softsign")
]


def sigma(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


# Written as the lecture writes them: (value, derivative), in 50 digits.
LECTURE: dict[str, tuple[Any, Any]] = {
    "linear": (lambda z: z, lambda z: mpf(1)),
    "sigmoid": (sigma, lambda z: sigma(z) * (1 - sigma(z))),
    "tanh": (lambda z: 2 / (1 + mp.exp(-2 * z)) - 1, lambda z: 1 - mp.tanh(z) ** 2),
    "relu": (lambda z: max(mpf(0), z), lambda z: mpf(z > 0)),
    "leaky_relu": (lambda z: z if z >= 0 else mpf(0.01) * z, lambda z: mpf(1) if z >= 0 else mpf(0.01)),
    "elu": (lambda z: z if z > 0 else mp.exp(z) - 1, lambda z: mpf(1) if z > 0 else mp.exp(z)),
    "softplus": (lambda z: mp.log(1 + mp.exp(z)), sigma),
}

POINTS = [-1000.0, -40.0, -4.0, -1.0, -1e-8, 0.0, 1e-8, 0.5, 2.0, 4.0, 40.0, 1000.0]


@pytest.mark.parametrize("name", LECTURE)
@pytest.mark.parametrize("point", POINTS)
def test_value_and_derivative_are_the_lectures(name: str, point: float) -> None:
    value, derivative = LECTURE[name]
    z = Value(point)
    h = ACTIVATIONS[name](z)
    h.backward()
    assert repr(ACTIVATIONS[name](point)) == repr(h.data)
    with mp.workdps(1000):
        assert h.data == pytest.approx(float(value(mpf(point))), rel=1e-14, abs=0)
        assert z.grad == pytest.approx(float(derivative(mpf(point))), rel=1e-14, abs=1e-16)


def test_every_activation_is_tried_here() -> None:
    assert set(ACTIVATIONS) == {*LECTURE, *BEYOND_THE_LECTURE, "softmax", "maxout"}
    assert all(ACTIVATIONS[name] is getattr(autograd, name) for name in BEYOND_THE_LECTURE)


# ── softmax ─────────────────────────────────────────────────────────────────────────────

ROWS = [
    [1.0, 2.0, 3.0],
    [0.0, 0.0],
    [-5.0],
    [1000.0, 0.0, -1000.0],
    [1000.0, 999.0],
    [-1000.0, -1001.0],
    [0.1] * 7,
]


def true_softmax(row: list[float]) -> list[float]:
    with mp.workdps(1000):
        powers = [mp.exp(mpf(z)) for z in row]
        return [float(p / mp.fsum(powers)) for p in powers]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_softmax_and_its_jacobian(row: list[float]) -> None:
    h = true_softmax(row)
    assert softmax(row) == pytest.approx(h, rel=1e-12, abs=0)
    for i in range(len(row)):
        z = [Value(number) for number in row]
        softmax(z)[i].backward()
        expected = [h[i] * ((i == j) - h[j]) for j in range(len(row))]
        assert [v.grad for v in z] == pytest.approx(expected, rel=1e-11, abs=1e-15)


# ── maxout ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "largest", "gradient"),
    [
        ([1.0, 3.0, 2.0], 3.0, [0.0, 1.0, 0.0]),
        ([2.0, 2.0], 2.0, [1.0, 0.0]),
        ([0.0, 5.0, 5.0], 5.0, [0.0, 1.0, 0.0]),
        ([-1.0], -1.0, [1.0]),
    ],
)
def test_maxout_routes_to_the_largest_and_at_a_tie_to_the_first(
    row: list[float], largest: float, gradient: list[float]
) -> None:
    z = [Value(number) for number in row]
    h = maxout(z)
    assert h.data == maxout(row) == largest
    (h * 1.0).backward()
    assert [v.grad for v in z] == gradient


@pytest.mark.parametrize("function", [softmax, maxout])
def test_no_numbers_are_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="at least"):
        function([])


# ── names ───────────────────────────────────────────────────────────────────────────────


def test_names() -> None:
    assert activations.find_activation(relu) is relu
    for name, function in activations.ACTIVATIONS.items():
        assert activations.find_activation(name) is function
        assert activations.activation_name(function) == name

    class Swish:
        def __call__(self, z: Value) -> Value:
            return z * z.sigmoid()

    assert activations.activation_name(Swish()) == "Swish"
