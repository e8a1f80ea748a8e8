"""The workloads of compare.py: the same network, data and update, once for every engine.

Weights are drawn once and given to all. Every engine takes full-precision steps of plain
gradient descent, w ← w - 0.05·dw, on the mean hinge or softmax cross-entropy loss, or of Adam.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
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


@dataclass(frozen=True)
class Problem:
    """A network of these sizes, what it learns from, and the loss.

    y  -1 or 1 for each row of X where the loss is the hinge, the number of a class where it is
       softmax cross-entropy
    """

    sizes: list[int]
    X: np.ndarray
    y: np.ndarray

    @property
    def is_hinge(self) -> bool:
        return self.sizes[-1] == 1

    @property
    def loss(self) -> Callable[[Any, Any], Any]:
        return nn.hinge if self.is_hinge else nn.softmax_cross_entropy

    def weights(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each layer a matrix of (outputs, inputs) and a bias, He's initialisation."""
        rng = np.random.default_rng(1)
        return [
            (rng.normal(scale=(2.0 / inputs) ** 0.5, size=(outputs, inputs)), np.zeros(outputs))
            for inputs, outputs in pairwise(self.sizes)
        ]

    def model(self) -> nn.MLP:
        model = nn.MLP(self.sizes[0], self.sizes[1:], rng=0)
        for layer, (matrix, bias) in zip(model.layers, self.weights(), strict=True):
            for neuron, row, b in zip(layer.neurons, matrix, bias, strict=True):
                for parameter, number in zip([*neuron.w, neuron.b], [*row, b], strict=True):
                    parameter.data = float(number)
        return model

    def batches(self, size: int) -> list[range]:
        """The numbers of the samples in each mini-batch."""
        return [range(i, i + size) for i in range(0, len(self.X), size)]


def _moons() -> Problem:
    X, y = nn.moons(100, noise=0.1, rng=0, labels=(-1, 1))
    return Problem([2, 16, 16, 1], np.array(X), np.array(y, dtype=float))


def _images() -> Problem:
    """64 samples of 784 numbers, in 10 classes, drawn at random."""
    rng = np.random.default_rng(0)
    return Problem([784, 50, 10], rng.normal(size=(64, 784)), rng.integers(10, size=64))


def _digits() -> Problem:
    """Four fifths of scikit-learn's digits, each 8 × 8 grey levels."""
    X, y = load_digits(return_X_y=True)
    (X, y), _ = nn.split(X / 16.0, y, rng=0, fractions=(0.8, 0.2))
    return Problem([64, 32, 10], np.array(X), np.array(y))


MOONS, IMAGES, DIGITS = _moons(), _images(), _digits()
ALONG = np.linspace(-2.0, 3.0, 200)
GRID = np.array([(a, b) for a in ALONG for b in ALONG])


# ── ours ────────────────────────────────────────────────────────────────────────────────


def updates(
    optimizer: Any, backward: Callable[..., Any], samples: Sequence[tuple[Any, ...]], repeats: int = 1
) -> Step:
    """An update for each sample or mini-batch, as users write the loop."""

    def run() -> None:
        for sample in samples:
            optimizer.zero_grad()
            backward(*sample)
            optimizer.step()

    return Step(run, repeats, steps_per_run=len(samples))


def descent(
    programs: Sequence[autograd.Program],
    inputs: Iterable[tuple[Any, ...]],
    batches: list[Any],
    parameters: list[Any],
    rule: Any = sgd,
    settings: tuple[float, ...] = (RATE,),
) -> Step:
    """Many updates in one native call, as `fit(compiled=True)` makes them.

    inputs   for each program a batch; samples are numbered through
    """
    executions = [program.execution for program in programs]
    rows = [execution.samples(batch)[0] for execution, batch in zip(executions, inputs, strict=True)]
    own_places = [np.arange(len(own)) for own in rows]
    own_programs = [np.full(len(own), i) for i, own in enumerate(rows)]
    samples = Samples(rows, np.concatenate(own_programs), np.concatenate(own_places))
    states = len(declared(rule)[0])
    machine = Descent(executions, parameters, rule, states, 1 + len(settings))
    numbers = np.array([parameter.data for parameter in parameters])
    remembered = np.zeros((states, len(parameters)))
    each = np.array([(float(i + 1), *settings) for i in range(len(batches))])
    return Step(lambda: machine.run(samples, batches, numbers, remembered, each), steps_per_run=len(batches))


def compiled_loss(problem: Problem, model: nn.MLP, y: np.ndarray) -> autograd.Program:
    return autograd.compile(lambda x, target: problem.loss(model(x), target), problem.X[0], y[0])


def compiled(problem: Problem, batch_size: int, epochs: int) -> Step:
    model = problem.model()
    y = problem.y if problem.is_hinge else np.eye(problem.sizes[-1])[problem.y]
    loss = compiled_loss(problem, model, y)
    return descent([loss], [(problem.X, y)], problem.batches(batch_size) * epochs, model.parameters())


def fitted(
    problem: Problem, make: Any, rate: float, steps_per_run: int = 1, repeats: int = 1, **options: Any
) -> Step:
    """The same as a user has it: checks, recording, layout, history and all."""
    model = problem.model()
    settings = {"optimizer": make(model.parameters(), lr=rate), "compiled": True, "progress": False} | options
    train = partial(nn.fit, model, problem.loss, problem.X, problem.y, **settings)
    return Step(train, repeats, steps_per_run)


def moons_by_hand() -> Step:
    model = MOONS.model()
    loss = compiled_loss(MOONS, model, MOONS.y)
    return updates(nn.SGD(model.parameters(), lr=RATE), loss.backward, [(MOONS.X, MOONS.y)], repeats=100)


def eager_moons() -> Step:
    model = MOONS.model()
    X, y = MOONS.X.tolist(), MOONS.y.tolist()

    def backward() -> None:
        losses = [nn.hinge(model(x), target) for x, target in zip(X, y, strict=True)]
        (autograd.total(losses) / len(losses)).backward()

    return updates(nn.SGD(model.parameters(), lr=RATE), backward, [()])


def compiled_grid() -> Step:
    program = autograd.compile(MOONS.model(), [0.0, 0.0])
    return Step(lambda: program(GRID), repeats=5)


def eager_grid() -> Step:
    model, part = MOONS.model(), GRID[::200].tolist()
    return Step(lambda: nn.predict(model, part), scale=200.0)


class WrittenOut:
    """The network for moons written out in + and ×, as users of small engines do it."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.layers = [
            [
                ([engine(w) for w in row], engine(b))
                for row, b in zip(matrix.tolist(), bias.tolist(), strict=True)
            ]
            for matrix, bias in MOONS.weights()
        ]
        self.parameters = [p for layer in self.layers for row, b in layer for p in (*row, b)]

    def score(self, x: Iterable[Any]) -> Any:
        values = list(x)
        for layer in self.layers:
            scores = [sum((w * v for w, v in zip(row, values, strict=True)), b) for row, b in layer]
            values = scores if layer is self.layers[-1] else [score.relu() for score in scores]
        return values[0]

    def hinge(self, x: Iterable[Any], target: Any) -> Any:
        return (1 + -target * self.score(x)).relu()

    def mean_loss(self) -> Any:
        samples = zip(MOONS.X.tolist(), MOONS.y.tolist(), strict=True)
        return sum(self.hinge(map(self.engine, x), target) for x, target in samples) * (1.0 / len(MOONS.X))

    def update(self) -> None:
        for parameter in self.parameters:
            parameter.grad = 0.0
        self.mean_loss().backward()
        for parameter in self.parameters:
            parameter.data -= RATE * parameter.grad


def written_out_step(engine: Any) -> Step:
    return Step(WrittenOut(engine).update, slow=True)


def compiled_written_out_moons() -> Step:
    network = WrittenOut(autograd.Value)
    loss = autograd.compile(network.hinge, MOONS.X[0], MOONS.y[0])
    return descent([loss], [(MOONS.X, MOONS.y)], [range(100)] * 500, network.parameters)


def compiled_whole_batch() -> Step:
    network = WrittenOut(autograd.Value)
    return descent([autograd.compile(network.mean_loss)], [()], [range(1)] * 5, network.parameters)


# ── the character GPT ───────────────────────────────────────────────────────────────────


def gpt_and_names(count: int) -> tuple[nn.CharacterGPT, list[list[int]]]:
    model = nn.CharacterGPT(rng=0)
    return model, [model.encode(name) for name in nn.names(rng=0)[:count]]


def compiled_gpt() -> Step:
    """Name after name, each of its own length, with Adam, as `nn.minimize(compiled=True)` runs it."""
    model, words = gpt_and_names(1000)
    by_length = sorted(range(len(words)), key=lambda i: len(words[i]))
    groups = [[words[i] for i in group] for _, group in groupby(by_length, lambda i: len(words[i]))]
    programs = [autograd.compile(model.loss, group[0]) for group in groups]
    in_order = [[place] for place in np.argsort(by_length)]
    return descent(programs, [(group,) for group in groups], in_order, model.parameters(), adam, ADAM)


def gpt_by_hand() -> Step:
    model, words = gpt_and_names(100)
    loss = autograd.compile(model.loss)
    return updates(nn.Adam(model.parameters(), lr=ADAM[0]), loss.backward, [(word,) for word in words])


def eager_gpt() -> Step:
    model, words = gpt_and_names(5)
    optimizer = nn.Adam(model.parameters(), lr=ADAM[0])
    return updates(optimizer, lambda word: model.loss(word).backward(), [(word,) for word in words])


IN_A_NEW_PROCESS = f"""
import nn
model = nn.CharacterGPT(rng=0)
words = [model.encode(name) for name in nn.names(rng=0)[:1000]]
optimizer = nn.Adam(model.parameters(), lr={ADAM[0]})
nn.minimize(
    model.loss, words, optimizer=optimizer, steps=1000, batch_size=1, compiled=True, progress=False
)
"""


def gpt_in_a_new_process() -> Step:
    """1,000 names from the start of Python on: every length is recorded, its native code read from disk."""
    return Step(partial(subprocess.run, [sys.executable, "-c", IN_A_NEW_PROCESS], cwd=ROOT, check=True))


def written_out_gpt(engine: Any) -> Step:
    model, words = gpt_and_names(5)
    matrices = {name: matrix.tolist() for name, matrix in numpy_gpt.matrices(model).items()}
    gpt = small_value.WrittenOutGPT(engine, matrices)
    sys.setrecursionlimit(10**6)  # the small engine recurses through the graph
    return Step(lambda: [gpt.train(word, *ADAM) for word in words], steps_per_run=len(words))
