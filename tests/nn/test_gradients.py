"""The gradient report: its numbers by hand, and that it shows what it is for."""

import math

import matplotlib as mpl
import pytest

from autograd import Value
from nn import MLP, Module, Neuron, gradient_report

mpl.use("Agg")


def network():
    """Two layers of neurons, with gradients set by hand; unit 1 of the first layer is dead."""
    model = MLP(1, [2, 1], rng=0)
    numbers = {
        "layers.0.neurons.0.w.0": (3.0, 0.5),
        "layers.0.neurons.0.b": (0.0, -1.5),
        "layers.0.neurons.1.w.0": (4.0, 0.0),
        "layers.0.neurons.1.b": (0.0, 0.0),
        "layers.1.neurons.0.w.0": (0.0, 0.0),
        "layers.1.neurons.0.w.1": (0.0, 2.0),
        "layers.1.neurons.0.b": (0.0, 0.0),
    }
    for name, parameter in model.named_parameters():
        parameter.data, parameter.grad = numbers[name]
    return model


def test_the_numbers_of_each_layer():
    first, second = gradient_report(network()).layers
    assert (first.name, second.name) == ("layers.0", "layers.1")
    assert first.parameters == [3.0, 0.0, 4.0, 0.0]
    assert first.gradients == [0.5, -1.5, 0.0, 0.0]
    assert (first.mean, first.largest) == (0.5, 1.5)
    assert first.ratio == pytest.approx(math.sqrt(2.5) / 5.0, rel=1e-15)
    assert (first.units, first.dead) == (2, 1)
    assert (second.units, second.dead) == (1, 0)
    assert math.isnan(second.ratio)


def test_it_prints_as_a_table_and_shows_itself_as_one_in_a_notebook():
    report = gradient_report(network())
    assert repr(report) == (
        "layer     parameters  mean |gradient|  largest |gradient|  gradient : weight  dead units\n"
        "layers.0           4         5.00e-01            1.50e+00           3.16e-01      1 of 2\n"
        "layers.1           3         6.67e-01            2.00e+00                  -      0 of 1"
    )
    assert report._repr_html_().count("<tr>") == 3
    assert "<td>layers.0</td><td>4</td><td>5.00e-01</td><td>1.50e+00</td>" in report._repr_html_()


def test_a_model_without_a_backward_pass_says_so():
    report = gradient_report(MLP(2, [3, 1], rng=0))
    words = "Every gradient is 0: there was no backward pass yet, or none reached the parameters."
    assert repr(report).endswith("\n" + words)
    assert words in report._repr_html_()
    report.plot()


def test_a_relu_that_no_sample_switches_on_is_dead():
    model = MLP(1, [3, 1], "relu", rng=0)
    for neuron, weight, bias in zip(model.layers[0].neurons, (1.0, -1.0, 1.0), (0.0, 0.0, -9.0), strict=True):
        neuron.w[0].data, neuron.b.data = weight, bias
    for x in (0.5, 1.0, 2.0):  # the second is off for all of them, the third as well
        model(x).backward()
    assert gradient_report(model).layers[0].dead == 2
    model(-1.0).backward()
    assert gradient_report(model).layers[0].dead == 1


def test_parameters_outside_of_neurons_go_with_what_holds_them():
    class Scaled(Module):
        def __init__(self):
            self.scale = Value(2.0)
            self.shifts = [Value(0.0), Value(1.0)]
            self.inner = Neuron(2, rng=0)
            self.body = MLP(2, [2, 1], "maxout", rng=0)

    layers = gradient_report(Scaled()).layers
    assert [(layer.name, len(layer.parameters), layer.units) for layer in layers] == [
        ("Scaled", 3, 0),
        ("inner", 3, 0),
        ("body.layers.0", 12, 2),
        ("body.layers.1", 3, 1),
    ]
    assert repr(gradient_report(Scaled())).splitlines()[1].split()[-1] == "-"


def test_a_model_that_names_nothing_is_one_layer():
    w = Value(2.0)
    w.grad = -1.0

    class Line:
        def __call__(self, x):
            return w * x

        def parameters(self):
            return [w]

    [layer] = gradient_report(Line()).layers
    assert (layer.name, layer.mean, layer.ratio, layer.units) == ("Line", 1.0, 0.5, 0)


def test_plot_draws_mean_and_largest_on_a_logarithmic_scale():
    axes = gradient_report(network()).plot()
    assert [list(line.get_ydata()) for line in axes.get_lines()] == [[1.5, 2.0], [0.5, 2.0 / 3.0]]
    assert axes.get_yscale() == "log"
    assert [label.get_text() for label in axes.get_xticklabels()] == ["layers.0\n1 of 2 dead", "layers.1"]
    assert gradient_report(network()).plot(axes) is axes
