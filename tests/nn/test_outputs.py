"""What a model gives and a loss takes: mistakes are refused with their remedy, nothing else is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

import nn
from autograd import Value, compile, exp, log, no_grad  # noqa: A004
from nn.outputs import outputs_for, taken_by

MISTAKES = [
    ("softmax", "softmax_cross_entropy", "linear", "cross_entropy"),
    ("sigmoid", "softmax_cross_entropy", "linear", "binary_cross_entropy"),
    ("sigmoid", "sigmoid_cross_entropy", "linear", "binary_cross_entropy"),
    ("softmax", "sigmoid_cross_entropy", "linear", "cross_entropy"),
    ("sigmoid", "hinge", "linear", "binary_cross_entropy"),
    ("softmax", "multiclass_hinge", "linear", "cross_entropy"),
    ("sigmoid", "cross_entropy", "softmax", "binary_cross_entropy"),
    ("tanh", "multi_label_cross_entropy", "sigmoid", "hinge"),
]


@pytest.mark.parametrize(("output", "loss", "remedy", "other"), MISTAKES)
def test_a_loss_refuses_what_it_would_squash_again(output: str, loss: str, remedy: str, other: str) -> None:
    function, words = getattr(nn, loss), f"{loss} takes .*take output='{remedy}', or the loss {other}"
    model = nn.MLP(2, [4, 3], output=output, rng=0)
    target = [1.0, -1.0, -1.0] if loss == "hinge" else [1.0, 0.0, 0.0]
    before = model.state_dict()
    with pytest.raises(ValueError, match=words):
        nn.fit(model, function, [[1.0, 2.0]], [target], optimizer=nn.Adam(model.parameters()), epochs=1)
    assert model.state_dict() == before
    with pytest.raises(ValueError, match=words):
        nn.evaluate(model, partial(function), [[1.0, 2.0]], [target])
    if output != "tanh":  # whose gate may also stand before a loss of probabilities
        with pytest.raises(ValueError, match=words):
            function(model([1.0, 2.0]), target)
        with pytest.raises(ValueError, match=words):
            compile(lambda x, y: function(model(x), y), [1.0, 2.0], target)


@pytest.mark.parametrize(
    ("output", "loss", "outputs"),
    [
        ("linear", nn.squared_error, "numbers"),
        ("relu", nn.huber, "numbers"),
        ("tanh", nn.squared_error, "scores"),
        ("sigmoid", nn.squared_error, "probabilities"),
        ("linear", nn.hinge, "scores"),
        ("tanh", nn.hinge, "scores"),
        ("linear", nn.softmax_cross_entropy, "logits"),
        ("sigmoid", nn.multi_label_cross_entropy, "probabilities"),
        ("softmax", nn.multi_label_cross_entropy, "probabilities"),
        ("softmax", nn.kl_divergence, "distribution"),
        (lambda z: z.sigmoid() * 4, nn.hinge, "scores"),
        ("softmax", lambda prediction, target: prediction[0], "distribution"),
    ],
)
def test_what_fits_is_known(output: Any, loss: Any, outputs: str) -> None:
    assert outputs_for(nn.MLP(2, [4, 3], output=output, rng=0), loss) == outputs


def test_a_model_or_loss_of_ones_own_may_say() -> None:
    class Odds(nn.Module):
        gives = "logits"

    def loss(prediction: Any, target: Any) -> Any:
        return prediction

    assert outputs_for(Odds(), loss) == "logits"
    loss.takes = "probabilities"
    with pytest.raises(ValueError, match="loss takes probabilities, but the output activation gives logits"):
        outputs_for(Odds(), loss)
    loss.takes = "chances"
    with pytest.raises(ValueError, match=r"takes is one of numbers, .* got 'chances'"):
        taken_by(loss)


def test_what_only_resembles_a_mistake_is_computed() -> None:
    z = [Value(0.5), Value(-1.0)]
    probabilities = nn.softmax(z)
    nn.softmax_cross_entropy([log(p) for p in probabilities], 0)  # logits, if ones that add up to 1
    nn.softmax_cross_entropy([exp(v) for v in z], 0)
    nn.sigmoid_cross_entropy(z[0].sigmoid() * z[1], 1)
    nn.binary_cross_entropy(probabilities[1], 1)
    nn.cross_entropy([1.0 - z[0].sigmoid(), z[0].sigmoid()], 1)
    with no_grad():
        assert nn.sigmoid_cross_entropy(z[0].sigmoid(), 1).data > 0.0  # a number with no history
