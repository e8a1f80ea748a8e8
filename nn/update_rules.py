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

A default in the signature is the optimizer's, and `RANGES` says which hyperparameters are
accepted. Rules return floats, and keep to arithmetic, `math` and other rules, so that the
compiler can compile them as they stand.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from autograd.arguments import as_list, function, nonnegative, positive, real_number
from autograd.reals import as_float

Rule = Callable[..., tuple[float, ...]]

# ── update rules, with the defaults of the lecture and the papers ───────────────────────


def sgd(parameter: float, gradient: float, step: int, learning_rate: float) -> tuple[float]:
    """Gradient descent: w ← w - α·dw.

    Source: the lecture. The same as PyTorch's SGD without momentum.
    """
    return (parameter - learning_rate * gradient,)


def momentum(
    parameter: float, gradient: float, velocity: float, step: int, learning_rate: float, beta: float = 0.9
) -> tuple[float, float]:
    """Along a running average of the gradients: V ← βV + (1-β)·dw,  w ← w - α·V.

    Source: the lecture.
    PyTorch's SGD keeps the sum V ← βV + dw: `SGD(lr=α·(1-β), momentum=β)` there takes the
    same steps as `Momentum(lr=α, beta=β)` here.
    """
    velocity = beta * velocity + (1.0 - beta) * gradient
    return parameter - learning_rate * velocity, velocity


def rmsprop(
    parameter: float,
    gradient: float,
    mean_square: float,
    step: int,
    learning_rate: float = 0.001,
    beta: float = 0.9,
    epsilon: float = 1e-8,
) -> tuple[float, float]:
    """Divided by the root of an average of the squares: S ← βS + (1-β)·dw²,  w ← w - α·dw/√(S+ε).

    Source: the lecture. ε is inside the root, so that it acts as √ε = 1e-4 on the root itself; PyTorch
    has it outside, √S + ε. PyTorch calls β alpha, and its default is 0.99.
    """
    mean_square = beta * mean_square + (1.0 - beta) * gradient * gradient
    return parameter - learning_rate * gradient / math.sqrt(mean_square + epsilon), mean_square


def adam(
    parameter: float,
    gradient: float,
    velocity: float,
    mean_square: float,
    step: int,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[float, float, float]:
    """Momentum and RMSProp together, each without the bias of starting from 0.

    V ← β1·V + (1-β1)·dw,   V̂ = V/(1-β1^t)
    S ← β2·S + (1-β2)·dw²,  Ŝ = S/(1-β2^t)
    w ← w - α·V̂/√(Ŝ+ε)

    t is the number of the step, from 1. Source: the lecture. ε is inside the root, so that it acts as
    √ε = 1e-4 on the root itself; PyTorch, and Kingma and Ba (2015), have it outside, √Ŝ + ε.
    """
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
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[float, float, float]:
    """Adam that also pulls every parameter towards 0, apart from the gradient: w ← adam(w) - αλ·w.

    λ decays every parameter, biases too, as PyTorch's does.
    Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
    """
    moved, velocity, mean_square = adam(
        parameter, gradient, velocity, mean_square, step, learning_rate, beta1, beta2, epsilon
    )
    return moved - learning_rate * weight_decay * parameter, velocity, mean_square


def _decay(name: str, given: Any) -> float:
    return real_number(name, given, "at least 0 and less than 1", lambda beta: 0.0 <= beta < 1.0)


RANGES: dict[str, Callable[[str, Any], float]] = {
    **dict.fromkeys(("beta", "beta1", "beta2"), _decay),
    "epsilon": positive,
    "weight_decay": nonnegative,
}
"""What a hyperparameter of this name may be, in any rule; of another name, any finite number."""


# ── the norm by which gradients are clipped ─────────────────────────────────────────────


def gradient_norm(gradients: Sequence[float]) -> float:
    """√(Σ g²) over all gradients together, without overflow or underflow on the way.

    NaN if one of them is NaN, else infinity if one is infinite.

    >>> gradient_norm([3.0, 4.0])
    5.0
    """
    return norm([as_float(gradient) for gradient in as_list("gradients", gradients, "numbers")])


def norm(gradients: Sequence[float]) -> float:
    """`gradient_norm` of floats, unchecked, in a form that numba compiles."""
    largest = 0.0
    for gradient in gradients:
        largest = max(largest, abs(gradient))
    unit = largest if 0.0 < largest < math.inf else 1.0
    squares = 0.0
    for gradient in gradients:
        squares += (gradient / unit) * (gradient / unit)
    return unit * math.sqrt(squares)


# ── what a rule declares ────────────────────────────────────────────────────────────────


def declared(rule: Rule) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names of a rule's state, and the learning rate and the hyperparameters with their defaults.

    One without a default has `inspect.Parameter.empty`. Raises TypeError for anything but a
    function with the parameters of a rule.
    """
    signature = inspect.signature(function("an update rule", rule)).parameters
    names = tuple(signature)
    if names[:2] != ("parameter", "gradient") or ("step", "learning_rate") not in pairwise(names):
        raise TypeError(
            "an update rule is rule(parameter, gradient, *state, step, learning_rate, *hyperparameters), "
            f"by these names; got {rule_name(rule)}({', '.join(names)})"
        )
    step = names.index("step")
    return names[2:step], {name: signature[name].default for name in names[step + 1 :]}


def rule_name(rule: Rule) -> str:
    """The name of a rule; of an object without a name, that of its type."""
    return str(getattr(rule, "__name__", type(rule).__name__))
