"""What a worked example of a lecture is: a graph, the numbers that were printed for it, and the errata.

The examples themselves are in `autograd.lectures`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from autograd.graph import topological_order
from autograd.reals import shortened
from autograd.stepping.steps import Update
from autograd.stepping.walk import Walk, walk
from autograd.typesetting.columns import aligned
from autograd.typesetting.numbers import decimal
from autograd.typesetting.text import Text
from autograd.value import Value

Kind = Literal["data", "gradient", "local gradient", "data after the step"]


@dataclass(frozen=True)
class Printed:
    """A number that a lecture prints.

    kind     which number of the node: its data, its gradient ∂L/∂node, a local gradient
             ∂node/∂input, or its data after the step of gradient descent
    label    the node
    number   as it is printed, digit by digit
    because  where it is not the exact number rounded: how it came about
    erratum  whether it is a mistake, and not only an early rounding
    of       the input, for a local gradient
    """

    kind: Kind
    label: str
    number: str
    because: str = ""
    erratum: bool = False
    of: str = ""


@dataclass(frozen=True)
class Erratum:
    """A place where a lecture is wrong.

    source   which lecture, and where in it
    printed  what it says
    correct  what it should say
    why      how we know
    """

    source: str
    printed: str
    correct: str
    why: str

    def __str__(self) -> str:
        return f"{self.source}\n  printed: {self.printed}\n  correct: {self.correct}\n  {self.why}"


@dataclass(frozen=True)
class Comparison:
    """A printed number beside the exact one.

    quantity  what it is: ∂L/∂g7
    exact     in double precision
    printed   as it is printed
    because   why the two differ, where they do
    erratum   whether the printed number is a mistake, and not only rounded early
    """

    quantity: str
    exact: float
    printed: str
    because: str = ""
    erratum: bool = False

    @property
    def remark(self) -> str:
        """The same for a table: empty where the printed number is right."""
        return ("erratum: " if self.erratum else "") + self.because

    @property
    def agrees(self) -> bool:
        """Whether the printed number is the exact one, rounded to the digits printed."""
        decimals = len(self.printed.partition(".")[2])
        return abs(self.exact - float(self.printed)) <= 0.5 * 10.0**-decimals + 1e-12


@dataclass(frozen=True, repr=False)
class Example:
    """A worked example, built from Values that carry the lecture's names.

    name           what the command line calls it
    title, source  what it is, and where it comes from
    remarks        what to know about it, such as a choice that is ours
    root           the Value that it computes: the loss where it has one
    prediction     the model's output, ŷ
    target         y
    parameters     what gradient descent changes; none where the lecture computes forward only
    learning_rate  η
    printed        every number that the lecture prints
    errata         where the lecture is wrong
    nodes          the named Values, by name
    comparisons    every printed number beside the exact one, as of the start

    >>> from autograd.lectures import logistic
    >>> example = logistic()
    >>> example["g8"]
    Value(0.7310585786300049, label='g8')
    """

    name: str
    title: str
    source: str
    root: Value
    prediction: Value
    remarks: tuple[str, ...] = ()
    target: float | None = None
    parameters: tuple[Value, ...] = ()
    learning_rate: float = 0.001
    printed: tuple[Printed, ...] = ()
    errata: tuple[Erratum, ...] = ()
    nodes: Mapping[str, Value] = field(init=False)
    comparisons: tuple[Comparison, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", _named(self.root))
        object.__setattr__(self, "comparisons", tuple(self._compared()))

    def __getitem__(self, label: str) -> Value:
        """The node of a label. Raises KeyError, with all labels, where there is none."""
        if not isinstance(label, str) or label not in self.nodes:
            there = ", ".join(self.nodes)
            raise KeyError(f"the {self.name} example has no {shortened(label)}; it has {there}")
        return self.nodes[label]

    def walk(self, *, keep_fused: bool = False, limit: int = 500) -> Walk:
        """The lecture's derivation; after `root.backward()` with the way back, and the step of descent."""
        parameters = self.parameters if self.root.grad is not None else ()
        return walk(
            self.root,
            parameters=parameters,
            learning_rate=self.learning_rate,
            keep_fused=keep_fused,
            limit=limit,
        )

    def _compared(self) -> list[Comparison]:
        # On a copy: the example itself is handed out as the forward pass left it.
        root, parameters = copy.deepcopy((self.root, self.parameters))
        nodes = _named(root)
        update = None
        if parameters:
            root.backward()
            update = walk(root, parameters=parameters, learning_rate=self.learning_rate).update
        return [_comparison(printed, root, nodes, update) for printed in self.printed]

    def __repr__(self) -> str:
        return f"<example {self.name}: {self.title}>"

    def __str__(self) -> str:
        errata = (f"\nErratum: {erratum}" for erratum in self.errata)
        return "\n".join((self.title, self.source, *self.remarks, "", table(self.comparisons), *errata))

    def _repr_markdown_(self) -> str:
        rows = (
            f"| {c.quantity} | {decimal(c.exact, 6)} | {c.printed} | {c.remark} |" for c in self.comparisons
        )
        parts = (
            f"**{self.title}** ({self.source})",
            *self.remarks,
            "\n".join(("| | exact | printed | |", "|:-|-:|-:|:-|", *rows)),
            *(
                f"**Erratum.** {e.source}. Printed: {e.printed}. Correct: {e.correct}. {e.why}"
                for e in self.errata
            ),
        )
        return "\n\n".join(parts) + "\n"


def _named(root: Value) -> dict[str, Value]:
    return {node.label: node for node in topological_order(root) if node.label}


def _comparison(
    printed: Printed, root: Value, nodes: Mapping[str, Value], update: Update | None
) -> Comparison:
    text, node = Text(), nodes[printed.label]
    quantity = label = text.name(printed.label)
    match printed.kind:
        case "data":
            exact = node.data
        case "gradient":
            quantity, exact = text.derivative(text.name(root.label), label), node.grad
        case "local gradient":
            quantity = text.derivative(label, text.name(printed.of))
            exact = node.local_grads[node.inputs.index(nodes[printed.of])]
        case "data after the step":
            assert update is not None
            quantity = text.annotated(label, " after the step")
            exact = update.numbers[node]
    return Comparison(quantity.written, exact, printed.number, printed.because, printed.erratum)


def table(comparisons: Sequence[Comparison]) -> str:
    """Exact and printed numbers side by side, as text.

    >>> print(table([Comparison("g8", 0.7310586, "0.73"), Comparison("L", 0.752563, "0.755", "-log 0.47")]))
           exact  printed
    g8  0.731059     0.73
    L   0.752563    0.755  -log 0.47
    """
    rows = [("", "exact", "printed", "")]
    rows += [(c.quantity, decimal(c.exact, 6), c.printed, c.remark) for c in comparisons]
    return "\n".join(aligned(rows, "<>><"))
