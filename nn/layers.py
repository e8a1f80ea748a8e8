"""Neurons, layers and networks, made of Values.

>>> model = MLP(2, [16, 16, 1], rng=0)
>>> model
MLP(2 → 16 relu → 16 relu → 1 linear, 337 parameters)
>>> model([0.5, -1.0]).backward()

Each takes one sample: a sequence of numbers or Values, or a row of a NumPy array; a single
input may also stand alone. Numbers become Values x1, x2, …, which all neurons of the layer
share. A sample of the wrong length raises a ValueError.

Parameters are labelled as in the lecture, counting from 1: w1, w2, … and b in a neuron,
w32 and b3 for the third neuron of a layer, w32(1) and b3(1) in the first layer of a
network; indices of two digits are set apart, as in w12,3(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd.arguments import MOST, as_list, boolean, counted, whole_number
from autograd.gates import relu, sigmoid, softplus, tanh
from autograd.parameter_names import Path, label_of
from autograd.value import Value, weighted_sum
from nn.activations import Activation, activation_name, find_activation, linear, maxout, outputs_of, softmax
from nn.initializers import Init, Rng, find_initializer, find_rng
from nn.module import Module
from nn.outputs import Outputs

Sample = Value | float | Iterable[Value | float]
"""The inputs of a layer: numbers or Values in a list, a tuple or an array; a single one may stand alone."""

if TYPE_CHECKING:

    class Prediction(Value, list[Value]):  # type: ignore[misc]
        """What an `MLP` returns: a Value or a list of them, which only its sizes decide."""

else:
    Prediction = Value | list[Value]

_METHODS: dict[Activation, Activation] = {
    gate: getattr(Value, gate.name) for gate in (sigmoid, tanh, relu, softplus)
}
"""Gates that are also methods of Value, which take less time: they need not look at their argument."""


class Neuron(Module):
    """h = activation(b + w1·x1 + … + wn·xn).

    n_in        how many inputs
    activation  a name in `nn.ACTIVATIONS`, or a function of one Value
    bias        whether there is a b, which starts at 0
    init        a name in `nn.INITIALIZERS` or a function; None for the activation's default
    rng         a random.Random or an integer seed; None for other weights in every run
    n_out       how many neurons its layer has, for initialisers
    path        where it stands in a larger module, for the labels

    A bias is the weight w0 of one more input that is always x0 = 1.

    >>> neuron = Neuron(2, rng=0)
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 1.5, -0.5, 4.0
    >>> neuron([2.0, 6.0])  # 4 + 1.5·2 - 0.5·6
    Value(4.0)
    """

    def __init__(
        self,
        n_in: int,
        activation: str | Activation = "linear",
        *,
        bias: bool = True,
        init: Init = None,
        rng: Rng = None,
        n_out: int = 1,
        path: Path = (),
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        self.activation = find_activation(activation)
        if self.activation in (softmax, maxout):
            raise ValueError(
                f"{activation_name(self.activation)} needs several weighted sums, and a Neuron has one: "
                "take Layer(…, activation='softmax') or Maxout(n_in)"
            )
        n_out, bias = whole_number("n_out", n_out, 1, MOST), boolean("bias", bias)
        draw, rng = find_initializer(init, self.activation), find_rng(rng)
        self.w = [
            Value(draw(rng, self.n_in, n_out), label_of("w", (*path, str(i)))) for i in range(self.n_in)
        ]
        self.b = Value(0.0, label_of("b", path)) if bias else None

    @property
    def gives(self) -> Outputs | None:
        """What its output is, by its activation: see `nn.outputs`."""
        return outputs_of(self.activation)

    def __call__(self, x: Sample) -> Value:
        """The output, a Value, for a sample of n_in numbers or Values."""
        return self.output(*_inputs(x, self))

    def output(self, x: list[Value], numbers: list[float]) -> Value:
        """The output for as many Values as there are weights, and their numbers."""
        z = weighted_sum(self.w, x, numbers, self.b)
        if self.activation is linear:
            return z
        h = _METHODS.get(self.activation, self.activation)(z)
        if not isinstance(h, Value):
            raise TypeError(
                f"the activation {activation_name(self.activation)} returned a {type(h).__name__}, through "
                f"which no gradient passes: write it with gates, such as autograd.tanh, not math.tanh"
            )
        return h

    def _description(self) -> str:
        return f"{self.n_in} → {activation_name(self.activation)}"


class Maxout(Module):
    """The largest of several weighted sums: h = max_k (b_k + w_k1·x1 + … + w_kn·xn).

    At a tie the first takes the gradient. With two pieces, the second all 0, it is a ReLU.
    Source: Goodfellow et al. 2013, the lecture.

    pieces  how many weighted sums, at least 2; the rest as in `Neuron`

    >>> Maxout(2, rng=0)
    Maxout(2 → 2 pieces, 6 parameters)
    """

    def __init__(
        self,
        n_in: int,
        pieces: int = 2,
        *,
        bias: bool = True,
        init: Init = None,
        rng: Rng = None,
        n_out: int = 1,
        path: Path = (),
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        rng, init = find_rng(rng), find_initializer(init, maxout)
        self.pieces = [
            Neuron(n_in, bias=bias, init=init, rng=rng, n_out=n_out, path=(*path, "pieces", str(i)))
            for i in range(whole_number("pieces", pieces, 2, MOST))
        ]

    def __call__(self, x: Sample) -> Value:
        """The output, a Value, for a sample of n_in numbers or Values."""
        return self.output(*_inputs(x, self))

    def output(self, x: list[Value], numbers: list[float]) -> Value:
        """The output for as many Values as a piece has weights, and their numbers."""
        largest: Value = maxout([piece.output(x, numbers) for piece in self.pieces])
        return largest

    def _description(self) -> str:
        return f"{self.n_in} → {counted(len(self.pieces), 'piece')}"


class Layer(Module):
    """Neurons side by side on the same inputs: z = W·x + b, h = activation(z).

    W is n_out × n_in, one row for each neuron. The activation is applied to each z_i, a softmax
    to all of them together; with "maxout" the neurons are `Maxout`, of two pieces each.
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
        init: Init = None,
        rng: Rng = None,
        path: Path = (),
    ) -> None:
        self.n_in = whole_number("n_in", n_in, 1, MOST)
        self.n_out = whole_number("n_out", n_out, 1, MOST)
        self.activation = find_activation(activation)
        if self.activation is softmax and self.n_out == 1:
            raise ValueError(
                "a softmax of one output is always 1: take 'sigmoid' for the probability of one class"
            )
        rng, init = find_rng(rng), find_initializer(init, self.activation)
        # A softmax is applied to all weighted sums together: see __call__.
        own = linear if self.activation is softmax else self.activation
        create = Maxout if self.activation is maxout else partial(Neuron, activation=own)
        self.neurons: list[Neuron | Maxout] = [
            create(n_in, bias=bias, init=init, rng=rng, n_out=self.n_out, path=(*path, "neurons", str(i)))
            for i in range(self.n_out)
        ]

    @property
    def gives(self) -> Outputs | None:
        """What its outputs are, by its activation: see `nn.outputs`."""
        return outputs_of(self.activation)

    def __call__(self, x: Sample) -> list[Value]:
        """The outputs, a list of n_out Values, for a sample of n_in numbers or Values."""
        values, numbers = _inputs(x, self)
        outputs = [neuron.output(values, numbers) for neuron in self.neurons]
        return softmax(outputs) if self.activation is softmax else outputs

    def _description(self) -> str:
        return f"{self.n_in} → {self.n_out} {activation_name(self.activation)}"


class MLP(Module):
    """A multi-layer perceptron: layers in a row, each fed by the one before.

    n_in        how many inputs
    sizes       how many neurons each layer has, the last the outputs
    activation  of the hidden layers: one for all, or a list with one for each
    output      the activation of the last layer: linear for regression and for losses of
                logits, softmax for one of K classes, sigmoid for labels

    bias, init and rng as in `Neuron`.

    The default, relu, is the field's, and learns points in the plane fastest, but a neuron dies
    where its z is below 0 for every sample: `fit` warns of layers that no gradient reaches. In
    small networks tanh is safer, as tests/benchmarks/defaults.py measures.

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
        init: Init = None,
        rng: Rng = None,
    ) -> None:
        sizes = [whole_number("a layer's size", size, 1, MOST) for size in as_list("sizes", sizes, "numbers")]
        if not sizes:
            raise ValueError("sizes is a list with the number of neurons of each layer, got none")
        if isinstance(activation, str) or not isinstance(activation, Sequence):
            activation = [activation] * (len(sizes) - 1)
        if len(activation) != len(sizes) - 1:
            raise ValueError(
                f"{counted(len(sizes) - 1, 'hidden layer')}, but {counted(len(activation), 'activation')}; "
                "the last layer's is given as output"
            )
        rng, functions = find_rng(rng), [*map(find_activation, activation), find_activation(output)]
        self.layers = [
            Layer(*shape, function, bias=bias, init=init, rng=rng, path=("layers", str(i)))
            for i, (shape, function) in enumerate(zip(pairwise([n_in, *sizes]), functions, strict=True))
        ]
        self.n_in, self.n_out = self.layers[0].n_in, sizes[-1]

    def __call__(self, x: Sample) -> Prediction:
        """For one sample a Value if there is one output, else a list of Values."""
        outputs: Any = x
        for layer in self.layers:
            outputs = layer(outputs)
        prediction: Prediction = outputs[0] if len(outputs) == 1 else outputs
        return prediction

    @property
    def gives(self) -> Outputs | None:
        """What its outputs are, by the last layer's activation: see `nn.outputs`."""
        return self.layers[-1].gives

    def _description(self) -> str:
        steps = (f"{layer.n_out} {activation_name(layer.activation)}" for layer in self.layers)
        return " → ".join([str(self.n_in), *steps])


# ── inputs ──────────────────────────────────────────────────────────────────────────────


def _inputs(x: Any, module: Neuron | Maxout | Layer) -> tuple[list[Value], list[float]]:
    """A sample as Values, those it holds and new ones for its numbers; and the numbers of all."""
    x = as_list("a sample", x, "numbers or Values") if hasattr(x, "__iter__") else [x]
    if len(x) != module.n_in:
        _refuse_batch(x, module)
        raise ValueError(f"{module!r} takes {counted(module.n_in, 'input')}, got {len(x)}")
    if set(map(type, x)) != {Value}:
        try:
            named = zip(x, _input_names(len(x)), strict=True)
            x = [v if isinstance(v, Value) else Value(v, name) for v, name in named]
        except TypeError:
            _refuse_batch(x, module)
            raise
    return x, [v._data for v in x]


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
