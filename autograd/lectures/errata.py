"""Where the lectures are wrong, and the small numbers that they print on the way."""

from __future__ import annotations

from itertools import pairwise

from autograd.fused import logsumexp
from autograd.gates import exp, log
from autograd.lectures.example import Comparison, Erratum
from autograd.lectures.forward import FORWARD_ERRATA
from autograd.lectures.logistic import LOGISTIC_ERRATA
from autograd.lectures.two_layer import TWO_LAYER_ERRATA
from autograd.value import Value


def small_numbers() -> tuple[Comparison, ...]:
    """The small computations that the notes print on the way, beside what they come to.

    Lecture 2: softmax, cross-entropy in nats, parameters of a 5-10-20-3 network. Slides,
    "Loss functions": a cross-entropy in base 2. Slides, "Patterns in backward flow": the
    derivative of a difference.

    >>> [(c.quantity, round(c.exact, 4), c.printed) for c in small_numbers()][0]
    ('softmax(1, 2, 3), 1st', 0.09, '0.002')
    """
    logits = [Value(1.0), Value(2.0), Value(3.0)]
    softmax = [exp(z - logsumexp(logits)).data for z in logits]
    too_small = "probabilities add up to 1, and e/(e + e² + e³) is 0.0900"
    x, y = Value(1.0, "x"), Value(1.0, "y")
    sizes = (5, 10, 20, 3)
    parameters = sum(n * m + m for n, m in pairwise(sizes))
    return (
        Comparison("softmax(1, 2, 3), 1st", softmax[0], "0.002", too_small, erratum=True),
        Comparison("softmax(1, 2, 3), 2nd", softmax[1], "0.02", "likewise: it is 0.2447", erratum=True),
        Comparison("cross-entropy of (0, 0, 1) and (…, 0.98)", -log(0.98), "0.02"),
        Comparison("cross-entropy of (0, 0, 1) and (1/3, 1/3, 1/3)", -log(1 / 3), "1.1"),
        Comparison("the same of (0, 1, 0) and (1/4, 1/4, 1/2), base 2", -log(1 / 4) / log(2.0), "2"),
        Comparison("parameters of a 5-10-20-3 network", float(parameters), "343"),
        Comparison(
            "∂(x - y)/∂y",
            (x - y).local_grads[1],
            "0",
            "a difference falls as y grows: it is -1",
            erratum=True,
        ),
    )


OTHER_ERRATA = (
    Erratum(
        source="Lecture 2, “Output function”",
        printed="softmax(1, 2, 3) = (0.002, 0.02, …)",
        correct="(0.0900, 0.2447, 0.6652)",
        why="e¹/(e¹ + e² + e³) = 2.7183/30.1929 = 0.0900.",
    ),
    Erratum(
        source="Chain-rule notes, example L = -log σ(wᵀx)",
        printed="∂L/∂w = (1 - p)·xᵀ",
        correct="∂L/∂w = -(1 - p)·xᵀ",
        why="The first factor is -1/p; its sign is dropped in the last step.",
    ),
    Erratum(
        source="Slides, “Review: gradient of logistic regression”, the last line",
        printed="∂loss/∂wi = xi·(y - ŷ)",
        correct="∂loss/∂wi = -(y - ŷ)·xi",
        why="The loss falls as ŷ comes closer to y; the minus of the loss is dropped.",
    ),
    Erratum(
        source="Slides, “Patterns in backward flow”, a = x - y",
        printed="∂a/∂y = 0",
        correct="∂a/∂y = -1",
        why="Subtracting more leaves less.",
    ),
)


def errata() -> tuple[Erratum, ...]:
    """Every place where the lectures are wrong, as far as this project has to do with it."""
    return (*LOGISTIC_ERRATA, *TWO_LAYER_ERRATA, *FORWARD_ERRATA, *OTHER_ERRATA)
