"""Attention and RMSNorm beside PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from nn import attention, rms_norm


def numbers(*shape: int) -> torch.Tensor:
    return 2.0 * torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(("count", "width", "wide"), [(1, 1, 1), (3, 2, 5), (9, 8, 4)])
def test_attention(count: int, width: int, wide: int) -> None:
    query, keys, values = numbers(width), numbers(count, width), numbers(count, wide)
    theirs = functional.scaled_dot_product_attention(query[None], keys, values)[0]
    assert attention(query.tolist(), keys.tolist(), values.tolist()) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("width", [1, 2, 16])
def test_rms_norm(width: int) -> None:
    x = numbers(width)
    assert rms_norm(x.tolist()) == pytest.approx(functional.rms_norm(x, (width,), eps=1e-5), rel=1e-14)
