"""The table of gates: each one a plain function of floats.

It returns its output and, side by side, its local gradients, ∂output/∂input for every input:

>>> multiply.function(3.0, -4.0)
(-12.0, (-4.0, 3.0))

Nothing else in the project writes a derivative. The eager engine calls these functions, the
compiler compiles them as they stand, the step-through prints their formulas, and the checker
checks them.

A gate itself is called with numbers, and gives a number; or with a `Value` among its arguments, and
gives a `Value` that remembers them:

>>> multiply(3.0, -4.0)
-12.0
"""

from autograd.gates.activations import *
from autograd.gates.arithmetic import *
from autograd.gates.choices import *
from autograd.gates.functions import *

__all__ = [
    "absolute", "acos", "acosh", "add", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "clip",
    "cos", "cosh", "divide", "elu", "erf", "erfc", "exp", "exp2", "expm1", "exponentiate", "floor",
    "gelu", "gelu_tanh", "greater", "greater_equal", "hardtanh", "hypot", "leaky_relu", "less",
    "less_equal", "log", "log1p", "log2", "log10", "log_sigmoid", "maximum", "minimum", "mish", "mod",
    "multiply", "negate", "power", "reciprocal", "relu", "selu", "sigmoid", "sign", "silu", "sin",
    "sinh", "softplus", "softsign", "sqrt", "square", "subtract", "tan", "tanh", "where",
]  # fmt: skip
