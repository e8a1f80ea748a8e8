"""Neurons, layers and networks, made of Values.

>>> model = MLP(2, [16, 16, 1], rng=0)
>>> model
MLP(2 → 16 relu → 16 relu → 1 linear, 337 parameters)
>>> prediction = model([0.5, -1.0])
>>> prediction.backward()

Each takes one sample: a sequence of numbers or Values, or a row of a NumPy array; where
there is one input, also that alone. Numbers become Values x1, x2, …, which all neurons of
the layer share. A sample of the wrong length raises a ValueError.

Parameters are labelled as in the lecture, counting from 1: w1, w2, … and b in a neuron,
w32 and b3 for the third neuron of a layer, w32(1) and b3(1) in the first layer of a
network; indices of two digits are set apart, as in w12,3(1).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from autograd.arguments import MOST, listed, truth, whole_number
from autograd.parameter_names import is_bias, label_of, path_of
from autograd.value import Value, weighted_sum
from nn.activations import (
    Activation,
    activation_name,
    find_activation,
    linear,
    maxout,
    outputs_of,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from nn.initializers import Initializer, find_initializer, find_rng
from nn.module import Module, counted
from nn.outputs import Outputs

_METHODS: dict[Activation, Activation] = {
    sigmoid: Value.sigmoid,
    tanh: Value.tanh,
    relu: Value.relu,
    softplus: Value.softplus,
}
"""The gates that Value has as methods: applied to one Value these need not look what they were given."""


class Neuron(Module):
    """h = activation(b + w1·x1 + … + wn·xn).

    n_in        how many inputs
    activation  a name in `nn.ACTIVATIONS`, or a function of one Value
    bias        whether there is a b, which starts at 0
    init        a name in `nn.INITIALIZERS` or a function; None for the activation's default
    rng         a random.Random or an integer seed; None for other weights in every run
    n_out       how many neurons its layer has, which some initialisers look at

    A bias is the weight w0 of one more input that is always x0 = 1:

    >>> neuron = Neuron(2, "sigmoid", rng=0)
    >>> neuron.b.data = 0.5
    >>> without_bias = Neuron(3, "sigmoid", bias=False)
    >>> for w, same in zip(without_bias.w, [neuron.b, *neuron.w]):
    ...     w.data = same.data
    >>> neuron([3.0, -2.0]).data == without_bias([1.0, 3.0, -2.0]).data
    True
    """

    def __init__(
        self,
        n_in: int,
        activation: str | Activation = "linear",
        *,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: random.Random | int | None = None,
        n_out: int = 1,
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        self.activation = find_activation(activation)
        if self.activation in (softmax, maxout):
            raise ValueError(
                f"{activation_name(self.activation)} needs several weighted sums, and a Neuron has one; "
                "take Layer(…, activation='softmax') or Maxout(n_in)"
            )
        bias = truth("bias", bias)
        draw, rng = find_initializer(init, self.activation), find_rng(rng)
        self.w = [Value(draw(rng, self.n_in, n_out)) for _ in range(self.n_in)]
        self.b = Value(0.0) if bias else None
        _label_parameters(self)

    @property
    def gives(self) -> Outputs | None:
        """What its output is, by its activation: see `nn.outputs`."""
        return outputs_of(self.activation)

    def __call__(self, x: Any) -> Value:
        """The output, a Value, for a sample of n_in numbers or Values."""
        values = _as_values(x, self)
        return self.output(values, [v.data for v in values])

    def output(self, x: list[Value], numbers: list[float]) -> Value:
        """The output for as many Values as there are weights, and their numbers."""
        z = weighted_sum(self.w, x, numbers, self.b)
        if self.activation is linear:
            return z
        method = _METHODS.get(self.activation)
        return self._of_values(z) if method is None else method(z)

    def _of_values(self, z: Value) -> Value:
        h = self.activation(z)
        if not isinstance(h, Value):
            raise TypeError(
                f"the activation {activation_name(self.activation)} gave a {type(h).__name__}, through which "
                f"no gradient passes: it is to be made of gates, as autograd.tanh is, not of math.tanh"
            )
        return h

    def __repr__(self) -> str:
        return _description(self, f"{self.n_in} → {activation_name(self.activation)}")


class Maxout(Module):
    """The largest of several weighted sums: h = max_k (b_k + w_k1·x1 + … + w_kn·xn).

    At a tie the first takes the gradient. With two pieces and w2 = 0 it is a ReLU.
    Source: Goodfellow et al. 2013, the lecture.

    pieces  how many weighted sums, at least 2; the rest as in `Neuron`

    >>> neuron = Maxout(2, rng=0)
    >>> neuron
    Maxout(2 → 2 pieces, 6 parameters)
    >>> for w in neuron.pieces[1].w:
    ...     w.data = 0.0
    >>> neuron([0.5, 4.0]).data == max(0.0, neuron.pieces[0]([0.5, 4.0]).data)
    True
    """

    def __init__(
        self,
        n_in: int,
        pieces: int = 2,
        *,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: random.Random | int | None = None,
        n_out: int = 1,
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        rng, init = find_rng(rng), find_initializer(init, maxout)
        self.pieces = [
            Neuron(n_in, bias=bias, init=init, rng=rng, n_out=n_out)
            for _ in range(whole_number("pieces", pieces, 2, MOST))
        ]
        _label_parameters(self)

    def __call__(self, x: Any) -> Value:
        """The output, a Value, for a sample of n_in numbers or Values."""
        values = _as_values(x, self)
        return self.output(values, [v.data for v in values])

    def output(self, x: list[Value], numbers: list[float]) -> Value:
        """The output for as many Values as a piece has weights, and their numbers."""
        largest: Value = maxout([piece.output(x, numbers) for piece in self.pieces])
        return largest

    def __repr__(self) -> str:
        return _description(self, f"{self.n_in} → {counted(len(self.pieces), 'piece')}")


class Layer(Module):
    """Neurons side by side on the same inputs: z = W·x + b, h = activation(z).

    W is n_out × n_in, one row for each neuron. The activation is applied to each z_i, but
    softmax to all of them; with "maxout" the neurons are `Maxout`, of two pieces each.
    The arguments are those of `Neuron`.

    >>> layer = Layer(2, 3, "softmax", rng=0)
    >>> layer
    Layer(2 → 3 softmax, 9 parameters)
    >>> round(sum(h.data for h in layer([1.0, 2.0])), 12)
    1.0
    >>> layer([1.0, 2.0, 3.0])
    Traceback (most recent call last):
    ValueError: Layer(2 → 3 softmax, 9 parameters) takes 2 inputs, got 3
    """

    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: str | Activation = "linear",
        *,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: random.Random | int | None = None,
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        self.n_out = whole_number("n_out", n_out, 1, MOST)
        self.activation = find_activation(activation)
        if self.activation is softmax and self.n_out == 1:
            raise ValueError(
                "a softmax of one output is always 1: take 'sigmoid' for the probability of one class"
            )
        rng, init = find_rng(rng), find_initializer(init, self.activation)
        self.neurons: list[Neuron | Maxout] = []
        for _ in range(self.n_out):
            if self.activation is maxout:
                self.neurons.append(Maxout(n_in, bias=bias, init=init, rng=rng, n_out=n_out))
            else:
                own = linear if self.activation is softmax else self.activation
                self.neurons.append(Neuron(n_in, own, bias=bias, init=init, rng=rng, n_out=n_out))
        _label_parameters(self)

    @property
    def gives(self) -> Outputs | None:
        """What its outputs are, by its activation: see `nn.outputs`."""
        return outputs_of(self.activation)

    def __call__(self, x: Any) -> list[Value]:
        """The outputs, a list of n_out Values, for a sample of n_in numbers or Values."""
        values = _as_values(x, self)
        numbers = [v.data for v in values]
        outputs = [neuron.output(values, numbers) for neuron in self.neurons]
        return softmax(outputs) if self.activation is softmax else outputs

    def __repr__(self) -> str:
        return _description(self, f"{self.n_in} → {self.n_out} {activation_name(self.activation)}")


class MLP(Module):
    """A multi-layer perceptron: layers one after the other, each fed by the one before.

    n_in        how many inputs
    sizes       how many neurons each layer has, the last the outputs
    activation  of the hidden layers: one for all, or a list with one for each
    output      the activation of the last layer: linear for regression and for losses of
                logits, softmax for one of K classes, sigmoid for labels

    bias, init and rng as in `Neuron`.

    >>> MLP(5, [10, 20, 3], "tanh", "softmax", rng=0)
    MLP(5 → 10 tanh → 20 tanh → 3 softmax, 343 parameters)
    """

    def __init__(
        self,
        n_in: int,
        sizes: Sequence[int],
        activation: str | Activation | Sequence[str | Activation] = "relu",
        output: str | Activation = "linear",
        *,
        bias: bool = True,
        init: str | Initializer | None = None,
        rng: random.Random | int | None = None,
    ) -> None:
        sizes = [whole_number("a layer's size", size, 1, MOST) for size in listed("sizes", sizes, "numbers")]
        if not sizes:
            raise ValueError("sizes is a list with the number of neurons of each layer, got none")
        if isinstance(activation, str) or not isinstance(activation, Sequence):
            activation = [activation] * (len(sizes) - 1)
        if len(activation) != len(sizes) - 1:
            raise ValueError(
                f"{counted(len(sizes) - 1, 'hidden layer')}, but {counted(len(activation), 'activation')}; "
                "the last layer's is given as output"
            )
        rng = find_rng(rng)
        before = rng.getstate()
        try:
            self.layers = [
                Layer(wide, n_out, function, bias=bias, init=init, rng=rng)
                for wide, n_out, function in zip([n_in, *sizes], sizes, [*activation, output])  # noqa: B905
            ]
        except (TypeError, ValueError):  # of a later layer, when the first ones have drawn their weights
            rng.setstate(before)
            raise
        _label_parameters(self)

    def __call__(self, x: Any) -> Any:
        """A Value where there is one output, else a list of Values, for one sample."""
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    @property
    def gives(self) -> Outputs | None:
        """What its outputs are, by the last layer's activation: see `nn.outputs`."""
        return self.layers[-1].gives

    @property
    def n_in(self) -> int:
        """How many inputs it takes."""
        return self.layers[0].n_in

    @property
    def n_out(self) -> int:
        """How many outputs it has."""
        return self.layers[-1].n_out

    def __repr__(self) -> str:
        steps = (f"{layer.n_out} {activation_name(layer.activation)}" for layer in self.layers)
        return _description(self, " → ".join([str(self.n_in), *steps]))


# ── inputs ──────────────────────────────────────────────────────────────────────────────


def _as_values(x: Any, module: Neuron | Maxout | Layer) -> list[Value]:
    """A sample as Values, those it holds and new ones for its numbers."""
    x = listed("a sample", x, "numbers or Values") if hasattr(x, "__iter__") else [x]
    if len(x) != module.n_in:
        _refuse_batch(x, module)
        raise ValueError(f"{module!r} takes {counted(module.n_in, 'input')}, got {len(x)}")
    if set(map(type, x)) == {Value}:
        return x  # type: ignore[no-any-return]
    names = _input_names(len(x))
    try:
        return [v if isinstance(v, Value) else Value(v, name) for v, name in zip(x, names, strict=True)]
    except TypeError:
        _refuse_batch(x, module)
        raise


def _refuse_batch(x: list[Any], module: Module) -> None:
    """Raise ValueError for many samples where one is wanted."""
    if any(hasattr(v, "__len__") and not isinstance(v, (str, bytes)) for v in x):
        raise ValueError(
            f"{module!r} takes one sample, and not a batch of {len(x)}: "
            "for X full of samples, predict(model, X), or [model(x) for x in X]"
        )


@lru_cache
def _input_names(n_in: int) -> list[str]:
    return [f"x{i}" for i in range(1, n_in + 1)]


# ── names ───────────────────────────────────────────────────────────────────────────────


def _label_parameters(module: Module) -> None:
    """Labels from names: layers.0.neurons.2.w.1 is w32(1)."""
    for name, parameter in module.named_parameters():
        parameter.label = label_of("b" if is_bias(name) else "w", path_of(name))


def _description(module: Module, shape: str) -> str:
    return f"{type(module).__name__}({shape}, {counted(module.parameter_count, 'parameter')})"
