"""What a worked example is: a graph, with the numbers that the lecture prints for it and its errata."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from autograd.graph import topological_order
from autograd.lectures.errata import Erratum
from autograd.passes import Passes, passes
from autograd.stepping.narration import Walk
from autograd.stepping.steps import Update
from autograd.stepping.walk import walk
from autograd.typesetting.columns import aligned
from autograd.typesetting.numbers import decimal
from autograd.typesetting.text import Text
from autograd.value import Value

Kind = Literal["data", "gradient", "local gradient", "data after the step"]


@dataclass(frozen=True)
class Printed:
    """A number that a lecture prints.

    place    the line that prints it, such as S3:240
    kind     which number of the node: its data, its gradient ∂L/∂node, a local gradient
             ∂node/∂input, or its data after the step of gradient descent
    label    the node
    number   as it is printed, digit by digit
    because  if it is not the exact number rounded: how it came about
    erratum  whether it is a mistake, and not only an early rounding
    of       the input, for a local gradient
    """

    place: str
    kind: Kind
    label: str
    number: str
    because: str = ""
    erratum: bool = False
    of: str = ""


@dataclass(frozen=True)
class Comparison:
    """A printed number beside the exact one, in double precision; `quantity` says what it is: ∂L/∂g7."""

    quantity: str
    exact: float
    printed: Printed

    @property
    def agrees(self) -> bool:
        """Whether the printed number is the exact one, rounded to the digits printed."""
        number = self.printed.number
        decimals = len(number.partition(".")[2])
        return abs(self.exact - float(number)) <= 0.5 * 10.0**-decimals + 1e-12

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table; its last cell is empty where the printed number is right."""
        printed = self.printed
        remark = ("erratum: " if printed.erratum else "") + printed.because
        return self.quantity, decimal(self.exact, 6), printed.number, printed.place, remark


@dataclass(frozen=True, repr=False)
class Example:
    """A worked example, built from Values that carry the lecture's names.

    name           what the command line calls it
    title, source  what it is, and where it comes from: S3:223-342
    root           the Value that it computes: the loss if it has one
    prediction     the model's output, ŷ
    remarks        what to know about it, such as a choice that is ours
    printed        every number that the lecture prints
    errata         where the lecture is wrong
    parameters     what gradient descent changes; empty if the lecture computes forward only
    target         y
    learning_rate  η

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
    remarks: tuple[str, ...]
    printed: tuple[Printed, ...]
    errata: tuple[Erratum, ...]
    parameters: tuple[Value, ...] = ()
    target: float = 1.0
    learning_rate: float = 0.001

    @cached_property
    def nodes(self) -> Mapping[str, Value]:
        """The named Values, by name."""
        return {node.label: node for node in topological_order(self.root) if node.label}

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Every printed number beside the exact one, whatever became of the Values since."""
        copied: Example = copy.deepcopy(self)
        copied.root.backward()
        found = passes(copied.root)
        update = copied.walk().update
        return tuple(_comparison(printed, copied.nodes, found, update) for printed in self.printed)

    def __getitem__(self, label: str) -> Value:
        """The node with this label. Raises KeyError, with all labels, for any other."""
        if label not in self.nodes:
            raise KeyError(f"the {self.name} example has no {label!r}; it has {', '.join(self.nodes)}")
        return self.nodes[label]

    def walk(self) -> Walk:
        """The lecture's derivation; after `root.backward()` also backward, and the step of descent."""
        parameters = self.parameters if self.root.grad is not None else ()
        return walk(self.root, parameters=parameters, learning_rate=self.learning_rate)

    def __repr__(self) -> str:
        return f"<example {self.name}: {self.title}>"

    def __str__(self) -> str:
        errata = (f"\nErratum: {erratum}" for erratum in self.errata)
        printed = ("", "What the lecture prints", table(self.comparisons))
        return "\n".join((self.title, self.source, *self.remarks, *printed, *errata))

    def _repr_markdown_(self) -> str:
        """What differs from the exact numbers is in sight, what agrees is folded."""
        differ = [c for c in self.comparisons if not c.agrees]
        agree = [c for c in self.comparisons if c.agrees]
        parts = (
            f"**{self.title}** ({self.source})",
            *self.remarks,
            *([_markdown(differ)] if differ else []),
            f"<details><summary>{len(agree)} of {len(self.comparisons)} printed numbers agree in all their "
            f"digits</summary>\n\n{_markdown(agree)}\n\n</details>",
            *(
                f"**Erratum.** {e.place}, {e.where}. Printed: {e.printed}. Correct: {e.correct}. {e.why}"
                for e in self.errata
            ),
        )
        return "\n\n".join(parts) + "\n"


def table(comparisons: Sequence[Comparison]) -> str:
    """Exact and printed numbers side by side, as text.

    >>> rounded = Printed("S3:382", "data", "L", "0.755", "-log 0.47")
    >>> print(table([Comparison("L", 0.752563, rounded)]))
          exact  printed
    L  0.752563    0.755  S3:382  -log 0.47
    """
    rows = [("", "exact", "printed"), *(comparison.cells for comparison in comparisons)]
    return "\n".join(aligned(rows, "<>><"))


def _markdown(comparisons: Sequence[Comparison]) -> str:
    rows = (f"| {' | '.join(comparison.cells)} |" for comparison in comparisons)
    return "\n".join(("| | exact | printed | | |", "|:-|-:|-:|:-|:-|", *rows))


def _comparison(
    printed: Printed, nodes: Mapping[str, Value], found: Passes, update: Update | None
) -> Comparison:
    text, node = Text(), nodes[printed.label]
    quantity = label = text.name(printed.label)
    match printed.kind:
        case "data":
            exact = found.numbers[node]
        case "gradient":
            assert found.gradients is not None
            quantity, exact = text.derivative(text.name(found.root.label), label), found.gradients[node]
        case "local gradient":
            quantity = text.derivative(label, text.name(printed.of))
            exact = node.local_grads[node.inputs.index(nodes[printed.of])]
        case "data after the step":
            assert update is not None
            quantity, exact = text.annotated(label, " after the step"), update.numbers[node]
    return Comparison(quantity.written, exact, printed)
