"""One engine under examination: its numbers for an expression, what is wrong with them, and why."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from autograd.declaration import GateError
from autograd.examining.expressions import Expression, smaller
from autograd.examining.mistakes import FORWARD_MISTAKES, MISTAKES, ForwardMistake, Mistake, Numbers, same
from autograd.examining.process import StudentProcess
from autograd.value import Value

TRIES = 400  # expressions that shrinking may try

WRONG_NUMBER, WRONG_GRADIENT = "the number is wrong", "the gradient is wrong"


@dataclass(frozen=True)
class Finding:
    """The smallest expression that an engine gets wrong, and what can be known of the reason.

    what        what is wrong, in a sentence
    expression  the expression; None if the fault is not in one, as in a long chain
    data, gradients  the student's numbers, None where the engine keeps none
    parts_at    the place of the first number, in the order of the pass, that differs
    passes      how many backward passes were run, and whether
    zeroed      gradients of leaves were set to 0 between them
    mistake     the mistake that reproduces the student's numbers, if one does
    stopped     whether the process had to be stopped: trying smaller expressions would take too long
    """

    what: str
    expression: Expression | None = None
    data: tuple[float | None, ...] = ()
    gradients: tuple[float | None, ...] = ()
    parts_at: int | None = None
    passes: int = 1
    zeroed: bool = False
    mistake: Mistake | ForwardMistake | None = None
    stopped: bool = False

    def root(self) -> Value | None:
        """The expression with the right gradients, to draw or to play; None without one."""
        if self.expression is None:
            return None
        root = self.expression.values()[-1]
        root.backward()
        return root

    @property
    def kind(self) -> str:
        """What faults of the same kind begin with: the sentence, or the name of an exception."""
        return self.what.split(":")[0]

    @property
    def is_forward(self) -> bool:
        """Whether a number of the forward pass is wrong."""
        return self.what == WRONG_NUMBER


class FaultError(Exception):
    """Ends the examination of a skill with a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


@dataclass
class Examination:
    """One engine under examination: its process, the operations it has, and those that work by themselves."""

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
        """The engine's numbers for an expression, not judged yet. Raises FaultError if it has none."""
        run = Finding("", expression, passes=passes, zeroed=zeroed)
        answer = self.process.ask(expression.request(passes=passes, zeroed=zeroed))
        if "error" in answer:
            stopped = answer["error"] in ("time", "memory", "died")
            raise FaultError(replace(run, what=answer["message"], stopped=stopped))
        return replace(run, data=tuple(answer["data"]), gradients=tuple(answer["grad"]))

    def fault(self, expression: Expression, gradients: bool = True) -> Finding | None:
        """What is wrong with the engine's numbers for an expression."""
        trace = expression.trace
        try:
            found = self.run(expression, passes=int(gradients))
        except FaultError as fault:
            return fault.finding
        if wrong := differing(found.data, trace.data, same):
            return replace(found, what=WRONG_NUMBER, parts_at=wrong[0])
        wrong = differing(found.gradients, trace.gradients(), agree) if gradients else []
        if any(i < len(expression.inputs) for i in wrong):
            return replace(found, what=WRONG_GRADIENT, parts_at=wrong[-1])
        return None

    def smallest(self, finding: Finding) -> Finding:
        """The fault of the smallest expression that one can get to from this one."""
        expression, gradients = finding.expression, bool(finding.gradients) or not finding.data
        tries = 0
        while expression is not None:
            simpler = None
            for candidate in smaller(expression):
                tries += 1
                found = self._fault_or_none(candidate, gradients) if tries < TRIES else None
                if found and found.kind == finding.kind:
                    simpler, finding = candidate, found
                    break
            expression = simpler
        return finding

    def _fault_or_none(self, expression: Expression, gradients: bool) -> Finding | None:
        try:
            return self.fault(expression, gradients)
        except GateError:
            return None


def differing(found: Numbers, right: Numbers, agree: Callable[[Numbers, Numbers], bool]) -> list[int]:
    """The places at which numbers are wrong."""
    return [i for i, pair in enumerate(zip(found, right, strict=True)) if not agree(pair[:1], pair[1:])]


def agree(found: Numbers, right: Numbers) -> bool:
    """As `same`, but a number that is not there counts as 0."""
    return same([0.0 if x is None else x for x in found], right)


def explained(finding: Finding, witnesses: Sequence[Finding]) -> Finding:
    """The finding with the mistake that reproduces its numbers, and those of most other witnesses."""
    table: Sequence[Mistake | ForwardMistake] = FORWARD_MISTAKES if finding.is_forward else MISTAKES

    def share(mistake: Mistake | ForwardMistake) -> float:
        return sum(_explains(mistake, witness) for witness in witnesses) / len(witnesses)

    best = max((mistake for mistake in table if _explains(mistake, finding)), key=share, default=None)
    return replace(finding, mistake=best if best and share(best) > 0.5 else None)


def _explains(mistake: Mistake | ForwardMistake, finding: Finding) -> bool:
    place = finding.parts_at
    if finding.expression is None or place is None:
        return False
    trace = finding.expression.trace
    if isinstance(mistake, ForwardMistake):
        step = trace.operation(place)
        if step is None:
            return False
        return mistake.explains(step.operation, trace.arguments(step), finding.data[place])
    outer = {*range(len(trace.expression.inputs)), trace.root}  # some engines keep nothing in inner nodes
    kept = tuple(x if i in outer else None for i, x in enumerate(finding.gradients))
    return any(mistake.explains(trace, finding.data, numbers) for numbers in (finding.gradients, kept))
