"""To PyTorch and back: the way on, for networks that outgrow one scalar at a time.

Stacks of layers can be translated: an `MLP` or a `Layer` here, there a `torch.nn.Sequential`
of `Linear` modules, each with or without an activation of `COUNTERPARTS` after it. Any other
model goes as a recorded program: see `autograd.bridges`. PyTorch is optional, and imported when one
of the two functions is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.arguments import require_package
from autograd.reals import kind
from nn.activations import ACTIVATIONS, activation_name, linear, softmax
from nn.layers import MLP, Layer, Neuron

if TYPE_CHECKING:
    import torch

COUNTERPARTS: dict[str, tuple[str, dict[str, tuple[float | str, ...]]]] = {
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "relu": ("ReLU", {}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": (0.01,)}),
    "elu": ("ELU", {"alpha": (1.0,)}),
    # Beyond its threshold PyTorch takes softplus(z) = z: right to the last digit from 40 on,
    # off by 2e-9 at PyTorch's own choice of 20.
    "softplus": ("Softplus", {"beta": (1.0,), "threshold": (40.0, 20.0)}),
    "log_sigmoid": ("LogSigmoid", {}),
    "silu": ("SiLU", {}),
    "gelu": ("GELU", {"approximate": ("none",)}),
    "gelu_tanh": ("GELU", {"approximate": ("tanh",)}),
    "selu": ("SELU", {}),
    "mish": ("Mish", {}),
    "hardtanh": ("Hardtanh", {"min_val": (-1.0,), "max_val": (1.0,)}),
    "softsign": ("Softsign", {}),
    "softmax": ("Softmax", {"dim": (-1, 1)}),
}
"""Activation -> its class in torch.nn, and the settings accepted there; `to_torch` takes the first."""


def to_torch(model: MLP | Layer) -> torch.nn.Sequential:
    """The `torch.nn.Sequential` with the same weights and outputs, in float64.

    It takes a batch, samples × n_in, and returns samples × n_out, also if n_out is 1. Weights
    are copied: training one of the two leaves the other as it is.

    Raises ValueError for an activation without a counterpart, ImportError without PyTorch.
    """
    _require_torch("to_torch")
    import torch

    if type(model) not in (MLP, Layer):  # a subclass may compute something else
        raise TypeError(f"to_torch takes an MLP or a Layer, got {kind(model)}")
    steps: list[torch.nn.Module] = []
    for layer in model.layers if isinstance(model, MLP) else [model]:
        neurons = [neuron for neuron in layer.neurons if isinstance(neuron, Neuron)]
        name = activation_name(layer.activation)
        if ACTIVATIONS.get(name) is not layer.activation or name not in ("linear", *COUNTERPARTS):
            raise ValueError(
                f"{model!r}: {name} has no counterpart in PyTorch; those with one are linear, "
                f"{', '.join(COUNTERPARTS)}. "
                "autograd.compile(model, x).to_torch(model) takes any model along"
            )
        rows = [[w.data for w in neuron.w] for neuron in neurons]
        biases = [neuron.b.data for neuron in neurons if neuron.b is not None]
        own = linear if layer.activation is softmax else layer.activation
        if len(biases) not in (0, len(rows)) or any(neuron.activation is not own for neuron in neurons):
            raise ValueError(
                f"{layer!r}: its neurons differ in activation or bias; PyTorch's Linear has one for all"
            )
        step = torch.nn.Linear(layer.n_in, layer.n_out, bias=bool(biases))
        for parameter, numbers in zip(step.parameters(), [rows, biases] if biases else [rows], strict=True):
            parameter.data = torch.tensor(numbers, dtype=torch.float64)
        steps.append(step)
        if layer.activation is not linear:
            class_name, settings = COUNTERPARTS[name]
            first = {key: accepted[0] for key, accepted in settings.items()}
            steps.append(getattr(torch.nn, class_name)(**first))
    return torch.nn.Sequential(*steps)


def from_torch(sequential: torch.nn.Sequential) -> MLP:
    """The `MLP` with the same weights and outputs.

    Weights are copied: training one of the two leaves the other as it is.

    Raises ValueError that names the first module without a counterpart, ImportError without PyTorch.
    """
    _require_torch("from_torch")
    import torch

    if type(sequential) is not torch.nn.Sequential:  # a subclass may compute something else
        raise TypeError(f"from_torch takes a torch.nn.Sequential, got {type(sequential).__name__}")
    steps: list[torch.nn.Linear] = []
    activations: list[str] = []
    for place, step in enumerate(sequential):
        name = _activation_of(step)
        if type(step) is torch.nn.Linear:
            steps.append(step)
            activations.append("linear")
        elif name and activations and activations[-1] == "linear":
            activations[-1] = name
        else:
            classes = ", ".join(dict.fromkeys(class_name for class_name, _ in COUNTERPARTS.values()))
            raise ValueError(
                f"module {place} of the Sequential has no counterpart here: {step!r}; those with one are "
                f"Linear, and after it one of {classes}"
            )
    if not steps:
        raise ValueError("the Sequential has no Linear module")
    sizes = [step.out_features for step in steps]
    model = MLP(steps[0].in_features, sizes, activations[:-1], activations[-1], init="zeros")
    for layer, step in zip(model.layers, steps, strict=True):
        rows = step.weight if step.bias is None else torch.cat([step.weight, step.bias[:, None]], dim=1)
        if step.bias is None:
            for neuron in layer.neurons:
                vars(neuron)["b"] = None
        for parameter, number in zip(layer.parameters(), rows.flatten().tolist(), strict=True):
            parameter.data = number
    return model


def _activation_of(step: torch.nn.Module) -> str | None:
    """Our name for a PyTorch module; None if it has none."""
    import torch

    for name, (class_name, settings) in COUNTERPARTS.items():
        is_known = all(getattr(step, key, None) in accepted for key, accepted in settings.items())
        if is_known and type(step) is getattr(torch.nn, class_name):
            return name
    return None


def _require_torch(caller: str) -> None:
    require_package("torch", f"{caller} needs PyTorch: python -m pip install torch")
