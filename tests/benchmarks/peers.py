"""What stands beside our engines in compare.py: micrograd, PyTorch, jax.jit, and NumPy by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy_gpt
from workloads import (
    ADAM,
    DIGITS,
    GRID,
    MOONS,
    RATE,
    Problem,
    Step,
    WrittenOut,
    gpt_and_names,
    updates,
    written_out_step,
)

Layers = list[tuple[Any, Any]]
"""A matrix of (outputs, inputs) and a bias for each layer, as arrays of any kind."""

# ── micrograd ───────────────────────────────────────────────────────────────────────────


def micrograd_moons() -> Step:
    from micrograd.engine import Value

    return written_out_step(Value)


def micrograd_grid() -> Step:
    from micrograd.engine import Value

    network, part = WrittenOut(Value), GRID[::400].tolist()
    return Step(lambda: [network.score(map(Value, x)) for x in part], scale=400.0, slow=True)


# ── PyTorch ─────────────────────────────────────────────────────────────────────────────


def torch_layers(problem: Problem) -> Layers:
    import torch

    torch.set_num_threads(1)
    return [
        (torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True))
        for w, b in problem.weights()
    ]


def torch_score(layers: Layers, x: Any) -> Any:
    import torch

    for w, b in layers[:-1]:
        x = torch.nn.functional.linear(x, w, b).relu()
    return torch.nn.functional.linear(x, *layers[-1])


def torch_training(
    problem: Problem, batch_size: int, epochs: int, make: str = "SGD", rate: float = RATE
) -> Step:
    import torch

    X, y, layers = torch.tensor(problem.X), torch.tensor(problem.y), torch_layers(problem)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def backward(x: Any, target: Any) -> None:
        score = torch_score(layers, x)
        loss = (
            (1.0 - target * score[:, 0]).relu().mean() if problem.is_hinge else cross_entropy(score, target)
        )
        loss.backward()

    optimizer = getattr(torch.optim, make)([p for layer in layers for p in layer], lr=rate)
    batches = [
        (X[batch.start : batch.stop], y[batch.start : batch.stop]) for batch in problem.batches(batch_size)
    ]
    return updates(optimizer, backward, batches * epochs)


def torch_digits() -> Step:
    """All epochs are one step."""
    return replace(torch_training(DIGITS, 32, 20, "Adam", ADAM[0]), steps_per_run=1)


def torch_grid() -> Step:
    import torch

    layers, X = torch_layers(MOONS), torch.tensor(GRID)
    return Step(torch.no_grad()(lambda: torch_score(layers, X)), repeats=5)


# ── jax.jit ─────────────────────────────────────────────────────────────────────────────


def jax_training(problem: Problem, batch_size: int) -> Step:
    import jax

    jax.config.update("jax_enable_x64", True)
    X, y = jax.numpy.asarray(problem.X[:batch_size]), jax.numpy.asarray(problem.y[:batch_size])
    layers = [(jax.numpy.asarray(w), jax.numpy.asarray(b)) for w, b in problem.weights()]

    def loss(layers: Layers, x: Any, y: Any) -> Any:
        for w, b in layers[:-1]:
            x = jax.nn.relu(x @ w.T + b)
        w, b = layers[-1]
        score = x @ w.T + b
        if problem.is_hinge:
            return jax.nn.relu(1.0 - y * score[:, 0]).mean()
        return -(jax.nn.log_softmax(score)[jax.numpy.arange(len(y)), y]).mean()

    @jax.jit
    def step(layers: Layers, X: Any, y: Any) -> Any:
        return jax.tree.map(lambda p, g: p - RATE * g, layers, jax.grad(loss)(layers, X, y))

    def run() -> None:
        nonlocal layers
        for _ in range(20):
            layers = step(layers, X, y)
        jax.block_until_ready(layers)

    return Step(run, steps_per_run=20)


# ── NumPy by hand ───────────────────────────────────────────────────────────────────────


def numpy_outputs(layers: Layers, x: np.ndarray) -> Iterator[np.ndarray]:
    """What each layer gives for all samples."""
    for w, b in layers:
        x = x @ w.T + b
        x = np.maximum(x, 0.0) if w is not layers[-1][0] else x
        yield x


def numpy_training(problem: Problem) -> Step:
    layers, X = problem.weights(), problem.X
    slope = hinge_slope(problem.y) if problem.is_hinge else cross_entropy_slope(problem.y)

    def step() -> None:
        activations = [X, *numpy_outputs(layers, X)]
        upstream = slope(activations.pop()) / len(X)
        for (w, b), below in reversed(list(zip(layers, activations, strict=True))):
            w_gradient, b_gradient = upstream.T @ below, upstream.sum(axis=0)
            if below is not X:
                upstream = (upstream @ w) * (below > 0.0)
            w -= RATE * w_gradient
            b -= RATE * b_gradient

    return Step(step, repeats=20)


def hinge_slope(y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda score: np.where(y[:, None] * score < 1.0, -y[:, None], 0.0)


def cross_entropy_slope(classes: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    truth = np.eye(classes.max() + 1)[classes]

    def slope(score: np.ndarray) -> np.ndarray:
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True) - truth

    return slope


def numpy_grid() -> Step:
    layers = MOONS.weights()
    return Step(lambda: list(numpy_outputs(layers, GRID)), repeats=5)


def numpy_of_gpt() -> Step:
    model, words = gpt_and_names(200)
    weights = numpy_gpt.matrices(model)
    optimizer = numpy_gpt.Adam(weights, *ADAM)

    def train() -> None:
        for word in words:
            optimizer.step(numpy_gpt.loss_and_gradients(weights, word)[1])

    return Step(train, steps_per_run=len(words))
