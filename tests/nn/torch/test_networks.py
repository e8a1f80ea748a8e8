"""Activations and losses against PyTorch, outputs and gradients, on random networks."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch
from torch.nn import functional

import nn
from nn import MLP, to_torch
from nn.interop import COUNTERPARTS
from tests.nn.rows import distribution, labels, numbers, one_hot

NEAR = {"rel": 1e-10, "abs": 1e-12}
N_IN, K = 3, 4


def tensor(numbers: Any) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def random_network(activation: str, output: str, seed: int) -> tuple[MLP, torch.nn.Sequential]:
    """A network with random biases too, and PyTorch's copy of it."""
    rng = random.Random(seed)
    sizes = [rng.randint(2 if activation == "softmax" else 1, 6) for _ in range(rng.randint(0, 3))]
    model = MLP(N_IN, [*sizes, K], activation, output, rng=rng)
    for parameter in model.parameters():
        parameter.data += rng.gauss(0, 0.3)
    return model, to_torch(model)


def assert_same_gradients(
    model: MLP, sequential: torch.nn.Sequential, loss: Any, true_loss: torch.Tensor
) -> None:
    model.zero_grad()
    loss.backward()
    true_loss.backward()
    assert loss.data == pytest.approx(true_loss.item(), **NEAR)
    linears = [step for step in sequential if isinstance(step, torch.nn.Linear)]
    rows = [torch.cat([linear.weight.grad, linear.bias.grad[:, None]], dim=1) for linear in linears]
    true = torch.cat([row.flatten() for row in rows]).tolist()
    assert [p.grad for p in model.parameters()] == pytest.approx(true, **NEAR)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("activation", ["linear", *COUNTERPARTS])
def test_every_activation(activation: str, seed: int) -> None:
    model, sequential = random_network(activation, activation, seed)
    rng = random.Random(seed)
    x = [rng.gauss(0, 2) for _ in range(N_IN)]
    prediction, true = model(x), sequential(tensor([x]))[0]
    assert [p.data for p in prediction] == pytest.approx(true.tolist(), **NEAR)
    factors = [rng.gauss(0, 1) for _ in range(K)]
    assert_same_gradients(
        model, sequential, nn.mean_squared_error(prediction, factors), ((true - tensor(factors)) ** 2).mean()
    )


def index(rng: random.Random, k: int) -> int:
    return rng.randrange(k)


def summed(
    function: Callable[..., torch.Tensor], **settings: Any
) -> Callable[[torch.Tensor, Any], torch.Tensor]:
    """PyTorch's loss of one sample, added up over its outputs."""
    return lambda p, t: function(p, tensor(t), reduction="sum", **settings)


def divergence(p: torch.Tensor, t: Any) -> torch.Tensor:
    return functional.kl_div(torch.log(p), tensor(t), reduction="sum")


def margins(p: torch.Tensor, t: Any) -> torch.Tensor:
    return functional.multi_margin_loss(p[None], index_of(t)) * K


def softmax_loss(p: torch.Tensor, t: Any) -> torch.Tensor:
    return functional.cross_entropy(p[None], torch.tensor([t]) if isinstance(t, int) else tensor([t]))


def observed(p: torch.Tensor, t: Any) -> torch.Tensor:
    return functional.nll_loss(torch.log(p)[None], index_of(t))


def index_of(row: Any) -> torch.Tensor:
    return torch.tensor([row if isinstance(row, int) else row.index(1.0)])


LOSSES: dict[str, tuple[Any, Callable[[torch.Tensor, Any], torch.Tensor], str, Any]] = {
    "mean_squared_error": (
        nn.mean_squared_error,
        lambda p, t: functional.mse_loss(p, tensor(t)),
        "linear",
        numbers,
    ),
    "huber": (partial(nn.huber, c=1.7), summed(functional.huber_loss, delta=1.7), "linear", numbers),
    "multi-label": (nn.multi_label_cross_entropy, summed(functional.binary_cross_entropy), "sigmoid", labels),
    "of logits": (
        nn.sigmoid_cross_entropy,
        summed(functional.binary_cross_entropy_with_logits),
        "linear",
        labels,
    ),
    "cross_entropy": (nn.cross_entropy, observed, "softmax", index),
    "softmax_cross_entropy": (nn.softmax_cross_entropy, softmax_loss, "linear", index),
    "softmax_cross_entropy, soft": (nn.softmax_cross_entropy, softmax_loss, "linear", distribution),
    "negative_log_likelihood": (nn.negative_log_likelihood, observed, "softmax", one_hot),
    "kl_divergence": (nn.kl_divergence, divergence, "softmax", distribution),
    "multiclass_hinge": (nn.multiclass_hinge, margins, "linear", index),
}
"""A loss that PyTorch has too, PyTorch's, the activation of the output layer, and the draw of a target."""


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss(name: str, seed: int) -> None:
    loss, true_loss, output, draw = LOSSES[name]
    model, sequential = random_network("tanh", output, seed)
    rng = random.Random(seed)
    x, target = [rng.gauss(0, 1) for _ in range(N_IN)], draw(rng, K)
    assert_same_gradients(
        model, sequential, loss(model(x), target), true_loss(sequential(tensor([x]))[0], target)
    )
