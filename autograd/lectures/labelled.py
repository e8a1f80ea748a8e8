"""Values under the names that the lecture gives them."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.value import Value


def named(node: Value, label: str) -> Value:
    """Label a node, and return it."""
    node.label = label
    return node


def labelled_inputs(x: Sequence[float]) -> list[Value]:
    """x1, x2, …"""
    return [Value(number, f"x{j}") for j, number in enumerate(x, start=1)]


def labelled_weights(W: Sequence[Sequence[float]], layer: str) -> list[list[Value]]:
    """w11(1), w12(1), …: a row for each unit."""
    return [
        [Value(number, f"w{i}{j}{layer}") for j, number in enumerate(row, start=1)]
        for i, row in enumerate(W, start=1)
    ]
