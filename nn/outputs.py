"""What the outputs of a model are, and which losses and metrics can use them.

| outputs | what they are | one output means class 1 |
|---|---|---|
| numbers | measured quantities, which stand for no class | never |
| scores | the larger, the more they speak for a class | above 0 |
| logits | what a sigmoid or a softmax turns into probabilities | above 0 |
| probabilities | each the probability of its own label | above 1/2 |
| distribution | the probabilities of K classes, which add up to 1 | never: it takes two |

The same number, 0.7 say, may be any of these, so looking at numbers cannot tell. A loss says
what it takes, and an activation what it gives:

>>> from nn import MLP, binary_cross_entropy, sigmoid_cross_entropy
>>> taken_by(sigmoid_cross_entropy), given_by(MLP(2, [3, 1], output="sigmoid"))
('logits', 'probabilities')

A loss or a model of your own may say so as well, in an attribute `takes` or `gives`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeVar, get_args

from autograd import gates
from autograd.fused import logsumexp
from autograd.reals import shortened

Outputs = Literal["numbers", "scores", "logits", "probabilities", "distribution"]

THRESHOLDS: dict[str, float] = {"scores": 0.0, "logits": 0.0, "probabilities": 0.5}
"""Above which number a single output means class 1."""

_FITTING: dict[str, set[str]] = {
    "numbers": set(get_args(Outputs)),
    "scores": {"numbers", "scores", "logits"},
    "logits": {"numbers", "scores", "logits"},
    "probabilities": {"probabilities", "distribution"},
    "distribution": {"distribution"},
}
"""What a loss takes -> what an activation may give for it."""

_ACTIVATION_FOR = {"probabilities": "sigmoid", "distribution": "softmax"}
_LOSS_FOR = {
    "scores": "hinge or multiclass_hinge",
    "probabilities": "binary_cross_entropy or multi_label_cross_entropy",
    "distribution": "cross_entropy",
}

Function = TypeVar("Function", bound=Callable[..., Any])


def takes(outputs: Outputs) -> Callable[[Function], Function]:
    """A decorator by which a loss says what its predictions are."""

    def declare(loss: Function) -> Function:
        loss.takes = outputs  # type: ignore[attr-defined]
        return loss

    return declare


def taken_by(loss: Any) -> Outputs | None:
    """What a loss takes, even inside a `functools.partial`; None if it does not say."""
    return _known("takes", _unwrapped(loss))


def given_by(model: Any) -> Outputs | None:
    """What a model gives; None if it does not say."""
    return _known("gives", model)


def outputs_for(model: Any, loss: Any) -> Outputs | None:
    """What the outputs of a model are when it is trained with a loss; None if neither says.

    Raises ValueError if the model's output activation does not fit the loss, such as a softmax
    before a loss that applies softmax itself.

    >>> from nn import MLP, squared_error, softmax_cross_entropy
    >>> outputs_for(MLP(2, [3]), softmax_cross_entropy)
    'logits'
    >>> outputs_for(MLP(2, [3, 1], output="sigmoid"), squared_error)
    'probabilities'
    """
    taken, given = taken_by(loss), given_by(model)
    if taken and given and given not in _FITTING[taken]:
        name = getattr(_unwrapped(loss), "__name__", "the loss")
        raise ValueError(f"{_misfit(name, taken, given)}; the model is {shortened(model, 100)}")
    return given if given and taken in (None, "numbers") else taken


def require_fitting(loss: Any, prediction: Any) -> None:
    """Raise ValueError if a prediction is the output of a sigmoid or softmax that the loss does not take.

    The gates of the prediction show it; without them, as inside `no_grad`, nothing is refused.
    """
    gate, given = getattr(prediction, "gate", None), None
    if gate is gates.sigmoid:
        given = "probabilities"
    elif gate is gates.exp:  # softmax is e^(z - logsumexp(z))
        (exponent,) = prediction.inputs
        if exponent.gate is gates.subtract and exponent.inputs[-1].gate is logsumexp:
            given = "distribution"
    if given and given not in _FITTING[loss.takes]:
        raise ValueError(_misfit(loss.__name__, loss.takes, given))


def _misfit(name: str, taken: str, given: str) -> str:
    applied = name.partition("_")[0]
    itself = f" and applies {applied} itself" if applied in ("sigmoid", "softmax") else ""
    wanted, found = (
        words.replace("distribution", "probabilities that add up to 1") for words in (taken, given)
    )
    return (
        f"{name} takes {wanted}{itself}, but the output activation gives {found}: "
        f"take output='{_ACTIVATION_FOR.get(taken, 'linear')}', "
        f"or the loss {_LOSS_FOR.get(given, 'sigmoid_cross_entropy or softmax_cross_entropy')}"
    )


def _known(attribute: str, thing: Any) -> Outputs | None:
    word = getattr(thing, attribute, None)
    if word is not None and word not in get_args(Outputs):
        raise ValueError(f"{attribute} is one of {', '.join(get_args(Outputs))}, got {shortened(word)}")
    return word


def _unwrapped(loss: Any) -> Any:
    while isinstance(loss, partial):
        loss = loss.func
    return loss
