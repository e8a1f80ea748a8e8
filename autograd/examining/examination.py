"""One engine under examination: its numbers for an expression, what is wrong with them, and why."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from autograd.declaration import GateError
from autograd.examining.expressions import Expression, smaller
from autograd.examining.mistakes import (
    FORWARD_MISTAKES,
    MISTAKES,
    ORDER_MISTAKES,
    PASS_MISTAKES,
    Mistake,
    Numbers,
    same,
)
from autograd.examining.process import StudentProcess

TRIES = 400  # expressions that shrinking may try

WRONG_NUMBER, WRONG_GRADIENT = "the number is wrong", "the gradient is wrong"


@dataclass(frozen=True)
class Finding:
    """The smallest expression that an engine gets wrong, and what can be known of the reason.

    what        what is wrong, in a sentence; "" until the numbers are judged
    expression  the expression; None if the fault is not in one, as in a long chain
    data, gradients  the student's numbers; None for a gradient that the engine does not keep
    parts_at    the place of the first number, in the order of the pass, that differs
    passes      how many backward passes were run, and whether
    zeroed      gradients of leaves were set to 0 between them
    mistake     the mistake that reproduces the student's numbers, if one does
    stopped     whether the process had to be stopped: trying smaller expressions would take too long
    """

    what: str
    expression: Expression | None = None
    data: tuple[float, ...] = ()
    gradients: tuple[float | None, ...] = ()
    parts_at: int | None = None
    passes: int = 1
    zeroed: bool = False
    mistake: Mistake | None = None
    stopped: bool = False

    @property
    def kind(self) -> str:
        """What faults of the same kind begin with: the sentence, or the name of an exception."""
        return self.what.split(":")[0]

    @property
    def is_forward(self) -> bool:
        """Whether a number of the forward pass is wrong."""
        return self.what == WRONG_NUMBER


@dataclass
class Examination:
    """One engine under examination: its process, and the operations that are wrong by themselves."""

    process: StudentProcess
    rng: random.Random
    unsound: set[str] = field(default_factory=set)

    @property
    def operations(self) -> list[str]:
        """The operations that the student wrote."""
        return list(self.process.surface["operations"])

    @property
    def sound(self) -> list[str]:
        """The operations that are right by themselves: what is wrong with more of them is the pass."""
        return [name for name in self.operations if name not in self.unsound]

    def run(self, expression: Expression, passes: int = 1, zeroed: bool = False) -> Finding:
        """The engine's numbers for an expression, to be judged; or what is wrong, if it gives none."""
        run = Finding("", expression, passes=passes, zeroed=zeroed)
        answer = self.process.ask(expression.request(passes=passes, zeroed=zeroed))
        if "error" in answer:
            stopped = answer["error"] in ("time", "memory", "died")
            return replace(run, what=answer["message"], stopped=stopped)
        return replace(run, data=tuple(answer["data"]), gradients=tuple(answer["grad"]))

    def fault(self, expression: Expression, gradients: bool = True) -> Finding | None:
        """What is wrong with the engine's numbers for an expression.

        Raises GateError if an operation is not defined there.
        """
        right = expression.data
        found = self.run(expression, passes=int(gradients))
        if found.what:
            return found
        if wrong := differing(found.data, right):
            return replace(found, what=WRONG_NUMBER, parts_at=wrong[0])
        wrong = differing(found.gradients, expression.gradients()) if gradients else []
        if any(i < len(expression.inputs) for i in wrong):
            return replace(found, what=WRONG_GRADIENT, parts_at=wrong[-1])
        return None

    def smallest(self, finding: Finding, gradients: bool = True) -> Finding:
        """The fault of the smallest expression that one can get to from this one."""
        assert finding.expression
        candidates, tries = smaller(finding.expression), 0
        while (candidate := next(candidates, None)) and tries < TRIES:
            tries += 1
            with suppress(GateError):
                found = self.fault(candidate, gradients)
                if found and found.kind == finding.kind:
                    finding, candidates = found, smaller(candidate)
        return finding


def differing(found: Numbers, right: Sequence[float]) -> list[int]:
    """The places at which numbers are wrong; a number that is not there counts as 0."""
    return [i for i, (a, b) in enumerate(zip(found, right, strict=True)) if not same([a or 0.0], [b])]


def agree(found: Numbers, right: Sequence[float]) -> bool:
    """Whether all numbers are right."""
    return not differing(found, right)


def explained(finding: Finding, witnesses: Sequence[Finding]) -> Finding:
    """The finding with the mistake that reproduces its numbers, and those of most other witnesses."""
    table = FORWARD_MISTAKES if finding.is_forward else MISTAKES

    def share(mistake: Mistake) -> float:
        return sum(_explains(mistake, witness) for witness in witnesses) / len(witnesses)

    best = max((mistake for mistake in table if _explains(mistake, finding)), key=share, default=None)
    return replace(finding, mistake=best if best and share(best) > 0.5 else None)


def agreed(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each with the mistake of the pass that most findings name, if it explains this one too.

    A finding about a gate by itself keeps its mistake, with one exception: if an engine composes
    the gate of others, a wrong order of the pass looks like a mistake in it.
    """
    named = Counter(finding.mistake for finding in findings if finding.mistake in PASS_MISTAKES)

    def fits(mistake: Mistake, finding: Finding) -> bool:
        if finding.is_forward or finding.passes > 1:
            return False
        if finding.mistake in PASS_MISTAKES and _explains(mistake, finding):
            return True
        return mistake in ORDER_MISTAKES and _explains(mistake, finding, composed=True)

    def best(finding: Finding) -> Mistake | None:
        fitting = (mistake for mistake, _ in named.most_common() if mistake and fits(mistake, finding))
        return next(fitting, finding.mistake)

    return [replace(finding, mistake=best(finding)) for finding in findings]


def _explains(mistake: Mistake, finding: Finding, composed: bool = False) -> bool:
    expression = finding.expression
    if expression is None or finding.parts_at is None:
        return False
    if finding.is_forward:
        return mistake.explains(expression, finding.data, expression.data)
    outer = {*range(len(expression.inputs)), len(finding.data) - 1}  # some engines keep nothing in between
    kept = {i: x for i, x in enumerate(finding.gradients) if i in outer}
    if composed:
        expression, places = expression.composed
        kept = {places[i]: x for i, x in kept.items()}
    found = [kept.get(i) for i in range(len(expression.nodes))]
    return mistake.explains(expression, found, expression.gradients())
