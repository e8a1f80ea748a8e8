"""Leaves that many gates use: drawn once in full, and then as a small chip beside each gate.

So no line runs across the whole drawing, and the layout has little to untangle.
"""

from __future__ import annotations

from dataclasses import replace

from autograd.picture.layered import Link, columns_of
from autograd.picture.scene import Box, Cluster, Edge, Scene

MOST_LINES = 4
"""A leaf has lines to this many gates at most; if it feeds more, they get chips."""

NEAR = 2
"""Those lines are drawn if the gates stand in columns at most this far apart."""

FAR = 10
"""A line from any other value passes at most this many columns; a gate further away gets a chip."""


def with_chips(scene: Scene) -> Scene:
    """The scene with a chip at every use that lies far from the box itself."""
    boxes = {box.id: box for box in scene.boxes}
    column = columns_of(
        [box.id for box in scene.boxes], [Link(edge.id, edge.tail, edge.head) for edge in scene.edges]
    )
    of_tail: dict[str, list[Edge]] = {}
    for edge in scene.edges:
        of_tail.setdefault(edge.tail, []).append(edge)
    chips: dict[tuple[str, str], Box] = {}
    for tail, edges in of_tail.items():
        heads = sorted(dict.fromkeys(edge.head for edge in edges), key=column.__getitem__)
        first, last = column[heads[0]], column[heads[-1]]
        if boxes[tail].mark is None:
            apart = heads[1:] if len(heads) > MOST_LINES or last - first > NEAR else []
        else:
            apart = [head for head in heads if column[head] - column[tail] > FAR]
        for head in apart:
            chip = replace(boxes[tail], id=f"chip-{tail}-at-{head}", kind="chip", mark=None, shows=tail)
            chips[tail, head] = chip
    if not chips:
        return scene
    edges = [
        replace(edge, tail=chips[edge.tail, edge.head].id) if (edge.tail, edge.head) in chips else edge
        for edge in scene.edges
    ]
    beside: dict[str, list[str]] = {}
    for (_, head), chip in chips.items():
        beside.setdefault(head, []).append(chip.id)
    return Scene(
        [*chips.values(), *scene.boxes],
        edges,
        [_with_members(cluster, beside) for cluster in scene.clusters],
    )


def _with_members(cluster: Cluster, beside: dict[str, list[str]]) -> Cluster:
    more = tuple(chip for member in cluster.members for chip in beside.get(member, ()))
    parts = tuple(_with_members(part, beside) for part in cluster.parts)
    return replace(cluster, members=(*cluster.members, *more), parts=parts)
