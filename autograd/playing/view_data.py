"""A view as the page holds it: which gates and closed groups are in it, in order, and its picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograd.picture.arrangement import fitted
from autograd.picture.grouping import Group
from autograd.picture.scene import RESERVED_DIGITS, Cluster, Contents, Scene
from autograd.picture.sheet import Edge
from autograd.picture.svg import element
from autograd.playing.graph_data import GraphData
from autograd.playing.views import View
from autograd.value import Value

MOST_LABELLED = 8
"""So many edges of a closed fused gate have room for their local gradients."""

STAGE = 3.6
"""How many times as wide as high the place for the picture is."""


def view_data(view: View, graph: GraphData) -> dict[str, Any]:
    """Everything of a view."""
    folded = view.folded
    shared = [some for some in map(folded.in_box.__getitem__, folded.closed) if len(some) > 1]
    return {
        "key": view.key,
        "title": view.title,
        "parent": view.parent,
        "opens": dict(view.opens),
        "items": [_item(view, graph, depth, item) for depth, item in folded.items()],
        "shared": [[graph.index[x] for x in some] for some in (*shared, *folded.bundles)],
        "hidden": sorted(graph.index[x] for x in folded.hidden),
        "svg": element(fitted(sheet_scene(view, graph), aspect=STAGE)),
    }


def _item(view: View, graph: GraphData, depth: int, item: Value | Group) -> list[Any]:
    """[depth, node] of a gate, [depth, node, group] of a closed fused one, [depth, null, group] of a part."""
    if isinstance(item, Value):
        return [depth, graph.index[item]]
    nodes = [graph.index[node] for node in item.nodes]
    if item in view.fused:
        node = view.fused[item]
        arguments = graph.arguments(node)
        assert node.gate is not None
        return [
            depth,
            nodes[-1],
            {"nodes": nodes, "gate": graph.kind(node.gate, len(arguments)), "args": arguments},
        ]
    group = {
        "nodes": nodes,
        "title": item.title,
        "results": [graph.index[x] for x in view.folded.in_box[item]],
        "parameters": [graph.index[x] for x in item.parameters],
        "parts": [[part.title, [graph.index[x] for x in part.nodes]] for part in item.parts],
    }
    return [depth, None, group]


def sheet_scene(view: View, graph: GraphData) -> Scene:
    """What there is to draw, with signs on what can be opened and closed."""
    gradients = dict.fromkeys(graph.order, 0.0)
    contents = Contents(
        view.folded, graph.numbers, gradients, graph.names, reserve=RESERVED_DIGITS, opens=view.opens
    )
    picture = contents.scene(view.framed)
    fused = {view.folded.mark_id(group): node for group, node in view.fused.items()}
    return replace(
        picture,
        edges=[_labelled(edge, fused) for edge in picture.edges],
        clusters=[_closable(cluster) for cluster in picture.clusters],
    )


def _labelled(edge: Edge, fused: dict[str, Value]) -> Edge:
    node = fused.get(edge.id.partition("-to-")[2])
    if node is None or len(node.inputs) > MOST_LABELLED:
        return edge
    return replace(edge, label="0")


def _closable(cluster: Cluster) -> Cluster:
    return replace(cluster, title=f"{cluster.title} ⊖", parts=tuple(map(_closable, cluster.parts)))
