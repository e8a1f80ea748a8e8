"""The ways to show one graph: fused gates, layers and neurons, open or closed."""

from typing import Any

import pytest

from autograd import Value, dot, total
from autograd.picture.arrangement import fitted
from autograd.playing.graph_data import GraphData
from autograd.playing.view_data import sheet_scene
from autograd.playing.views import View, Views
from nn import MLP
from tests.graphs import named


def two_dots() -> Value:
    x = [Value(1.0, "x1"), Value(2.0, "x2")]
    return named(dot([0.5, -1.0], x), "p") * named(dot([2.0, 3.0], x), "q")


def gates(view: View) -> list[str]:
    """What is in view: closed groups by title, gates by name."""

    def name(item: Any) -> str:
        node = item if isinstance(item, Value) else view.fused.get(item)
        return str(item.title if node is None or node.gate is None else node.gate.name)

    return [name(item) for _, item in view.folded.items()]


def test_a_graph_of_elementary_gates_has_one_view() -> None:
    (view,) = Views(Value(2.0) * 3.0)
    assert (view.parent, view.size, dict(view.opens)) == ("", 2, {})


def test_fused_gates_are_open_closed_or_one_of_them_open() -> None:
    opened, closed, p, q = Views(two_dots())
    assert opened.folded.order == closed.folded.order == p.folded.order == q.folded.order
    assert [view.title for view in (opened, closed, p, q)] == [
        "fused gates open", "fused gates closed", "dot p open", "dot q open"
    ]  # fmt: skip
    assert gates(closed) == ["dot", "dot", "multiply"]
    assert sorted(gates(p)) == ["add", "dot", "multiply", "multiply", "multiply"]
    assert sorted(gates(opened)) == ["add", "add", *["multiply"] * 5]
    assert list(closed.opens.values()) == [p.key, q.key]
    assert (closed.parent, p.parent, opened.parent) == ("", closed.key, closed.key)
    assert next(iter(Views(two_dots(), keep_fused=True))).title == "fused gates closed"


def test_layers_open_into_neurons_and_neurons_into_gates() -> None:
    model = MLP(2, [3, 1], rng=0)
    loss = (model([1.0, 2.0]) - 1.0) ** 2
    found = {view.title: view for view in Views(loss, model)}
    assert gates(found["layers"]) == ["layer 1", "layer 2", "subtract", "power"]
    assert gates(found["layer 1"])[:3] == ["neuron 1", "neuron 2", "neuron 3"]
    in_neuron = gates(found["neuron 2 of layer 1"])
    assert sorted(in_neuron) == sorted(
        ["2 others", "multiply", "multiply", "add", "add", "relu", "layer 2", "subtract", "power"]
    )
    assert found["layers"].size == 6  # two inputs, two layers' results, the difference, the loss
    assert found["neuron 2 of layer 1"].parent == found["layer 1"].key
    assert "everything open" in found
    assert "multiply" in gates(found["layer 2"])  # of one neuron: it opens at once
    assert not any(title.endswith("of layer 2") for title in found)
    labels = {node.label for view in found.values() for node in view.folded.order}
    assert {"h1(1)", "z1(1)", "h2(1)", "z3(1)", "h1(2)"} <= labels
    assert loss.inputs[0].inputs[0].label == ""  # a copy of the graph is labelled


def test_a_wide_neuron_keeps_its_dot_and_bundles_its_weights() -> None:
    model = MLP(8, [2, 1], rng=0)
    found = {view.title: view for view in Views(model([0.5] * 8) ** 2, model)}
    view = found["neuron 1 of layer 1"]
    assert sorted(gates(view)) == ["dot", "layer 2", "neuron 2", "power", "relu"]
    (bundle,) = view.folded.bundles
    assert set(bundle) == set(model.layers[0].neurons[0].parameters())


def test_a_model_called_for_several_samples() -> None:
    model = MLP(1, [2, 1], rng=0)
    loss = total([(model([x]) - x) ** 2 for x in (0.5, 1.5)])
    first = next(iter(Views(loss, model)))
    assert [g for g in gates(first) if g.startswith("layer")] == [
        "layer 1, sample 1", "layer 1, sample 2", "layer 2, sample 1", "layer 2, sample 2"
    ]  # fmt: skip
    assert first.folded.hidden == set(model.parameters())


def test_a_model_that_did_not_make_the_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the 3 parameters"):
        Views(Value(1.0) * 2.0, MLP(2, [1], rng=0))


@pytest.mark.parametrize(("sizes", "limit"), [([100, 1], 500), ([40, 30, 1], 45)])
def test_no_view_leads_to_one_that_is_left_out(sizes: list[int], limit: int) -> None:
    """Of a hundred neurons not each has a view; a layer of forty open has more boxes than 45."""
    model = MLP(2, sizes, "tanh", rng=0)
    views = Views(model([1.0, -2.0]) ** 2, model).within(limit, 80)
    assert len(views) <= 80
    assert {"layers", f"layer {len(sizes)}"} <= {view.title for view in views}
    keys = {view.key for view in views}
    assert views[0].opens
    assert all(set(view.opens.values()) <= keys for view in views)
    assert views[0].parent == ""
    assert all(view.parent in keys for view in views[1:])


def test_closed_neurons_stand_below_each_other_in_their_order() -> None:
    model = MLP(2, [12, 1], "tanh", rng=1)
    ways = Views((model([1.0, -2.0]) - 1.0) ** 2, model)
    (view,) = [view for view in ways if view.title == "layer 1"]
    sheet = fitted(sheet_scene(view, GraphData(ways.expansion)))
    neurons = {box.y: box.mark.lines[0].text for box in sheet.boxes if box.mark}
    down = [neurons[y] for y in sorted(neurons) if neurons[y].startswith("neuron")]
    assert down == [f"neuron {i} ⊕" for i in range(1, 13)]
