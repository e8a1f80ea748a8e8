"""Neurons, layers and networks: what they compute, how they start, what they refuse."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, gradcheck
from autograd.graph import leaves
from nn import ACTIVATIONS, MLP, Layer, Maxout, Neuron, softmax
from tests.graphs import gate_names

X = [0.5, -1.5]


def data(outputs: Any) -> list[float]:
    return [output.data for output in outputs]


def set_parameters(module: Any, numbers: list[float]) -> None:
    for parameter, number in zip(module.parameters(), numbers, strict=True):
        parameter.data = number


# ── what they compute ───────────────────────────────────────────────────────────────────


def test_a_neuron_is_the_activation_of_its_weighted_sum() -> None:
    neuron = Neuron(2, "tanh", rng=0)
    set_parameters(neuron, [2.0, -0.5, 0.25])
    assert neuron(X).data == math.tanh(0.25 + 2.0 * 0.5 + -0.5 * -1.5)


def test_a_neuron_is_one_dot_gate_and_its_activation() -> None:
    assert gate_names(Neuron(5, "relu", rng=0)([1.0] * 5)) == ["dot", "relu"]
    assert gate_names(Neuron(5, rng=0)([1.0] * 5)) == ["dot"]


def test_a_network_feeds_each_layer_with_the_one_before() -> None:
    model = MLP(2, [3, 4, 2], "tanh", "sigmoid", rng=0)
    first, second, third = model.layers
    assert data(model(X)) == data(third(second(first(X))))
    assert (model.n_in, model.n_out) == (2, 2)
    assert isinstance(MLP(2, [1], rng=0)(X), Value)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_of_a_network_agree_with_central_differences(activation: str) -> None:
    model = MLP(2, [2, 2], activation, activation, rng=3)
    gradcheck(lambda *parameters: dot([1.0, -2.0], model(X)), model.parameters())


def test_maxout_takes_the_largest_piece_and_gives_it_the_gradient() -> None:
    neuron = Maxout(1, pieces=3, rng=0)
    set_parameters(neuron, [1.0, 0.0, -1.0, 0.0, 0.0, 5.0])
    assert [neuron([x]).data for x in (-7.0, 2.0, 9.0)] == [7.0, 5.0, 9.0]
    neuron([9.0]).backward()
    assert [p.grad for p in neuron.parameters()] == [9.0, 1.0, 0.0, 0.0, 0.0, 0.0]


def test_a_layer_is_its_neurons_side_by_side_and_softmax_goes_over_all_of_them() -> None:
    for activation in ("tanh", "maxout", "softmax"):
        layer = Layer(2, 3, activation, rng=0)
        outputs = [neuron(X) for neuron in layer.neurons]
        assert data(layer(X)) == data(softmax(outputs) if activation == "softmax" else outputs)


def test_a_function_of_the_users_own_and_an_activation_for_each_hidden_layer() -> None:
    def swish(z: Value) -> Value:
        return z * z.sigmoid()

    model = MLP(2, [2, 2, 1], ["tanh", swish], "sigmoid", rng=0)
    assert repr(model) == "MLP(2 → 2 tanh → 2 swish → 1 sigmoid, 15 parameters)"
    gradcheck(lambda *parameters: model(X), model.parameters())


# ── inputs ──────────────────────────────────────────────────────────────────────────────


def test_inputs_of_every_kind_give_the_same() -> None:
    model = MLP(2, [3, 1], "tanh", rng=0)
    values = [Value(v) for v in X]
    kinds: list[Any] = [X, tuple(X), np.array([X, X])[0], values, [X[0], values[1]], (v for v in X)]
    assert len({model(kind).data for kind in kinds}) == 1
    assert model([1, -2]).data == model([1.0, -2.0]).data


def test_one_input_may_stand_alone() -> None:
    model = MLP(1, [3, 1], rng=0)
    assert model(0.5).data == model([0.5]).data == model(np.float64(0.5)).data == model(Value(0.5)).data


def test_all_neurons_share_the_inputs_labelled_unless_they_were_given() -> None:
    outputs = Layer(2, 3, rng=0)([Value(0.5), -1.5])
    inputs = [{leaf for leaf in leaves(output) if leaf.label[:1] not in ("w", "b")} for output in outputs]
    assert inputs[0] == inputs[1] == inputs[2]
    assert {leaf.label: leaf.data for leaf in inputs[0]} == {"": 0.5, "x2": -1.5}


@pytest.mark.parametrize(
    ("module", "x", "words"),
    [
        (Neuron(2, rng=0), [1.0], r"Neuron\(2 → linear, 3 parameters\) takes 2 inputs, got 1"),
        (Layer(2, 3, rng=0), [1.0] * 3, r"Layer\(2 → 3 linear, 9 parameters\) takes 2 inputs, got 3"),
        (MLP(1, [3, 1], rng=0), [1.0, 2.0], r"Layer\(1 → 3 relu, 6 parameters\) takes 1 input, got 2"),
        (MLP(2, [3, 1], rng=0), np.zeros((5, 2)), r"not a batch of 5: .* predict\(model, X\)"),
        (MLP(2, [1], rng=0), [[1.0, 2.0]] * 3, "takes one sample, and not a batch of 3"),
        (Maxout(2, rng=0), [1.0], r"Maxout\(2 → 2 pieces, 6 parameters\) takes 2 inputs, got 1"),
    ],
)
def test_a_wrong_number_of_inputs_names_the_layer_and_both(module: Any, x: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        module(x)


@pytest.mark.parametrize("x", ["ab", [None, 1.0], [1j, 2.0], {1.0: 2.0, 3.0: 4.0}, {1.0, 2.0}])
def test_inputs_are_numbers(x: Any) -> None:
    with pytest.raises(TypeError, match=r"expected one real number|a sample is a list of numbers"):
        MLP(2, [3, 1], rng=0)(x)


# ── how they are written ────────────────────────────────────────────────────────────────


def test_labels_are_the_lectures() -> None:
    def labels(module: Any) -> list[str]:
        return [parameter.label for parameter in module.parameters()]

    assert labels(Neuron(2, rng=0)) == ["w1", "w2", "b"]
    assert labels(Layer(2, 2, rng=0)) == ["w11", "w12", "b1", "w21", "w22", "b2"]
    assert labels(MLP(2, [1, 1], rng=0)) == ["w11(1)", "w12(1)", "b1(1)", "w11(2)", "b1(2)"]
    assert labels(Maxout(1, rng=0)) == ["w11", "b1", "w21", "b2"]
    assert labels(Layer(1, 1, "maxout", rng=0)) == ["w111", "b11", "w121", "b12"]


def test_labels_tell_all_parameters_apart() -> None:
    for module in (MLP(12, [12, 11], rng=0), MLP(3, [12, 2], "maxout", rng=0), Layer(11, 111, rng=0)):
        labels = [parameter.label for parameter in module.parameters()]
        assert len(set(labels)) == len(labels)


# ── how they start ──────────────────────────────────────────────────────────────────────


def weights(model: Any) -> list[float]:
    return data(model.weights())


def test_a_seed_gives_the_same_network_again_and_randomness_comes_from_nowhere_else() -> None:
    random.seed(0)
    state = random.getstate()
    seeds: list[Any] = [7, random.Random(7), np.int64(7), 8, None, None]
    one, same, again, *others = [tuple(weights(MLP(2, [3, 1], rng=seed))) for seed in seeds]
    assert one == same == again
    assert len({one, *others}) == 4
    assert random.getstate() == state


def test_neurons_of_a_layer_differ_and_biases_start_at_zero() -> None:
    model = MLP(3, [4, 4, 2], rng=0)
    assert len(set(weights(model))) == len(weights(model))
    biases = [p.data for name, p in model.named_parameters() if name.endswith(".b")]
    assert biases == [0.0] * 10


def test_without_bias() -> None:
    model = MLP(3, [4, 2], bias=False, rng=0)
    assert model.parameter_count == 20
    assert data(model([0.0, 0.0, 0.0])) == [0.0, 0.0]


def test_an_initialiser_by_name_or_function() -> None:
    assert weights(MLP(2, [2, 1], init="zeros")) == [0.0] * 6

    def sizes(rng: random.Random, n_in: int, n_out: int) -> float:
        return 100 * n_in + n_out

    assert weights(MLP(2, [3, 1], init=sizes)) == [203.0] * 6 + [301.0] * 3
    assert weights(Layer(2, 3, "maxout", init=sizes)) == [203.0] * 12
    assert weights(Neuron(2, init=sizes)) == [201.0] * 2


# ── what they refuse ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Neuron(0), ValueError, "n_in is a whole number of at least 1, got 0"),
        (lambda: Layer(2, -1), ValueError, "n_out is a whole number of at least 1, got -1"),
        (lambda: Maxout(2, pieces=1), ValueError, "pieces is a whole number of at least 2, got 1"),
        (lambda: MLP(2, []), ValueError, "sizes is a list"),
        (lambda: MLP(2, [3, 0]), ValueError, "a layer's size is a whole number of at least 1, got 0"),
        (lambda: MLP(2, [3, 1], "rleu"), ValueError, "no activation 'rleu'; there are linear, elu"),
        (lambda: MLP(2, [3, 3, 1], ["relu"]), ValueError, "2 hidden layers, but 1 activation; the last"),
        (lambda: Neuron(2, "softmax"), ValueError, "softmax needs several weighted sums"),
        (lambda: MLP(2, [1], output="softmax"), ValueError, "a softmax of one output is always 1: take"),
        (
            lambda: MLP(1, [2, 1], lambda v: math.tanh(v.data), rng=0)(0.5),
            TypeError,
            "activation lambda returned a float, through which no gradient",
        ),
        (lambda: MLP(2, [1], init="hee"), ValueError, "no initialiser 'hee'; there are standard_normal"),
        (lambda: MLP(2, [1], rng="0"), TypeError, "rng is a random.Random or an integer seed, got str"),
    ],
)
def test_what_cannot_be_made_says_why(make: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()
