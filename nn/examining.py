"""A student's own neurons, layers, losses and optimizers, examined against the formulas of this package.

`print(examine_network("network.py"))` says, for instance:

    network.py · class Value · data: .data  grad: .grad  backward: .backward

    ✓ a neuron: f(w·x + b)  (f is tanh)
    ✗ a layer: neurons side by side
        Layer(3, 2) has 6 parameters: 2 neurons with 3 weights and a bias have 8
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise, product, starmap
from pathlib import Path
from typing import Any

from autograd.arguments import counted
from autograd.examining.examination import Examination, Finding, agree
from autograd.examining.examine import Report, examine
from autograd.examining.mistakes import same
from autograd.examining.skills import Judge, Judgement, Skill
from autograd.value import Value
from nn.layers import MLP
from nn.losses import hinge, mean_squared_error, sigmoid_cross_entropy, softmax_cross_entropy, squared_error
from nn.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp
from nn.targets import row_of

ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid")
SAMPLE = (0.5, -1.5, 2.0)


def examine_network(path: str | Path, **options: Any) -> Report:
    """Examine the neurons, layers, losses and optimizers that stand in a student's file.

    They are found by their usual names: `Neuron(3)`, `Layer(3, 2)`, `MLP(3, [4, 4, 1])`, each with
    `parameters()`; losses of a prediction and a target, such as `mse` and `hinge`; optimizers made of
    parameters and a rate, with `step()`. What is not there is not judged. `options` are those of
    `autograd.examining.examine`, whose errors this raises too.
    """
    return examine(path, skills=NETWORK_SKILLS, **options)


# ── judges ──────────────────────────────────────────────────────────────────────────────


def _asking(request: dict[str, Any], call: str, judge: Callable[[Any], Judgement]) -> Judge:
    """Judge what the student's file answers; what has none of the names is not there."""

    def judge_answer(examination: Examination) -> Judgement:
        answer = examination.process.ask(request)
        if answer.get("error") == "missing":
            return "not there", ""
        return Finding(f"{call}: {answer['message']}") if "error" in answer else judge(answer)

    return judge_answer


def _each(judges: Iterable[Judge], examination: Examination) -> Judgement:
    """The first that is wrong; otherwise the remarks on those that are there."""
    remarks = []
    for judge in judges:
        judgement = judge(examination)
        if isinstance(judgement, Finding):
            return judgement
        verdict, remark = judgement
        remarks += [remark] * (verdict == "passed")
    return "passed" if remarks else "not there", ", ".join(remarks)


# ── neurons, layers, networks ───────────────────────────────────────────────────────────


def _part(names: Sequence[str], arguments: Sequence[Any], sizes: Sequence[int]) -> Judge:
    """Judge a part by the network of this package with the same parameters."""
    call = f"{names[0]}({', '.join(map(str, arguments))})"
    layers = list(pairwise(sizes))
    count = sum((n_in + 1) * n_out for n_in, n_out in layers)

    def judge(answer: Any) -> Judgement:
        found = len(answer["parameters"])
        if found != count:
            shapes = " and ".join(f"{n_out} neurons with {n_in} weights and a bias" for n_in, n_out in layers)
            return Finding(f"{call} has {found} parameters: {shapes} have {count}")
        if answer["different"] < found or len(set(answer["parameters"])) < count - sum(sizes[1:]):
            return Finding(
                f"{call}: weights are shared, or begin with the same number: then neurons learn the same"
            )
        alike = [right for right in _right(sizes, answer["parameters"]) if same(answer["outputs"], right[1])]
        for f, _, gradients in alike:  # near 0 several functions have the same output
            if agree(answer["gradients"], gradients):
                return "passed", f"f is {f}"
        if alike:
            f = " or ".join(dict.fromkeys(f for f, *_ in alike))
            return Finding(f"{call}: the outputs are f(w·x + b) with f = {f}, and the gradients are not")
        kinds = ", ".join(ACTIVATIONS)
        return Finding(f"{call}: f(w·x + b) of its own weights gives other outputs, for f any of {kinds}")

    request = {"kind": "part", "names": names, "arguments": arguments, "x": SAMPLE[: sizes[0]]}
    return _asking(request, call, judge)


def _right(
    sizes: Sequence[int], parameters: Sequence[float]
) -> Iterator[tuple[str, list[float], list[float]]]:
    """Outputs and gradients for every activation, the bias of a neuron behind its weights or before them."""
    hidden = len(sizes) - 2
    for inner, last, bias_first in product(ACTIVATIONS if hidden else [""], ACTIVATIONS, (False, True)):
        model: Any = MLP(sizes[0], sizes[1:], [inner] * hidden, last)
        ours: list[Value] = []
        for neuron in (neuron for layer in model.layers for neuron in layer.neurons):
            ours += [neuron.b, *neuron.w] if bias_first else [*neuron.w, neuron.b]
        for p, number in zip(ours, parameters, strict=True):
            p.data = number
        outputs = row_of(model(SAMPLE[: sizes[0]]))
        sum(outputs).backward()
        f = f"{inner}, {last} at the end" if inner and inner != last else last
        yield f, [x.data for x in outputs], [p.grad for p in ours]


# ── losses ──────────────────────────────────────────────────────────────────────────────

ROW = (0.5, -1.0, 2.0)
LOSSES: list[tuple[list[str], Callable[[Any, Any], Any], tuple[float, ...], Any]] = [
    (["mse", "mean_squared_error", "mse_loss"], mean_squared_error, ROW, [1.0, 1.0, 0.0]),
    (["squared_error"], squared_error, (0.5,), 2.0),
    (["hinge", "hinge_loss", "svm_loss"], hinge, (0.5,), -1.0),
    (["softmax_cross_entropy", "cross_entropy", "cross_entropy_loss"], softmax_cross_entropy, ROW, 1),
    (["sigmoid_cross_entropy", "bce_with_logits", "logistic_loss"], sigmoid_cross_entropy, (0.5,), 1.0),
]
"""The student's names for a loss, the loss of this package, its predictions, and a target."""

FACTORS = {1.0: "", 0.5: "half of it", 2.0: "twice it", 3.0: "a sum, not a mean", 1.5: "half the sum"}
"""Conventions of a loss that are as right as this package's."""


def _loss(
    names: list[str], loss: Callable[[Any, Any], Any], predictions: tuple[float, ...], target: Any
) -> Judge:
    call, many = f"{names[0]}({list(predictions)}, {target})", len(predictions) > 1

    def judge(answer: Any) -> Judgement:
        values = list(map(Value, predictions))
        right = loss(values if many else values[0], target)
        right.backward()
        factor = next((f for f in FACTORS if agree([answer["loss"]], [f * right.data])), None)
        if factor is None:
            return Finding(f"{call} is {answer['loss']:.6g}")
        if not agree(answer["grad"], [factor * x.grad for x in values]):
            return Finding(f"{call} is right, and its gradients are not: {answer['grad']}")
        return "passed", names[0] + (f": {FACTORS[factor]}" if FACTORS[factor] else "")

    request = {"kind": "loss", "names": names, "predictions": predictions, "target": target, "many": many}
    return _asking(request, call, judge)


# ── optimizers ──────────────────────────────────────────────────────────────────────────

OPTIMIZERS: dict[str, type[Optimizer]] = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}


NUMBERS, GRADIENTS, RATE = [1.0, -2.0], [[0.5, 1.0], [-1.0, 0.25], [0.5, 0.5]], 0.1


def _steps(name: str, optimizer: type[Optimizer]) -> Judge:
    def judge(answer: Any) -> Judgement:
        parameters = list(map(Value, NUMBERS))
        ours = optimizer(parameters, lr=RATE)  # type: ignore[call-arg]
        for k, (step, gradients) in enumerate(zip(answer["numbers"], GRADIENTS, strict=True), start=1):
            for p, gradient in zip(parameters, gradients, strict=True):
                p.grad = gradient
            ours.step()
            if not same(step, [p.data for p in parameters]):
                after = f"after {counted(k, 'step')} from {NUMBERS} with the gradients {GRADIENTS[:k]}"
                return Finding(f"{name}: {after} the parameters are {step}, lr = {RATE}")
        return "passed", name

    request = {"kind": "step", "names": [name], "numbers": NUMBERS, "gradients": GRADIENTS, "lr": RATE}
    return _asking(request, name, judge)


NETWORK_SKILLS = (
    Skill("neuron", "a neuron: f(w·x + b)", 30, _part(["Neuron"], [3], [3, 1])),
    Skill("layer", "a layer: neurons side by side", 20, _part(["Layer"], [3, 2], [3, 2])),
    Skill("network", "a network: layer after layer", 20, _part(["MLP", "Network"], [3, [4, 1]], [3, 4, 1])),
    Skill("losses", "losses", 15, partial(_each, list(starmap(_loss, LOSSES)))),
    Skill("steps", "steps of an optimizer", 15, partial(_each, list(starmap(_steps, OPTIMIZERS.items())))),
)
"""What `examine_network` judges; the weights add up to 100."""
