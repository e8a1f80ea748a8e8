"""The forward example: four inputs, three hidden units and one output, forward only."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.fused import dot
from autograd.gates import sigmoid
from autograd.lectures.errata import errata
from autograd.lectures.example import Example, Printed
from autograd.lectures.labelled import labelled_inputs, labelled_weights, named


def forward(x: Sequence[float] = (1.0, -1.0, 3.0, 2.0)) -> Example:
    """I(1) = W(1)·x, O(1) = σ(I(1)), I(2) = W(2)·O(1), O(2) = σ(I(2)): forward only.

    S3:180-191, “Forward example”, with x4 = 2. Printed is x4 = -2, which gives I(1) =
    (4, 4.5, -1); the printed I(1), and all that follows from it, needs x4 = +2.

    >>> [forward()[label].data for label in ("I1(1)", "I2(1)", "I3(1)")]
    [4.0, 0.5, 1.0]
    """
    W1 = ((1.0, 0.0, 1.0, 0.0), (0.0, -1.0, 0.5, -1.0), (-1.0, -1.0, 0.0, 0.5))
    W2 = (-1.0, 1.0, -1.0)
    inputs = labelled_inputs(x)
    hidden = []
    for i, weights in enumerate(labelled_weights(W1, "(1)"), start=1):
        hidden.append(named(sigmoid(named(dot(weights, inputs), f"I{i}(1)")), f"O{i}(1)"))
    (weights,) = labelled_weights((W2,), "(2)")
    prediction = named(sigmoid(named(dot(weights, hidden), "I(2)")), "O(2)")
    return Example(
        name="forward",
        title="The forward pass of a network of two layers",
        source="S3:180-191, slides by Hung-Hsuan Chen, “Forward example”",
        root=prediction,
        prediction=prediction,
        remarks=("x4 is +2 here: the slide prints -2, from which its own numbers do not follow.",),
        printed=PRINTED,
        errata=errata("S3:183"),
    )


PRINTED = (
    Printed("S3:183", "data", "x1", "1"),
    Printed("S3:183", "data", "x2", "-1"),
    Printed("S3:183", "data", "x3", "3"),
    Printed("S3:183", "data", "x4", "-2", "the printed I(1) needs x4 = 2", erratum=True),
    Printed("S3:188", "data", "I1(1)", "4"),
    Printed("S3:188", "data", "I2(1)", "0.5"),
    Printed("S3:188", "data", "I3(1)", "1"),
    Printed("S3:189", "data", "O1(1)", "0.98"),
    Printed("S3:189", "data", "O2(1)", "0.62"),
    Printed("S3:189", "data", "O3(1)", "0.73"),
    Printed("S3:190", "data", "I(2)", "-1.09"),
    Printed("S3:191", "data", "O(2)", "0.25"),
)
