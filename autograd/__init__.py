"""Scalar reverse-mode automatic differentiation, one gate at a time.

In the order in which a reader meets them:

    Value                     a number that remembers how it was computed
    exp, log, sigmoid, …      the gates, for Values and for plain numbers
    dot, total, logsumexp     fused gates, of many inputs
    gate                      make a gate of your own
    grad, value_and_grad      the derivatives of a plain function
    jacobian                  the same for functions of many results
    gradcheck                 dispute a gradient with central differences
    walk                      the step-through: forward and backward, one line at a time
    draw                      the picture of a graph and of the gradients in it
    player                    a web page that plays the graph, forward, backward and the update
    gradient_flow             the picture of a network and of the gradients by its weights
    lectures                  worked examples, with the numbers that the lecture prints
    compile                   record a function, and replay its gates as native code
    no_grad                   compute without recording
    GateError                 a gate was asked for a number that does not exist
"""

from autograd import lectures
from autograd.compiler.program import Program, compile  # noqa: A004  as the field calls it
from autograd.compiler.recording import RecordingError
from autograd.declaration import Gate, GateError, gate
from autograd.derivatives.grad import grad, jacobian, value_and_grad
from autograd.derivatives.gradcheck import GradientError, GradientReport, InputCheck, gradcheck
from autograd.fused import dot, logsumexp, total
from autograd.gates import (
    absolute,
    add,
    cos,
    divide,
    elu,
    exp,
    exponentiate,
    leaky_relu,
    log,
    maximum,
    minimum,
    multiply,
    negate,
    power,
    relu,
    sigmoid,
    sin,
    softplus,
    sqrt,
    subtract,
    tanh,
)
from autograd.grad_mode import no_grad
from autograd.picture.drawing import draw
from autograd.picture.network import gradient_flow
from autograd.playing.player import player
from autograd.stepping.walk import walk
from autograd.value import Value

__all__ = [
    "Gate",
    "GateError",
    "GradientError",
    "GradientReport",
    "InputCheck",
    "Program",
    "RecordingError",
    "Value",
    "absolute",
    "add",
    "compile",
    "cos",
    "divide",
    "dot",
    "draw",
    "elu",
    "exp",
    "exponentiate",
    "gate",
    "grad",
    "gradcheck",
    "gradient_flow",
    "jacobian",
    "leaky_relu",
    "lectures",
    "log",
    "logsumexp",
    "maximum",
    "minimum",
    "multiply",
    "negate",
    "no_grad",
    "player",
    "power",
    "relu",
    "sigmoid",
    "sin",
    "softplus",
    "sqrt",
    "subtract",
    "tanh",
    "total",
    "value_and_grad",
    "walk",
]
