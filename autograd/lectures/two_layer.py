"""The two-layer example: two hidden units, in the lecture's order of gates."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.gates import log, sigmoid
from autograd.lectures.errata import errata
from autograd.lectures.example import Example, Printed
from autograd.lectures.labelled import labelled_inputs, labelled_weights, named


def two_layer(
    W1: Sequence[Sequence[float]] = ((0.2, 0.1), (-0.1, 0.3)),
    W2: Sequence[float] = (-1.0, 1.0),
    x: Sequence[float] = (3.0, 2.0),
) -> Example:
    """Two sigmoid units, and a sigmoid of both: g12 = σ(W2·σ(W1·x)), L = -log g12, for y = 1.

    S3:376-483, “Forward backprop example”: no bias, a step with η = 0.001. The figure that showed x, y
    and the weights is lost; the example's `remarks` say how they follow from the printed numbers.

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
        source="S3:376-483, slides by Hung-Hsuan Chen, “Forward backprop example”",
        root=L,
        prediction=g12,
        remarks=(
            "With y = 1 the second term of the loss, (1 - y)·log(1 - g12), vanishes: L = -log g12.",
            "x, y and the weights are reconstructed, as the figure is lost. The printed numbers tell "
            "x = (3, 2): 0.339/0.113 = 3, 0.226/0.113 = 2; y = 1: L = -log 0.47; W(2) = (-1, 1): ∂L/∂g7 and "
            "∂L/∂g8 are -0.53 times -1 and 1.",
            "Every printed number follows from x, W(2) and W(1)·x = (0.8, 0.3); this W(1) is our choice of "
            "one that gives it.",
        ),
        printed=PRINTED,
        errata=errata("S3:452"),
        parameters=(w11, w12, w21, w22, v11, v12),
    )


PRINTED = (
    Printed("S3:463", "data", "g7", "0.69"),
    Printed("S3:450", "data", "g8", "0.57"),
    Printed("S3:392", "data", "g11", "-0.12"),
    Printed("S3:392", "data", "g12", "0.47"),
    Printed("S3:479", "data", "g12", "0.4711"),
    Printed("S3:382", "data", "L", "0.755", "-log 0.47: computed from the rounded g12"),
    Printed("S3:398", "gradient", "g12", "-2.128", "-1/0.47: computed from the rounded g12"),
    Printed("S3:410", "local gradient", "g12", "0.2491", "0.47 × 0.53: from the rounded g12", of="g11"),
    Printed("S3:412", "gradient", "g11", "-0.53"),
    Printed("S3:421", "local gradient", "g11", "1", of="g9"),
    Printed("S3:421", "local gradient", "g11", "1", of="g10"),
    Printed("S3:422", "gradient", "g9", "-0.53"),
    Printed("S3:423", "gradient", "g10", "-0.53"),
    Printed("S3:437", "gradient", "w11(2)", "-0.366", "-0.53 × 0.69: computed from rounded numbers"),
    Printed("S3:450", "gradient", "w12(2)", "-0.302", "-0.53 × 0.57: computed from rounded numbers"),
    Printed("S3:439", "gradient", "g7", "0.53"),
    Printed("S3:455", "gradient", "g8", "-0.53"),
    Printed("S3:463", "gradient", "g5", "0.113"),
    Printed("S3:463", "gradient", "g6", "-0.13"),
    Printed("S3:474", "gradient", "w11(1)", "0.339"),
    Printed("S3:474", "gradient", "w12(1)", "0.226"),
    Printed("S3:474", "gradient", "w21(1)", "-0.39"),
    Printed("S3:474", "gradient", "w22(1)", "-0.26"),
    Printed("S3:482", "data after the step", "g12", "0.4714"),
)
