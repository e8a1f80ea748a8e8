"""Backward passes as they are often written wrongly, as data: the page replays them.

Each is the right pass with one rule changed. Those that are `played` can be watched; all of them
are compared with a wrong answer, to name what went wrong in it.

>>> contribution(2.0, -3.0), {x.key: x.contribution(2.0, -3.0) for x in MISTAKES if x.forgets}
(-6.0, {'forgets-upstream': 2.0, 'forgets-local': -3.0})
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograd.graph import contribution

Contribution = Callable[[float, float], float]
"""What an edge adds, from its local gradient and the upstream gradient."""


@dataclass(frozen=True)
class Mistake:
    """A rule that is wrong. Its title, its lesson and when it is harmless are among the page's sentences.

    key           its name in the page
    written       the mistaken line of code
    right         the line as it should be
    contribution  what an edge adds
    overwrites    a contribution takes the place of what is there
    keeps         leaves begin with the gradients of the pass before
    forwards      gates are taken first to last
    forgets       the factor of the chain rule that is left out, "upstream" or "local"
    played        whether the pass can be watched
    """

    key: str
    written: str = ""
    right: str = "x.grad += local * node.grad"
    contribution: Contribution = contribution
    overwrites: bool = False
    keeps: bool = False
    forwards: bool = False
    forgets: str = ""
    played: bool = True


def _upstream_alone(local: float, upstream: float) -> float:
    return upstream


def _local_alone(local: float, upstream: float) -> float:
    return local


def _added(local: float, upstream: float) -> float:
    return local + upstream


def _turned(local: float, upstream: float) -> float:
    return -local * upstream


def _divided(local: float, upstream: float) -> float:
    return upstream / local if local != 0.0 else 0.0


MISTAKES = (
    Mistake("overwrite", "x.grad = local * node.grad", overwrites=True),
    Mistake(
        "no-zeroing",
        "loss.backward(); loss.backward()",
        "loss.backward(); model.zero_grad(); loss.backward()",
        keeps=True,
    ),
    Mistake("wrong-order", "for node in order:", "for node in reversed(order):", forwards=True),
    Mistake("forgets-upstream", "x.grad += local", contribution=_local_alone, forgets="upstream"),
    Mistake("forgets-local", "x.grad += node.grad", contribution=_upstream_alone, forgets="local"),
    Mistake("added", contribution=_added, played=False),
    Mistake("turned", contribution=_turned, played=False),
    Mistake("divided", contribution=_divided, played=False),
)
