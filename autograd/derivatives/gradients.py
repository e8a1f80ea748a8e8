"""The backward pass and the forward pass of derivatives, through a graph that stands.

`gradients` is the backward pass as a graph: its results are Values, made of gates, which can be
drawn, walked, compiled and differentiated again.

>>> x = Value(3.0, "x")
>>> (slope,) = gradients(x**3, [x])
>>> slope
Value(27.0)
>>> gradients(slope, [x])
[Value(18.0)]

`forward_gradients` is the other way through: from one input to everything that it moves.

>>> y = x * x
>>> forward_gradients(y, {x: 1.0})[y]
6.0
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from autograd.arguments import require_root, values
from autograd.declaration import GateError
from autograd.derivatives.local_values import Later, Number, local_values, plus, times
from autograd.grad_mode import enable_grad, is_guarded
from autograd.graph import contribution
from autograd.reals import as_float, kind
from autograd.value import Value, gate_order


def gradients(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """∂output/∂input for each input, as Values that remember how they were computed.

    Each gate's local gradients are computed from their formulas in the table, with gates, and
    multiplied by the upstream Value. Inputs may be any nodes of the graph; `.grad` is neither
    read nor changed.

    Raises GateError where a slope is infinite, TypeError for anything but Values, and if a formula of
    a user's gate does not say how to compute its derivative, or says otherwise than its function does.
    """
    require_root("gradients", output)
    order, inputs = gate_order(output), values("inputs", inputs)
    moving = set(inputs)  # and every node that depends on one of them
    for node in order:
        if not moving.isdisjoint(node.inputs):
            moving.add(node)
    upstream: dict[Value, Number] = {output: 1.0}
    with enable_grad():
        for node in reversed(order):
            if node in moving and node in upstream:
                for x, local in _local_values(node, upstream[node]):
                    if x in moving:
                        added = times(upstream[node], local)
                        upstream[x] = plus(upstream[x], added) if x in upstream else added
    return [_as_value(upstream.get(x, 0.0)) for x in inputs]


def forward_gradients(root: Value, tangents: Mapping[Value, float]) -> dict[Value, float]:
    """How fast every node of a graph moves, if these inputs move as fast as their tangents say.

    The chain rule from the inputs on: a node's tangent is the sum over its inputs of local
    gradient · tangent. One pass gives the derivative of everything with respect to one input,
    or along one direction; `backward()` gives that of one output with respect to everything.

    Raises TypeError for anything but a Value and a dict from Values to numbers.

    >>> a, b = Value(2.0), Value(5.0)
    >>> forward_gradients(a * b, {a: 1.0, b: 10.0})[a]
    1.0
    """
    require_root("forward_gradients", root)
    if not isinstance(tangents, Mapping):
        raise TypeError(f"tangents is a dict of numbers by their inputs, got {kind(tangents)}")
    inputs = values("the inputs of tangents", [*tangents])
    found = dict(zip(inputs, map(as_float, tangents.values()), strict=True))
    for node in gate_order(root):
        moved = 0.0
        for x, local in zip(node.inputs, node.local_grads, strict=True):
            moved += contribution(local, found.setdefault(x, 0.0))
        found.setdefault(node, moved)
    found.setdefault(root, 0.0)
    return found


def tangents_as_values(outputs: Sequence[Value], tangents: Mapping[Value, Number]) -> list[Value]:
    """The forward pass as a graph: the tangents of outputs, as Values."""
    found: dict[Value, Number] = dict(tangents)
    with enable_grad():
        for output in outputs:
            for node in gate_order(output):
                if node not in found:
                    total: Number = 0.0
                    for x, local in _local_values(node, 1.0):
                        total = plus(total, times(found.get(x, 0.0), local))
                    found[node] = total
    return [_as_value(found.get(output, 0.0)) for output in outputs]


def _as_value(number: Number) -> Value:
    return number if isinstance(number, Value) else Value(number)


def _local_values(node: Value, upstream: Number) -> Iterable[tuple[Value, Later]]:
    """The inputs of a node with its local gradients, each checked against the gate's own when computed."""
    later = local_values(node)
    if is_guarded():
        return zip(node.inputs, later, strict=True)
    arriving = upstream.data if isinstance(upstream, Value) else upstream

    def checked(compute: Later, number: float) -> Later:
        def local() -> Number:
            if not math.isfinite(number) and arriving == 0.0:
                return 0.0  # as in `contribution`: an infinite slope times 0 is 0
            try:
                value = compute()
            except GateError as error:
                raise GateError(
                    f"{_applied(node)} has no derivative that could be computed: {error}"
                ) from None
            computed = value.data if isinstance(value, Value) else value
            if not math.isclose(computed, number, rel_tol=1e-6, abs_tol=1e-9) and computed == computed:
                raise TypeError(
                    f"{_applied(node)}: a local gradient is {computed!r} by its formula, and its function "
                    f"gave {number!r}. Is the formula right, and are the inputs what they were?"
                )
            return value

        return local

    return zip(node.inputs, map(checked, later, node.local_grads), strict=True)


def _applied(node: Value) -> str:
    assert node.gate is not None
    return node.gate.applied_to(node.arguments)
