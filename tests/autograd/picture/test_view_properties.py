"""What holds for the drawing and the walk of every graph: their numbers are the engine's."""

from __future__ import annotations

import math

from hypothesis import assume, given

from autograd import draw, walk
from autograd.graph import contribution, topological_order
from autograd.passes import passes
from autograd.typesetting.numbers import decimal
from tests.autograd.test_properties import differentiable
from tests.random_graphs import Recipe, recipes


@given(recipes(most_steps=40))
def test_a_drawing_shows_the_numbers_of_the_engine(recipe: Recipe) -> None:
    root, _ = differentiable(recipe)
    sheet = draw(root, keep_fused=True).sheet
    boxes = {box.id: [words.text for words in box.lines] for box in sheet.boxes}
    edges = {edge.id: edge for edge in sheet.edges}
    gradients = passes(root).gradients
    assume(gradients)
    for i, node in enumerate(topological_order(root)):
        assert decimal(node.data) in boxes[f"value-{i}"]
        assert f"∂ {decimal(gradients[node])}" in boxes[f"value-{i}"]
        for k, local in enumerate(node.local_grads):
            edge = edges[f"edge-{i}-{k}"]
            assert edge.label == decimal(local)
            flow = contribution(local, gradients[node])
            kind = "none" if flow == 0.0 else "negative" if flow < 0.0 else "positive"
            assert edge.kind == (kind if math.isfinite(flow) else "not-finite")


@given(recipes())
def test_a_walk_takes_no_rounding_for_a_change_and_no_change_for_rounding(recipe: Recipe) -> None:
    root, leaves = differentiable(recipe)
    walked = walk(root)
    steps = [*walked.given, *walked.forward, *walked.backward]
    assert not {"forgotten", "another gradient"} & {note.key for step in steps for note in step.notes}
    root.backward()
    walked = walk(root)
    size = passes(walked.root).sizes
    given = {one.node: one for one in walked.given if one.gradient}
    for one in (given[leaf] for leaf in leaves if leaf in given):
        if math.isfinite(one.node.grad) and abs(one.gradient) > 1e-9 * size[one.node]:
            assert [note.key for note in one.notes] == ["another gradient"]
