"""Losses: how far a prediction is from its target, as one number for one sample.

Every loss is `loss(prediction, target) -> Value`. The prediction is what a model returns, a
Value or a list of K of them; for plain numbers the loss is a plain number. The target has the
same shape, or is the index of a class, from 0 to K - 1. A loss adds up over the outputs of one
sample, only `mean_squared_error` averages them; the caller averages over samples. Entropies are
in nats, and 0·log 0 counts as 0 there.

Losses of logits are finite, with all their digits, for logits of any size. A loss of probabilities
raises GateError if something of probability 0 happened (ŷ = 0 with t > 0); if a model can come near
that, take the loss of its logits. ValueError is raised for a target of another shape or out of range,
for a plain number outside [0, 1] as a probability, and for the outputs of an activation that does not
fit, such as a softmax before `softmax_cross_entropy` (see `nn.outputs`).

No loss looks at the number in a Value, so each can be recorded once and replayed for other
targets. A recorded class index chooses by a gate, `autograd.choose`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

from autograd.arguments import nonnegative, positive
from autograd.declaration import GateError
from autograd.fused import dot, logsumexp, total
from autograd.gates import absolute, log, maximum, minimum, power, relu, softplus, sqrt
from autograd.reals import kind
from autograd.value import Value
from nn.module import Module
from nn.outputs import require_fitting, takes
from nn.targets import Pairs, class_pairs, label_pairs, one_hot_pairs, paired, row_of

__all__ = [
    "binary_cross_entropy", "cross_entropy", "hinge", "huber", "kl_divergence", "l2_penalty",
    "mean_squared_error", "multi_label_cross_entropy", "multiclass_hinge", "negative_log_likelihood",
    "pseudo_huber", "sigmoid_cross_entropy", "softmax_cross_entropy", "squared_error",
]  # fmt: skip

Loss = Callable[[Any, Any], Any]
"""(prediction, target) -> the loss of one sample."""

_LOWEST = -sys.float_info.max
_SMALLEST = sys.float_info.min
"""The smallest normal float: its logarithm and its reciprocal are finite."""


# ── numbers ─────────────────────────────────────────────────────────────────────────────


@takes("numbers")
def squared_error(prediction: Any, target: Any) -> Any:
    """L = ½ Σ (ŷ_k - y_k)², so that ∂L/∂ŷ_k = ŷ_k - y_k. Source: the lecture; PyTorch has no ½.

    >>> squared_error(2.5, 1.0)
    1.125
    """
    return 0.5 * _sum_of_squares(paired("squared_error", prediction, target))


@takes("numbers")
def mean_squared_error(prediction: Any, target: Any) -> Any:
    """L = (1/K) Σ (ŷ_k - y_k)². Source: the lecture's line fitting; PyTorch's MSELoss.

    >>> mean_squared_error([2.5, 0.0], [1.0, 0.5])
    1.25
    """
    pairs = paired("mean_squared_error", prediction, target)
    return _sum_of_squares(pairs) / len(pairs)


@takes("numbers")
def huber(prediction: Any, target: Any, c: float = 1.0) -> Any:
    """L = Σ ½e² where |e| < c, and c(|e| - ½c) elsewhere, with e = ŷ_k - y_k.

    c  the |e| at which the parabola becomes a line, above 0

    Source: Huber 1964, the lecture. PyTorch's HuberLoss averages over K. Written as
    m(|e| - ½m) with m = min(|e|, c), the same on both sides of c.

    >>> huber(0.5, 0.0), huber(3.0, 0.0)
    (0.125, 2.5)
    """
    c = positive("huber: c", c)
    sizes = [absolute(y_hat - y) for y_hat, y in paired("huber", prediction, target)]
    caps = [minimum(size, c) for size in sizes]
    return _sum([cap * (size - 0.5 * cap) for size, cap in zip(sizes, caps, strict=True)])


@takes("numbers")
def pseudo_huber(prediction: Any, target: Any, c: float = 1.0) -> Any:
    """L = Σ c²(√(1 + (e/c)²) - 1), smooth everywhere, with e = ŷ_k - y_k.

    c  the |e| around which the parabola becomes a line, above 0

    Source: Charbonnier et al. 1997, the lecture. Written as e²/(√(1 + (e/c)²) + 1), the
    same number, which keeps its digits for small e.

    >>> round(pseudo_huber(3.0, 0.0), 4)
    2.1623
    """
    c = positive("pseudo_huber: c", c)
    errors = [y_hat - y for y_hat, y in paired("pseudo_huber", prediction, target)]
    return _sum([power(e, 2) / (1.0 + sqrt(1.0 + power(e / c, 2))) for e in errors])


# ── yes or no ───────────────────────────────────────────────────────────────────────────


@takes("probabilities")
def binary_cross_entropy(prediction: Any, target: Any) -> Any:
    """L = -y log ŷ - (1 - y) log(1 - ŷ). Source: the lecture.

    prediction  a probability, such as a sigmoid's output
    target      0, 1, or a probability between

    >>> round(binary_cross_entropy(0.25, 1), 4)
    1.3863
    """
    row = row_of(prediction)
    if len(row) != 1:
        raise ValueError(
            f"binary_cross_entropy takes one probability, got {len(row)}: take multi_label_cross_entropy "
            "for labels that may hold at once, cross_entropy for classes that exclude each other"
        )
    return _log_loss(binary_cross_entropy, row, target)


@takes("probabilities")
def multi_label_cross_entropy(prediction: Any, target: Any) -> Any:
    """L = Σ -y_k log ŷ_k - (1 - y_k) log(1 - ŷ_k). Source: the lecture; PyTorch's BCELoss averages over K.

    prediction  K probabilities, each of its own label
    target      K of 0, 1, or probabilities between

    >>> round(multi_label_cross_entropy([0.5, 0.25], [1, 0]), 4)
    0.9808
    """
    return _log_loss(multi_label_cross_entropy, prediction, target)


@takes("logits")
def sigmoid_cross_entropy(prediction: Any, target: Any) -> Any:
    """L = Σ -y_k log σ(z_k) - (1 - y_k) log(1 - σ(z_k)), of logits z.

    prediction  a logit, or K of them, each of its own label
    target      0, 1, or a probability between, for each

    Source: the lecture's log-loss. PyTorch's BCEWithLogitsLoss averages over K.
    ∂L/∂z_k = σ(z_k) - y_k. Written as Σ y_k·softplus(-z_k) + (1 - y_k)·softplus(z_k).

    >>> sigmoid_cross_entropy(1000.0, 0), sigmoid_cross_entropy(1000.0, 1)
    (1000.0, 0.0)
    """
    pairs = label_pairs("sigmoid_cross_entropy", prediction, target)
    require_fitting(sigmoid_cross_entropy, pairs[0][0])
    terms = []
    for z, y in pairs:
        terms += [_times(y, softplus(-z)), _times(1.0 - y, softplus(z))]
    return _sum(terms)


# ── one of K classes ────────────────────────────────────────────────────────────────────


@takes("distribution")
def cross_entropy(prediction: Any, target: Any, base: float = math.e) -> Any:
    """L = -Σ t_k log ŷ_k. Source: the lecture, which uses both bases.

    prediction  K probabilities that add up to 1, such as the outputs of a softmax
    target      a class index, or K probabilities
    base        of the logarithm: e for nats, 2 for bits

    >>> cross_entropy([0.25, 0.25, 0.5], 1, base=2)
    2.0
    """
    base = positive("cross_entropy: base", base)
    if base == 1:
        raise ValueError("cross_entropy: there is no logarithm of base 1")
    nats = _minus_logs(_probabilities(cross_entropy, class_pairs, prediction, target))
    return nats if base == math.e else nats / math.log(base)


@takes("logits")
def softmax_cross_entropy(prediction: Any, target: Any) -> Any:
    """L = -Σ t_k log softmax(z)_k, of logits z.

    prediction  K logits
    target      a class index, or K probabilities

    Source: the lecture; PyTorch's CrossEntropyLoss. ∂L/∂z_k = softmax(z)_k - t_k. Written
    as Σ t_k (log Σ e^z_j - z_k).

    >>> softmax_cross_entropy([1000.0, 0.0, -1000.0], 2)
    2000.0
    """
    logits = row_of(prediction)
    require_fitting(softmax_cross_entropy, logits[0])
    pairs = class_pairs("softmax_cross_entropy", logits, target)
    log_of_sum = logsumexp(logits)
    # A recorded t may be 0 where a masked class has z = -∞: a product with the lowest float is 0, not NaN.
    kept = [(z if type(t) is float else maximum(z, _LOWEST), t) for z, t in pairs if not _is_plain(t, 0.0)]
    return _sum([_times(t, log_of_sum - z) for z, t in kept])


@takes("distribution")
def negative_log_likelihood(prediction: Any, target: Any) -> Any:
    """L = -log ŷ_c for the observed class c. Source: the lecture; PyTorch's NLLLoss takes log ŷ.

    prediction  K probabilities that add up to 1
    target      the index c, or its one-hot row

    >>> round(negative_log_likelihood([0.25, 0.25, 0.5], 2), 4)
    0.6931
    """
    return _minus_logs(_probabilities(negative_log_likelihood, one_hot_pairs, prediction, target))


@takes("distribution")
def kl_divergence(prediction: Any, target: Any) -> Any:
    """L = Σ t_k log(t_k / ŷ_k), how far the prediction ŷ is from the truth t.

    prediction  K probabilities that add up to 1
    target      K probabilities, or a class index, for which this is `cross_entropy`

    Source: Kullback and Leibler 1951, the lecture: `cross_entropy` minus the entropy of t, with
    the same gradient. PyTorch's KLDivLoss takes log ŷ.

    >>> round(kl_divergence([0.25, 0.25, 0.5], [0.5, 0.5, 0.0]), 4)
    0.6931
    """
    pairs = _probabilities(kl_divergence, class_pairs, prediction, target)
    return _minus_logs(pairs) + _sum([t * log(maximum(t, _SMALLEST)) for _, t in pairs])


# ── margins ─────────────────────────────────────────────────────────────────────────────


@takes("scores")
def hinge(prediction: Any, target: Any) -> Any:
    """L = Σ max(0, 1 - y_k·s_k); at y·s = 1 the gradient is 0. Source: the lecture.

    prediction  a score, or K of them, each of its own label
    target      -1 or +1 for each

    >>> hinge(0.5, 1), hinge(0.5, -1), hinge(2.0, 1)
    (0.5, 1.5, 0.0)
    """
    pairs = paired("hinge", prediction, target)
    require_fitting(hinge, pairs[0][0])
    for _, y in pairs:
        if type(y) is float and y != 1.0 and y != -1.0:
            raise ValueError(
                f"hinge: a target is -1 or +1, got {y:g}; labels of 0 and 1 become that by 2*y - 1"
            )
    return _sum([relu(1.0 - _times(y, s)) for s, y in pairs])


@takes("scores")
def multiclass_hinge(prediction: Any, target: Any) -> Any:
    """L = Σ_{k≠c} max(0, 1 + s_k - s_c), for the true class c.

    prediction  K scores
    target      the index c, or its one-hot row

    Source: Weston and Watkins 1999. PyTorch's MultiMarginLoss divides this by K.

    >>> multiclass_hinge([3.0, 2.5, -1.0], 0)
    0.5
    """
    scores = row_of(prediction)
    require_fitting(multiclass_hinge, scores[0])
    pairs = one_hot_pairs("multiclass_hinge", scores, target)
    s_c = _sum([_times(t, s) for s, t in pairs])
    if isinstance(target, Value):  # the true class is among these: its margin is 1
        return _sum([relu(1.0 + (s - s_c)) for s in scores]) - 1.0
    # With t as a factor of the margin, a recorded c itself adds max(0, 0 + s_c - s_c) = 0.
    return _sum([relu((1.0 - t) + (s - s_c)) for s, t in pairs if not _is_plain(t, 1.0)])


# ── regularisation ──────────────────────────────────────────────────────────────────────


def l2_penalty(model: Module, strength: float, n: float = 1) -> Value:
    """(λ/2)·(1/n)·Σ w², over all weights of a model; biases are not penalised.

    model     its `weights()` are summed
    strength  λ, 0 or more
    n         how many samples are in the mini-batch whose mean loss this is added to

    Source: the lecture. Each weight gets the gradient (λ/n)·w. Raises TypeError for anything
    but a Module, ValueError for one without weights.

    >>> from nn import Neuron
    >>> l2_penalty(Neuron(2, init=lambda rng, n_in, n_out: 5.0), 0.1, n=10).data  # 0.1/20·(25 + 25)
    0.25
    """
    if not hasattr(model, "weights"):
        raise TypeError(f"l2_penalty: the model is a Module, which has weights(); got {kind(model)}")
    strength = nonnegative("l2_penalty: strength", strength)
    n, weights = positive("l2_penalty: n", n), model.weights()
    if not weights:
        raise ValueError(f"l2_penalty: {model!r} has no weights")
    penalty: Value = dot(weights, weights) * (strength / (2.0 * n))
    return penalty


# ── terms ───────────────────────────────────────────────────────────────────────────────


def _sum_of_squares(pairs: Pairs) -> Any:
    return _sum([power(y_hat - y, 2) for y_hat, y in pairs])


def _log_loss(loss: Loss, prediction: Any, target: Any) -> Any:
    pairs = _probabilities(loss, label_pairs, prediction, target)
    return _minus_logs([both for p, y in pairs for both in ((p, y), (1.0 - p, 1.0 - y))])


_OF_LOGITS = "for logits, as a linear layer gives, take sigmoid_cross_entropy or softmax_cross_entropy"


def _probabilities(loss: Loss, pair: Callable[..., Pairs], prediction: Any, target: Any) -> Pairs:
    """Predictions beside targets. Raises ValueError for a plain prediction outside [0, 1]."""
    name = loss.__name__
    pairs = pair(name, prediction, target)
    require_fitting(loss, pairs[0][0])
    for p, _ in pairs:
        if type(p) is float and not -1e-9 <= p <= 1.0 + 1e-9:
            raise ValueError(f"{name}: a prediction is a probability, from 0 to 1, got {p:g}; {_OF_LOGITS}")
    return pairs


def _log_of_probability(p: Any) -> Any:
    try:
        return log(p)
    except GateError as error:
        error.add_note(f"in a loss that takes probabilities; {_OF_LOGITS}")
        raise


def _minus_logs(pairs: Pairs) -> Any:
    """-Σ t log p."""
    return -_sum([_weighted_log(t, p) for p, t in pairs])


def _weighted_log(weight: Any, p: Any) -> Any:
    """weight·log p, and 0 for the weight 0, whatever p is."""
    if type(weight) is float:
        return 0.0 if weight == 0.0 else _times(weight, _log_of_probability(p))
    # A recorded weight may be 0 in one replay and 1 in the next: log must survive p = 0 in
    # the first and refuse it in the second.
    one_where_weight_is_0 = 1.0 - minimum(weight / _SMALLEST, 1.0)
    return weight * _log_of_probability(maximum(p, one_where_weight_is_0))


def _times(weight: Any, x: Any) -> Any:
    """weight·x, without a gate for a plain weight of 0 or 1."""
    if _is_plain(weight, 0.0):
        return 0.0
    return x if _is_plain(weight, 1.0) else weight * x


def _is_plain(weight: Any, number: float) -> bool:
    return type(weight) is float and weight == number


def _sum(terms: list[Any]) -> Any:
    """The sum, without gates for plain terms of 0."""
    terms = [term for term in terms if not _is_plain(term, 0.0)]
    if len(terms) < 2:
        return terms[0] if terms else 0.0
    return total(terms)
