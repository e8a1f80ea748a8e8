"""Embedding: which parameters an index reads, eager and in programs."""

from __future__ import annotations

import pytest

from autograd import GateError, Value, total
from nn import Embedding


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
