"""The picture of a graph: values and gates, and the gradient that flows along every edge.

`draw` makes DOT; what it returns shows itself in a notebook and writes SVG, PNG or PDF
with whichever Graphviz there is (`autograd.picture.rendering`).
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

import graphviz

from autograd.arguments import boolean, whole_number
from autograd.expansion import expansion
from autograd.graph import topological_order
from autograd.picture.folding import Folded
from autograd.picture.grouping import groups
from autograd.picture.rendering import Drawing
from autograd.picture.scene import Box, Cluster, Edge, Mark, Scene, scene
from autograd.typesetting.labels import printable
from autograd.value import Value

# Blue and orange are told apart with every common form of colour blindness, and in a grey
# print the blue is the darker of the two.
POSITIVE, NEGATIVE, NO_FLOW = "#005ab5", "#e66100", "#9aa0a6"
COLORS = {
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "both": "#7a5195",
    "none": NO_FLOW,
    "unknown": "#5f6368",
}
NEGATIVE_TEXT = "#b34700"
INK, FAINT = "#202124", "#6b7075"
VALUE_FILL, LEAF_FILL, GATE_FILL, GATE_BORDER = "#ffffff", "#f1f3f4", "#fff3d6", "#8a6d1d"
GROUP_FILL, GROUP_BORDER = "#e8eef7", "#48617e"

FONT = "Helvetica,Arial,sans-serif"
EDGES_PER_VALUE = 4
THINNEST, THICKEST = 1.0, 5.0
LONGEST_LABEL = 32

LARGE = 100
"""From so many boxes on Graphviz stops polishing the layout in time: a tangle could take it a minute."""

LEGEND = (
    f'<FONT COLOR="{FAINT}">In a box: a value, and ∂ = its gradient. On an edge: the local gradient.'
    f'<BR ALIGN="LEFT"/>Gradient that flows back: <FONT COLOR="{POSITIVE}"><B>━━</B></FONT>'
    f'&nbsp; positive &nbsp; <FONT COLOR="{NEGATIVE}"><B>━━</B></FONT>'
    '&nbsp; negative &nbsp; <B>╍╍</B>&nbsp; none. The wider, the stronger.<BR ALIGN="LEFT"/></FONT>'
)


def draw(root: Value, *, model: Any = None, keep_fused: bool = False, limit: int = 500) -> Drawing:
    """Draw the graph that made `root`, with the gradients of its last backward pass.

    A box is a value: its label, its number, and ∂ = its gradient. A circle is a gate. The
    number on an edge is the gate's local gradient for that input. The edge is the wider
    the stronger the gradient that flows back along it (upstream × local; the width grows
    with its square root), blue where that is positive, orange where it is negative, grey
    and dashed where it is 0.

    With a `model` (anything with `named_parameters()`), the nodes of each of its layers and
    neurons stand in a frame. `gradient_flow` draws a network that is too large for this.

    Fused gates are opened into elementary ones, unless `keep_fused`.

    Raises TypeError for anything but a Value, ValueError where the graph has more than
    `limit` values, or four times as many edges, or none of the model's parameters.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> drawing = draw(y)
    >>> drawing.source.count("->")
    3
    >>> drawing.pipe("png")[1:4]
    b'PNG'
    """
    if not isinstance(root, Value):
        raise TypeError(f"draw needs the Value that a computation ends in, got {type(root).__name__}")
    limit, keep_fused = whole_number("limit", limit), boolean("keep_fused", keep_fused)
    _refuse_if_large(topological_order(root), limit, fused=not keep_fused)
    expanded = None if keep_fused else expansion(root)
    framed = [] if model is None else groups(root, model, expanded)
    root = expanded.root if expanded else root
    nodes = topological_order(root)
    _refuse_if_large(nodes, limit)
    passed = root.grad is not None
    gradients = {node: node.grad if passed else None for node in nodes}
    names = {node: node.label for node in nodes}
    return drawing_of(scene(Folded(root), gradients, names, framed))


def _refuse_if_large(nodes: list[Value], limit: int, fused: bool = False) -> None:
    """Raise ValueError for a graph that nobody could read, for its values or for its edges.

    The edges of fused gates that are to be opened do not count: values will then.
    """
    edges = 0 if fused else sum(len(node.inputs) for node in nodes)
    for count, per_value, things in ((len(nodes), 1, "values"), (edges, EDGES_PER_VALUE, "edges")):
        if count > limit * per_value:
            raise ValueError(
                f"a drawing of {count} {things} is too large to read (limit {limit * per_value}): draw a "
                "part of the graph, that is one of the Values inside; keep its fused gates closed with "
                f"keep_fused=True; or raise the limit with limit={-(-count // per_value)}"
            )


def drawing_of(scene: Scene, *, legend: bool = True, narrowest: int = 44) -> Drawing:
    """The DOT of a scene; boxes are at least so many points wide inside."""
    drawing = Drawing(format="svg", filename="drawing")
    drawing.attr(rankdir="LR", bgcolor="white", pad="0.2", ranksep="0.14", nodesep="0.16", fontname=FONT)
    if len(scene.boxes) > LARGE:
        drawing.attr(nslimit="1")
    if legend:
        drawing.attr(label=f"<{LEGEND}>", labelloc="b", labeljust="l", fontsize="11")
    drawing.attr("node", fontname=FONT, fontsize="12", fontcolor=INK, shape="plain")
    drawing.attr("edge", fontname=FONT, fontsize="10.5", fontcolor=INK, arrowsize="0.55")
    for cluster in scene.clusters:
        _frame(drawing, cluster)
    for box in scene.boxes:
        drawing.node(box.id, f"<{_box(box, narrowest)}>", id=box.id, **{"class": f"value {box.kind}"})
    for mark in scene.marks:
        drawing.node(mark.id, **_mark(mark), id=mark.id, **{"class": mark.kind})
    strongest = scene.strongest
    for edge in scene.edges:
        style = _stroke(edge, strongest) | ({"arrowhead": "none"} if edge.to_box else {})
        drawing.edge(edge.tail, edge.head, _raised(edge.label) if edge.label else None, id=edge.id, **style)
    return drawing


def _frame(drawing: graphviz.Digraph, cluster: Cluster) -> None:
    with drawing.subgraph(name=f"cluster_{cluster.id}") as frame:
        frame.attr(
            label=f"<<B>{text_of(cluster.title)}</B>>", id=cluster.id, labeljust="l", labelloc="t",
            fontsize="12", fontcolor=FAINT, style="rounded", color=NO_FLOW, margin="10", **{"class": "frame"},
        )  # fmt: skip
        for part in cluster.parts:
            _frame(frame, part)
        for member in cluster.members:
            frame.node(member)


def _stroke(edge: Edge, strongest: float) -> dict[str, str]:
    """How an edge looks along which these gradients flow back."""
    color = COLORS[edge.direction]
    style = {"color": color, "penwidth": "1.2", "class": edge.direction}
    if edge.direction == "none":
        style["style"] = "dashed"
    elif edge.direction != "unknown":
        style["penwidth"] = f"{width(edge.strength, strongest):.2f}"
    return style


def width(strength: float, strongest: float) -> float:
    """How wide a gradient of this strength is drawn where that is the strongest."""
    share = min(strength / strongest, 1.0) if strongest and math.isfinite(strength) else 1.0
    return THINNEST + (THICKEST - THINNEST) * math.sqrt(share)


def _box(box: Box, narrowest: int) -> str:
    """A value: label, number, gradient, one below the other."""
    if box.gradient is None:
        gradient = f'<FONT COLOR="{FAINT}" POINT-SIZE="9"><I>∂ not computed</I></FONT>'
    else:
        color = {1: POSITIVE, -1: NEGATIVE_TEXT}.get(box.sign or 0, FAINT)
        gradient = f'<FONT COLOR="{color}">∂ {box.gradient}</FONT>'
    name = [f"<B>{text_of(box.label)}</B>"] if box.label.strip() else []
    rows = "".join(f'<TR><TD WIDTH="{narrowest}">{line}</TD></TR>' for line in [*name, box.number, gradient])
    return (
        f'<TABLE BORDER="1" COLOR="{FAINT}" BGCOLOR="{LEAF_FILL if box.kind == "leaf" else VALUE_FILL}" '
        f'STYLE="ROUNDED" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1">{rows}</TABLE>'
    )


def _mark(mark: Mark) -> dict[str, str]:
    """A gate: a circle, or a box with round ends where the symbol is too long. A group: a larger box."""
    if mark.kind == "group":
        detail = (
            f'<BR/><FONT POINT-SIZE="10" COLOR="{FAINT}">{text_of(mark.detail)}</FONT>' if mark.detail else ""
        )
        return {
            "label": f"<<B>{text_of(mark.symbol)}</B>{detail}>", "fillcolor": GROUP_FILL,
            "color": GROUP_BORDER, "shape": "box", "style": "rounded,filled", "margin": "0.12,0.08",
        }  # fmt: skip
    node = {"label": graphviz.nohtml(text_of(mark.symbol)), "fillcolor": GATE_FILL, "color": GATE_BORDER}
    if len(mark.symbol) > 3:
        return node | {"shape": "box", "style": "rounded,filled", "margin": "0.08,0.04", "height": "0.3"}
    size = "0.36" if len(mark.symbol) < 3 else "0.46"
    font = "14" if len(mark.symbol) == 1 else "12"
    return node | {
        "shape": "circle", "style": "filled", "width": size, "fixedsize": "true", "fontsize": font
    }  # fmt: skip


def _raised(number: str) -> str:
    """The label of an edge, lifted off its line."""
    rows = f'<TR><TD WIDTH="30">{number}</TD></TR><TR><TD HEIGHT="4"></TD></TR>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{rows}</TABLE>>'


def text_of(label: str) -> str:
    """A label that Graphviz shows as it stands, whatever characters it is made of."""
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + "…"
    return escape(printable(label)).replace("\\", "\\\\")
