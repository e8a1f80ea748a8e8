"""What an engine can do or cannot, skill by skill: the cases of each, and the judgement over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Literal

from autograd.declaration import GateError
from autograd.examining.examination import Examination, Finding, agree, differing, explained
from autograd.examining.expressions import (
    FUNCTIONS,
    OPERATIONS,
    OPERATORS,
    Expression,
    Step,
    random_expression,
    step,
)
from autograd.examining.mistakes import SECOND_PASS_MISTAKES

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


@dataclass(frozen=True)
class Skill:
    """A key for programs, a title for people, a weight of 100 for a mark, and the judge."""

    key: str
    title: str
    weight: int
    judge: Judge

    def examine(self, examination: Examination) -> Result:
        """The verdict on this skill."""
        judgement = self.judge(examination)
        if isinstance(judgement, Finding):
            return Result(self, "failed", judgement)
        return Result(self, judgement[0], remark=judgement[1])


# ── expressions ─────────────────────────────────────────────────────────────────────────


def _single(name: str, *numbers: float) -> Expression:
    """One operation, on as many of these numbers as it takes; an exponent stays a plain number."""
    gate = OPERATIONS[name]
    count = len(gate.local)
    return Expression(numbers[:count], (Step(name, (*range(count), *numbers[count : len(gate.parameters)])),))


ARITHMETIC = [
    _single(name, a, b)
    for a, b in ((3.0, 5.0), (-1.5, 0.5), (4.0, -8.0))
    for name in ("add", "multiply", "subtract", "divide", "negate")
]

SIDES = [
    Expression((x,), (Step(name, operands),))
    for name in ("add", "multiply", "subtract", "divide")
    for x in (3.0, -0.5)
    for operands in ((0, 2.0), (2.0, 0))
]

POWERS = [
    _single("power", x, n)
    for x, n in ((3.0, 2.0), (2.0, 3.0), (-2.0, 3.0), (2.0, -1.0), (4.0, 0.5), (0.5, 1.0))
]

ONE_INPUT = [_single(name, x) for name in (*FUNCTIONS, "absolute") for x in (2.0, 0.5, -0.7, -1.3)]

LARGE = [
    *(_single(name, x) for name in ("sigmoid", "tanh", "softplus") for x in (1000.0, -1000.0)),
    _single("exp", -1000.0),
]
"""Numbers at which a formula typed as it is printed overflows."""

CHAINS = [
    Expression.of(lambda a, b, c: a * b * c, 2.0, 3.0, 5.0),
    Expression.of(lambda a, b, c, d: (a * b + c) * d, 2.0, -3.0, 10.0, -2.0),
    *(
        Expression((0.7,), (step(inner, 0), step(outer, 1)))
        for outer, inner in product(OPERATIONS, repeat=2)
        if len(OPERATIONS[outer].local) == len(OPERATIONS[inner].local) == 1
    ),
]
"""Every number is used once: only the upstream gradient can go wrong."""

TWICE = [
    Expression.of(lambda a: a + a, 3.0),
    Expression.of(lambda a: a * a, 3.0),
    Expression.of(lambda a, b: a * b + a, 2.0, 3.0),
    Expression.of(lambda a, b: (a + b) * a, 2.0, 3.0),
]

INNER_TWICE = [
    Expression.of(lambda a, b: (c := a * b) + c, 2.0, 3.0),
    Expression.of(lambda a, b: (c := a + b) * c, 2.0, 3.0),
    Expression.of(lambda a, b: (c := a * b) + a + c * b, 2.0, 3.0),
]

NEAR_AND_FAR = [
    Expression.of(lambda a, b: ((c := a * b) * a + b) * c, 2.0, 3.0),
    Expression.of(lambda a, b: (c := a * b) * (c * a + b), 2.0, 3.0),
]
"""Numbers that are used near the root and far from it."""


def _random(examination: Examination) -> Iterator[Expression]:
    """Graphs of all shapes; none with a slope of 0, behind which any gradient would do."""
    for size in (4, 6, 9, 13):
        for _ in range(15):
            expression = random_expression(examination.sound, examination.rng, size)
            with suppress(GateError):
                slopes = [abs(local) for node in expression.nodes for local in node.local_grads]
                numbers = [*slopes, *map(abs, expression.data), *map(abs, expression.gradients())]
                if 0.0 not in slopes and max(numbers) < LARGEST:
                    yield expression


# ── judges ──────────────────────────────────────────────────────────────────────────────


def _over(
    cases: Iterable[Expression],
    examination: Examination,
    *,
    gradients: bool = True,
    alone: bool = False,
    built: bool = False,
) -> Judgement:
    """Judge by expressions: the first that fails is shrunk.

    gradients  judge them too, and not only the numbers
    alone      cases of one operation: note it as unsound if it fails
    built      cases of several: leave out those with an unsound operation
    """
    faults, tried, left_out = list[Finding](), False, set[str]()
    for expression in cases:
        if not expression.operations <= set(examination.operations):
            continue
        if built and (unsound := expression.operations & examination.unsound):
            left_out = left_out or unsound
            continue
        try:
            fault = examination.fault(expression, gradients)
        except GateError:
            continue
        tried = True
        if fault:
            faults.append(fault)
            if alone:
                examination.unsound |= expression.operations
            if fault.stopped or (len(faults) == WITNESSES and not alone):
                break
    if not faults:
        return ("passed", "") if tried else ("not there", _when_right(left_out))
    finding = faults[0] if faults[0].stopped else examination.smallest(faults[0], gradients)
    assert finding.expression
    alike = [x for x in faults if x.expression and x.expression.operations == finding.expression.operations]
    return explained(finding, [finding, *alike])


def _when_right(operations: set[str]) -> str:
    signs = [OPERATORS.get(name, name).replace("{}", "").strip() for name in sorted(operations)]
    return f"it is examined when {' and '.join(signs)} {'are' if signs[1:] else 'is'} right" if signs else ""


def _orders(examination: Examination) -> Judgement:
    graphs = _random(examination) if {"add", "multiply"} <= set(examination.sound) else ()
    return _over([*NEAR_AND_FAR, *graphs], examination, built=True)


def _second_pass(examination: Examination) -> Judgement:
    """Twice over one graph: leaves may add up or be set afresh; anything else is wrong."""
    sound = set(examination.sound)
    cases = [x for x in (*TWICE, *INNER_TWICE[:2]) if x.operations <= sound and not examination.fault(x)]
    if not cases:
        return "not there", "it is examined when one pass is right"
    remark = "gradients of leaves add up over passes"
    for expression, zeroed in product(cases, (False, True)):
        leaves, once = len(expression.inputs), expression.gradients()
        found = examination.run(expression, passes=2, zeroed=zeroed)
        if found.what:
            return found
        added = once if zeroed else expression.gradients(2)
        wrong = differing(found.gradients[:leaves], added[:leaves])
        if wrong and agree(found.gradients[:leaves], once[:leaves]):
            remark = "a second pass sets gradients afresh"
        elif wrong:
            explaining = (x for x in SECOND_PASS_MISTAKES if x.explains(expression, found.gradients, once))
            what = "the second backward pass is wrong"
            return replace(found, what=what, parts_at=wrong[0], mistake=next(explaining, None))
    return "passed", remark


def _long_chain(examination: Examination) -> Judgement:
    if "add" in examination.unsound:
        return "not there", _when_right({"add"})

    def fault(length: int) -> str:
        chain = Expression((1.0,), tuple(Step("add", (place, 1.0)) for place in range(length)))
        found = examination.run(chain)
        return found.what or ("" if found.gradients[0] == 1.0 else "a wrong gradient")

    what = fault(LONG)
    if not what:
        return "passed", ""
    low, high = 0, LONG
    while high - low > max(50, low // 10) and what.startswith("RecursionError"):
        middle = (low + high) // 2
        low, high = (low, middle) if fault(middle) else (middle, high)
    about = f"; about {low:,} still work" if low else ""
    return Finding(f"a chain of {LONG:,} additions: {what}{about}")


def _kinks(examination: Examination) -> Judgement:
    """At a kink any slope from one side's to the other's will do; which one is said."""
    remarks = []
    for name, low in (("relu", 0.0), ("absolute", -1.0)):
        if name in examination.operations:
            found = examination.run(_single(name, 0.0))
            if found.what:
                return found
            slope = found.gradients[0]
            if slope is None or not low <= slope <= 1.0:
                return replace(found, what=f"at 0 the slope of {name} lies between {low:g} and 1", parts_at=0)
            remarks.append(f"the slope of {name} at 0 is {slope:g}")
    return "passed" if remarks else "not there", "; ".join(remarks)


def _freed(examination: Examination) -> Judgement:
    answer = examination.process.ask({"kind": "freed", "graphs": GRAPHS})
    if "error" in answer:
        return Finding(answer["message"])
    if answer["left"] < GRAPHS:
        return "passed", ""
    what = f"after {GRAPHS} small graphs were let go, {answer['left']} of their nodes are still in memory"
    return Finding(f"{what}: look for a list, outside the nodes, that holds them")


SKILLS = (
    Skill(
        "forward", "numbers: + - * / give the right results", 8, partial(_over, ARITHMETIC, gradients=False)
    ),
    Skill("local", "local gradients of + - * /", 12, partial(_over, ARITHMETIC, alone=True)),
    Skill("sides", "a plain number on either side", 8, partial(_over, SIDES)),
    Skill("powers", "powers", 6, partial(_over, POWERS, alone=True)),
    Skill("functions", "functions: exp, log, tanh, relu, …", 10, partial(_over, ONE_INPUT, alone=True)),
    Skill("upstream", "the chain rule: a gate behind a gate", 12, partial(_over, CHAINS, built=True)),
    Skill("twice", "a number that is used twice", 12, partial(_over, TWICE, built=True)),
    Skill("inner twice", "an inner node that is used twice", 8, partial(_over, INNER_TWICE, built=True)),
    Skill("order", "the order of the pass, on graphs of all shapes", 10, _orders),
    Skill("second pass", "a second pass, and gradients set to 0", 4, _second_pass),
    Skill("long chains", "long chains", 3, _long_chain),
    Skill("kinks", "ties and kinks", 2, _kinks),
    Skill("care", "numbers that a careless formula cannot take", 3, partial(_over, LARGE)),
    Skill("freed", "graphs that nobody needs are freed", 2, _freed),
)
"""In the order in which an engine is built; the weights add up to 100."""
