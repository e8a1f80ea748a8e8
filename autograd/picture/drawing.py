"""The picture of a graph: values with their gates, and the gradient that flows along every edge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.arguments import boolean, counted, require_root, too_large, whole_number
from autograd.derivatives.gradients import forward_gradients
from autograd.expansion import expansion
from autograd.graph import topological_order
from autograd.passes import passes
from autograd.picture.arrangement import arranged
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group, groups
from autograd.picture.looks import FAINT, shown, signs
from autograd.picture.picture import Picture
from autograd.picture.scene import Contents
from autograd.value import Value

EDGES_PER_VALUE = 4

BEFORE_BACKWARD = "In a box: a value. On an arrow: the local gradient. No gradients: call backward() first."


def draw(
    root: Value,
    *,
    model: Any = None,
    by: Value | None = None,
    keep_fused: bool = False,
    decimals: int | None = 4,
    limit: int = 500,
) -> Picture:
    """Draw the graph that made `root`, with the derivatives of `root` after a backward pass.

    A box is a value: its label, its number, and ∂ = ∂root/∂value; at its left stands the gate that
    made it. The number on an arrow is the gate's local gradient for that input. The arrow is the
    wider the stronger the gradient that flows back along it (upstream × local; the width grows
    with its square root), blue if that is positive, orange if it is negative, grey and dashed if
    it is 0. Where a number or a gradient stops being finite, the box has a red rim.

    A leaf that many gates use is drawn once in full, and as a small chip beside the others. The root
    may be a part of a larger graph: ∂ then is the derivative of the part, and the legend says so.

    With a `model` (anything with `named_parameters()`), the nodes of each of its layers and
    neurons stand in a frame. `gradient_flow` draws a network that is too large for this.

    by   draw forward mode: ∂ = ∂value/∂by, and along every arrow flows local gradient × what moves
         its input. One such picture shows how one input moves everything; the usual one shows how
         everything moves one output.

    Fused gates are opened into elementary ones, unless `keep_fused`. Numbers are rounded to so many
    `decimals`; None writes all their digits.

    Raises TypeError for anything but a Value, ValueError if the graph has more than `limit` values, or
    four times as many edges, or none of the model's parameters, or no `by`.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> draw(y)
    <picture of 2 values>
    >>> draw(y).dot.count("->")
    2
    """
    require_root("draw", root)
    limit, keep_fused = whole_number("limit", limit), boolean("keep_fused", keep_fused)
    if decimals is not None:
        decimals = whole_number("decimals", decimals, 1, 100)
    _refuse_if_large(root, limit, fused=not keep_fused)
    remarks = [str(said) for said in passes(root).remarks(shown(root.label) or "this value")]
    root, framed, copies = opened(root, model, keep_fused)
    _refuse_if_large(root, limit)
    found, name = passes(root), shown(root.label)
    nodes = topological_order(root)
    if by is None:
        gradients, meaning = found.gradients or {}, f"∂{name or 'root'}/∂value"
        flows = "Gradient that flows back: "
    elif isinstance(by, Value) and (by := copies.get(by, by)) in found.numbers:
        gradients, meaning = forward_gradients(root, {by: 1.0}), f"∂value/∂{shown(by.label) or 'input'}"
        flows = "What moves along an arrow: "
    else:
        raise ValueError(f"by is a Value of the graph, which {by!r} is not")
    labels = {x: x.label for x in nodes}
    contents = Contents(Folded(root), found.numbers, gradients, labels, decimals, forward=by is not None)
    sheet = arranged(contents.scene(framed), name or "a computation")
    sheet.legend = [[(BEFORE_BACKWARD, FAINT)]]
    if gradients:
        all_finite = all(edge.kind != "not-finite" for edge in sheet.edges)
        explained = f"In a box: a value, and ∂ = {meaning}. On an arrow: the local gradient."
        sheet.legend = [[(explained, FAINT)], [(flows, FAINT), *signs(all_finite=all_finite)]]
    sheet.legend += [[(remark, FAINT)] for remark in remarks]
    return Picture(sheet, counted(len(nodes), "value"))


def opened(root: Value, model: Any, keep_fused: bool) -> tuple[Value, list[Group], Mapping[Value, Value]]:
    """The graph, fused gates open or kept, the parts of a model in it, and which of its nodes are copies."""
    expanded = None if keep_fused else expansion(root)
    framed = [] if model is None else groups(root, model, expanded)
    return (expanded.root, framed, expanded.copies) if expanded else (root, framed, {})


def _refuse_if_large(root: Value, limit: int, fused: bool = False) -> None:
    """Raise ValueError for a graph that nobody could read, for its values or for its edges.

    Fused gates that will be opened do not count here: their values do then.
    """
    nodes = topological_order(root)
    edges = 0 if fused else sum(len(node.inputs) for node in nodes)
    count = max(len(nodes), -(-edges // EDGES_PER_VALUE))
    if count > limit:
        crowded = f" with {edges} edges" if count > len(nodes) else ""
        part = "draw a part of the graph, that is one of the Values inside"
        closed = "keep its fused gates closed with keep_fused=True"
        raise ValueError(too_large(f"drawing{crowded}", count, limit, part, closed))
