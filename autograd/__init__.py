"""Scalar reverse-mode automatic differentiation, one gate at a time.

In the order in which a reader meets them:

    Value                     a number that remembers how it was computed
    exp, log, sigmoid, …      the gates, for Values and for plain numbers
    dot, total, logsumexp     fused gates, of many inputs; choose hands on one of them
    gate                      make a gate of your own
    grad, value_and_grad      the derivatives of a plain function
    jacobian, hessian         the same for functions of many results; second derivatives
    jvp, hvp                  J·v by one forward pass, H·v without building H
    gradients                 the backward pass of a graph as a graph of its own
    forward_gradients         what moves when an input moves
    gradcheck                 check a gradient against central differences
    walk                      the step-through: forward and backward, one line at a time
    walk_forward              the same for forward mode: what moves when one input moves
    draw                      the picture of a graph and of the gradients in it
    animate                   the whole pass as a moving picture, a GIF for slides
    player                    a web page that plays the graph, forward, backward and the update
    gradient_flow             the picture of a network and of the gradients by its weights
    lectures                  worked examples, with the numbers that the lecture prints
    Draw                      a random number that a program draws afresh
    compile                   record a function, and replay its gates as native code
    no_grad                   compute without recording
    first_not_finite          which operation made the NaN, forward or backward
    GateError                 a gate was asked for a number that does not exist
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd import foreign_words, gates  # noqa: F401  foreign words are answered
from autograd.choice import choose
from autograd.declaration import Gate, GateError, gate
from autograd.fused import dot, logsumexp, total
from autograd.gates import *  # noqa: F403  all of them
from autograd.grad_mode import RecordingError, no_grad
from autograd.not_finite import first_not_finite
from autograd.value import Value

if TYPE_CHECKING:
    from autograd import lectures
    from autograd.compiler.compiling import CompiledFunction, compile  # noqa: A004  as the field calls it
    from autograd.compiler.program import Program
    from autograd.derivatives.grad import grad, hessian, hvp, jacobian, jvp, value_and_grad
    from autograd.derivatives.gradcheck import (
        GradcheckReport,
        GradcheckWarning,
        GradientError,
        InputCheck,
        gradcheck,
    )
    from autograd.derivatives.gradients import forward_gradients, gradients
    from autograd.draws import Draw
    from autograd.picture.animation import animate
    from autograd.picture.drawing import draw
    from autograd.picture.network import gradient_flow
    from autograd.playing.player import player
    from autograd.stepping.forward_walk import walk_forward
    from autograd.stepping.walk import walk

__version__ = "0.1.0"

__all__ = [
    "CompiledFunction", "Draw", "Gate", "GateError", "GradcheckReport", "GradcheckWarning",
    "GradientError", "InputCheck", "Program", "RecordingError", "Value", "animate", "choose", "compile",
    "dot", "draw", "first_not_finite", "forward_gradients", "gate", "grad", "gradcheck",
    "gradient_flow", "gradients", "hessian", "hvp", "jacobian", "jvp", "lectures", "logsumexp",
    "no_grad", "player", "total", "value_and_grad", "walk", "walk_forward",
]  # fmt: skip
__all__ += gates.__all__

# Whatever looks at a graph is imported when it is first asked for: training needs none of it.
_IMPORTED_LATER = {
    name: f"autograd.{module}"
    for module, names in {
        "compiler.compiling": "CompiledFunction compile",
        "compiler.program": "Program",
        "derivatives.grad": "grad hessian hvp jacobian jvp value_and_grad",
        "derivatives.gradcheck": "GradcheckReport GradcheckWarning GradientError InputCheck gradcheck",
        "derivatives.gradients": "forward_gradients gradients",
        "draws": "Draw",
        "lectures": "lectures",
        "picture.animation": "animate",
        "picture.drawing": "draw",
        "picture.network": "gradient_flow",
        "playing.player": "player",
        "stepping.forward_walk": "walk_forward",
        "stepping.walk": "walk",
    }.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    if name == "nn":
        raise ImportError("nn is a package of its own beside autograd: write import nn")
    if name not in _IMPORTED_LATER:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    module = import_module(_IMPORTED_LATER[name])
    globals()[name] = found = module if name == "lectures" else getattr(module, name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
