"""What the lecture says of networks, with its numbers."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, total

Matrix = Any


def set_layer(layer: nn.Layer, W: Matrix, b: Matrix = None) -> None:
    for i, neuron in enumerate(layer.neurons):
        for j, w in enumerate(neuron.w):
            w.data = float(W[i][j])
        if b is not None:
            neuron.b.data = float(b[i])


def gradients(layer: nn.Layer) -> tuple[Matrix, Matrix]:
    """∂L/∂W, a row for each neuron, and ∂L/∂b."""
    dW = np.array([[w.grad for w in neuron.w] for neuron in layer.neurons])
    return dW, np.array([neuron.b.grad for neuron in layer.neurons])


# ── the worked examples ─────────────────────────────────────────────────────────────────


def test_the_logistic_example_is_one_neuron() -> None:
    neuron = nn.Neuron(2, "sigmoid", rng=0)
    w1, w2, b = neuron.parameters()
    w1.data, w2.data, b.data = 2.0, -3.0, -3.0
    x1, x2 = x = [Value(-1.0), Value(-2.0)]
    p = neuron(x)
    loss = nn.binary_cross_entropy(p, 1)
    loss.backward()
    assert [round(v.data, 4) for v in (p, loss)] == [0.7311, 0.3133]
    found = [round(v.grad, 4) for v in (p, w1, w2, b, x1, x2)]
    assert found == [-1.3679, 0.2689, 0.5379, -0.2689, -0.5379, 0.8068]


def test_the_two_layer_example() -> None:
    model = nn.MLP(2, [2, 1], "sigmoid", "sigmoid", bias=False)
    set_layer(model.layers[0], [[0.2, 0.1], [-0.1, 0.3]])
    set_layer(model.layers[1], [[-1.0, 1.0]])
    loss = nn.binary_cross_entropy(model([3.0, 2.0]), 1)
    loss.backward()
    assert round(loss.data, 4) == 0.7526
    found = [round(p.grad, 4) for p in model.parameters()]
    assert found == [0.3394, 0.2263, -0.3878, -0.2586, -0.3649, -0.3038]
    nn.SGD(model.parameters(), lr=0.001).step()
    assert round(model([3.0, 2.0]).data, 4) == 0.4714


def test_the_forward_example() -> None:
    model = nn.MLP(4, [3, 1], "sigmoid", "sigmoid", bias=False)
    set_layer(model.layers[0], [[1, 0, 1, 0], [0, -1, 0.5, -1], [-1, -1, 0, 0.5]])
    set_layer(model.layers[1], [[-1, 1, -1]])
    x = [1.0, -1.0, 3.0, 2.0]
    assert [round(h.data, 2) for h in model.layers[0](x)] == [0.98, 0.62, 0.73]
    assert round(model(x).data, 2) == 0.25
    # The notes print x4 = -2, for which their own I(1) = (4, 0.5, 1) does not come out.
    assert [round(h.data, 2) for h in model.layers[0]([1.0, -1.0, 3.0, -2.0])] != [0.98, 0.62, 0.73]


# ── deep networks ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("depth", [2, 5, 30])
def test_the_gradient_of_a_chain_is_a_product_of_weights_and_slopes(depth: int, activation: str) -> None:
    """∂f/∂w1 = ∏_{l≥2} w_l · ∏_l σ'(z_l) · x, which vanishes with depth."""
    model = nn.MLP(1, [1] * depth, activation, activation, init="standard_normal", rng=depth)
    rng = random.Random(depth)
    neurons = [layer.neurons[0] for layer in model.layers]
    h = x = 0.7
    product = x
    for place, neuron in enumerate(neurons):
        neuron.b.data = rng.gauss(0, 1)
        z = neuron.w[0].data * h + neuron.b.data
        h = 1 / (1 + math.exp(-z)) if activation == "sigmoid" else math.tanh(z)
        slope = h * (1 - h) if activation == "sigmoid" else 1 - h * h
        product *= slope * (neuron.w[0].data if place else 1.0)
    f = model(x)
    f.backward()
    assert f.data == pytest.approx(h, rel=1e-13)
    assert neurons[0].w[0].grad == pytest.approx(product, rel=1e-11, abs=0)
    if activation == "sigmoid" and depth == 30:
        assert abs(product) < 1e-15


# ── gradients that the lecture derives ──────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(10))
def test_a_vectorised_two_layer_network(seed: int) -> None:
    """In matrices: dZ2 = A2 - Y, dW2 = (1/n) dZ2 A1ᵀ, dZ1 = W2ᵀ dZ2 ∗ g'(Z1), dW1 = (1/n) dZ1 Xᵀ."""
    rng = np.random.default_rng(seed)
    n, d, hidden, classes = (int(size) for size in rng.integers(2, 6, size=4))
    X = rng.normal(size=(d, n))  # a column for each sample, as in S5:274
    Y = np.eye(classes)[:, rng.integers(0, classes, size=n)]
    W1, b1 = rng.normal(size=(hidden, d)), rng.normal(size=(hidden, 1))
    W2, b2 = rng.normal(size=(classes, hidden)), rng.normal(size=(classes, 1))
    model = nn.MLP(d, [hidden, classes], "tanh")
    set_layer(model.layers[0], W1, b1[:, 0])
    set_layer(model.layers[1], W2, b2[:, 0])
    hidden_outputs = [model.layers[0](x) for x in X.T]
    logits = [model.layers[1](h) for h in hidden_outputs]
    losses = [nn.softmax_cross_entropy(z, y) for z, y in zip(logits, Y.T, strict=True)]
    loss = total(losses) / n
    loss.backward()

    A1 = np.tanh(W1 @ X + b1)
    E = np.exp(W2 @ A1 + b2)
    A2 = E / E.sum(axis=0)
    dZ2 = A2 - Y
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    found2 = np.array([[z.grad for z in row] for row in logits]).T * n
    found1 = np.array([[h.inputs[0].grad for h in row] for row in hidden_outputs]).T * n
    assert np.allclose(found2, dZ2, rtol=1e-12, atol=1e-12)
    assert np.allclose(found1, dZ1, rtol=1e-12, atol=1e-12)
    for layer, dW, db in zip(
        model.layers, (dZ1 @ X.T / n, dZ2 @ A1.T / n), (dZ1.sum(axis=1) / n, dZ2.sum(axis=1) / n), strict=True
    ):
        found_W, found_b = gradients(layer)
        assert np.allclose(found_W, dW, rtol=1e-12, atol=1e-12)
        assert np.allclose(found_b, db, rtol=1e-12, atol=1e-12)
