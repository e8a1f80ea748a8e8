"""The workloads of compare.py: the same network, data and update, once for every engine.

Weights are drawn once and given to all. Every engine takes full-precision steps of plain
gradient descent, w ← w - 0.05·dw, on the mean hinge or softmax cross-entropy loss, or of Adam.
"""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy_gpt
import small_value
from sklearn.datasets import load_digits

import autograd
import nn
from autograd.compiler.descent import Descent, Samples
from nn.update_rules import adam, declared, sgd

ROOT = Path(__file__).parents[2]
OURS = "ours, compiled"
EAGER = "ours, eager"
RATE = 0.05
ADAM = (0.001, 0.9, 0.999, 1e-8)  # rate, β1, β2, ε


@dataclass
class Step:
    """What is timed: `run` makes `steps_per_run` steps, or `1/scale` of one."""

    run: Callable[[], Any]
    repeats: int = 1
    steps_per_run: int = 1
    scale: float = 1.0
    slow: bool = False


@dataclass
class Workload:
    """One row of the table: a name, and for every engine what makes its step; ours is the first."""

    name: str
    engines: dict[str, Callable[[], Step]]


# ── data and weights ────────────────────────────────────────────────────────────────────


@cache
def moons() -> tuple[np.ndarray, np.ndarray]:
    X, y = nn.moons(100, noise=0.1, rng=0, labels=(-1, 1))
    return np.array(X), np.array(y, dtype=float)


@cache
def images() -> tuple[np.ndarray, np.ndarray]:
    """64 samples of 784 numbers, in 10 classes, drawn at random."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(64, 784)), rng.integers(10, size=64)


def weights(sizes: list[int]) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each layer a matrix of (outputs, inputs) and a bias, He's initialisation."""
    rng = np.random.default_rng(1)
    return [
        (rng.normal(scale=(2.0 / inputs) ** 0.5, size=(outputs, inputs)), np.zeros(outputs))
        for inputs, outputs in pairwise(sizes)
    ]


MOONS = [2, 16, 16, 1]
IMAGES = [784, 50, 10]


# ── ours ────────────────────────────────────────────────────────────────────────────────


def our_model(sizes: list[int]) -> nn.MLP:
    model = nn.MLP(sizes[0], sizes[1:], rng=0)
    for layer, (matrix, bias) in zip(model.layers, weights(sizes), strict=True):
        for neuron, row, b in zip(layer.neurons, matrix, bias, strict=True):
            for parameter, number in zip([*neuron.w, neuron.b], [*row, b], strict=True):
                parameter.data = float(number)
    return model


def our_moons() -> tuple[nn.MLP, nn.SGD]:
    model = our_model(MOONS)
    return model, nn.SGD(model.parameters(), lr=RATE)


def our_eager_moons() -> Step:
    X, y = (table.tolist() for table in moons())
    model, optimizer = our_moons()

    def step() -> None:
        optimizer.zero_grad()
        losses = [nn.hinge(model(x), target) for x, target in zip(X, y, strict=True)]
        (autograd.total(losses) / len(losses)).backward()
        optimizer.step()

    return Step(step)


def descent_step(
    program: autograd.Program, inputs: tuple[Any, ...], batches: list[Any], parameters: list[Any]
) -> Step:
    """Many updates in one native call, as `fit(compiled=True)` makes them."""
    rows = program.execution.samples(inputs)[0]
    samples = Samples([rows], np.zeros(len(rows), dtype=np.int64), np.arange(len(rows)))
    return descents([program.execution], samples, batches, parameters, sgd, (RATE,))


def descents(
    executions: list[Any],
    samples: Samples,
    batches: list[Any],
    parameters: list[Any],
    rule: Any,
    settings: Any,
) -> Step:
    states = len(declared(rule)[0])
    descent = Descent(executions, parameters, rule, states, 1 + len(settings))
    numbers = np.array([parameter.data for parameter in parameters])
    remembered = np.zeros((states, len(parameters)))
    rows = np.array([(float(i + 1), *settings) for i in range(len(batches))])
    return Step(lambda: descent.run(samples, batches, numbers, remembered, rows), steps_per_run=len(batches))


def our_compiled_moons(batch_size: int = 100) -> Step:
    X, y = moons()
    model = our_model(MOONS)
    program = autograd.compile(lambda x, target: nn.hinge(model(x), target), X[0], y[0])
    batches = [range(i, i + batch_size) for i in range(0, 100, batch_size)]
    return descent_step(program, (X, y), batches * (500 if batch_size == 100 else 100), model.parameters())


def our_fitted_moons(epochs: int = 5000) -> Step:
    """The same as a user has it: checks, recording, layout, history and all."""
    X, y = moons()
    model, optimizer = our_moons()

    def train() -> None:
        nn.fit(model, nn.hinge, X, y, optimizer=optimizer, epochs=epochs, compiled=True, progress=False)

    return Step(train, repeats=20 if epochs == 1 else 1, steps_per_run=epochs)


def our_moons_by_hand() -> Step:
    X, y = moons()
    model, optimizer = our_moons()
    loss = autograd.compile(lambda x, target: nn.hinge(model(x), target), X[0], y[0])

    def step() -> None:
        optimizer.zero_grad()
        loss.backward(X, y)
        optimizer.step()

    return Step(step, repeats=100)


def elementary_score(layers: list[Any], x: Any) -> Any:
    """The network written out by hand with + and ×, as users of small engines do."""
    values = list(x)
    for depth, layer in enumerate(layers):
        scores = [sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in layer]
        values = scores if depth == len(layers) - 1 else [score.relu() for score in scores]
    return values[0]


def written_out(engine: Any, sizes: list[int]) -> list[Any]:
    return [
        [([engine(float(w)) for w in row], engine(float(b))) for row, b in zip(matrix, bias, strict=True)]
        for matrix, bias in weights(sizes)
    ]


def all_parameters(layers: list[Any]) -> list[Any]:
    return [p for layer in layers for row, b in layer for p in [*row, b]]


def our_written_out_moons() -> Step:
    X, y = moons()
    layers = written_out(autograd.Value, MOONS)

    def loss(x: Any, target: Any) -> Any:
        return (1 + -target * elementary_score(layers, x)).relu()

    program = autograd.compile(loss, X[0], y[0])
    return descent_step(program, (X, y), [range(100)] * 500, all_parameters(layers))


def whole_batch_loss(engine: Any, layers: list[Any]) -> Any:
    X, y = moons()
    losses = [
        (1 + -float(target) * elementary_score(layers, [engine(v) for v in x.tolist()])).relu()
        for x, target in zip(X, y, strict=True)
    ]
    return sum(losses) * (1.0 / len(losses))


def our_whole_batch() -> Step:
    layers = written_out(autograd.Value, MOONS)
    program = autograd.compile(lambda: whole_batch_loss(autograd.Value, layers))
    return descent_step(program, (), [range(1)] * 5, all_parameters(layers))


def our_elementary(engine: Any) -> Step:
    layers = written_out(engine, MOONS)
    parameters = all_parameters(layers)

    def step() -> None:
        for parameter in parameters:
            parameter.grad = 0.0
        whole_batch_loss(engine, layers).backward()
        for parameter in parameters:
            parameter.data -= RATE * parameter.grad

    return Step(step, slow=True)


def micrograd_moons() -> Step:
    from micrograd.engine import Value

    return our_elementary(Value)


def our_compiled_images() -> Step:
    X, classes = images()
    targets = np.eye(10)[classes]
    model = our_model(IMAGES)
    program = autograd.compile(lambda x, target: nn.softmax_cross_entropy(model(x), target), X[0], targets[0])
    return descent_step(program, (X, targets), [range(64)] * 100, model.parameters())


@cache
def grid() -> np.ndarray:
    along = np.linspace(-2.0, 3.0, 200)
    return np.array([(a, b) for a in along for b in along])


def our_compiled_grid() -> Step:
    model = our_model(MOONS)
    program = autograd.compile(model, [0.0, 0.0])
    return Step(lambda: program(grid()), repeats=5)


def our_eager_grid() -> Step:
    model, part = our_model(MOONS), grid()[::200].tolist()
    return Step(lambda: nn.predict(model, part), scale=200.0)


def micrograd_grid() -> Step:
    from micrograd.engine import Value

    layers, part = written_out(Value, MOONS), grid()[::400].tolist()
    return Step(
        lambda: [elementary_score(layers, [Value(v) for v in x]) for x in part], scale=400.0, slow=True
    )


# ── digits ──────────────────────────────────────────────────────────────────────────────

DIGITS = [64, 32, 10]


@cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Four fifths of scikit-learn's digits, each 8 × 8 grey levels."""
    X, y = load_digits(return_X_y=True)
    (X, y), _ = nn.split(X / 16.0, y, rng=0, fractions=(0.8, 0.2))
    return np.array(X), np.array(y)


def our_fitted_digits() -> Step:
    X, y = digits()
    model = our_model(DIGITS)
    optimizer = nn.Adam(model.parameters(), lr=ADAM[0])

    def train() -> None:
        nn.fit(
            model, nn.softmax_cross_entropy, X, y, optimizer=optimizer, epochs=20, batch_size=32, rng=0,
            compiled=True, progress=False,
        )  # fmt: skip

    return Step(train)


# ── the character GPT ───────────────────────────────────────────────────────────────────


def gpt_and_names(count: int) -> tuple[nn.CharacterGPT, list[list[int]]]:
    model = nn.CharacterGPT(rng=0)
    return model, [model.encode(name) for name in nn.names(rng=0)[:count]]


def our_compiled_gpt() -> Step:
    """Name after name, each of its own length, with Adam, as `nn.minimize(compiled=True)` runs it."""
    model, words = gpt_and_names(1000)
    loss, parameters = model.loss, model.parameters()
    lengths = sorted({len(word) for word in words})
    groups = [[word for word in words if len(word) == length] for length in lengths]
    executions = [autograd.compile(loss, group[0]).execution for group in groups]
    samples = Samples(
        [execution.samples([group])[0] for execution, group in zip(executions, groups, strict=True)],
        np.array([lengths.index(len(word)) for word in words]),
        np.array([groups[lengths.index(len(word))].index(word) for word in words]),
    )
    return descents(executions, samples, [[i] for i in range(len(words))], parameters, adam, ADAM)


def our_gpt_by_hand() -> Step:
    model, words = gpt_and_names(100)
    loss, optimizer = autograd.compile(model.loss), nn.Adam(model.parameters(), lr=ADAM[0])

    def train() -> None:
        for word in words:
            optimizer.zero_grad()
            loss.backward(word)
            optimizer.step()

    return Step(train, steps_per_run=len(words))


def our_eager_gpt() -> Step:
    model, words = gpt_and_names(5)
    optimizer = nn.Adam(model.parameters(), lr=ADAM[0])

    def train() -> None:
        for word in words:
            optimizer.zero_grad()
            model.loss(word).backward()
            optimizer.step()

    return Step(train, steps_per_run=len(words))


IN_A_NEW_PROCESS = f"""
import nn
model = nn.CharacterGPT(rng=0)
words = [model.encode(name) for name in nn.names(rng=0)[:1000]]
optimizer = nn.Adam(model.parameters(), lr={ADAM[0]})
nn.minimize(
    model.loss, words, optimizer=optimizer, steps=1000, batch_size=1, compiled=True, progress=False
)
"""


def our_gpt_in_a_new_process() -> Step:
    """1,000 names from the start of Python on: every length is recorded, its native code read from disk."""
    return Step(lambda: subprocess.run([sys.executable, "-c", IN_A_NEW_PROCESS], cwd=ROOT, check=True))


def written_out_gpt(engine: Any) -> Step:
    model, words = gpt_and_names(5)
    matrices = {name: matrix.tolist() for name, matrix in numpy_gpt.matrices(model).items()}
    gpt = small_value.WrittenOutGPT(engine, matrices)
    sys.setrecursionlimit(10**6)  # the small engine recurses through the graph
    return Step(lambda: [gpt.train(word, *ADAM) for word in words], steps_per_run=len(words))


def gpt_in_numpy() -> Step:
    model, words = gpt_and_names(200)
    weights = numpy_gpt.matrices(model)
    optimizer = numpy_gpt.Adam(weights, *ADAM)

    def train() -> None:
        for word in words:
            optimizer.step(numpy_gpt.loss_and_gradients(weights, word)[1])

    return Step(train, steps_per_run=len(words))


# ── PyTorch ─────────────────────────────────────────────────────────────────────────────


def torch_parameters(sizes: list[int]) -> list[Any]:
    import torch

    torch.set_num_threads(1)
    return [
        torch.tensor(array, dtype=torch.float64, requires_grad=True)
        for layer in weights(sizes)
        for array in layer
    ]


def torch_score(parameters: list[Any], x: Any) -> Any:
    import torch

    for i in range(0, len(parameters), 2):
        x = torch.nn.functional.linear(x, parameters[i], parameters[i + 1])
        x = x.relu() if i < len(parameters) - 2 else x
    return x


def torch_training(parameters: list[Any], loss: Callable[[Any], Any], batches: list[Any]) -> Step:
    import torch

    optimizer = torch.optim.SGD(parameters, lr=RATE)

    def run() -> None:
        for batch in batches:
            optimizer.zero_grad()
            loss(batch).backward()
            optimizer.step()

    return Step(run, steps_per_run=len(batches))


def torch_moons(batch_size: int = 100) -> Step:
    import torch

    X, y = map(torch.tensor, moons())
    parameters = torch_parameters(MOONS)

    def loss(batch: Any) -> Any:
        x, target = batch
        return (1.0 - target * torch_score(parameters, x)[:, 0]).relu().mean()

    batches = [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, 100, batch_size)]
    return torch_training(parameters, loss, batches * (20 if batch_size == 100 else 1))


def torch_images() -> Step:
    import torch

    X, classes = map(torch.tensor, images())
    parameters = torch_parameters(IMAGES)
    loss = torch.nn.CrossEntropyLoss()
    return torch_training(
        parameters, lambda batch: loss(torch_score(parameters, batch[0]), batch[1]), [(X, classes)] * 20
    )


def torch_digits() -> Step:
    import torch

    X, y = map(torch.tensor, digits())
    parameters = torch_parameters(DIGITS)
    optimizer = torch.optim.Adam(parameters, lr=ADAM[0])
    loss = torch.nn.CrossEntropyLoss()

    def train() -> None:
        for _ in range(20):
            for batch in torch.randperm(len(X)).split(32):
                optimizer.zero_grad()
                loss(torch_score(parameters, X[batch]), y[batch]).backward()
                optimizer.step()

    return Step(train)


def torch_grid() -> Step:
    import torch

    parameters, X = torch_parameters(MOONS), torch.tensor(grid())
    return Step(torch.no_grad()(lambda: torch_score(parameters, X)), repeats=5)


# ── jax.jit ─────────────────────────────────────────────────────────────────────────────


def jax_training(sizes: list[int], loss: Callable[[Any, Any, Any], Any], X: Any, y: Any) -> Step:
    import jax

    jax.config.update("jax_enable_x64", True)
    X, y = jax.numpy.asarray(X), jax.numpy.asarray(y)
    state = [[(jax.numpy.asarray(w), jax.numpy.asarray(b)) for w, b in weights(sizes)]]

    @jax.jit
    def step(parameters: Any, X: Any, y: Any) -> Any:
        gradients = jax.grad(loss)(parameters, X, y)
        return jax.tree.map(lambda p, g: p - RATE * g, parameters, gradients)

    def run() -> None:
        for _ in range(20):
            state[0] = step(state[0], X, y)
        jax.block_until_ready(state[0])

    return Step(run, steps_per_run=20)


def jax_score(parameters: Any, x: Any) -> Any:
    import jax

    for w, b in parameters[:-1]:
        x = jax.nn.relu(x @ w.T + b)
    w, b = parameters[-1]
    return x @ w.T + b


def jax_moons(batch_size: int = 100) -> Step:
    import jax

    X, y = moons()

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        return jax.nn.relu(1.0 - y * jax_score(parameters, X)[:, 0]).mean()

    return jax_training(MOONS, loss, X[:batch_size], y[:batch_size])


def jax_images() -> Step:
    import jax

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        return -(jax.nn.log_softmax(jax_score(parameters, X))[jax.numpy.arange(len(y)), y]).mean()

    return jax_training(IMAGES, loss, *images())


# ── NumPy by hand ───────────────────────────────────────────────────────────────────────


def numpy_training(
    sizes: list[int], X: np.ndarray, output_gradient: Callable[[np.ndarray], np.ndarray]
) -> Step:
    parameters = weights(sizes)

    def step() -> None:
        activations = [X, *numpy_outputs(parameters, X)]
        upstream = output_gradient(activations.pop())
        for (w, b), below in reversed(list(zip(parameters, activations, strict=True))):
            w_gradient, b_gradient = upstream.T @ below, upstream.sum(axis=0)
            if below is not X:
                upstream = (upstream @ w) * (below > 0.0)
            w -= RATE * w_gradient
            b -= RATE * b_gradient

    return Step(step, repeats=20)


def numpy_outputs(parameters: list[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> Iterator[np.ndarray]:
    """What each layer gives for all samples."""
    for w, b in parameters:
        x = x @ w.T + b
        x = np.maximum(x, 0.0) if w is not parameters[-1][0] else x
        yield x


def numpy_moons() -> Step:
    X, y = moons()
    return numpy_training(
        MOONS, X, lambda score: np.where(y[:, None] * score < 1.0, -y[:, None], 0.0) / len(y)
    )


def numpy_images() -> Step:
    X, classes = images()
    truth = np.eye(10)[classes]

    def gradient(score: np.ndarray) -> np.ndarray:
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        return (odds / odds.sum(axis=1, keepdims=True) - truth) / len(truth)

    return numpy_training(IMAGES, X, gradient)


def numpy_grid() -> Step:
    parameters = weights(MOONS)
    return Step(lambda: list(numpy_outputs(parameters, grid())), repeats=5)


# ── the table ───────────────────────────────────────────────────────────────────────────

ALL = [
    Workload(
        "moons: one step of 2-16-16-1 on 100 points",
        {
            OURS: our_compiled_moons,
            "ours, nn.fit(compiled=True)": our_fitted_moons,
            "ours, program.backward and step": our_moons_by_hand,
            "ours, compiled, written out in + and ×": our_written_out_moons,
            EAGER: our_eager_moons,
            "ours, eager, written out in + and ×": lambda: our_elementary(autograd.Value),
            "micrograd": micrograd_moons,
            "PyTorch": torch_moons,
            "jax.jit": jax_moons,
            "NumPy by hand": numpy_moons,
        },
    ),
    Workload(
        "the same as one graph of 100 samples, without lanes",
        {OURS: our_whole_batch, "micrograd": micrograd_moons},
    ),
    Workload(
        "the same, one sample at a time",
        {
            OURS: lambda: our_compiled_moons(1),
            "PyTorch": lambda: torch_moons(1),
            "jax.jit": lambda: jax_moons(1),
        },
    ),
    Workload("the same, nn.fit(compiled=True) for one epoch", {OURS: lambda: our_fitted_moons(1)}),
    Workload(
        "prediction on a grid of 200 × 200 points",
        {
            OURS: our_compiled_grid,
            EAGER: our_eager_grid,
            "micrograd": micrograd_grid,
            "PyTorch": torch_grid,
            "NumPy by hand": numpy_grid,
        },
    ),
    Workload(
        "784-50-10, one step on 64 samples",
        {
            OURS: our_compiled_images,
            "PyTorch": torch_images,
            "jax.jit": jax_images,
            "NumPy by hand": numpy_images,
        },
    ),
    Workload(
        "a character GPT of 4,192 scalars, one name, with Adam",
        {
            OURS: our_compiled_gpt,
            "ours, program.backward and step": our_gpt_by_hand,
            EAGER: our_eager_gpt,
            "NumPy by hand": gpt_in_numpy,
        },
    ),
    Workload(
        "the same, eager, written out in + and ×",
        {
            EAGER: lambda: written_out_gpt(autograd.Value),
            "a Value of forty lines": lambda: written_out_gpt(small_value.SmallValue),
        },
    ),
    Workload("the same, 1,000 names from the start of Python on", {OURS: our_gpt_in_a_new_process}),
    Workload(
        "digits: 64-32-10, 20 epochs of Adam in batches of 32",
        {OURS: our_fitted_digits, "PyTorch": torch_digits},
    ),
]


# ── beyond single steps ─────────────────────────────────────────────────────────────────


def report_growth() -> None:
    """Time and memory of a compiled chain of gates, for 10² to 10⁶ of them."""
    print("\na chain of a·b + c, compiled: per gate")
    b, c = autograd.Value(0.999), autograd.Value(0.001)

    def chain(a: Any, gates: int) -> Any:
        for _ in range(gates // 2):
            a = a * b + c
        return a

    for size in (10**2, 10**3, 10**4, 10**5, 10**6):
        tracemalloc.start()
        start = time.perf_counter()
        program = autograd.compile(partial(chain, gates=size), 1.0)
        program.backward(1.0)
        first = time.perf_counter() - start
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        runs = max(1, 10**5 // size)
        start = time.perf_counter()
        for _ in range(runs):
            program.backward(1.0)
        again = (time.perf_counter() - start) / runs
        print(
            f"  {size:>9,} gates: record and first run {first / size * 1e6:6.2f} µs, "
            f"run {again / size * 1e9:6.1f} ns, memory {memory / size:5.0f} bytes"
        )
