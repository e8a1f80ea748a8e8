"""The lecture's worked examples, built from Values, with the numbers that it prints and its errata.

>>> example = logistic()
>>> example.root.backward()
>>> print(example["g7"].data, example["g7"].grad)
1.3678794411714423 0.7310585786300049

Every call builds an example afresh, so that nothing done to one shows in the next. Each
number that the lecture prints stands here once, beside the exact one and, where the two
differ, beside the reason.

Sources. "Slides" are those on neural networks by Hung-Hsuan Chen (Deep learning), the
title of the slide given; "Lecture 2" and "chain-rule notes" are handwritten notes of
other lectures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from autograd.examples import Comparison, Erratum, Example, Printed
from autograd.fused import dot, logsumexp
from autograd.gates import exp, log, sigmoid
from autograd.value import Value


def named(node: Value, label: str) -> Value:
    """The same node, under a name."""
    node.label = label
    return node


def _inputs(x: Sequence[float]) -> list[Value]:
    """x1, x2, …"""
    return [Value(number, f"x{j}") for j, number in enumerate(x, start=1)]


def _weights(W: Sequence[Sequence[float]], layer: str) -> list[list[Value]]:
    """w11(1), w12(1), …: a row for each unit."""
    return [
        [Value(number, f"w{i}{j}{layer}") for j, number in enumerate(row, start=1)]
        for i, row in enumerate(W, start=1)
    ]


# ── the logistic example ────────────────────────────────────────────────────────────────


def logistic(w: Sequence[float] = (-3.0, 2.0, -3.0), x: Sequence[float] = (-1.0, -2.0)) -> Example:
    """f(w, x) = 1/(1 + e^-(w0 + w1·x1 + w2·x2)) and L = -y·log g8 - (1 - y)·log(1 - g8), with y = 1.

    Slides, "Example: logistic function": (x1, x2, y) = (-1, -2, 1), w = (-3, 2, -3), then
    one step of gradient descent with η = 0.001. What is printed belongs to these numbers.

    >>> example = logistic()
    >>> round(example["g8"].data, 4), round(example["L"].data, 4)
    (0.7311, 0.3133)
    """
    w0, w1, w2 = (Value(number, f"w{i}") for i, number in enumerate(w))
    x1, x2 = _inputs(x)
    g1 = named(w1 * x1, "g1")
    g2 = named(w2 * x2, "g2")
    g3 = named(w0 + g1, "g3")
    g4 = named(g3 + g2, "g4")
    g5 = named(-g4, "g5")
    g6 = named(exp(g5), "g6")
    g7 = named(1 + g6, "g7")
    g8 = named(1 / g7, "g8")
    L = named(-named(log(g8), "log g8"), "L")
    return Example(
        name="logistic",
        title="The logistic function and its loss, for one sample",
        source="Slides, “Example: logistic function”",
        root=L,
        prediction=g8,
        remarks=("With y = 1 the second term of the loss, (1 - y)·log(1 - g8), vanishes: L = -log g8.",),
        target=1.0,
        parameters=(w0, w1, w2),
        learning_rate=0.001,
        printed=LOGISTIC_PRINTED,
        errata=LOGISTIC_ERRATA,
    )


_SLIPPED = "a decimal place slipped: 0.001 × 0.27 is 0.00027, not 0.0027"

LOGISTIC_PRINTED = (
    Printed("data", "g5", "-1"),
    Printed("data", "g7", "1.37"),
    Printed("data", "g8", "0.73"),
    Printed("data", "g8", "0.7311"),
    Printed("gradient", "g8", "-1.37"),
    Printed("local gradient", "g8", "-0.53", of="g7"),
    Printed("gradient", "g7", "0.73"),
    Printed("gradient", "g6", "0.73"),
    Printed("local gradient", "g6", "0.37", of="g5"),
    Printed("gradient", "g5", "0.27"),
    Printed("gradient", "g4", "-0.27"),
    Printed("gradient", "g3", "-0.27"),
    Printed("local gradient", "g3", "1", of="w0"),
    Printed("local gradient", "g3", "1", of="g1"),
    Printed("data", "g1", "-2"),
    Printed("gradient", "g1", "-0.27"),
    Printed("gradient", "w0", "-0.27"),
    Printed("gradient", "w1", "0.27"),
    Printed("gradient", "w2", "0.54"),
    Printed("data after the step", "w0", "-2.9973", _SLIPPED, erratum=True),
    Printed("data after the step", "w1", "1.9973", _SLIPPED, erratum=True),
    Printed("data after the step", "w2", "-3.00054"),
    Printed("data after the step", "g8", "0.7323", "what the slipped weights give", erratum=True),
)

LOGISTIC_ERRATA = (
    Erratum(
        source="Slides, “Example: logistic function”, the new weights",
        printed="w = (-2.9973, 1.9973, -3.00054)",
        correct="w = (-2.99973, 1.99973, -3.00054)",
        why="The step of the first two is 0.001 × 0.27 = 0.00027; a decimal place slipped.",
    ),
    Erratum(
        source="Slides, “Example: logistic function”, f of the new weights",
        printed="0.7323",
        correct="0.7314",
        why="0.7323 is what the slipped weights give.",
    ),
)


# ── the two-layer example ───────────────────────────────────────────────────────────────


def two_layer(
    W1: Sequence[Sequence[float]] = ((0.2, 0.1), (-0.1, 0.3)),
    W2: Sequence[float] = (-1.0, 1.0),
    x: Sequence[float] = (3.0, 2.0),
) -> Example:
    """Two sigmoid units, and a sigmoid of both: g12 = σ(W2·σ(W1·x)), L = -log g12, for y = 1.

    Slides, "Forward backprop example": x = (3, 2), y = 1, no bias, W(2) = (-1, 1), a step
    with η = 0.001. **W(1) is reconstructed.** The figure that showed it is lost; every
    number that survived depends on W(1)·x = (0.8, 0.3) alone, and the default of `W1` is
    our choice of a matrix that gives it.

    >>> example = two_layer()
    >>> round(example["g5"].data, 12), round(example["g6"].data, 12), round(example["g12"].data, 4)
    (0.8, 0.3, 0.4711)
    """
    x1, x2 = _inputs(x)
    (w11, w12), (w21, w22) = _weights(W1, "(1)")
    ((v11, v12),) = _weights((W2,), "(2)")
    g1 = named(w11 * x1, "g1")
    g2 = named(w12 * x2, "g2")
    g3 = named(w21 * x1, "g3")
    g4 = named(w22 * x2, "g4")
    g5 = named(g1 + g2, "g5")
    g6 = named(g3 + g4, "g6")
    g7 = named(sigmoid(g5), "g7")
    g8 = named(sigmoid(g6), "g8")
    g9 = named(v11 * g7, "g9")
    g10 = named(v12 * g8, "g10")
    g11 = named(g9 + g10, "g11")
    g12 = named(sigmoid(g11), "g12")
    L = named(-named(log(g12), "log g12"), "L")
    return Example(
        name="two-layer",
        title="A network of two layers of sigmoid units, for one sample",
        source="Slides, “Forward backprop example”",
        root=L,
        prediction=g12,
        remarks=(
            "With y = 1 the second term of the loss, (1 - y)·log(1 - g12), vanishes: L = -log g12.",
            "W(1) is reconstructed: the figure with it is lost. Every printed number needs only "
            "W(1)·x = (0.8, 0.3), and this W(1) is our choice of one that gives it.",
        ),
        target=1.0,
        parameters=(w11, w12, w21, w22, v11, v12),
        learning_rate=0.001,
        printed=TWO_LAYER_PRINTED,
        errata=TWO_LAYER_ERRATA,
    )


TWO_LAYER_PRINTED = (
    Printed("data", "g7", "0.69"),
    Printed("data", "g8", "0.57"),
    Printed("data", "g11", "-0.12"),
    Printed("data", "g12", "0.47"),
    Printed("data", "g12", "0.4711"),
    Printed("data", "L", "0.755", "-log 0.47: computed from the rounded g12"),
    Printed("gradient", "g12", "-2.128", "-1/0.47: computed from the rounded g12"),
    Printed("local gradient", "g12", "0.2491", "0.47 × 0.53: computed from the rounded g12", of="g11"),
    Printed("gradient", "g11", "-0.53"),
    Printed("local gradient", "g11", "1", of="g9"),
    Printed("local gradient", "g11", "1", of="g10"),
    Printed("gradient", "g9", "-0.53"),
    Printed("gradient", "g10", "-0.53"),
    Printed("gradient", "w11(2)", "-0.366", "-0.53 × 0.69: computed from rounded numbers"),
    Printed("gradient", "w12(2)", "-0.302", "-0.53 × 0.57: computed from rounded numbers"),
    Printed("gradient", "g7", "0.53"),
    Printed("gradient", "g8", "-0.53"),
    Printed("gradient", "g5", "0.113"),
    Printed("gradient", "g6", "-0.13"),
    Printed("gradient", "w11(1)", "0.339"),
    Printed("gradient", "w12(1)", "0.226"),
    Printed("gradient", "w21(1)", "-0.39"),
    Printed("gradient", "w22(1)", "-0.26"),
    Printed("data after the step", "g12", "0.4714"),
)

TWO_LAYER_ERRATA = (
    Erratum(
        source="Slides, “Forward backprop example”, the derivatives through w12(2)",
        printed="∂L/∂g7 a second time, = ∂L/∂g10 × ∂g10/∂g8 = -0.53",
        correct="∂L/∂g8 = ∂L/∂g10 × ∂g10/∂g8 = -0.53",
        why="g10 = w12(2)·g8 does not depend on g7, whose gradient is 0.53.",
    ),
)


# ── the forward example ─────────────────────────────────────────────────────────────────


def forward(x: Sequence[float] = (1.0, -1.0, 3.0, 2.0)) -> Example:
    """I(1) = W(1)·x, O(1) = σ(I(1)), I(2) = W(2)·O(1), O(2) = σ(I(2)): forward only.

    Slides, "Forward example", with x4 = 2. They print x4 = -2, which gives I(1) =
    (4, 4.5, -1); the I(1) that they print, and all that follows from it, needs x4 = +2.

    >>> [forward()[label].data for label in ("I1(1)", "I2(1)", "I3(1)")]
    [4.0, 0.5, 1.0]
    """
    W1 = ((1.0, 0.0, 1.0, 0.0), (0.0, -1.0, 0.5, -1.0), (-1.0, -1.0, 0.0, 0.5))
    W2 = (-1.0, 1.0, -1.0)
    inputs = _inputs(x)
    hidden = []
    for i, weights in enumerate(_weights(W1, "(1)"), start=1):
        hidden.append(named(sigmoid(named(dot(weights, inputs), f"I{i}(1)")), f"O{i}(1)"))
    (weights,) = _weights((W2,), "(2)")
    prediction = named(sigmoid(named(dot(weights, hidden), "I(2)")), "O(2)")
    return Example(
        name="forward",
        title="The forward pass of a network of two layers",
        source="Slides, “Forward example”",
        root=prediction,
        prediction=prediction,
        remarks=("x4 is +2 here: the slide prints -2, from which its own numbers do not follow.",),
        target=1.0,
        printed=FORWARD_PRINTED,
        errata=FORWARD_ERRATA,
    )


FORWARD_PRINTED = (
    Printed("data", "x1", "1"),
    Printed("data", "x2", "-1"),
    Printed("data", "x3", "3"),
    Printed("data", "x4", "-2", "the printed I(1) needs x4 = 2", erratum=True),
    Printed("data", "I1(1)", "4"),
    Printed("data", "I2(1)", "0.5"),
    Printed("data", "I3(1)", "1"),
    Printed("data", "O1(1)", "0.98"),
    Printed("data", "O2(1)", "0.62"),
    Printed("data", "O3(1)", "0.73"),
    Printed("data", "I(2)", "-1.09"),
    Printed("data", "O(2)", "0.25"),
)

FORWARD_ERRATA = (
    Erratum(
        source="Slides, “Forward example”, the input",
        printed="x = (1, -1, 3, -2)",
        correct="x = (1, -1, 3, 2)",
        why="x4 = -2 gives I(1) = (4, 4.5, -1); the printed I(1) = (4, 0.5, 1) needs x4 = 2.",
    ),
)


# ── all of them ─────────────────────────────────────────────────────────────────────────

EXAMPLES: dict[str, Callable[[], Example]] = {
    "logistic": logistic,
    "two-layer": two_layer,
    "forward": forward,
}
"""The examples by the names that the command line knows them by."""


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
