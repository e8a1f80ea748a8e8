"""A network as layers of neurons, and the gradient of the loss by every weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd.graph import leaves
from autograd.parameter_names import Path, indices_of, layer_and_unit, part_of, path_of, title_of
from autograd.picture.drawing import (
    COLORS,
    FAINT,
    FONT,
    INK,
    LEAF_FILL,
    NEGATIVE,
    NO_FLOW,
    POSITIVE,
    VALUE_FILL,
    text_of,
    width,
)
from autograd.picture.rendering import Drawing
from autograd.picture.scene import direction
from autograd.typesetting.numbers import decimal
from autograd.value import Value

SILENT = "#c4c9cf"
"""Lines without gradient, which can be hundreds, are lighter than in other drawings."""

COLUMN, ROW = 2.2, 0.5
"""How far apart layers and neurons stand, in inches."""

WANTED = (
    "gradient_flow draws layers of neurons, each fed by the one before: named_parameters() with names such "
    "as layers.0.neurons.3.w.1 for a weight and layers.0.neurons.3.b for a bias"
)


@dataclass
class Unit:
    """A neuron: its weights by the input that they multiply, several for a maxout, and its biases."""

    weights: dict[int, list[Value]] = field(default_factory=dict)
    biases: list[Value] = field(default_factory=list)

    @property
    def parameters(self) -> list[Value]:
        return [*self.biases, *(w for group in self.weights.values() for w in group)]


@dataclass
class Column:
    """A layer: its title, and its neurons."""

    title: str
    units: list[Unit]


def gradient_flow(model: Any, loss: Value) -> Drawing:
    """Draw a network as layers, each weight by the gradient of the loss with respect to it.

    A line is a weight: the wider the larger |∂loss/∂w| (the width grows with its square
    root), blue where that is positive, orange where it is negative, grey and dashed where
    it is 0. The rim of a neuron shows the gradient of its bias in the same way. A neuron
    all of whose gradients are 0, as of a dead ReLU, is grey.

    Raises TypeError where the model has no `named_parameters()`, ValueError where they are not
    those of layers of neurons, one after the other, where the loss does not depend on
    them, and before `loss.backward()`.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=0)
    >>> loss = (model([1.0, -2.0]) - 1.0) ** 2
    >>> loss.backward()
    >>> gradient_flow(model, loss).source.count("->")
    9
    """
    columns = columns_of(model)
    units = [unit for column in columns for unit in column.units]
    parameters = [parameter for unit in units for parameter in unit.parameters]
    if not isinstance(loss, Value):
        raise TypeError(f"gradient_flow needs the loss as a Value, got {type(loss).__name__}")
    if not set(parameters) & set(leaves(loss)):
        raise ValueError("the loss does not depend on any parameter of this model")
    if loss.grad is None:
        raise ValueError("there are no gradients yet: call backward() on the loss first")
    return _Network(columns, parameters, text_of(loss.label) or "loss").drawing()


def columns_of(model: Any) -> list[Column]:
    """The layers of a model, found by the names of its parameters."""
    layers: dict[Path, dict[Path, Unit]] = {}
    for name, parameter in _named_parameters(model):
        path = path_of(name)
        layer, neuron = layer_and_unit(path)
        places = indices_of(path)
        if not neuron:  # a list of neurons by another name, or one neuron alone
            neuron = part_of(path)
            layer = neuron[: len(neuron) - 2 * bool(indices_of(neuron))]
        unit = layers.setdefault(layer, {}).setdefault(neuron, Unit())
        if len(places) > 1:
            raise ValueError(f"{WANTED}; {name} has one index too many")
        if places:
            unit.weights.setdefault(int(places[0]), []).append(parameter)
        else:
            unit.biases.append(parameter)
    columns = [Column(title_of(path) or "output", list(units.values())) for path, units in layers.items()]
    for before, column in zip([None, *columns], columns, strict=False):
        sizes = {len(unit.weights) for unit in column.units}
        wanted = sizes if before is None else {len(before.units)}
        if 0 in sizes or len(sizes) > 1 or sizes != wanted:
            raise ValueError(
                f"{WANTED}; the {column.title} here has neurons "
                f"of {' or '.join(map(str, sorted(sizes)))} weights"
            )
    return columns


def _named_parameters(model: Any) -> list[tuple[str, Value]]:
    try:
        return list(model.named_parameters())
    except (AttributeError, TypeError):
        raise TypeError(f"{WANTED}; {type(model).__name__} has no named_parameters()") from None


class _Network:
    def __init__(self, columns: Sequence[Column], parameters: Sequence[Value], loss: str) -> None:
        self.columns = columns
        self.loss = loss
        self.strongest = max((abs(p.grad or 0.0) for p in parameters), default=0.0)
        self.tallest = max(len(columns[0].units[0].weights), *(len(column.units) for column in columns))

    def drawing(self) -> Drawing:
        drawing = Drawing(format="svg", engine="neato", filename="network")
        drawing.attr(bgcolor="white", pad="0.2", splines="line", outputorder="edgesfirst", fontname=FONT)
        drawing.attr(label=f"<{self._legend()}>", labelloc="b", labeljust="l", fontsize="11")
        drawing.attr("node", fontname=FONT, fontsize="11", fontcolor=INK, shape="circle", style="filled")
        drawing.attr("node", width="0.36", fixedsize="true")
        drawing.attr("edge", arrowhead="none")
        inputs = len(self.columns[0].units[0].weights)
        self._title(drawing, 0, "inputs")
        for k in range(inputs):
            drawing.node(
                f"0-{k}", f"x{k + 1}", pos=self._position(0, k, inputs), color=FAINT, fillcolor=LEAF_FILL
            )
        for i, column in enumerate(self.columns, start=1):
            self._title(drawing, i, column.title)
            for j, unit in enumerate(column.units):
                self._unit(drawing, unit, f"{i}-{j}", str(j + 1), self._position(i, j, len(column.units)))
        self._weights(drawing)
        return drawing

    def _position(self, column: int, row: int, rows: int) -> str:
        return f"{column * COLUMN},{((rows - 1) / 2 - row) * ROW:g}!"

    def _title(self, drawing: Drawing, column: int, title: str) -> None:
        position = f"{column * COLUMN},{self.tallest / 2 * ROW + 0.15:g}!"
        drawing.node(
            f"title-{column}", text_of(title), pos=position, shape="plain", style="", fontcolor=FAINT,
            fixedsize="false",
        )  # fmt: skip

    def _unit(self, drawing: Drawing, unit: Unit, name: str, label: str, position: str) -> None:
        silent = all(not parameter.grad for parameter in unit.parameters)
        gradients = [bias.grad or 0.0 for bias in unit.biases]
        rim = self._stroke(gradients) if gradients else {"color": FAINT}
        drawing.node(
            name, label, pos=position, fillcolor=LEAF_FILL if silent else VALUE_FILL,
            fontcolor=FAINT if silent else INK, **rim | {"style": "filled,dashed" if silent else "filled"},
        )  # fmt: skip

    def _weights(self, drawing: Drawing) -> None:
        """The strongest last, so that it lies on top."""
        lines = [
            ([weight.grad or 0.0 for weight in weights], f"{i}-{k}", f"{i + 1}-{j}")
            for i, column in enumerate(self.columns)
            for j, unit in enumerate(column.units)
            for k, weights in sorted(unit.weights.items())
        ]
        for gradients, tail, head in sorted(lines, key=lambda line: max(map(abs, line[0]))):
            drawing.edge(tail, head, **self._stroke(gradients))

    def _stroke(self, gradients: Sequence[float]) -> dict[str, str]:
        sign = direction(gradients)
        style = {"color": COLORS[sign], "class": sign}
        if sign == "none":
            return {"color": SILENT, "class": sign, "style": "dashed", "penwidth": "0.5"}
        return style | {"penwidth": f"{width(max(map(abs, gradients)), self.strongest) - 0.5:.2f}"}

    def _legend(self) -> str:
        return (
            f'<FONT COLOR="{FAINT}">A line: a weight w, by ∂{self.loss}/∂w. A rim: the bias.'
            f'<BR ALIGN="LEFT"/><FONT COLOR="{POSITIVE}"><B>━━</B></FONT>&nbsp; positive &nbsp; '
            f'<FONT COLOR="{NEGATIVE}"><B>━━</B></FONT>&nbsp; negative &nbsp; '
            f'<FONT COLOR="{NO_FLOW}"><B>╍╍</B></FONT>&nbsp; none. The wider, the stronger; '
            f'the widest is {decimal(self.strongest)}.<BR ALIGN="LEFT"/></FONT>'
        )
