"""Backward passes as they are often written wrongly, to see where the numbers go wrong.

Each is the right pass with one rule changed. Nothing of the graph is changed by them.

>>> from autograd import Value, walk
>>> x = Value(3.0, "x")
>>> y = x * x
>>> y.backward()
>>> [(edge.before, edge.after) for edge in OVERWRITE.replay(walk(y))]
[(0.0, 3.0), (3.0, 3.0)]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from autograd.graph import contribution
from autograd.stepping.steps import BackwardStep
from autograd.stepping.walk import Walk
from autograd.value import Value


@dataclass(frozen=True)
class WrongEdge:
    """One edge of a mistaken pass.

    step          the same edge in the right pass
    upstream      what had arrived at the gate by then
    contribution  upstream × local gradient
    before        the input's gradient before
    after         and what the mistaken rule leaves there
    """

    step: BackwardStep
    upstream: float
    contribution: float
    before: float
    after: float


@dataclass(frozen=True)
class Mistake:
    """A rule that is wrong.

    key         its name in a page
    title       for people
    lesson      what goes wrong, and why
    written     the mistaken line of code
    right       the line as it should be
    harmless    what is so in every graph in which it changes nothing
    backwards   whether gates are taken last to first
    keeps_sum   whether a contribution is added to what is there
    forgets     whether leaves begin at 0
    """

    key: str
    title: str
    lesson: str
    written: str
    right: str
    harmless: str
    backwards: bool = True
    keeps_sum: bool = True
    forgets: bool = True

    def start(self, walk: Walk) -> dict[Value, float]:
        """The gradients before the first edge."""
        gradients = dict.fromkeys(walk.names, 0.0)
        if not self.forgets:
            gradients |= {given.node: given.gradient or 0.0 for given in walk.given}
        gradients[walk.root] = 1.0
        return gradients

    def replay(self, walk: Walk) -> Iterator[WrongEdge]:
        """The edges of the mistaken pass, in its order."""
        gradients = self.start(walk)
        for step in self._order(walk):
            upstream = gradients[step.node]
            handed = contribution(step.local_gradient, upstream)
            before = gradients[step.input]
            after = before + handed if self.keeps_sum else handed
            gradients[step.input] = after
            yield WrongEdge(step, upstream, handed, before, after)

    def _order(self, walk: Walk) -> Iterable[BackwardStep]:
        if self.backwards:
            return walk.backward
        by_gate: Callable[[BackwardStep], int] = lambda step: step.index  # noqa: E731
        return sorted(walk.backward, key=by_gate)


OVERWRITE = Mistake(
    key="overwrite",
    title="= in place of +=",
    lesson=(
        "A value that is used more than once gets a contribution from every use, and they add up. "
        "Written with =, each overwrites the one before, and only the last is left."
    ),
    written="x.grad = local * node.grad",
    right="x.grad += local * node.grad",
    harmless="nothing is overwritten that would have changed a sum",
    keeps_sum=False,
)

NO_ZEROING = Mistake(
    key="no-zeroing",
    title="Gradients not set to 0",
    lesson=(
        "Leaves keep their gradients until somebody sets them to 0. A second pass adds to what the first "
        "one left: here every leaf ends with twice its gradient, and a step of descent is twice as long."
    ),
    written="loss.backward(); loss.backward()",
    right="loss.backward(); model.zero_grad(); loss.backward()",
    harmless="the gradient of every leaf stays the same when it is doubled, as 0 does",
    forgets=False,
)

WRONG_ORDER = Mistake(
    key="wrong-order",
    title="Gates in the wrong order",
    lesson=(
        "A gate can hand its gradient back only when all of it has arrived, so the last gate comes first. "
        "Taken from first to last, each gate hands back an upstream gradient that is still 0."
    ),
    written="for node in order:",
    right="for node in reversed(order):",
    harmless="what the gates before the last hand back, if there are any, changes no sum",
    backwards=False,
)

MISTAKES = (OVERWRITE, NO_ZEROING, WRONG_ORDER)
