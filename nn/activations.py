"""Activation functions: what a neuron does to its weighted sum z.

Most are gates of one Value or number: `autograd.gates.activations` has their formulas and slopes.
`linear` is the sum itself; `softmax` and `maxout` take a list. The lecture has sigmoid, tanh, relu,
leaky_relu (with α = 0.01, and 0.1 too), elu, softplus, softmax and maxout. The others are from

    silu (or swish)  Elfwing et al. 2017        mish      Misra 2019
    gelu, gelu_tanh  Hendrycks and Gimpel 2016  hardtanh  Collobert 2004
    selu             Klambauer et al. 2017      softsign  Bergstra et al. 2009

Any other function of one Value works as well, and so does another α:

>>> from nn import Neuron
>>> def steeper(z):
...     return leaky_relu(z, 0.1)
>>> Neuron(2, steeper, rng=0)
Neuron(2 → steeper, 3 parameters)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from autograd.arguments import as_list
from autograd.fused import logsumexp
from autograd.gates import activations, exp, maximum
from autograd.gates.activations import *  # noqa: F403  for who imports from here
from autograd.reals import as_float, kind, shortened
from nn.outputs import Outputs, given_by

__all__ = ["ACTIVATIONS", "linear", "maxout", "softmax"]
__all__ += activations.__all__

Activation = Callable[[Any], Any]
"""A function of one Value; `softmax` and `maxout` are functions of a list of them."""


def linear(z: Any) -> Any:
    """The weighted sum itself: h = z.

    >>> linear(-2.0)
    -2.0
    """
    return z


def softmax(z: Sequence[Any]) -> list[Any]:
    """A list of K numbers as K probabilities: h_i = e^z_i / Σ e^z_k, with ∂h_i/∂z_j = h_i(δ_ij - h_j).

    Computed as exp(z_i - log Σ e^z_k), the same number without the overflow.

    >>> [round(h, 4) for h in softmax([1.0, 2.0, 3.0])]
    [0.09, 0.2447, 0.6652]
    >>> [round(h, 4) for h in softmax([1000.0, 0.0, -1000.0])]
    [1.0, 0.0, 0.0]
    """
    z = _numbers("softmax", z)
    log_of_sum = logsumexp(z)
    return [exp(z_i - log_of_sum) for z_i in z]


def maxout(z: Sequence[Any]) -> Any:
    """The largest of a list of numbers: h = max_k z_k; at a tie the first takes the gradient.

    Source: Goodfellow et al. 2013, the lecture.

    >>> maxout([1.0, 3.0, 2.0])
    3.0
    """
    return reduce(maximum, _numbers("maxout", z))


def _numbers(name: str, z: Sequence[Any]) -> list[Any]:
    """The entries of a list, numbers as floats and Values as they are."""
    numbers = as_list(f"z of {name}", z, "numbers")
    numbers = [v if hasattr(v, "__apply_gate__") else as_float(v) for v in numbers]
    if not numbers:
        raise ValueError(f"{name} needs at least one number")
    return numbers


ACTIVATIONS: dict[str, Activation] = {
    "linear": linear,
    **{name: getattr(activations, name) for name in activations.__all__},
    "softmax": softmax,
    "maxout": maxout,
}

_GIVES: dict[str, Outputs] = {
    "sigmoid": "probabilities",
    "softmax": "distribution",
    **dict.fromkeys(("tanh", "hardtanh", "softsign"), "scores"),
}


def outputs_of(activation: Activation) -> Outputs | None:
    """What an activation gives, if it is one of the table or says so in an attribute `gives`.

    >>> outputs_of(sigmoid), outputs_of(relu), outputs_of(lambda z: z * z)
    ('probabilities', 'numbers', None)
    """
    name = activation_name(activation)
    if ACTIVATIONS.get(name) is activation:
        return _GIVES.get(name, "numbers")
    return given_by(activation)


def find_activation(activation: str | Activation) -> Activation:
    """The activation of this name in `ACTIVATIONS`; a function is returned as it is.

    >>> find_activation("tanh")
    <gate tanh(z)>
    """
    found: Activation = named("activation", activation, ACTIVATIONS, "any function of one Value")
    return found


def named(kind_of_function: str, given: Any, table: Mapping[str, Any], others: str) -> Any:
    """The function of a name in a table, or a function itself. Raises ValueError or TypeError."""
    if callable(given):
        return given
    if not isinstance(given, str):
        raise TypeError(f"an {kind_of_function} is a name or a function, got {kind(given)}")
    if given not in table:
        raise ValueError(
            f"there is no {kind_of_function} {shortened(given)}; there are {', '.join(table)}, and {others}"
        )
    return table[given]


def activation_name(activation: Activation) -> str:
    """The name of an activation's gate or function, as a `repr` writes it.

    >>> activation_name(relu), activation_name(lambda z: z * z)
    ('relu', 'lambda')
    """
    name = getattr(activation, "name", "") or getattr(activation, "__name__", type(activation).__name__)
    return str(name).strip("<>")
