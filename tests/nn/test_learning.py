"""Networks really learn: on samples they have not seen, from fixed seeds."""

import math

import pytest
from sklearn.datasets import load_iris

import nn


@pytest.mark.parametrize(
    ("samples", "sizes", "loss", "lr", "epochs", "batch_size", "reached"),
    [
        (nn.moons(300, rng=0, labels=(-1, 1)), [16, 1], nn.hinge, 0.06, 20, 8, 0.98),
        (nn.circles(200, rng=0), [8, 1], nn.sigmoid_cross_entropy, 0.1, 15, 8, 0.95),
        (nn.blobs(150, centers=4, rng=0), [4], nn.softmax_cross_entropy, 0.1, 10, 10, 0.98),
        (nn.spirals(150, rng=0), [16, 1], nn.sigmoid_cross_entropy, 0.06, 30, 8, 0.9),
        (nn.yin_yang(300, rng=0), [16, 8, 3], nn.softmax_cross_entropy, 0.05, 15, 10, 0.8),
    ],
    ids=["moons", "circles", "blobs", "spirals", "yin_yang"],
)
def test_a_set_in_the_plane(samples, sizes, loss, lr, epochs, batch_size, reached):
    """Trained on 60 %, with a learning rate that falls to 5 %; measured on the other 40 %."""
    X, y = samples
    (X_train, y_train), (X_test, y_test) = nn.split(X, y, rng=0, fractions=(0.6, 0.4), stratify=y)
    X_train, X_test = nn.standardize(X_train, X_test)
    model = nn.MLP(2, sizes, rng=0)
    updates = epochs * math.ceil(len(X_train) / batch_size)
    optimizer = nn.Adam(model.parameters(), lr=nn.linear_schedule(lr, lr / 20, updates))
    nn.fit(model, loss, X_train, y_train, optimizer=optimizer, epochs=epochs, batch_size=batch_size, rng=0)
    assert nn.evaluate(model, loss, X_test, y_test, metrics=[nn.accuracy])["accuracy"] > reached


def test_iris_on_the_test_part():
    X, y = load_iris(return_X_y=True)
    (X_train, y_train), (X_validation, y_validation), (X_test, y_test) = nn.split(X, y, rng=0, stratify=y)
    X_train, X_validation, X_test = nn.standardize(X_train, X_validation, X_test)
    model = nn.MLP(4, [8, 3], "tanh", rng=0)
    history = nn.fit(
        model, nn.softmax_cross_entropy, X_train, y_train, validation=(X_validation, y_validation),
        optimizer=nn.Adam(model.parameters(), lr=0.03), epochs=40, batch_size=10, patience=10,
        metrics=[nn.accuracy], rng=0,
    )  # fmt: skip
    assert history.metrics["accuracy"][history.best_epoch - 1] > 0.93
    assert (
        nn.evaluate(model, nn.softmax_cross_entropy, X_test, y_test, metrics=[nn.accuracy])["accuracy"] > 0.93
    )


@pytest.mark.parametrize("strength", [0.0, 0.1])
def test_a_penalty_keeps_weights_small(strength):
    # with separable classes the loss alone would have the weight grow for ever
    neuron = nn.Neuron(1, rng=0)
    nn.fit(
        neuron, nn.sigmoid_cross_entropy, [-1.0, 1.0], [0, 1], optimizer=nn.SGD(neuron.parameters(), lr=2.0),
        penalty=lambda model: nn.l2_penalty(model, strength), epochs=300,
    )  # fmt: skip
    w = neuron.w[0].data
    if strength:
        # at the minimum the derivative of log(1 + e^-w) + λw²/2 is 0: σ(-w) = λw
        assert 1.0 / (1.0 + math.exp(w)) == pytest.approx(strength * w)
    else:
        assert w > 5.0
