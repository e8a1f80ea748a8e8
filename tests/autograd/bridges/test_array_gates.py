"""The translation of gates to arrays, without PyTorch and JAX: NumPy's arrays with Python's own `math`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import logsumexp
from autograd.bridges.array_gates import ArrayGates
from autograd.function_source import MATHEMATICS
from tests.autograd.bridges.cases import answers_of, own, with_a_ledger
from tests.gate_cases import GATE_CASES, GateCase


def elementwise(function: Callable[..., float]) -> Callable[..., Any]:
    """A function of `math` for arrays: NaN or infinity where it raises, as arrays have it."""

    def of_one(*numbers: float) -> float:
        try:
            return function(*numbers)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return np.vectorize(of_one, otypes=[float])


class NumPyArrays:
    where = staticmethod(np.where)
    largest = staticmethod(lambda array: array.max(axis=1, keepdims=True))
    added = staticmethod(lambda array: array.sum(axis=1, keepdims=True))


for name in MATHEMATICS:
    setattr(NumPyArrays, name, staticmethod(elementwise(getattr(math, name))))

GATES = ArrayGates(NumPyArrays)


def same(array: Any, i: int, number: float) -> bool:
    """Whether element i of an array, or the number that stands for all, is a number to the last digit."""
    found = float(np.broadcast_to(array, (i + 1,))[i] if np.ndim(array) == 0 else array[i])
    return found == number or (found != found and number != number)


POINTS = tuple((a, b, 2.0) for a in (-1.0, 0.0, 2.0, 5.0) for b in (-1.5, 0.0, 0.5))
OWN = [GateCase(own, math.nan, POINTS), GateCase(with_a_ledger, math.nan, ((2.0,), (-3.0,)))]


@pytest.mark.parametrize("case", [*GATE_CASES, *OWN], ids=lambda case: case.name)
def test_every_gate_at_every_point_of_its_table(case: GateCase) -> None:
    answers = answers_of(case)
    columns = map(np.array, zip(*(point for point, _ in answers), strict=True))
    with np.errstate(all="ignore"):
        output, local = GATES.gate(case.gate)(*columns)
    for i, (point, (expected, slopes)) in enumerate(answers):
        assert same(output, i, expected), point
        assert all(same(x, i, slope) for x, slope in zip(local, slopes, strict=True)), point


def test_a_fused_gate_follows_from_the_gates_that_it_folds() -> None:
    rows = [[1.0, 2.0, 0.5], [1000.0, -1000.0, 1000.0], [-math.inf, -math.inf, -math.inf]]
    with np.errstate(all="ignore"):
        output, (local,) = GATES.fused(logsumexp)(np.array(rows)[:, :, None])
    for i, row in enumerate(rows):
        expected, slopes = logsumexp.function(*row)
        assert output[i, 0, 0] == pytest.approx(expected, rel=1e-15)
        assert local[i, :, 0].tolist() == pytest.approx(slopes, rel=1e-15)
