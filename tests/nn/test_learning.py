"""Networks really learn: on samples they have not seen, from fixed seeds."""

import math

import pytest
from sklearn.datasets import load_iris

from nn import (
    MLP,
    SGD,
    Adam,
    Neuron,
    accuracy,
    blobs,
    circles,
    evaluate,
    fit,
    hinge,
    l2_penalty,
    linear_schedule,
    moons,
    predict,
    r_squared,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    spirals,
    split,
    squared_error,
    standardize,
    xor,
    yin_yang,
)


def test_xor_as_a_truth_table():
    X, y = xor(rng=0, labels=(-1, 1))
    model = MLP(2, [4, 1], "tanh", rng=0)
    fit(model, hinge, X, y, optimizer=SGD(model.parameters(), lr=0.3), epochs=100)
    assert evaluate(model, hinge, X, y, metrics=[accuracy]) == {"loss": 0.0, "accuracy": 1.0}


def test_xor_is_beyond_one_neuron():
    X, y = xor(rng=0)
    neuron = Neuron(2, rng=0)
    fit(neuron, sigmoid_cross_entropy, X, y, optimizer=SGD(neuron.parameters(), lr=0.3), epochs=100)
    told = evaluate(neuron, sigmoid_cross_entropy, X, y, metrics=[accuracy])
    assert told["loss"] >= math.log(2.0) - 1e-9  # no line does better than not to know
    assert told["accuracy"] <= 0.75


@pytest.mark.parametrize(
    ("samples", "sizes", "loss", "lr", "epochs", "batch_size", "reached"),
    [
        (moons(300, rng=0, labels=(-1, 1)), [16, 1], hinge, 0.06, 20, 8, 0.98),
        (circles(200, rng=0), [8, 1], sigmoid_cross_entropy, 0.1, 15, 8, 0.95),
        (blobs(150, centers=4, rng=0), [4], softmax_cross_entropy, 0.1, 10, 10, 0.98),
        (spirals(250, rng=0), [16, 1], sigmoid_cross_entropy, 0.06, 40, 8, 0.95),
        (yin_yang(600, rng=0), [16, 8, 3], softmax_cross_entropy, 0.05, 20, 10, 0.9),
    ],
    ids=["moons", "circles", "blobs", "spirals", "yin_yang"],
)
def test_a_set_in_the_plane(samples, sizes, loss, lr, epochs, batch_size, reached):
    """Trained on 60 %, with a learning rate that falls to 5 %; measured on the other 40 %."""
    X, y = samples
    (X_train, y_train), (X_test, y_test) = split(X, y, rng=0, fractions=(0.6, 0.4), stratify=y)
    X_train, X_test = standardize(X_train, X_test)
    model = MLP(2, sizes, rng=0)
    updates = epochs * math.ceil(len(X_train) / batch_size)
    optimizer = Adam(model.parameters(), lr=linear_schedule(lr, lr / 20, updates))
    fit(model, loss, X_train, y_train, optimizer=optimizer, epochs=epochs, batch_size=batch_size, rng=0)
    assert evaluate(model, loss, X_test, y_test, metrics=[accuracy])["accuracy"] > reached


def test_iris_on_the_test_part():
    X, y = load_iris(return_X_y=True)
    (X_train, y_train), (X_validation, y_validation), (X_test, y_test) = split(X, y, rng=0, stratify=y)
    X_train, X_validation, X_test = standardize(X_train, X_validation, X_test)
    model = MLP(4, [8, 3], "tanh", rng=0)
    history = fit(
        model, softmax_cross_entropy, X_train, y_train, validation=(X_validation, y_validation),
        optimizer=Adam(model.parameters(), lr=0.03), epochs=40, batch_size=10, patience=10,
        metrics=[accuracy], rng=0,
    )  # fmt: skip
    assert history.metrics["accuracy"][history.best_epoch - 1] > 0.93
    assert evaluate(model, softmax_cross_entropy, X_test, y_test, metrics=[accuracy])["accuracy"] > 0.93


def test_a_curve():
    X = [-3.0 + 0.1 * i for i in range(61)]
    y = [math.sin(x) for x in X]
    (X_train, y_train), (X_test, y_test) = split(X, y, rng=0, fractions=(0.7, 0.3))
    model = MLP(1, [10, 1], "tanh", rng=0)
    optimizer = Adam(model.parameters(), lr=linear_schedule(0.1, 0.0, 80 * 11))
    fit(model, squared_error, X_train, y_train, optimizer=optimizer, epochs=80, batch_size=4, rng=0)
    assert r_squared(predict(model, X_test), y_test) > 0.99


@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_a_penalty_keeps_weights_small(strength):
    # with separable classes the loss alone would have the weight grow for ever
    neuron = Neuron(1, rng=0)
    fit(
        neuron, sigmoid_cross_entropy, [-1.0, 1.0], [0, 1], penalty=lambda model: l2_penalty(model, strength),
        optimizer=SGD(neuron.parameters(), lr=2.0), epochs=300,
    )  # fmt: skip
    w = neuron.w[0].data
    if strength:
        # at the minimum the derivative of log(1 + e^-w) + λw²/2 is 0: σ(-w) = λw
        assert 1.0 / (1.0 + math.exp(w)) == pytest.approx(strength * w)
    else:
        assert w > 5.0
