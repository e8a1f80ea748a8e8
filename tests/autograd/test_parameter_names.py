"""How the names of parameters are read."""

import pytest

from autograd.parameter_names import label_of, layer_and_unit, levels_of, part_of, path_of, title_of


@pytest.mark.parametrize(
    ("name", "layer", "unit"),
    [
        ("layers.1.neurons.3.w.1", "layers.1", "layers.1.neurons.3"),
        ("layers.1.neurons.3.pieces.0.b", "layers.1", "layers.1.neurons.3"),
        ("neurons.0.b", "", "neurons.0"),
        ("layers.1.W.2.3", "layers.1", ""),
        ("w", "", ""),
    ],
)
def test_the_layer_and_the_neuron_of_a_parameter(name: str, layer: str, unit: str) -> None:
    found = layer_and_unit(path_of(name))
    assert tuple(".".join(path) for path in found) == (layer, unit)


def test_parts_within_parts_and_what_people_call_them() -> None:
    path = path_of("encoder.layers.0.neurons.11")
    levels = [".".join(level) for level in levels_of(path)]
    assert levels == ["encoder", "encoder.layers.0", "encoder.layers.0.neurons.11"]
    assert title_of(path) == "encoder layer 1 neuron 12"
    assert [part_of(path_of(name)) for name in ("w", "encoder.bias")] == [(), ("encoder",)]


@pytest.mark.parametrize(
    ("letter", "name", "label"),
    [
        ("w", "layers.1.neurons.2.w.0", "w31(2)"),
        ("w", "layers.1.neurons.2.w.9", "w3,10(2)"),
        ("b", "layers.0.neurons.2.b", "b3(1)"),
        ("b", "b", "b"),
        ("h", "neurons.11", "h12"),
    ],
)
def test_labels_as_the_lecture_writes_them(letter: str, name: str, label: str) -> None:
    assert label_of(letter, path_of(name)) == label
