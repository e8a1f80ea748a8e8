"""Activations: which there are, and softmax and maxout against mpmath and by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from mpmath import mp, mpf

import autograd
from autograd import Value
from autograd.gates import activations as gates
from nn import ACTIVATIONS, activations, linear, maxout, relu, softmax


def test_they_are_the_gates_of_the_table_and_three_beside_them() -> None:
    assert ACTIVATIONS.keys() == {*gates.__all__, "linear", "softmax", "maxout"}
    assert all(ACTIVATIONS[name] is getattr(autograd, name) for name in gates.__all__)
    z = Value(-2.0)
    assert linear(z) is z


def test_by_name_they_have_the_lectures_alpha() -> None:
    assert ACTIVATIONS["leaky_relu"](-2.0) == -0.02
    assert ACTIVATIONS["elu"](-2.0) == pytest.approx(math.exp(-2.0) - 1.0)


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
