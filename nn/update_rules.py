"""Update rules: from a parameter and its gradient to the next parameter, in floats alone.

An update rule is a plain function, the same for every parameter:

    rule(parameter, gradient, *state, step, learning_rate, *hyperparameters)
        -> (parameter, *state)

`state` is what the rule remembers of a parameter between steps (a running average, say),
0 before the first step, and `step` counts from 1. The names of the function's own
parameters say what its state and its hyperparameters are, so a rule is all there is to
declare. Of a rule of the reader's own, `Optimizer` makes an optimizer:

>>> from autograd import Value
>>> from nn import Optimizer
>>> def sign_descent(parameter, gradient, step, learning_rate):
...     return (parameter - learning_rate * math.copysign(1.0, gradient),)
>>> w = Value(3.0, "w")
>>> optimizer = Optimizer([w], sign_descent, lr=0.5)
>>> (w * w).backward()
>>> optimizer.step()
>>> w.data
2.5

Rules give floats, and keep to arithmetic, `math` and other rules, so that the compiler can
compile them as they stand. Where the formulas come from, the optimizers say: the lecture, but for AdamW.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from autograd.arguments import as_list, function
from autograd.derivatives.grad import gradient_descent
from autograd.reals import as_float

Rule = Callable[..., tuple[float, ...]]

# ── update rules ────────────────────────────────────────────────────────────────────────


def sgd(parameter: float, gradient: float, step: int, learning_rate: float) -> tuple[float]:
    """Against the gradient: w ← w - α·dw."""
    return (gradient_descent(parameter, gradient, learning_rate),)


def momentum(
    parameter: float, gradient: float, velocity: float, step: int, learning_rate: float, beta: float
) -> tuple[float, float]:
    """Along an average of the gradients: V ← βV + (1-β)·dw, w ← w - α·V."""
    velocity = beta * velocity + (1.0 - beta) * gradient
    return parameter - learning_rate * velocity, velocity


def rmsprop(
    parameter: float,
    gradient: float,
    mean_square: float,
    step: int,
    learning_rate: float,
    beta: float,
    epsilon: float,
) -> tuple[float, float]:
    """By an average of the squares: S ← βS + (1-β)·dw², w ← w - α·dw/√(S+ε)."""
    mean_square = beta * mean_square + (1.0 - beta) * gradient * gradient
    return parameter - learning_rate * gradient / math.sqrt(mean_square + epsilon), mean_square


def adam(
    parameter: float,
    gradient: float,
    velocity: float,
    mean_square: float,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
) -> tuple[float, float, float]:
    """Both averages, unbiased: w ← w - α·V̂/√(Ŝ+ε), with V̂ = V/(1-β1^t) and Ŝ = S/(1-β2^t)."""
    velocity = beta1 * velocity + (1.0 - beta1) * gradient
    mean_square = beta2 * mean_square + (1.0 - beta2) * gradient * gradient
    unbiased_velocity = velocity / (1.0 - beta1**step)
    unbiased_mean_square = mean_square / (1.0 - beta2**step)
    direction = unbiased_velocity / math.sqrt(unbiased_mean_square + epsilon)
    return parameter - learning_rate * direction, velocity, mean_square


def adamw(
    parameter: float,
    gradient: float,
    velocity: float,
    mean_square: float,
    step: int,
    learning_rate: float,
    beta1: float,
    beta2: float,
    epsilon: float,
    weight_decay: float,
) -> tuple[float, float, float]:
    """Adam's step, and apart from the gradient one towards 0: w ← adam(w) - αλ·w."""
    moved, velocity, mean_square = adam(
        parameter, gradient, velocity, mean_square, step, learning_rate, beta1, beta2, epsilon
    )
    return moved - learning_rate * weight_decay * parameter, velocity, mean_square


# ── the norm by which gradients are clipped ─────────────────────────────────────────────


def gradient_norm(gradients: Sequence[float]) -> float:
    """√(Σ g²) over all gradients together, without overflow or underflow on the way.

    NaN where one of them is NaN, else infinity where one is infinite. Raises TypeError for
    what is no list of numbers.

    >>> gradient_norm([3.0, 4.0])
    5.0
    """
    return norm([as_float(gradient) for gradient in as_list("gradients", gradients, "numbers")])


def norm(gradients: Sequence[float]) -> float:
    """The same of floats alone, as the compiler takes it."""
    largest = 0.0
    for gradient in gradients:
        largest = max(largest, abs(gradient))
    unit = largest if 0.0 < largest < math.inf else 1.0
    squares = 0.0
    for gradient in gradients:
        squares += (gradient / unit) * (gradient / unit)
    return unit * math.sqrt(squares)


# ── what a rule declares ────────────────────────────────────────────────────────────────


def declared(rule: Rule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a rule's state and of its hyperparameters, from its signature.

    Raises TypeError for what is no function and for one that has other parameters.
    """
    try:
        names = tuple(inspect.signature(function("an update rule", rule)).parameters)
    except ValueError:  # of some that are written in C
        names = ()
    if names[:2] != ("parameter", "gradient") or ("step", "learning_rate") not in pairwise(names):
        raise TypeError(
            "an update rule is rule(parameter, gradient, *state, step, learning_rate, *hyperparameters), "
            f"by these names; got {rule_name(rule)}({', '.join(names)})"
        )
    step = names.index("step")
    return names[2:step], names[step + 2 :]


def rule_name(rule: Rule) -> str:
    """What a rule is called; where it is an object without a name, its type."""
    return str(getattr(rule, "__name__", type(rule).__name__))
