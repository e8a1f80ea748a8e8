"""The two-layer example: two hidden units, in the lecture's order of gates."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.gates import log, sigmoid
from autograd.lectures.example import Erratum, Example, Printed
from autograd.lectures.labelled import labelled_inputs, labelled_weights, named


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
    x1, x2 = labelled_inputs(x)
    (w11, w12), (w21, w22) = labelled_weights(W1, "(1)")
    ((v11, v12),) = labelled_weights((W2,), "(2)")
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
