"""The examination of one engine, and its report."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograd.arguments import one_of, positive
from autograd.examining.examination import Examination, agreed
from autograd.examining.process import ExaminationError, StudentProcess
from autograd.examining.skills import SIGNS, SKILLS, Result, Skill


@dataclass(frozen=True)
class Report:
    """What `examine` found: a `Result` for every skill; prints as text."""

    engine: str
    surface: Mapping[str, Any]
    results: tuple[Result, ...]
    show: bool = False

    @property
    def passed(self) -> bool:
        """Whether no skill failed."""
        return all(result.verdict != "failed" for result in self.results)

    @property
    def there(self) -> list[Result]:
        """The results on what the engine can be asked about."""
        return [result for result in self.results if result.verdict != "not there"]

    @property
    def keys(self) -> list[str]:
        """The keys of the skills that the engine can be asked about."""
        return [result.skill.key for result in self.there]

    @property
    def mark(self) -> float:
        """The weights of the skills that passed, of 100; skills that are not there do not count."""
        passed = sum(result.skill.weight for result in self.there if result.verdict == "passed")
        return 100.0 * passed / (sum(result.skill.weight for result in self.there) or 1)

    def __getitem__(self, key: str) -> Result:
        return {result.skill.key: result for result in self.results}[key]

    def __str__(self) -> str:
        said = "  ".join(f"{what}: .{self.surface[what]}" for what in ("data", "grad", "backward"))
        lines = [f"{self.engine} · class {self.surface['class']} · {said}", ""]
        for result in self.results:
            remark = result.remark or ("not there" if result.verdict == "not there" else "")
            lines.append(
                f"{SIGNS[result.verdict]} {result.skill.title}" + (f"  ({remark})" if remark else "")
            )
            lines += ["    " + line for line in self._finding_lines(result)]
        lines += ["", f"{self.mark:.0f} of 100"]
        return "\n".join(lines)

    def check(self, key: str) -> None:
        """Raise AssertionError with the finding if this skill failed: one test of a pytest file.

            report = examine("engine.py")

            @pytest.mark.parametrize("key", report.keys)
            def test_engine(key):
                report.check(key)

        `pytest --junitxml=results.xml` then writes what graders read.
        """
        result = self[key]
        if result.finding:
            raise AssertionError("\n".join([result.skill.title, *self._finding_lines(result)]))

    def gradescope(self) -> dict[str, Any]:
        """The report as the dict that Gradescope reads from results.json."""
        return {
            "score": round(self.mark, 2),
            "tests": [
                {
                    "name": result.skill.title,
                    "max_score": result.skill.weight,
                    "score": result.skill.weight if result.verdict == "passed" else 0,
                    "status": result.verdict,
                    "output": "\n".join(self._finding_lines(result)) or result.remark,
                }
                for result in self.there
            ],
        }

    def _finding_lines(self, result: Result) -> list[str]:
        """What was run, the numbers it gave, where to look; the right ones if shown."""
        finding = result.finding
        if finding is None:
            return []
        expression, place = finding.expression, finding.parts_at
        if expression is None:
            return [finding.what]
        grad, backward = self.surface["grad"], self.surface["backward"]
        lines = expression.code(self.surface["class"], backward).splitlines()
        if finding.zeroed:
            lines += [f"{name}.{grad} = 0.0" for name in expression.names[: len(expression.inputs)]]
        if finding.passes == 2:
            lines.append(f"{expression.names[-1]}.{backward}()  # a second time")
        if place is None:
            return [*lines, f"→ {finding.what}"]
        attribute, found = grad, finding.gradients
        right = expression.gradients(1 if finding.zeroed else finding.passes)
        if finding.is_forward:
            attribute, found, right = self.surface["data"], finding.data, expression.data
        shown = None if found[place] is None else f"{found[place]:.6g}"
        lines.append(f"→ {expression.names[place]}.{attribute} is {shown}, which is not right")
        if self.show:
            lines.append(f"  it should be {right[place]:.6g}")
        if finding.mistake is None:
            return [*lines, "  no common mistake gives these numbers"]
        lines.append(f"  these are the numbers of an engine in which {finding.mistake.title}")
        return [*lines, f"  look at {finding.mistake.look_at}"]


def examine(
    engine: type | str | Path,
    *,
    skills: Sequence[Skill] = SKILLS,
    names: Mapping[str, str] | None = None,
    seed: int = 0,
    seconds: float = 5.0,
    show: bool = False,
) -> Report:
    """Examine an autograd engine that somebody wrote: what is wrong, on the smallest example, and why.

    engine   a class with numbers, operators and a backward pass, or the path of its file:
             `engine.py`, or `engine.py:Node` if it has several such classes
    skills   the skills to examine
    names    what the class calls `data`, `grad` and `backward`, if it uses unusual names
    seed     of the random expressions
    seconds  how long one expression may take
    show     whether the report tells the right numbers

    The engine runs in a process of its own, with limits on time and memory; for a class, that
    is a copy of this process. Raises ExaminationError if there is no engine, ValueError for a name
    of anything else.

    >>> class Value:
    ...     def __init__(self, data, parents=()):
    ...         self.data, self.grad, self.parents = data, 0.0, parents
    ...     def __add__(self, other):
    ...         return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
    ...     def __mul__(self, other):
    ...         return Value(self.data * other.data, ((self, other.data), (other, self.data)))
    ...     def backward(self, upstream=1.0):
    ...         self.grad = upstream
    ...         for parent, local in self.parents:
    ...             parent.backward(local * upstream)
    >>> report = examine(Value)
    >>> report["twice"].finding.mistake.title
    '= where += is needed'
    """
    seconds = positive("seconds", seconds)
    for what in names or ():
        one_of("a key of names", what, ("data", "grad", "backward"))
    source: type | Path
    if isinstance(engine, type):
        source, name, title = engine, "", engine.__name__
    else:
        file, found, name = str(engine).partition(".py:")
        source = Path(f"{file}.py" if found else file)
        title = source.name
        if not source.is_file():
            raise ExaminationError(f"{source}: there is no such file")
    with closing(StudentProcess(source, name, names, seconds)) as process:
        examination = Examination(process, random.Random(seed))
        results = [skill.examine(examination) for skill in skills]
        findings = iter(agreed([result.finding for result in results if result.finding]))
        agreeing = (replace(x, finding=next(findings)) if x.finding else x for x in results)
        return Report(title, process.surface, tuple(agreeing), show)
