"""Neural networks built from Values and gates.

A `Module` holds parameters: neurons, layers and networks, of activations and initialisers. A
loss says how far a prediction is from its target, and an optimizer of update rules makes it
smaller: `fit` and `minimize` run this over samples, and give a `History`. The imports below say
which file each name is from.
"""

from typing import NoReturn

from nn import activations, initializers, losses
from nn.activations import *
from nn.attention import attention, rms_norm
from nn.character_gpt import CharacterGPT
from nn.data import minibatches, one_hot, split, standardize
from nn.datasets import blobs, circles, moons, names, spirals, xor, yin_yang
from nn.embedding import Embedding
from nn.foreign_words import IN_PACKAGE, refuse_word
from nn.gradients import gradient_report
from nn.history import History
from nn.initializers import *
from nn.interop import from_torch, to_torch
from nn.layers import MLP, Layer, Maxout, Neuron
from nn.losses import *
from nn.metrics import accuracy, mean_absolute_error, r_squared
from nn.module import Module
from nn.noise import Dropout, Noise
from nn.optimizers import SGD, Adam, AdamW, Momentum, Optimizer, RMSProp
from nn.schedules import constant_schedule, cosine_schedule, linear_schedule, step_schedule
from nn.training import evaluate, fit, minimize, predict
from nn.update_rules import gradient_norm

__all__ = [
    "MLP", "SGD", "Adam", "AdamW", "CharacterGPT", "Dropout", "Embedding", "History", "Layer", "Maxout",
    "Module", "Momentum", "Neuron", "Noise", "Optimizer", "RMSProp", "accuracy", "attention", "blobs",
    "circles", "constant_schedule", "cosine_schedule", "evaluate", "fit", "from_torch", "gradient_norm",
    "gradient_report", "linear_schedule", "mean_absolute_error", "minibatches", "minimize", "moons",
    "names", "one_hot", "predict", "r_squared", "rms_norm", "spirals", "split", "standardize",
    "step_schedule", "to_torch", "xor", "yin_yang",
]  # fmt: skip
__all__ += activations.__all__ + initializers.__all__ + losses.__all__


def __getattr__(name: str) -> NoReturn:
    refuse_word("nn", name, IN_PACKAGE, AttributeError)


def __dir__() -> list[str]:
    return sorted(__all__)
