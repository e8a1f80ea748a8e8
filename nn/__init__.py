"""Neural networks built from Values and gates.

A `Module` holds parameters: neurons, layers and networks, of activations and initialisers. A
loss says how far a prediction is from its target, and an optimizer of update rules makes it
smaller: `fit` and `minimize` run this over samples, and give a `History`. The imports below say
which file each name is from.
"""

from typing import NoReturn

from autograd.gates import (
    elu,
    gelu,
    gelu_tanh,
    hardtanh,
    leaky_relu,
    log_sigmoid,
    mish,
    relu,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
    tanh,
)
from nn.activations import ACTIVATIONS, linear, maxout, softmax
from nn.attention import attention, rms_norm
from nn.character_gpt import CharacterGPT
from nn.data import minibatches, one_hot, split, standardize
from nn.datasets import blobs, circles, moons, names, spirals, xor, yin_yang
from nn.embedding import Embedding
from nn.foreign_words import IN_PACKAGE, refuse_word
from nn.gradients import gradient_report
from nn.history import History
from nn.initializers import (
    INITIALIZERS,
    he_normal,
    he_uniform,
    lecun_normal,
    standard_normal,
    uniform,
    xavier_normal,
    xavier_uniform,
    zeros,
)
from nn.interop import from_torch, to_torch
from nn.layers import MLP, Layer, Maxout, Neuron
from nn.losses import (
    binary_cross_entropy,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
    l2_penalty,
    mean_squared_error,
    multi_label_cross_entropy,
    multiclass_hinge,
    negative_log_likelihood,
    pseudo_huber,
    sigmoid_cross_entropy,
    softmax_cross_entropy,
    squared_error,
)
from nn.metrics import accuracy, mean_absolute_error, r_squared
from nn.module import Module
from nn.noise import Dropout, Noise
from nn.optimizers import SGD, Adam, AdamW, Momentum, Optimizer, RMSProp
from nn.schedules import constant_schedule, cosine_schedule, linear_schedule, step_schedule
from nn.training import evaluate, fit, minimize, predict
from nn.update_rules import gradient_norm

__all__ = [
    "ACTIVATIONS", "INITIALIZERS", "MLP", "SGD", "Adam", "AdamW", "CharacterGPT", "Dropout",
    "Embedding", "History", "Layer", "Maxout", "Module", "Momentum", "Neuron", "Noise", "Optimizer",
    "RMSProp", "accuracy", "attention", "binary_cross_entropy", "blobs", "circles", "constant_schedule",
    "cosine_schedule", "cross_entropy", "elu", "evaluate", "fit", "from_torch", "gelu", "gelu_tanh",
    "gradient_norm", "gradient_report", "hardtanh", "he_normal", "he_uniform", "hinge", "huber",
    "kl_divergence", "l2_penalty", "leaky_relu", "lecun_normal", "linear", "linear_schedule",
    "log_sigmoid", "maxout", "mean_absolute_error", "mean_squared_error", "minibatches", "minimize",
    "mish", "moons", "multi_label_cross_entropy", "multiclass_hinge", "names",
    "negative_log_likelihood", "one_hot", "predict", "pseudo_huber", "r_squared", "relu", "rms_norm",
    "selu", "sigmoid", "sigmoid_cross_entropy", "silu", "softmax", "softmax_cross_entropy", "softplus",
    "softsign", "spirals", "split", "squared_error", "standard_normal", "standardize", "step_schedule",
    "tanh", "to_torch", "uniform", "xavier_normal", "xavier_uniform", "xor", "yin_yang", "zeros",
]  # fmt: skip


def __getattr__(name: str) -> NoReturn:
    refuse_word("nn", name, IN_PACKAGE, AttributeError)
