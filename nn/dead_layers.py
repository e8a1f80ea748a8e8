"""Layers that cannot learn: no sample's loss sends them a gradient.

A relu is 0, and so is its slope, for every input below 0. If all neurons of a layer are there for
every sample, neither that layer nor those before it ever move again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from autograd.declaration import GateError
from autograd.grad_mode import enable_grad
from autograd.parameter_names import layer_and_unit, path_of, title_of
from autograd.value import Value
from nn.runners import Sample, Task

_MOST_SAMPLES = 200  # that are asked, spread evenly over all


def dead_layers(task: Task, named: Iterable[tuple[str, Value]]) -> list[str]:
    """The layers that get no gradient from any sample, by title; from the model's named parameters.

    None are dead if every sample's loss is 0: then nothing is left to learn. Gradients are left as
    they were.
    """
    layers: dict[str, list[Value]] = {}
    # The weights of a neuron have one name, but for their indices: it is read once for all of them.
    for name, neuron in groupby(named, lambda item: item[0].rstrip("0123456789.")):
        title = title_of(layer_and_unit(path_of(name))[0]) or "the model"
        layers.setdefault(title, []).extend(parameter for _, parameter in neuron)
    dead = {title for title, parameters in layers.items() if _are_without_gradient(parameters)}
    if not dead:
        return []
    before = [parameter.grad for parameter in task.parameters]
    lossless = True
    for sample in task.samples[:: -(-len(task.samples) // _MOST_SAMPLES)]:
        for parameter in task.parameters:
            parameter.grad = 0.0
        lossless = not _send_gradient(task, sample) and lossless
        dead = {title for title in dead if _are_without_gradient(layers[title])}
        if not dead:
            break
    for parameter, gradient in zip(task.parameters, before, strict=True):
        parameter.grad = gradient
    return [] if lossless else [title for title in layers if title in dead]


def advice(dead: list[str]) -> str:
    """What to say about dead layers, and what helps."""
    return (
        f"no gradient reaches {' or '.join(dead)} from any sample, so training cannot change it. Either "
        "nothing depends on it, or relus on the way are 0 for every sample. Other starting weights (rng), "
        "a smaller learning rate or an activation with a slope below 0 ('leaky_relu', 'tanh') help"
    )


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
