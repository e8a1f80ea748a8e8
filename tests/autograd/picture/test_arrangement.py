"""Where things stand: nothing overlaps, lines pass boxes, and the effort has a bound."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, draw, lectures
from autograd.graph import topological_order
from autograd.picture import rendering
from autograd.picture.arrangement import WIDEST, arranged, fitted
from autograd.picture.chips import FAR, MOST_LINES
from autograd.picture.folding import Folded
from autograd.picture.looks import text_width
from autograd.picture.scene import Cluster, Contents, Scene
from autograd.picture.sheet import Edge, Sheet, curve
from nn import MLP
from tests.graphs import LARGE, chain, horner, recurrent
from tests.random_graphs import Recipe, recipes


def overlaps(places: Any, boxes: np.ndarray, slack: float = 0.1) -> np.ndarray:
    """Which place lies on which box; both are given by their left upper and right lower corners."""
    places = np.reshape(places, (-1, 1, 4))
    return ((places[..., :2] < boxes[:, 2:] - slack) & (boxes[:, :2] + slack < places[..., 2:])).all(axis=-1)


def label_of(edge: Edge) -> tuple[float, float, float, float]:
    x, y = edge.points[-1]
    return x - 9.0 - text_width(edge.label, 10.5), y - 13.0, x - 9.0, y - 3.0


def assert_readable(sheet: Sheet) -> None:
    """No box lies on another, no line runs through one, no label lies on one, all lie on the sheet.

    Lines run to the right, or on to a further row.
    """
    boxes = np.array([(s.x, s.y, s.x + s.width, s.y + s.height) for s in sheet.boxes])
    assert (overlaps(boxes, boxes) == np.eye(len(boxes))).all()
    assert boxes.min() >= -0.1
    assert (boxes[:, 2:] <= (sheet.width + 0.1, sheet.height + 0.1)).all()
    number = {box.id: k for k, box in enumerate(sheet.boxes)}
    for edge in sheet.edges:
        tail, head = boxes[number[edge.tail]], boxes[number[edge.head]]
        assert tail[2] < head[0] or tail[3] < head[1], edge.id
    passed = [(edge, point) for edge in sheet.edges for point in curve(edge)]
    for k, box in np.argwhere(overlaps([(*point, *point) for _, point in passed], boxes, -0.1)):
        edge, _ = passed[k]
        assert sheet.boxes[box].id in (edge.tail, edge.head), edge.id
    assert not overlaps([label_of(edge) for edge in sheet.edges if edge.label], boxes).any()


@pytest.mark.parametrize("name", LARGE)
def test_graphviz_is_bounded_and_nothing_overlaps(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column for every box, bounded iterations, and no line that passes more than FAR columns."""
    asked: list[str] = []
    places = rendering.places

    def noted(dot: str) -> dict[str, tuple[float, float]]:
        asked.append(dot)
        return places(dot)

    monkeypatch.setattr(rendering, "places", noted)
    sheet = draw(LARGE[name](), keep_fused=True).sheet
    assert all("nslimit=" in dot and "mclimit=" in dot for dot in asked)
    assert max(dot.count("->") for dot in asked) <= (FAR + 1) * len(sheet.edges)
    assert_readable(sheet)


def scene_of(root: Value, reserve: int = 0) -> Scene:
    order = topological_order(root)
    numbers, names = {x: x.data for x in order}, {x: x.label for x in order}
    return Contents(Folded(root), numbers, {}, names, reserve=reserve).scene()


@settings(max_examples=40)
@given(recipes(most_steps=40), st.sampled_from([150.0, 400.0, WIDEST]))
def test_nothing_overlaps_in_any_graph_in_rows_of_any_length(recipe: Recipe, widest: float) -> None:
    root = recipe.values(list(map(Value, recipe.leaves)))[-1]
    assert_readable(arranged(scene_of(root), widest=widest))


def test_a_leaf_that_many_gates_use_is_drawn_once_and_then_as_chips() -> None:
    sheet = draw(horner(MOST_LINES + 1)).sheet
    (whole,) = [box for box in sheet.boxes if box.kind == "value leaf" and box.lines[0].text == "x"]
    chips = [box for box in sheet.boxes if box.kind == "chip"]
    assert len(chips) == MOST_LINES
    assert {chip.shows for chip in chips} == {whole.id}
    assert [words.text for words in chips[0].lines] == ["x", "0.5"]
    tails = Counter(edge.tail for edge in sheet.edges)
    assert all(tails[chip.id] == 1 for chip in chips)


def test_a_long_chain_goes_on_in_further_rows_and_straight_on_in_each() -> None:
    sheet = draw(chain(40)).sheet
    rows = Counter(round(box.y + box.height / 2) for box in sheet.boxes)
    assert len(rows) > 2
    assert sheet.width < 1.4 * WIDEST
    assert len(Counter(box.x for box in sheet.boxes)) < 20
    assert draw(recurrent(60)).sheet.width < 1.6 * WIDEST  # however many steps it has


def test_a_frame_is_filled_by_rows_of_the_best_length() -> None:
    """Text in a frame of 1900 × 970, as on a projector: larger than in one row, and never smaller."""

    def scale(sheet: Sheet) -> float:
        return min(1900.0 / sheet.width, 970.0 / sheet.height)

    for build in (lectures.logistic, lectures.two_layer, lectures.forward):
        picture = scene_of(build().root, 7)
        best = scale(fitted(picture))
        assert best >= max(scale(arranged(picture, widest=w)) for w in (WIDEST, math.inf))
    assert 12.0 * scale(fitted(scene_of(lectures.logistic().root, 7))) > 0.025 * 1080.0


def test_neurons_stand_below_each_other_in_their_order_and_layers_in_columns() -> None:
    model = MLP(3, [12, 2, 1], "tanh", rng=0)
    loss = (model([1.0, 2.0, 3.0]) - 1.0) ** 2
    sheet = draw(loss, model=model, keep_fused=True, limit=1000).sheet
    layers, neurons = (
        [frame for frame in sheet.frames if frame.title.text.startswith(part)] for part in ("layer", "neuron")
    )
    assert [frame.title.text for frame in layers] == ["layer 1", "layer 2", "layer 3"]
    first = layers[0]
    down = sorted((f.y, f.title.text) for f in neurons if first.x < f.x < first.x + first.width)
    assert [title for _, title in down] == [f"neuron {i}" for i in range(1, 13)]
    assert_readable(sheet)


def test_frames_that_feed_each_other_are_left_out() -> None:
    clusters = [Cluster("c", "first and last", ("value-1", "value-3")), Cluster("d", "second", ("value-2",))]
    sheet = arranged(replace(scene_of(chain(4)), clusters=clusters))
    assert sheet.frames == []
    assert_readable(sheet)


def test_boxes_have_room_for_numbers_that_change() -> None:
    def places(x: float, reserve: int) -> list[tuple[float, float, float]]:
        sheet = arranged(scene_of(Value(x, "x") * Value(2.0, "w"), reserve))
        return [(box.x, box.y, box.width) for box in sheet.boxes]

    assert places(1.0, 0) != places(-0.3333, 0)
    assert places(1.0, 7) == places(-0.3333, 7)
