"""A program's listing, word for word."""

from __future__ import annotations

from typing import Any

import nn
from autograd import Value, leaky_relu, logsumexp, total
from autograd.recording.listing import listing
from autograd.recording.tracing import record


def listed(function: Any, *example: Any) -> str:
    return listing(record(function, *example))


def test_what_runs_once_stands_apart() -> None:
    w = Value(2.0, "w")
    assert (
        listed(lambda x: (w * x, w * w / 2), 1.0)
        == """\
inputs      x
parameters  w
forward, once for all samples
  v2 = w·w
  v3 = v2/2
forward, for each sample
  v1 = w·x
backward, for each sample, from ∂v1 = 1
  ∂w += ∂v1 · x
backward, once for all samples, from ∂v3 = 1
  ∂v2 += ∂v3 · (1/2)
  ∂w  += ∂v2 · w
  ∂w  += ∂v2 · w"""
    )


def test_constants_are_put_in_and_fused_gates_written_out() -> None:
    w = Value(2.0, "w")
    lines = listed(lambda x, y: logsumexp([w * x, y]) + total([x, w, 1.0]), 1.0, 2.0).splitlines()
    assert "  v3 = log(e^v1 + e^y)" in lines
    assert "  v2 = x + w + 1" in lines
    assert "  ∂v1 += ∂v3 · (1/(e^v1 + e^y))·e^v1" in lines
    lines = listed(lambda x: leaky_relu((w * x) ** 3), 1.0).splitlines()
    assert "  v2 = v1³" in lines
    assert "  v3 = v2 if v2 ≥ 0, else 0.01·v2" in lines
    assert "  ∂v1 += ∂v2 · 3·v1²" in lines


def test_without_parameters_nothing_goes_back() -> None:
    assert listed(lambda x: 3, 1.0) == "inputs      x"
    assert listed(lambda x: x + 1, 1.0) == "inputs      x\nforward\n  v1 = x + 1"


def test_a_layer_is_one_line_forward_and_one_for_each_gradient() -> None:
    lines = listed(nn.MLP(3, [8, 7], "tanh", rng=0), [0.0] * 3).splitlines()
    assert lines[2:] == [
        "forward",
        "  v1 … v8   = W·x + b, where W = w11(1) … w83(1) (8 × 3), x = x[0] … x[2], b = b1(1) … b8(1)",
        "  v9 … v16  = tanh(v1 … v8)",
        "  v17 … v23 = W·x + b, where W = w11(2) … w78(2) (7 × 8), x = v9 … v16, b = b1(2) … b7(2)",
        "backward from ∂v17 = 1, ∂v18 = 1, ∂v19 = 1, ∂v20 = 1, ∂v21 = 1, ∂v22 = 1, ∂v23 = 1",
        "  ∂(w11(2) … w78(2)) += ∂(v17 … v23)·xᵀ",
        "  ∂(v9 … v16)        += Wᵀ·∂(v17 … v23)",
        "  ∂(b1(2) … b7(2))   += ∂(v17 … v23)",
        "  ∂(v1 … v8)         += ∂(v9 … v16) · (1 - tanh(v1 … v8)²)",
        "  ∂(w11(1) … w83(1)) += ∂(v1 … v8)·xᵀ",
        "  ∂(b1(1) … b8(1))   += ∂(v1 … v8)",
    ]


def written_out(count: int) -> Any:
    w, b = [Value(1.0, f"w{i}") for i in range(1, count + 1)], Value(0.5, "b")
    return lambda x, y: total([b + a * x + a * y for a in w])


def test_a_layer_opens_into_its_gates_as_they_were_written() -> None:
    recording = record(written_out(7), 1.0, 2.0)
    closed, opened = listing(recording).splitlines(), listing(recording, opened=True).splitlines()
    assert closed[3] == "  v22 … v28 = W·x + b, where W = w1 … w7 (7 × 2), x = x, y, b = b"
    assert closed[-2:] == ["  ∂(w1 … w7) += ∂(v22 … v28)·xᵀ", "  ∂b         += Σ ∂(v22 … v28)"]
    gates = [line for line in opened if line.startswith("    ")]
    assert [line for line in opened if line not in gates] == closed
    assert [" ".join(line.split()) for line in gates[:5]] == [
        "v1 = w1·x", "v2 = w1·y", "v15 = b + v1", "v22 = v15 + v2", "v3 = w2·x",
    ]  # fmt: skip
    assert [" ".join(line.split()) for line in gates[-2:]] == ["∂w1 += ∂v2 · y", "∂w1 += ∂v1 · x"]
    assert "W·x" not in listed(written_out(6), 1.0, 2.0)


def test_many_of_one_gate_are_one_line_with_their_constant_and_what_they_share() -> None:
    w, v = [Value(2.0, f"w{i}") for i in range(1, 9)], Value(2.0, "v")
    lines = listed(lambda: [number**3 / v for number in w]).splitlines()
    assert "  v1 … v8  = (w1 … w8)³" in lines
    assert "  ∂v         += Σ ∂(v9 … v16) · (-(v1 … v8)/v²)" in lines
    assert "  ∂(w1 … w8) += ∂(v1 … v8) · 3·(w1 … w8)²" in lines
