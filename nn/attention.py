"""What a transformer computes beside its layers: attention, and a norm that keeps numbers in size.

Both take and give lists, of Values or numbers.

>>> [round(h, 4) for h in attention([2.0, 0.0], keys=[[9.0, 0.0], [0.0, 9.0]], values=[[1.0], [5.0]])]
[1.0]
>>> [round(h, 4) for h in rms_norm([1.0, -7.0])]
[0.2, -1.4]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd.arguments import as_list
from autograd.fused import dot
from nn.activations import softmax


def attention(
    query: Sequence[Any], keys: Sequence[Sequence[Any]], values: Sequence[Sequence[Any]]
) -> list[Any]:
    """The mean of the values, each weighted by how well its key fits the query: Σ a_i·v_i.

    a = softmax(s), s_i = q·k_i/√d, where d is the length of the query and of every key. The scores
    are divided by √d because the dot product of two vectors of random numbers grows like it.
    Source: Vaswani et al., "Attention Is All You Need", 2017.

    query   d numbers: what is looked for
    keys    n lists of d numbers: what there is
    values  n lists of numbers: what is handed on; the result has their length

    Raises ValueError unless there are as many values as keys, at least one.

    >>> halfway = attention([1.0, 0.0], [[5.0, 5.0], [5.0, -5.0]], [[2.0, 0.0], [4.0, 8.0]])
    >>> [round(h, 9) for h in halfway]
    [3.0, 4.0]
    """
    query, keys, values = as_list("query", query, "numbers"), list(keys), list(values)
    if not 0 < len(keys) == len(values):
        raise ValueError(f"each key has its value: got {len(keys)} keys and {len(values)} values")
    weights = softmax([dot(query, key) / len(query) ** 0.5 for key in keys])
    return [dot(weights, column) for column in zip(*values, strict=True)]


def rms_norm(x: Sequence[Any]) -> list[Any]:
    """The numbers divided by the root of the mean of their squares: x_i/√(Σ x_j²/n + ε), ε = 10⁻⁵.

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, without its gains;
    where ε stands, and how large it is, as in Llama.

    >>> [round(h, 4) for h in rms_norm([30.0, 40.0])], [round(h, 4) for h in rms_norm([0.3, 0.4])]
    ([0.8485, 1.1314], [0.8485, 1.1313])
    """
    x = as_list("x of rms_norm", x, "numbers")
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [x_i * scale for x_i in x]
