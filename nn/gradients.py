"""The gradients, layer by layer: to see them vanish or explode, and to find layers that cannot learn.

>>> from nn import MLP
>>> model = MLP(1, [3, 3, 1], "sigmoid", rng=0)
>>> model(2.0).backward()
>>> gradient_report(model)
layer     parameters  mean |gradient|  largest |gradient|  gradient : weight  dead units
layers.0           6         2.20e-02            5.84e-02           5.64e-02      0 of 3
layers.1          12         6.65e-02            2.35e-01           2.56e-01      0 of 3
layers.2           4         6.22e-01            1.00e+00           1.29e+00      0 of 1
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import chain, groupby
from typing import Any

from autograd.declaration import GateError
from autograd.grad_mode import enable_grad
from autograd.parameter_names import Path, layer_and_unit, path_of, title_of
from autograd.value import Value
from nn.figures import BLUE, ORANGE, axes_to_draw_on
from nn.runners import Model, Sample, Task
from nn.samples import named_parameters
from nn.update_rules import gradient_norm


@dataclass(frozen=True)
class LayerGradients:
    """The gradients of one layer's parameters.

    name        what the names of its parameters begin with
    parameters  their numbers
    gradients   their gradients, in the same order
    units       how many neurons it has; 0 for parameters outside of neurons
    dead        how many of these are dead: all their parameters have a gradient of exactly 0,
                so nothing that they compute reached the loss
    """

    name: str
    parameters: list[float]
    gradients: list[float]
    units: int
    dead: int

    @property
    def mean(self) -> float:
        """The mean of |gradient|."""
        return math.fsum(map(abs, self.gradients)) / len(self.gradients)

    @property
    def largest(self) -> float:
        """The largest |gradient|."""
        return max(map(abs, self.gradients))

    @property
    def ratio(self) -> float:
        """‖gradients‖/‖parameters‖, each the root of the sum of squares; NaN if all parameters are 0."""
        size = gradient_norm(self.parameters)
        return gradient_norm(self.gradients) / size if size else math.nan


@dataclass(frozen=True, repr=False)
class GradientReport:
    """The gradients of a model, one entry for each layer, in the model's order.

    Prints as a table, and shows itself as one in a notebook.
    """

    layers: list[LayerGradients]

    def plot(self, axes: Any = None) -> Any:
        """Draw mean and largest |gradient| of each layer, on a logarithmic scale, with matplotlib.

        axes  matplotlib axes to draw on; by default those of a new figure

        Returns the axes. Raises ImportError if matplotlib is not installed.
        """
        [axes] = axes_to_draw_on(axes)
        places = range(len(self.layers))
        axes.plot(places, [layer.largest for layer in self.layers], "v--", color=ORANGE, label="largest")
        axes.plot(places, [layer.mean for layer in self.layers], "o-", color=BLUE, label="mean")
        if any(layer.largest > 0.0 for layer in self.layers):
            axes.set_yscale("log", nonpositive="mask")
        dead = [f"\n{layer.dead} of {layer.units} dead" if layer.dead else "" for layer in self.layers]
        names = [layer.name + text for layer, text in zip(self.layers, dead, strict=True)]
        axes.set_xticks(places, names, rotation=0 if len(names) < 8 else 90)
        axes.set(xlabel="layer", ylabel="|gradient|", title="Gradients by layer")
        axes.legend()
        return axes

    def _rows(self) -> list[list[str]]:
        return [list(_COLUMNS), *([cell(layer) for cell in _COLUMNS.values()] for layer in self.layers)]

    @property
    def _remark(self) -> str:
        if any(layer.largest > 0.0 for layer in self.layers):
            return ""
        return "Every gradient is 0: there was no backward pass yet, or none reached the parameters."

    def __repr__(self) -> str:
        from autograd.typesetting.columns import aligned  # training needs no typesetting

        return "\n".join([*aligned(self._rows(), "<>"), *filter(None, [self._remark])])

    def _repr_html_(self) -> str:
        head, *body = self._rows()
        headings = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in body)
        remark = f"<p>{escape(self._remark)}</p>" if self._remark else ""
        return f"<table><thead><tr>{headings}</tr></thead><tbody>{rows}</tbody></table>{remark}"


_COLUMNS: dict[str, Callable[[LayerGradients], str]] = {
    "layer": lambda layer: layer.name,
    "parameters": lambda layer: str(len(layer.gradients)),
    "mean |gradient|": lambda layer: f"{layer.mean:.2e}",
    "largest |gradient|": lambda layer: f"{layer.largest:.2e}",
    "gradient : weight": lambda layer: "-" if math.isnan(layer.ratio) else f"{layer.ratio:.2e}",
    "dead units": lambda layer: f"{layer.dead} of {layer.units}" if layer.units else "-",
}


def gradient_report(model: Model) -> GradientReport:
    """The present gradients of a model's parameters, layer by layer.

    Call it after `backward()`, or after `fit`, which leaves the gradients of its last
    mini-batch. The parameters of a layer are those whose names begin alike, up to `.neurons.`;
    parameters outside of neurons belong to the module that holds them. A model that is not a
    `Module` has no names for its parameters, and counts as one layer.
    """
    layers = _by_layer(named_parameters(model))
    if not layers:
        raise ValueError(f"{model!r} has no parameters")
    report = []
    for layer, units in layers.items():
        parameters = list(chain.from_iterable(units.values()))
        neurons = [unit for path, unit in units.items() if path]
        report.append(
            LayerGradients(
                name=".".join(layer) or type(model).__name__,
                parameters=[parameter.data for parameter in parameters],
                gradients=[parameter.grad for parameter in parameters],
                units=len(neurons),
                dead=sum(not any(parameter.grad for parameter in unit) for unit in neurons),
            )
        )
    return GradientReport(report)


def _by_layer(named: Iterable[tuple[str, Value]]) -> dict[Path, dict[Path, list[Value]]]:
    """The parameters of each unit of each layer."""
    layers: dict[Path, dict[Path, list[Value]]] = {}
    # The weights of a neuron have one name, but for their indices: it is read once for all of them.
    for name, weights in groupby(named, lambda item: item[0].rstrip("0123456789.")):
        layer, unit = layer_and_unit(path_of(name))
        layers.setdefault(layer, {}).setdefault(unit, []).extend(weight for _, weight in weights)
    return layers


# ── layers that cannot learn ────────────────────────────────────────────────────────────

_MOST_SAMPLES = 200  # that are asked, spread evenly over all


def advice_on_dead_layers(task: Task, named: Sequence[tuple[str, Value]]) -> str:
    """A warning of layers that get no gradient from any sample, with a remedy; empty if there are none.

    A relu is 0, and so is its slope, for every input below 0. If all neurons of a layer are there for
    every sample, neither that layer nor those before it ever move again. None are dead if every
    sample's loss is 0: then nothing is left to learn. Gradients are left as they were.

    named  the model's parameters by name
    """
    layers = {path: list(chain.from_iterable(units.values())) for path, units in _by_layer(named).items()}
    dead = [path for path, parameters in layers.items() if _are_without_gradient(parameters)]
    if not dead:
        return ""
    before = [parameter.grad for parameter in task.parameters]
    lossless = True
    for sample in task.samples[:: -(-len(task.samples) // _MOST_SAMPLES)]:
        for parameter in task.parameters:
            parameter.grad = 0.0
        lossless = not _send_gradient(task, sample) and lossless
        dead = [path for path in dead if _are_without_gradient(layers[path])]
        if not dead:
            break
    for parameter, gradient in zip(task.parameters, before, strict=True):
        parameter.grad = gradient
    if lossless or not dead:
        return ""
    titles = " or ".join(title for path in dead for title in _titles(path, layers, named))
    return (
        f"no gradient reaches {titles} from any sample, so training cannot change it. Either nothing "
        "depends on it, or relus on the way are 0 for every sample. Other starting weights (rng), a "
        "smaller learning rate or an activation with a slope below 0 ('leaky_relu', 'tanh') help"
    )


def _titles(layer: Path, layers: Iterable[Path], named: Iterable[tuple[str, Value]]) -> Iterable[str]:
    """A layer as people say it; if it has others within it, the parameters that it holds itself."""
    if not any(len(layer) < len(other) and other[: len(layer)] == layer for other in layers):
        return [title_of(layer) or "the model"]
    own = (path for name, _ in named if layer_and_unit(path := path_of(name))[0] == layer)
    return dict.fromkeys(title_of(path[: len(layer) + 1]) for path in own)


def _are_without_gradient(parameters: list[Value]) -> bool:
    return not any(parameter._grad for parameter in parameters)


def _send_gradient(task: Task, sample: Sample) -> bool:
    """Backward from one sample's loss, and whether that is anything but 0."""
    try:
        with enable_grad():
            _, loss = task.evaluate(*sample)
        loss.backward()
    except GateError:
        return False
    return bool(loss.data)
