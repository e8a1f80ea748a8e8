"""Embedding: which parameters an index reads, eager and in programs."""

from __future__ import annotations

import pytest

import nn
from autograd import GateError, Value, total
from nn import Embedding, minimize


def test_an_index_reads_its_row() -> None:
    embedding = Embedding(4, 3, rng=0)
    assert embedding(2) == embedding.rows[2]
    assert [v.data for v in embedding(Value(2.0))] == [v.data for v in embedding.rows[2]]
    total(embedding(Value(2.0))).backward()
    assert [[v.grad for v in row] for row in embedding.rows] == [[0.0] * 3] * 2 + [[1.0] * 3, [0.0] * 3]
    assert embedding.rows[1][2].label == "e23"
    assert list(dict(embedding.named_parameters()))[:2] == ["rows.0.0", "rows.0.1"]


def test_an_index_that_is_not_there() -> None:
    embedding = Embedding(4, 3, rng=0)
    with pytest.raises(ValueError, match="index is at most 3, got 4"):
        embedding(4)
    with pytest.raises(TypeError, match="index is a whole number"):
        embedding(1.5)
    with pytest.raises(GateError, match="it needs a whole index from 0 to 3"):
        embedding(Value(4.0))


def test_tokens_are_learnt_compiled_as_eagerly() -> None:
    # The mean of ½(e_t - target_t)² moves each row to its own target.
    data = [[0, 1.0], [1, -1.0], [2, 0.5], [0, 1.0]]
    ends = []
    for compiled in (False, True):
        embedding = Embedding(3, 1, rng=0)
        minimize(
            lambda pair, e=embedding: nn.squared_error(e(pair[0])[0], pair[1]), data,
            optimizer=nn.SGD(embedding.parameters(), lr=0.5), steps=60, compiled=compiled,
        )  # fmt: skip
        ends.append([p.data for p in embedding.parameters()])
    assert ends[1] == pytest.approx(ends[0], rel=1e-12)
    assert ends[0] == pytest.approx([1.0, -1.0, 0.5], abs=1e-3)
