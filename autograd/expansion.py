"""The same computation in elementary gates: every fused gate opened.

Drawings and walks show this view, so that a neuron made of one `dot` reads as the
lecture's multiply and add gates, with the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import gates
from autograd.declaration import Gate
from autograd.fused import FusedGate
from autograd.grad_mode import enable_grad
from autograd.graph import edges_of, topological_order
from autograd.passes import gradients_along, numbers_then
from autograd.value import Value, gate_order, replace


def expand(root: Value) -> Value:
    """The graph of `root` with fused gates opened into elementary ones.

    Leaves are the very same objects; nodes that a gate made are copies with the same
    numbers, labels and gradients. The graph of `root` is not changed. A graph without
    fused gates is returned as it is.

    >>> from autograd import dot
    >>> from autograd.value import gate_order
    >>> y = dot([Value(2.0), Value(3.0)], [4.0, 5.0], Value(1.0))
    >>> [node.gate.name for node in gate_order(expand(y))]
    ['multiply', 'multiply', 'add', 'add']
    """
    return expansion(root).root if any(map(_opens, gate_order(root))) else root


def _opens(node: Value) -> bool:
    """Whether elementary gates can stand for the node's.

    Not if ∞ - ∞ would make a NaN among them, nor if an input has been changed since and the
    number that it had is not known.
    """
    gate = node.gate
    if not isinstance(gate, FusedGate) or (gate.shifted and math.isinf(node._data)):
        return False
    return None not in numbers_then(node)


@dataclass(frozen=True)
class Expansion:
    """A graph with fused gates opened, and where its nodes come from.

    origin  where each node comes from: the node that it copies, or the fused gate that was opened;
            a leaf is its own origin
    copies  for each node of the original graph its copy, the last node of those that it opens into
    """

    root: Value
    origin: Mapping[Value, Value]
    copies: Mapping[Value, Value]


def expansion(root: Value) -> Expansion:
    """`expand`, with where the nodes come from; the result is always a copy."""
    copies: dict[Value, Value] = {}
    origin: dict[Value, Value] = {}
    with enable_grad():
        for node in topological_order(root):
            if _opens(node):
                new = _opened_copy(node, copies)
            else:
                new = [node if node.gate is None else replace(node, tuple(copies[x] for x in node.inputs))]
            copies[node] = new[-1]
            origin.update(dict.fromkeys(new, node))
    return Expansion(copies[root], origin, copies)


def _opened_copy(node: Value, copies: Mapping[Value, Value]) -> list[Value]:
    """The nodes that a fused gate's output stands for, the last of them a copy of it.

    They are computed from the numbers that the gate had, on stand-ins for its inputs, and then put
    onto the copies of its inputs, whose numbers may have been changed since.
    """
    assert isinstance(node.gate, FusedGate)
    arguments = node.arguments
    stand_ins = [
        Value(number) if isinstance(x, Value) else x  # type: ignore[arg-type]
        for x, number in zip(arguments, numbers_then(node), strict=True)
    ]
    in_place = {
        stand_in: copies[x]
        for stand_in, x in zip(stand_ins, arguments, strict=True)
        if isinstance(stand_in, Value) and isinstance(x, Value)
    }
    opened = []
    for inner in _open(node.gate, stand_ins):
        in_place[inner] = replace(inner, tuple(in_place[x] for x in inner.inputs)) if inner.gate else inner
        opened.append(in_place[inner])
    if node._grad is not None:
        gradients = gradients_along(edges_of(reversed(opened)), opened[-1], node._grad)
        for inner in opened:
            inner._grad = gradients.get(inner, 0.0)
    opened[-1]._data, opened[-1].label = node._data, node.label
    return opened


def _open(gate: FusedGate, arguments: Sequence[Any]) -> list[Value]:
    """The elementary nodes that a fused gate stands for, in order, the result last."""
    nodes: list[Value] = []

    def applied(gate: Gate, *arguments: Any) -> Value:
        result = gate(*arguments)
        nodes.append(result if isinstance(result, Value) else Value(result))
        return nodes[-1]

    columns, start = gate.columns(arguments)
    shift = max(x._data if isinstance(x, Value) else x for x in columns[0]) if gate.shifted else 0.0
    if gate.shifted:
        columns = [[applied(gates.subtract, x, shift) for x in columns[0]]]
    result = start[0] if start else None
    for inputs in zip(*columns, strict=True):
        term = inputs[0] if gate.each is None else applied(gate.each, *inputs)
        result = term if result is None else applied(gates.add, result, term)
    if gate.finish is not None:
        result = applied(gate.finish, result)
    if gate.shifted or not nodes:
        applied(gates.add, result, shift)
    return nodes
