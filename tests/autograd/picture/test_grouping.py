"""Which part of a model a node belongs to, told from the names of its parameters."""

import pytest

from autograd import Value, exp, total
from autograd.expansion import expand, expansion
from autograd.picture.grouping import Group, groups
from nn import MLP, Layer, cross_entropy, softmax_cross_entropy


def outline(group: Group) -> dict[str, list[str]]:
    """The gates in a group and in each part of it."""
    own = {group.title: [node.gate.name for node in group.nodes if node.gate]}
    return own | {title: gates for part in group.parts for title, gates in outline(part).items()}


def loss_of(model: MLP) -> Value:
    return (model([1.0, 2.0]) - 1.0) ** 2


def test_layers_hold_neurons_and_neurons_hold_their_gates() -> None:
    model = MLP(2, [2, 1], rng=0)
    first, second = groups(loss_of(model), model)
    assert outline(first) == {
        "layer 1": ["dot", "dot", "relu", "relu"],
        "neuron 1": ["dot", "relu"],
        "neuron 2": ["dot", "relu"],
    }
    assert outline(second) == {"layer 2": ["dot"], "neuron 1": ["dot"]}  # not the loss that follows
    assert first.parts[1].path == ("layers", "0", "neurons", "1")
    assert first.parts[1].parameters == tuple(model.layers[0].neurons[1].parameters())
    _, opened = groups(expand(loss_of(model)), model)
    assert outline(opened)["neuron 1"] == ["multiply", "multiply", "add", "add"]


def test_parts_come_in_the_order_of_their_numbers() -> None:
    model = MLP(1, [12, 1], rng=0)
    (layer,) = groups(total(model.layers[0]([Value(0.5)])[::-1]) ** 2, model)
    assert [neuron.title for neuron in layer.parts] == [f"neuron {i}" for i in range(1, 13)]


def test_each_sample_is_a_call_of_its_own() -> None:
    model = MLP(1, [1], "tanh", rng=0)
    first, second = groups(total([model([x]) for x in (1.0, 2.0)]), model)
    assert (first.title, first.call) == ("layer 1, sample 1", 0)
    assert (second.title, second.call) == ("layer 1, sample 2", 1)
    assert first.parameters == second.parameters == tuple(model.parameters())
    assert not set(first.nodes) & set(second.nodes)


def test_a_sum_of_two_calls_belongs_to_neither() -> None:
    model = MLP(1, [1], rng=0)
    loss = model([1.0]) + model([2.0])
    assert [len(group.nodes) for group in groups(loss, model)] == [1, 1]
    assert [len(group.nodes) for group in groups(expand(loss), model)] == [2, 2]


def test_a_softmax_is_within_its_layer_and_the_loss_is_not() -> None:
    model = MLP(2, [2, 3], output="softmax", rng=0)
    samples = [model([1.0, 2.0]), model([0.5, -1.0])]
    loss = total([cross_entropy(probabilities, 1) for probabilities in samples])
    for expanded in (None, expansion(loss)):
        parts = groups(loss, model, expanded)
        assert [part.title for part in parts] == [
            f"layer {layer}, sample {sample}" for layer in (1, 2) for sample in (1, 2)
        ]
        for layer, probabilities in zip(parts[2:], samples, strict=True):
            assert layer.nodes[-1].gate is exp
            assert layer.nodes[-1].data == probabilities[1].data
            assert [part.title for part in layer.parts] == ["neuron 1", "neuron 2", "neuron 3"]
    logits = MLP(2, [3], rng=0)
    (own,) = groups(softmax_cross_entropy(logits([1.0, 2.0]), 1), logits)
    assert outline(own)["layer 1"] == ["dot"] * 3


def test_the_pieces_of_a_maxout_are_within_its_neuron() -> None:
    layer = Layer(2, 1, "maxout", rng=0)
    (neuron,) = groups(layer([1.0, 2.0])[0] * 3.0, layer)
    assert outline(neuron) == {"neuron 1": ["dot", "dot", "maximum"], "piece 1": ["dot"], "piece 2": ["dot"]}


class Model:
    def __init__(self, *named: object) -> None:
        self.named = named

    def named_parameters(self) -> tuple[object, ...]:
        return self.named


def test_a_model_with_names_of_its_own() -> None:
    slope, intercept = Value(2.0), Value(1.0)
    line = Model(("slope", slope), ("intercept", intercept))
    (group,) = groups((slope * 3.0 + intercept) ** 2, line)
    assert outline(group) == {"Model": ["multiply", "add"]}


def test_what_is_no_model_of_the_graph_is_refused() -> None:
    with pytest.raises(ValueError, match="none of the 3 parameters of this MLP is in the graph"):
        groups(loss_of(MLP(2, [1], rng=0)), MLP(2, [1], rng=1))
    for named in ((1, Value(1.0)), ("w", [Value(1.0)])):
        with pytest.raises(TypeError, match=r"pairs of a name such as .* and a Value; Model has not"):
            groups(Value(1.0) * 2.0, Model(named))
