"""The eager engine's answers, and programs compared with them."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pytest

from autograd import GateError, Program, Value, total
from autograd.shapes import flat
from autograd.value import gate_order

Sample = Sequence[float]


def random_samples(count: int, width: int, seed: int = 0) -> list[list[float]]:
    return np.random.default_rng(seed).normal(size=(count, width)).tolist()


def eager_outputs(function: Callable[..., Any], samples: Sequence[Sample]) -> list[list[float]]:
    """The outputs in reading order, a row for each sample. Raises its GateError with the sample."""
    rows = []
    for i, sample in enumerate(samples):
        try:
            rows.append([getattr(y, "data", y) for y in flat(function(*map(Value, sample)), "result")])
        except GateError as error:
            raise GateError(f"{error} (sample {i})") from None
    return rows


def eager_backward(
    function: Callable[..., Any], samples: Sequence[Sample], parameters: Sequence[Value]
) -> tuple[float, list[float], float]:
    """The mean loss, its gradients, and the size of the largest contribution to any of them."""
    losses = [function(*map(Value, sample)) for sample in samples]
    mean = total([Value(0.0), *losses]) * (1.0 / len(losses))  # a loss may be a plain number
    for parameter in parameters:
        parameter.grad = 0.0
    mean.backward()
    gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = 0.0
    contributions = [abs(local * node.grad) for node in gate_order(mean) for local in node.local_grads]
    return mean.data, gradients, max(filter(math.isfinite, contributions), default=0.0)


def sample_of(outputs: Any, i: int) -> list[float]:
    """The outputs of one sample of a batch, in reading order."""
    if isinstance(outputs, np.ndarray):
        return flat(outputs[i], "outputs")
    return [y for item in outputs for y in sample_of(item, i)]


def bits(xs: Iterable[float]) -> list[bytes]:
    """Numbers bit for bit: 0 and -0 differ, and NaN is itself."""
    return [b"NaN" if math.isnan(x) else struct.pack("d", x) for x in xs]


def assert_same_outputs(program: Program, function: Callable[..., Any], samples: Sequence[Sample]) -> None:
    """The numbers of every sample, alone and in the batch, are the eager engine's, bit for bit."""
    batch = np.array(samples).T
    try:
        expected = eager_outputs(function, samples)
    except GateError as error:
        with pytest.raises(GateError) as caught:
            program(*batch)
        assert_same_sample(str(caught.value), str(error))
        return
    outputs = program(*batch) if len(batch) else None
    for i, (sample, row) in enumerate(zip(samples, expected, strict=True)):
        assert bits(flat(program(*sample), "outputs")) == bits(row)
        if outputs is not None:
            assert bits(sample_of(outputs, i)) == bits(row)


def assert_same_gradients(program: Program, function: Callable[..., Any], samples: Sequence[Sample]) -> None:
    """The mean loss and what is added to every gradient are the eager engine's, to rounding."""
    batch, parameters = np.array(samples).T, program.parameters
    try:
        expected, gradients, largest = eager_backward(function, samples, parameters)
    except GateError as error:
        if "began at total" in str(error) and not program.recording.per_sample[program.recording.result]:
            return  # a sum over the batch overflowed, which a program does not take of what all samples share
        with pytest.raises(GateError):
            program.backward(*batch)
        assert not any(parameter.grad for parameter in parameters)
        return
    assert program.backward(*batch) == pytest.approx(expected, rel=1e-12, abs=1e-14 * len(samples))
    for parameter, gradient in zip(parameters, gradients, strict=True):
        if math.isfinite(gradient):
            assert parameter.grad == pytest.approx(gradient, rel=1e-10, abs=1e-13 * largest)
        else:
            assert not math.isfinite(parameter.grad)


def assert_same_sample(ours: str, eager: str) -> None:
    """An error names the sample that the eager engine meets first; what all samples share names none."""
    assert "(sample" not in ours or ours.split("(sample")[1] == eager.split("(sample")[1]
