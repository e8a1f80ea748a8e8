"""A student's own neurons, layers, losses and optimizers, examined against the formulas of this package.

>>> report = examine_network("network.py")  # doctest: +SKIP
>>> print(report)  # doctest: +SKIP
network.py · class Value · data: .data  grad: .grad  backward: .backward

✓ a neuron: f(w·x + b)  (f is tanh)
✗ a layer: neurons side by side
    Layer(3, 2) has 6 parameters: 2 neurons with 3 weights and a bias have 8
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from autograd.examining.examine import Report, examine
from autograd.examining.mistakes import same
from autograd.examining.skills import Examination, Finding, Result, Skill
from autograd.value import Value
from nn.layers import Layer
from nn.losses import hinge, mean_squared_error, sigmoid_cross_entropy, softmax_cross_entropy, squared_error
from nn.optimizers import SGD, Adam, Momentum, Optimizer, RMSProp

ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid")
SAMPLE = (0.5, -1.5, 2.0)

Judge = Callable[[Skill, Examination], Result]


def examine_network(path: str | Path, **options: Any) -> Report:
    """Examine the neurons, layers, losses and optimizers that stand in a student's file.

    They are found by their usual names: `Neuron(3)`, `Layer(3, 2)`, `MLP(3, [4, 4, 1])`, each with
    `parameters()`; losses of a prediction and a target, such as `mse` and `hinge`; optimizers made of
    parameters and a rate, with `step()`. What is not there is not judged. `options` are those of
    `autograd.examining.examine`, whose errors this raises too.
    """
    return examine(path, skills=NETWORK_SKILLS, **options)


# ── neurons, layers, networks ───────────────────────────────────────────────────────────


def _part(names: Sequence[str], arguments: Sequence[Any], sizes: Sequence[int]) -> Judge:
    """Judge a part by the network of this package with the same parameters."""
    call = f"{names[0]}({', '.join(map(str, arguments))})"
    layers = list(pairwise(sizes))
    count = sum((n_in + 1) * n_out for n_in, n_out in layers)

    def judge(skill: Skill, examination: Examination) -> Result:
        answer = examination.process.ask(
            {"kind": "part", "names": names, "arguments": arguments, "x": SAMPLE[: sizes[0]]}
        )
        if answer.get("error") == "missing":
            return Result(skill, "not there")
        if "error" in answer:
            return Result(skill, "failed", Finding(f"{call}: {answer['message']}"))
        found = len(answer["parameters"])
        if found != count:
            shapes = " and ".join(f"{n_out} neurons with {n_in} weights and a bias" for n_in, n_out in layers)
            what = f"{call} has {found} parameters: {shapes} have {count}"
            return Result(skill, "failed", Finding(what))
        if answer["different"] < found or len(set(answer["parameters"])) < count - sum(sizes[1:]):
            what = f"{call}: weights are shared, or begin with the same number: then neurons learn the same"
            return Result(skill, "failed", Finding(what))
        for names_of, outputs, gradients in _right(sizes, answer["parameters"]):
            if same(answer["outputs"], outputs):
                if same(answer["gradients"], gradients):
                    return Result(skill, "passed", remark=f"f is {names_of}")
                what = f"{call}: the outputs are f(w·x + b) with f = {names_of}, and the gradients are not"
                return Result(skill, "failed", Finding(what))
        kinds = ", ".join(ACTIVATIONS)
        what = f"{call}: f(w·x + b) of its own weights gives other outputs, for f any of {kinds}"
        return Result(skill, "failed", Finding(what))

    return judge


def _right(
    sizes: Sequence[int], parameters: Sequence[float]
) -> Iterator[tuple[str, list[float], list[float]]]:
    """Outputs and gradients for every activation, the bias of a neuron behind its weights or before them."""
    last = ("",) if len(sizes) == 2 else ACTIVATIONS
    for activation in ACTIVATIONS:
        for output in last:
            for bias_first in (False, True):
                layers = [
                    Layer(n_in, n_out, (output if output and k == len(sizes) - 2 else activation))
                    for k, (n_in, n_out) in enumerate(pairwise(sizes))
                ]
                ours: list[Any] = []
                for neuron in (neuron for layer in layers for neuron in layer.neurons):
                    ours += [neuron.b, *neuron.w] if bias_first else [*neuron.w, neuron.b]
                for p, number in zip(ours, parameters, strict=True):
                    p.data = number
                outputs: Any = list(map(Value, SAMPLE[: sizes[0]]))
                for layer in layers:
                    outputs = layer(outputs)
                total = sum(outputs[1:], outputs[0])
                total.backward()
                names = activation + (f", {output} at the end" if output and output != activation else "")
                yield names, [x.data for x in outputs], [p.grad for p in ours]


# ── losses ──────────────────────────────────────────────────────────────────────────────

LOSSES: dict[str, tuple[Callable[[Any, Any], Any], tuple[float, ...], Any, bool]] = {
    "mse": (mean_squared_error, (0.5, -1.0, 2.0), [1.0, 1.0, 0.0], True),
    "squared_error": (squared_error, (0.5,), 2.0, False),
    "hinge": (hinge, (0.5,), -1.0, False),
    "softmax_cross_entropy": (softmax_cross_entropy, (0.5, -1.0, 2.0), 1, True),
    "sigmoid_cross_entropy": (sigmoid_cross_entropy, (0.5,), 1.0, False),
}
"""By the student's name: the loss of this package, predictions, a target, and whether they are a list."""

OTHER_NAMES = {
    "mse": ["mean_squared_error", "mse_loss"],
    "hinge": ["hinge_loss", "svm_loss"],
    "softmax_cross_entropy": ["cross_entropy", "cross_entropy_loss"],
    "sigmoid_cross_entropy": ["bce_with_logits", "logistic_loss"],
}

FACTORS = {1.0: "", 0.5: "half of it", 2.0: "twice it", 3.0: "a sum, not a mean", 1.5: "half the sum"}
"""Conventions of a loss that are as right as this package's."""


def _losses(skill: Skill, examination: Examination) -> Result:
    remarks = []
    for name, (loss, predictions, target, many) in LOSSES.items():
        request = {"kind": "loss", "names": [name, *OTHER_NAMES.get(name, [])], "predictions": predictions}
        answer = examination.process.ask(request | {"target": target, "many": many})
        if answer.get("error") == "missing":
            continue
        if "error" in answer:
            return Result(
                skill, "failed", Finding(f"{name}({list(predictions)}, {target}): {answer['message']}")
            )
        values = list(map(Value, predictions))
        right = loss(values if many else values[0], target)
        right.backward()
        factor = next((f for f in FACTORS if same([answer["loss"]], [f * right.data])), None)
        if factor is None:
            return Result(
                skill, "failed", Finding(f"{name}({list(predictions)}, {target}) is {answer['loss']:.6g}")
            )
        if not same(answer["grad"], [factor * x.grad for x in values]):
            what = (
                f"{name}({list(predictions)}, {target}) is right, and its gradients are not: {answer['grad']}"
            )
            return Result(skill, "failed", Finding(what))
        remarks.append(name + (f": {FACTORS[factor]}" if FACTORS[factor] else ""))
    return Result(skill, "passed" if remarks else "not there", remark=", ".join(remarks))


# ── optimizers ──────────────────────────────────────────────────────────────────────────

OPTIMIZERS: dict[str, type[Optimizer]] = {"SGD": SGD, "Momentum": Momentum, "RMSProp": RMSProp, "Adam": Adam}


def _steps(skill: Skill, examination: Examination) -> Result:
    numbers, gradients, lr = [1.0, -2.0], [[0.5, 1.0], [-1.0, 0.25], [0.5, 0.5]], 0.1
    passed = []
    for name, optimizer in OPTIMIZERS.items():
        answer = examination.process.ask(
            {"kind": "step", "names": [name], "numbers": numbers, "gradients": gradients, "lr": lr}
        )
        if answer.get("error") == "missing":
            continue
        if "error" in answer:
            return Result(skill, "failed", Finding(f"{name}: {answer['message']}"))
        parameters = list(map(Value, numbers))
        ours = optimizer(parameters, lr=lr)  # type: ignore[call-arg]
        for k, (step, given) in enumerate(zip(answer["numbers"], gradients, strict=True), start=1):
            for p, gradient in zip(parameters, given, strict=True):
                p.grad = gradient
            ours.step()
            if not same(step, [p.data for p in parameters]):
                after = f"after {k} step{'s' * (k > 1)} from {numbers} with the gradients {gradients[:k]}"
                return Result(
                    skill, "failed", Finding(f"{name}: {after} the parameters are {step}, lr = {lr}")
                )
        passed.append(name)
    return Result(skill, "passed" if passed else "not there", remark=", ".join(passed))


NETWORK_SKILLS = (
    Skill("neuron", "a neuron: f(w·x + b)", 30, _part(["Neuron"], [3], [3, 1])),
    Skill("layer", "a layer: neurons side by side", 20, _part(["Layer"], [3, 2], [3, 2])),
    Skill("network", "a network: layer after layer", 20, _part(["MLP", "Network"], [3, [4, 1]], [3, 4, 1])),
    Skill("losses", "losses", 15, _losses),
    Skill("steps", "steps of an optimizer", 15, _steps),
)
"""What `examine_network` judges; the weights add up to 100."""
