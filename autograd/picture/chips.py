"""Leaves that many gates use: drawn once in full, and then as a small chip beside each gate.

So no line runs across the whole drawing, and the layout has little to untangle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from autograd.picture.layered import columns_of
from autograd.picture.looks import CHIP_FILL, text_width
from autograd.picture.scene import Cluster, Scene
from autograd.picture.sheet import Box, Words

MOST_LINES = 4
"""A leaf has lines to this many gates at most; if it feeds more, they get chips."""

NEAR = 2
"""Those lines are drawn if the gates stand in columns at most this far apart."""

FAR = 10
"""A line from any other value passes at most this many columns; a gate further away gets a chip."""


def with_chips(scene: Scene) -> Scene:
    """The scene with a chip at every use that lies far from the box itself."""
    boxes = {box.id: box for box in scene.boxes}
    ends = dict.fromkeys((edge.tail, edge.head) for edge in scene.edges)
    column = columns_of([*boxes], ends)
    heads_of: dict[str, list[str]] = {}
    for tail, head in ends:
        heads_of.setdefault(tail, []).append(head)
    chips: dict[tuple[str, str], Box] = {}
    for tail, heads in heads_of.items():
        heads.sort(key=column.__getitem__)
        first, last = column[heads[0]], column[heads[-1]]
        if boxes[tail].mark is None:
            apart = heads[1:] if len(heads) > MOST_LINES or last - first > NEAR else []
        else:
            apart = [head for head in heads if column[head] - column[tail] > FAR]
        for head in apart:
            chips[tail, head] = _chip(boxes[tail], head, scene.reserve)
    edges = [
        replace(edge, tail=chips[edge.tail, edge.head].id) if (edge.tail, edge.head) in chips else edge
        for edge in scene.edges
    ]
    clusters = [_with_chips_in(cluster, chips) for cluster in scene.clusters]
    return replace(scene, boxes=[*chips.values(), *scene.boxes], edges=edges, clusters=clusters)


def _chip(box: Box, head: str, reserve: int) -> Box:
    """What shows a box once more, beside the box at the head of its edge."""
    texts = {words.kind: words.text for words in box.lines}
    label, number = Words(texts.get("label", ""), "label", 10.5, True), Words(texts["number"], "number", 10.5)
    width = text_width(label.text, 11.2) + max(number.width, text_width("0" * reserve)) + 20.0
    return replace(
        box, id=f"chip-{box.id}-at-{head}", kind="chip", width=width, height=20.0, lines=(label, number),
        fill=CHIP_FILL, radius=10.0, dashed=True, mark=None, shows=box.id, rank=None,
    )  # fmt: skip


def _with_chips_in(cluster: Cluster, chips: Mapping[tuple[str, str], Box]) -> Cluster:
    """A chip stands in the frame of the gate that it belongs to."""
    more = [chip.id for (_, head), chip in chips.items() if head in cluster.members]
    parts = tuple(_with_chips_in(part, chips) for part in cluster.parts)
    return replace(cluster, members=(*cluster.members, *more), parts=parts)
