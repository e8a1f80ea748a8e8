"""What an engine can do or cannot, skill by skill: the cases of each, and the judgement over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from autograd.declaration import GateError
from autograd.examining.examination import Examination, FaultError, Finding, agree, differing, explained
from autograd.examining.expressions import FUNCTIONS, OPERATIONS, Expression, Step, Trace, random_expression
from autograd.examining.mistakes import Mistake, backward, orders

LARGEST = 1e4  # beyond it a random expression says more about rounding than about an engine
LONG = 20_000  # gates in a chain: twenty times what recursion can take
GRAPHS = 50
WITNESSES = 4  # expressions that a mistake is asked to explain

Verdict = Literal["passed", "failed", "not there"]

SIGNS: dict[Verdict, str] = {"passed": "✓", "failed": "✗", "not there": "·"}


@dataclass(frozen=True)
class Result:
    """The verdict on one skill, with the finding if it failed, and perhaps a remark."""

    skill: Skill
    verdict: Verdict
    finding: Finding | None = None
    remark: str = ""


Judgement = Finding | tuple[Verdict, str]
"""What is wrong, or a verdict and a remark."""

Judge = Callable[[Examination], Judgement]
"""May raise FaultError instead of returning what is wrong."""


@dataclass(frozen=True)
class Skill:
    """A key for programs, a title for people, a weight of 100 for a mark, and the judge."""

    key: str
    title: str
    weight: int
    judge: Judge

    def examine(self, examination: Examination) -> Result:
        """The verdict on this skill."""
        try:
            judgement = self.judge(examination)
        except FaultError as fault:
            judgement = fault.finding
        if isinstance(judgement, Finding):
            return Result(self, "failed", judgement)
        return Result(self, judgement[0], remark=judgement[1])


def _operations(finding: Finding) -> set[str]:
    return {step.operation for step in finding.expression.steps} if finding.expression else set()


Cases = Callable[[Examination], Iterable[Expression]]


def _over(cases: Cases, *, gradients: bool = True, alone: bool = False) -> Judge:
    """Judge by expressions: the first that fails is shrunk. `alone` notes the operation as unsound."""

    def judge(examination: Examination) -> Judgement:
        faults: list[Finding] = []
        tried = 0
        for expression in cases(examination):
            try:
                fault = examination.fault(expression, gradients)
            except GateError:
                continue
            tried += 1
            if fault:
                faults.append(fault)
                if fault.stopped:
                    break
                if alone:
                    examination.unsound.add(expression.steps[0].operation)
                elif len(faults) == WITNESSES:
                    break
        if not faults:
            return "passed" if tried else "not there", ""
        finding = faults[0] if faults[0].stopped else examination.smallest(faults[0])
        operations = _operations(finding)
        alike = [fault for fault in faults if _operations(fault) == operations]
        return explained(finding, [finding, *alike])

    return judge


def _single(operation: str, *inputs: float, constants: Sequence[float] = ()) -> Expression:
    operands: tuple[int | float, ...] = (*range(len(inputs)), *constants)
    return Expression(inputs, (Step(operation, operands),))


def _arithmetic(examination: Examination) -> Iterator[Expression]:
    for a, b in ((3.0, 5.0), (-1.5, 0.5), (4.0, -8.0)):
        for name in ("add", "multiply", "subtract", "divide"):
            if name in examination.operations:
                yield _single(name, a, b)
        if "negate" in examination.operations:
            yield _single("negate", a)


def _sides(examination: Examination) -> Iterator[Expression]:
    for name in ("add", "multiply", "subtract", "divide"):
        if name in examination.operations:
            for x in (3.0, -0.5):
                yield Expression((x,), (Step(name, (0, 2.0)),))
                yield Expression((x,), (Step(name, (2.0, 0)),))


def _powers(examination: Examination) -> Iterator[Expression]:
    if "power" in examination.operations:
        for x, n in ((3.0, 2.0), (2.0, 3.0), (-2.0, 3.0), (2.0, -1.0), (4.0, 0.5), (0.5, 1.0)):
            yield _single("power", x, constants=(n,))


def _functions(examination: Examination) -> Iterator[Expression]:
    for name in (*FUNCTIONS, "absolute"):
        if name in examination.operations:
            for x in (2.0, 0.5, -0.7, -1.3):
                yield _single(name, x)


def _chains(examination: Examination) -> Iterator[Expression]:
    """Every number is used once: only the upstream gradient can go wrong."""
    sound = examination.sound
    if "multiply" in sound and "add" in sound:
        yield Expression((2.0, 3.0, 5.0), (Step("multiply", (0, 1)), Step("multiply", (3, 2))))
        yield Expression(
            (2.0, -3.0, 10.0, -2.0), (Step("multiply", (0, 1)), Step("add", (4, 2)), Step("multiply", (5, 3)))
        )
    for outer in sound:
        for inner in sound:
            if len(OPERATIONS[outer].local) == len(OPERATIONS[inner].local) == 1:
                operands = [(0, 2.0) if x == "power" else (0,) for x in (inner, outer)]
                first, second = Step(inner, operands[0]), Step(outer, (1, *operands[1][1:]))
                yield Expression((0.7,), (first, second))


def _used_twice(examination: Examination) -> Iterator[Expression]:
    sound = examination.sound
    if "add" in sound:
        yield Expression((3.0,), (Step("add", (0, 0)),))
    if "multiply" in sound:
        yield Expression((3.0,), (Step("multiply", (0, 0)),))
    if {"add", "multiply"} <= set(sound):
        yield Expression((2.0, 3.0), (Step("multiply", (0, 1)), Step("add", (2, 0))))
        yield Expression((2.0, 3.0), (Step("add", (0, 1)), Step("multiply", (2, 0))))


def _inner_used_twice(examination: Examination) -> Iterator[Expression]:
    sound = examination.sound
    if {"add", "multiply"} <= set(sound):
        for first, second in (("multiply", "add"), ("add", "multiply")):
            yield Expression((2.0, 3.0), (Step(first, (0, 1)), Step(second, (2, 2))))
        c, d, e = Step("multiply", (0, 1)), Step("add", (2, 0)), Step("multiply", (2, 1))
        yield Expression((2.0, 3.0), (c, d, e, Step("add", (3, 4))))


def _orders(examination: Examination) -> Iterator[Expression]:
    """Numbers used near the root and far from it, then random graphs."""
    sound = examination.sound
    if not {"add", "multiply"} <= set(sound):
        return
    for deep_first in (True, False):
        c, d, e = Step("multiply", (0, 1)), Step("multiply", (2, 0)), Step("add", (3, 1))
        yield Expression((2.0, 3.0), (c, d, e, Step("multiply", (4, 2) if deep_first else (2, 4))))
    for size in (4, 6, 9, 13):
        for _ in range(15):
            expression = random_expression(sound, examination.rng, size)
            try:
                trace = expression.trace
            except GateError:
                continue
            smooth = all(0.0 < abs(edge.local) < LARGEST for edge in trace.edges)
            if smooth and all(abs(x) < LARGEST for x in (*trace.data, *trace.gradients())):
                yield expression


def _second_pass(examination: Examination) -> Judgement:
    """Twice over one graph: leaves may add up or be set afresh; anything else is wrong."""
    cases = [x for x in (*_used_twice(examination), *_inner_used_twice(examination)) if len(x.steps) < 3]
    cases = [x for x in cases if examination.fault(x) is None]
    if not cases:
        return "not there", "it is examined when one pass is right"
    afresh = False
    for expression in sorted(cases, key=lambda x: len(x.steps)):
        trace, leaves = expression.trace, len(expression.inputs)
        for zeroed in (False, True):
            found = examination.run(expression, passes=2, zeroed=zeroed)
            once, added = trace.gradients(), trace.gradients(1 if zeroed else 2)
            wrong = differing(found.gradients[:leaves], added[:leaves], agree)
            if not wrong:
                continue
            if agree(found.gradients[:leaves], once[:leaves]):
                afresh = True
                continue
            mistake = INNER_KEPT if INNER_KEPT.explains(trace, found.data, found.gradients) else None
            what = "the second backward pass is wrong"
            return replace(found, what=what, parts_at=wrong[0], mistake=mistake)
    return (
        "passed",
        "a second pass sets gradients afresh" if afresh else "gradients of leaves add up over passes",
    )


def _kept_inner(trace: Trace) -> Iterator[Sequence[float]]:
    leaves = len(trace.expression.inputs)
    for order in orders(trace):
        once = backward(trace, order)
        yield backward(trace, order, start=once)
        yield backward(trace, order, start=[0.0] * leaves + once[leaves:])


INNER_KEPT = Mistake(
    "inner gradients kept",
    "the second pass begins with the gradients that the first one left in the inner nodes",
    "what the backward pass does to the gradients of inner nodes before it begins",
    _kept_inner,
)


def _long_chain(examination: Examination) -> Judgement:
    if "add" in examination.unsound:
        return "not there", "it is examined when + is right"

    def breaks(length: int) -> dict[str, Any] | None:
        answer = examination.process.ask({"kind": "chain", "length": length})
        if "error" not in answer and answer["grad"] == [1.0]:
            return None
        return {"error": "wrong", "message": "a wrong gradient"} | answer

    broken = breaks(LONG)
    if broken is None:
        return "passed", ""
    low, high = 0, LONG
    while high - low > max(50, low // 10) and broken["error"] == "recursion":
        middle = (low + high) // 2
        low, high = (low, middle) if breaks(middle) else (middle, high)
    about = f"; about {low:,} still work" if low else ""
    return Finding(f"a chain of {LONG:,} additions: {broken['message']}{about}")


def _kinks(examination: Examination) -> Judgement:
    """At a kink any slope from one side's to the other's will do; which one is said."""
    remarks = []
    for name, low in (("relu", 0.0), ("absolute", -1.0)):
        if name in examination.operations:
            found = examination.run(_single(name, 0.0))
            slope = found.gradients[0]
            if slope is None or not low <= slope <= 1.0:
                return replace(found, what=f"at 0 the slope of {name} lies between {low:g} and 1", parts_at=0)
            remarks.append(f"the slope of {name} at 0 is {slope:g}")
    return "passed" if remarks else "not there", "; ".join(remarks)


def _care(examination: Examination) -> Iterator[Expression]:
    """Numbers at which a formula typed as it is printed overflows."""
    for name, numbers in (
        ("sigmoid", (1000.0, -1000.0)),
        ("tanh", (1000.0, -1000.0)),
        ("softplus", (1000.0, -1000.0)),
        ("exp", (-1000.0,)),
    ):
        if name in examination.operations:
            yield from (_single(name, x) for x in numbers)


def _freed(examination: Examination) -> Judgement:
    answer = examination.process.ask({"kind": "freed", "graphs": GRAPHS})
    if "error" in answer:
        return Finding(answer["message"])
    if answer["left"] < GRAPHS:
        return "passed", ""
    what = f"after {GRAPHS} small graphs were let go, {answer['left']} of their nodes are still in memory"
    return Finding(f"{what}: look for a list, outside the nodes, that holds them")


SKILLS = (
    Skill("forward", "numbers: + - * / give the right results", 8, _over(_arithmetic, gradients=False)),
    Skill("local", "local gradients of + - * /", 12, _over(_arithmetic, alone=True)),
    Skill("sides", "a plain number on either side", 8, _over(_sides)),
    Skill("powers", "powers", 6, _over(_powers, alone=True)),
    Skill("functions", "functions: exp, log, tanh, relu, …", 10, _over(_functions, alone=True)),
    Skill("upstream", "the chain rule: a gate behind a gate", 12, _over(_chains)),
    Skill("twice", "a number that is used twice", 12, _over(_used_twice)),
    Skill("inner twice", "an inner node that is used twice", 8, _over(_inner_used_twice)),
    Skill("order", "the order of the pass, on graphs of all shapes", 10, _over(_orders)),
    Skill("second pass", "a second pass, and gradients set to 0", 4, _second_pass),
    Skill("long chains", "long chains", 3, _long_chain),
    Skill("kinks", "ties and kinks", 2, _kinks),
    Skill("care", "numbers that a careless formula cannot take", 3, _over(_care)),
    Skill("freed", "graphs that nobody needs are freed", 2, _freed),
)
"""In the order in which an engine is built; the weights add up to 100."""
