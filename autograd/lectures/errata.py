"""Every place where the lecture is wrong, as far as anybody found one: what is printed, and what is right."""

from __future__ import annotations

from autograd.arguments import one_of
from autograd.lectures.example import Erratum
from autograd.lectures.forward import FORWARD_ERRATA
from autograd.lectures.logistic import LOGISTIC_ERRATA
from autograd.lectures.sources import SOURCES, source_of
from autograd.lectures.two_layer import TWO_LAYER_ERRATA


def errata(source: str = "") -> tuple[Erratum, ...]:
    """The errata, in the order of the sources and their lines.

    source  S1 to S5 for those of one source, S3:336 for the one at a line; all by default

    >>> [erratum.correct for erratum in errata("S1:109")]
    ['x is 5 × 1']
    """
    if source:
        one_of("source", source_of(source), SOURCES)
    return tuple(e for e in _ALL if not source or source in (source_of(e.place), e.place))


_ELSEWHERE = (
    Erratum(
        place="S1:74",
        where="“Output function”, softmax of (1, 2, 3)",
        printed="y = (0.002, 0.02, …)",
        correct="y = (0.0900, 0.2447, 0.6652)",
        why="e¹/(e¹ + e² + e³) = 2.7183/30.1929 = 0.0900.",
    ),
    Erratum(
        place="S1:109",
        where="“Feed forward”, the sizes under z = wx + b, from five inputs to three",
        printed="x is 3 × 1",
        correct="x is 5 × 1",
        why="x has five elements, and w is 3 × 5.",
    ),
    Erratum(
        place="S1:133",
        where="“Back propagation”, the update of the intercept of y = ax + a1",
        printed="a0′ = a0′ - λ ∂L/∂a0",
        correct="a0′ = a0 - λ ∂L/∂a0",
        why="The new number comes from the old one; and the intercept is called a1 five lines before.",
        transcriber=True,
    ),
    Erratum(
        place="S1:210",
        where="“Derivatives of Activation Functions”, sigmoid, the denominators in two lines",
        printed="∂y/∂z = -1(-e^-z)/(1 + e^z)² = 1/(1 + e^z) · e^-z/(1 + e^z)",
        correct="∂y/∂z = -1(-e^-z)/(1 + e^-z)² = 1/(1 + e^-z) · e^-z/(1 + e^-z)",
        why="At z = 1 the slope is 0.1966 and the printed formula gives 0.0266; at 0 the two agree.",
        transcriber=True,
    ),
    Erratum(
        place="S1:234",
        where="“Loss functions”, regression, the second line",
        printed="½(Y - Ŷ)² = (Y - Ŷ)ᵀ(Y - Ŷ)",
        correct="½(Y - Ŷ)² = ½(Y - Ŷ)ᵀ(Y - Ŷ)",
        why="The ½ is lost between the two lines; the derivative below has it again.",
    ),
    Erratum(
        place="S1:236",
        where="“Loss functions”, regression, the derivative",
        printed="∂L/∂Y = -(Y - Ŷ)",
        correct="∂L/∂Ŷ = -(Y - Ŷ)",
        why="∂L/∂Y is Y - Ŷ, without the minus.",
    ),
    Erratum(
        place="S1:258",
        where="“Loss functions”, cross entropy, the estimate",
        printed="(0.002, 0.02, 0.98)",
        correct="three numbers that add up to 1, such as (0.002, 0.018, 0.98)",
        why="They add up to 1.002. The loss, 0.02, needs the last one alone.",
    ),
    Erratum(
        place="S2:117",
        where="“Loss Functions”, the Kullback-Leibler divergence",
        printed="KL(P‖P̂) = -Σ P(y) log P̂(y)",
        correct="KL(P‖P̂) = Σ P(y) log(P(y)/P̂(y)); the printed sum is the cross-entropy",
        why="They differ by the entropy of P, which is 0 if P is one-hot, as it is here.",
    ),
    Erratum(
        place="S2:151",
        where="“Detour: Matrix/Vector differentiation”",
        printed="∂(wᵀAw)/∂w = 2wᵀA",
        correct="∂(wᵀAw)/∂w = wᵀ(A + Aᵀ)",
        why="The two are the same for a symmetric A alone.",
    ),
    Erratum(
        place="S2:168",
        where="“Chain Rule”, “Most General Notation”",
        printed="D_x(f∘g) = Dg ∘ D_x g",
        correct="D_x(f∘g) = D_g(x) f ∘ D_x g",
        why="f does not appear on the right; S2:201 has it.",
        transcriber=True,
    ),
    Erratum(
        place="S2:182",
        where="“Chain Rule”, the example L = -log(1/(1 + e^-a))",
        printed="1/(1 + e^-wi)",
        correct="1/(1 + e^-(wᵀx))",
        why="The next line composes it with a = xᵀw.",
        transcriber=True,
    ),
    Erratum(
        place="S2:186",
        where="“Chain Rule”, the derivative of that example",
        printed="∂L/∂w = [1/p] · p(1 - p) · xᵀ = (1 - p)xᵀ",
        correct="∂L/∂w = [-1/p] · p(1 - p) · xᵀ = -(1 - p)xᵀ",
        why="The derivative of -log p is -1/p: the minus is missing from the first factor already.",
        transcriber=True,
    ),
    Erratum(
        place="S3:127",
        where="“Review: gradient of logistic regression”, the lines 127 to 131",
        printed="∂(1 - y) log(1 - σ) in the second term, y · 1/σ in the first: ∂loss/∂wi = xi(y - ŷ)",
        correct="∂(-(1 - y) log(1 - σ)) and -y · 1/σ: ∂loss/∂wi = -xi(y - ŷ)",
        why="Both terms have a minus; line 127 loses that of the second, line 129 that of the first.",
    ),
    Erratum(
        place="S3:368",
        where="“Patterns in backward flow”, beside a = x - y",
        printed="∂x/∂x = 1, ∂x/∂y = 0",
        correct="probably meant: ∂a/∂x = 1, ∂a/∂y = -1",
        why="It is true as it stands, and says nothing about a; a falls as y grows.",
    ),
    Erratum(
        place="S3:519",
        where="“Loss functions”, cross entropy of K classes",
        printed="Loss = -Σ I(yk = 1) log ŷ",
        correct="Loss = -Σ I(yk = 1) log ŷk",
        why="Each class has its own probability.",
    ),
    Erratum(
        place="S3:612",
        where="“Derivative of activation functions”, ReLU",
        printed="f(z) = 1 if z > 0, else 0",
        correct="f′(z) = 1 if z > 0, else 0",
        why="It is the derivative; ReLU itself is max(0, z).",
    ),
    Erratum(
        place="S3:631",
        where="“Example: write your own activation operation”",
        printed="def forward(self, x), def backward(self, grad_y)",
        correct="static methods: forward(ctx, x), backward(ctx, grad_y)",
        why="PyTorch refuses a Function whose forward is not static.",
    ),
    Erratum(
        place="S3:639",
        where="“Example: write your own activation operation”, backward",
        printed="grad_input[x < 0] = 0",
        correct="grad_input[x <= 0] = 0",
        why="As printed, the slope at 0 is 1; the slides' own table (line 612) says 0.",
    ),
    Erratum(
        place="S4:16",
        where="“The mathematics of NN”, the activations of a layer",
        printed="σ(z) = [σ1(x), σ2(x), …, σm(x)]",
        correct="σ(z) = [σ1(z1), σ2(z2), …, σm(zm)]",
        why="An activation takes the layer's z, which has m elements, and not its input.",
    ),
    Erratum(
        place="S4:77",
        where="“Typical activation functions”, tanh",
        printed="tanh z, z ∈ (-1, 1)",
        correct="tanh z ∈ (-1, 1), for every z",
        why="It is the output that lies there.",
        transcriber=True,
    ),
    Erratum(
        place="S5:125",
        where="“Vectorization”, the loop over e^v",
        printed="u = np.zeros(n, 1)",
        correct="u = np.zeros((n, 1))",
        why="The shape is one argument; 1 in second place is taken for a type, which is a TypeError.",
        transcriber=True,
    ),
    Erratum(
        place="S5:143",
        where="“Logistic regression”, with X of (n, p), a row for each sample (also line 141)",
        printed="Z = np.dot(W, X) + b",
        correct="Z = np.dot(X, W.T) + b",
        why="W is (1, p): (1, p)·(n, p) does not multiply.",
    ),
    Erratum(
        place="S5:184",
        where="“Logistic regression”, the gradient in one line",
        printed="dW = 1/n np.dot(X, T, dZ)",
        correct="dW = 1/n np.dot(X.T, dZ)",
        why="Line 151 has Xᵀ dZ; a comma stands for the point.",
        transcriber=True,
    ),
    Erratum(
        place="S5:186",
        where="“Logistic regression”, the update",
        printed="w -= -∂ dW, b -= -∂ db",
        correct="w -= α dW, b -= α db",
        why="Subtracting the negative climbs; and the learning rate α reads ∂, as in lines 112 and 328.",
        transcriber=True,
    ),
    Erratum(
        place="S5:194",
        where="“Forward”, for every layer l",
        printed="Z[l] = W[l] x + b[l]",
        correct="Z[l] = W[l] A[l-1] + b[l], with A[0] = x",
        why="Only the first layer takes x; line 198 has A[1].",
    ),
    Erratum(
        place="S5:214",
        where="“Backward propagation”, the hidden layer",
        printed="dZ[1] = W[2] dZ[2] * g′(Z[1])",
        correct="dZ[1] = W[2]ᵀ dZ[2] * g′(Z[1])",
        why="W[2] is 1 × 4 in line 43, and dZ[2] 1 × 1: without the transpose dZ[1] is not 4 × 1.",
        transcriber=True,
    ),
    Erratum(
        place="S5:218",
        where="“Backward propagation”, the weights of layer l",
        printed="dW[l] = 1/m Xᵀ dZ[l]",
        correct="dW[l] = 1/n (A[l-1])ᵀ dZ[l], with A[0] = X",
        why="X is the input of the first layer alone, and the number of samples is n everywhere else.",
    ),
    Erratum(
        place="S5:220",
        where="“Backward propagation”, the biases of layer 1",
        printed="db[1] = 1/n np.sum(dz[1])",
        correct="db[1] = 1/n np.sum(dz[1], axis=0), a row of dz[1] for each sample",
        why="Without an axis np.sum adds up the neurons too, and all biases get one number.",
    ),
    Erratum(
        place="S5:268",
        where="“random weight initialization”",
        printed="np.sqrt(1/n[i])",
        correct="np.sqrt(1/n[i-1])",
        why="n counts what is added up in Z = w1 x1 + … + wn xn: the layer's inputs.",
        transcriber=True,
    ),
    Erratum(
        place="S5:349",
        where="“Adam”",
        printed="adaptive momentum estimation",
        correct="adaptive moment estimation",
        why="It estimates the first two moments of the gradient.",
    ),
)


def _in_order(erratum: Erratum) -> tuple[str, int]:
    source, _, line = erratum.place.partition(":")
    return source, int(line)


_ALL = tuple(sorted((*LOGISTIC_ERRATA, *TWO_LAYER_ERRATA, *FORWARD_ERRATA, *_ELSEWHERE), key=_in_order))
