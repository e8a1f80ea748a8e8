"""The logistic example: one neuron, one sample, one step of gradient descent."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.gates import exp, log
from autograd.lectures.errata import errata
from autograd.lectures.example import Example, Printed
from autograd.lectures.labelled import labelled_inputs, named
from autograd.value import Value


def logistic(w: Sequence[float] = (-3.0, 2.0, -3.0), x: Sequence[float] = (-1.0, -2.0)) -> Example:
    """f(w, x) = 1/(1 + e^-(w0 + w1·x1 + w2·x2)) and L = -y·log g8 - (1 - y)·log(1 - g8), with y = 1.

    S3:223-342, “Example: logistic function”: (x1, x2, y) = (-1, -2, 1), w = (-3, 2, -3), then
    one step of gradient descent with η = 0.001. The printed numbers belong to these.

    >>> example = logistic()
    >>> round(example["g8"].data, 4), round(example["L"].data, 4)
    (0.7311, 0.3133)
    """
    w0, w1, w2 = (Value(number, f"w{i}") for i, number in enumerate(w))
    x1, x2 = labelled_inputs(x)
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
        source="S3:223-342, slides by Hung-Hsuan Chen, “Example: logistic function”",
        root=L,
        prediction=g8,
        remarks=("With y = 1 the second term of the loss, (1 - y)·log(1 - g8), vanishes: L = -log g8.",),
        printed=PRINTED,
        errata=errata("S3:336") + errata("S3:342"),
        parameters=(w0, w1, w2),
    )


_SLIPPED = "a decimal place slipped: 0.001 × 0.27 is 0.00027, not 0.0027"

PRINTED = (
    Printed("S3:275", "data", "g5", "-1"),
    Printed("S3:253", "data", "g7", "1.37"),
    Printed("S3:240", "data", "g8", "0.73"),
    Printed("S3:340", "data", "g8", "0.7311"),
    Printed("S3:240", "gradient", "g8", "-1.37"),
    Printed("S3:253", "local gradient", "g8", "-0.53", of="g7"),
    Printed("S3:255", "gradient", "g7", "0.73"),
    Printed("S3:277", "gradient", "g6", "0.73"),
    Printed("S3:275", "local gradient", "g6", "0.37", of="g5"),
    Printed("S3:277", "gradient", "g5", "0.27"),
    Printed("S3:306", "gradient", "g3", "-0.27"),
    Printed("S3:304", "local gradient", "g3", "1", of="w0"),
    Printed("S3:304", "local gradient", "g3", "1", of="g1"),
    Printed("S3:304", "data", "g1", "-2"),
    Printed("S3:308", "gradient", "g1", "-0.27"),
    Printed("S3:306", "gradient", "w0", "-0.27"),
    Printed("S3:336", "gradient", "w1", "0.27"),
    Printed("S3:336", "gradient", "w2", "0.54"),
    Printed("S3:336", "data after the step", "w0", "-2.9973", _SLIPPED, erratum=True),
    Printed("S3:336", "data after the step", "w1", "1.9973", _SLIPPED, erratum=True),
    Printed("S3:336", "data after the step", "w2", "-3.00054"),
    Printed("S3:342", "data after the step", "g8", "0.7323", "what the slipped weights give", erratum=True),
)
