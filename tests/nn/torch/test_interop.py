"""To PyTorch and back."""

from __future__ import annotations

import math
import random
import sys
from typing import Any

import pytest
import torch
from torch.nn import Dropout, LeakyReLU, Linear, Sequential, Softmax, Softplus, Tanh

from autograd import Value
from nn import MLP, Layer, Neuron, from_torch, leaky_relu, to_torch
from nn.interop import COUNTERPARTS

DEEP = [0.3, -0.8, 1.1]
ACTIVATIONS = ["linear", *COUNTERPARTS]


def outputs(model: Any, x: list[float]) -> list[float]:
    prediction = model(x)
    return [y.data for y in (prediction if isinstance(prediction, list) else [prediction])]


def torch_outputs(model: torch.nn.Module, x: list[float]) -> list[float]:
    found: list[float] = model(torch.tensor([x], dtype=torch.float64))[0].tolist()
    return found


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("bias", [True, False])
def test_there_and_back_is_the_same_network(activation: str, bias: bool) -> None:
    model = MLP(3, [4, 5, 2], activation, activation, bias=bias, rng=0)
    rng = random.Random(0)
    for parameter in model.parameters():
        parameter.data = rng.gauss(0, 1)
    sequential = to_torch(model)
    back = from_torch(sequential)
    assert back.state_dict() == model.state_dict()
    assert repr(back) == repr(model)
    for _ in range(3):
        x = [rng.gauss(0, 3) for _ in range(3)]
        assert torch_outputs(sequential, x) == pytest.approx(outputs(model, x), rel=1e-13, abs=1e-15)
        assert outputs(back, x) == outputs(model, x)


def test_what_pytorch_gets() -> None:
    sequential = to_torch(MLP(3, [4, 1], "tanh", "sigmoid", rng=0))
    assert [type(step).__name__ for step in sequential] == ["Linear", "Tanh", "Linear", "Sigmoid"]
    assert {parameter.dtype for parameter in sequential.parameters()} == {torch.float64}
    assert sequential(torch.zeros(7, 3, dtype=torch.float64)).shape == (7, 1)
    assert [type(step).__name__ for step in to_torch(Layer(3, 2, "softmax"))] == ["Linear", "Softmax"]


def test_weights_are_copies() -> None:
    model = MLP(3, [1], rng=0)
    sequential = to_torch(model)
    back = from_torch(sequential)
    for parameter in sequential.parameters():
        parameter.data.zero_()
    assert all(w.data for w in model.weights())
    assert all(w.data for w in back.weights())


def test_from_pytorchs_own_defaults() -> None:
    torch.manual_seed(0)
    first, second = [Linear(3, 4), LeakyReLU(inplace=True)], [Linear(4, 4, bias=False), Softplus()]
    sequential = Sequential(*first, *second, Linear(4, 4), Linear(4, 2), Softmax(dim=1))
    model = from_torch(sequential)
    assert repr(model) == "MLP(3 → 4 leaky_relu → 4 softplus → 4 linear → 2 softmax, 62 parameters)"
    assert outputs(model, DEEP) == pytest.approx(torch_outputs(sequential.double(), DEEP), rel=1e-12)


def steeper(z: Value) -> Any:
    return leaky_relu(z, 0.1)


def tanh(z: Value) -> Any:
    """Shares its name, and no more, with the activation."""
    return z.tanh() * 2


@pytest.mark.parametrize("activation", ["maxout", steeper, tanh])
def test_what_pytorch_has_no_counterpart_for(activation: Any) -> None:
    with pytest.raises(ValueError, match="has no counterpart in PyTorch; those with one are linear, sigmoid"):
        to_torch(MLP(3, [4, 1], activation, rng=0))


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([Linear(3, 2), Dropout(0.5)], r"module 1 .*: Dropout\(p=0.5"),
        ([Linear(3, 2), LeakyReLU(0.1)], r"module 1 .*: LeakyReLU\(negative_slope=0.1"),
        ([Linear(3, 2), Tanh(), Tanh()], r"module 2 .*: Tanh\(\)"),
        ([Tanh(), Linear(3, 2)], r"module 0 .*: Tanh\(\)"),
        ([], "the Sequential has no Linear module"),
    ],
)
def test_what_has_no_counterpart_here(steps: list[torch.nn.Module], words: str) -> None:
    with pytest.raises(ValueError, match=f"(?s){words}"):
        from_torch(Sequential(*steps))


def test_what_may_compute_something_else_is_refused() -> None:
    class Doubled(MLP):
        def __call__(self, x: Any) -> Any:
            return 2.0 * super().__call__(x)

    class Reversed(Sequential):
        pass

    for model in (Doubled(2, [1], rng=0), Neuron(2, rng=0)):
        with pytest.raises(TypeError, match=r"to_torch takes an MLP or a Layer, got (Doubled|Neuron)"):
            to_torch(model)
    for module in (Reversed(Linear(1, 1)), Linear(1, 1)):
        with pytest.raises(
            TypeError, match=r"from_torch takes a torch\.nn\.Sequential, got (Reversed|Linear)"
        ):
            from_torch(module)
    for change in ({"b": None}, {"activation": math.sin}):
        model = MLP(2, [3, 1], rng=0)
        vars(model.layers[0].neurons[1]).update(change)
        with pytest.raises(ValueError, match="its neurons differ in activation or bias"):
            to_torch(model)


def test_without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        to_torch(MLP(1, [1], rng=0))
    with pytest.raises(ImportError, match="pip install torch"):
        from_torch(None)
