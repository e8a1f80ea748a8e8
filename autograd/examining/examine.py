"""The examination of one engine, and its report."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograd.examining.process import ExaminationError, StudentProcess
from autograd.examining.skills import SKILLS, Examination, Finding, Result, Skill


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
    def mark(self) -> float:
        """The weights of the skills that passed, of 100; skills that are not there do not count."""
        there = [result for result in self.results if result.verdict != "not there"]
        passed = sum(result.skill.weight for result in there if result.verdict == "passed")
        return 100.0 * passed / (sum(result.skill.weight for result in there) or 1)

    def __getitem__(self, key: str) -> Result:
        return next(result for result in self.results if result.skill.key == key)

    def __str__(self) -> str:
        said = "  ".join(f"{what}: .{self.surface[what]}" for what in ("data", "grad", "backward"))
        lines = [f"{self.engine} · class {self.surface['class']} · {said}", ""]
        for result in self.results:
            sign = {"passed": "✓", "failed": "✗", "not there": "·"}[result.verdict]
            remark = result.remark or ("not there" if result.verdict == "not there" else "")
            lines.append(f"{sign} {result.skill.title}" + (f"  ({remark})" if remark else ""))
            if result.finding:
                lines += ["    " + line for line in finding_lines(result.finding, self.surface, self.show)]
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
            lines = finding_lines(result.finding, self.surface, self.show)
            raise AssertionError("\n".join([result.skill.title, *lines]))

    @property
    def keys(self) -> list[str]:
        """The skills that the engine can be asked about."""
        return [result.skill.key for result in self.results if result.verdict != "not there"]

    def gradescope(self) -> dict[str, Any]:
        """The report as the dict that Gradescope reads from results.json."""
        return {
            "score": round(self.mark, 2),
            "tests": [
                {
                    "name": result.skill.title,
                    "max_score": result.skill.weight,
                    "score": result.skill.weight if result.verdict == "passed" else 0,
                    "status": "passed" if result.verdict == "passed" else "failed",
                    "output": "\n".join(finding_lines(result.finding, self.surface, self.show))
                    if result.finding
                    else result.remark,
                }
                for result in self.results
                if result.verdict != "not there"
            ],
        }


def finding_lines(finding: Finding, surface: Mapping[str, Any], show: bool) -> list[str]:
    """A finding for its author: what was run, the numbers it gave, where to look; the right ones if shown."""
    lines = [finding.what] if finding.expression is None else []
    expression, trace = finding.expression, finding.trace
    if expression is not None and trace is not None:
        lines += expression.code(surface["class"], surface["backward"]).splitlines()
        if finding.passes == 2:
            lines.append(f"{expression.names[-1]}.{surface['backward']}()  # a second time")
        name = expression.names[finding.parts_at] if finding.parts_at is not None else ""
        if finding.parts_at is None:
            lines.append(f"→ {finding.what}")
        else:
            forward = finding.is_forward
            place = surface["data"] if forward else surface["grad"]
            found = (finding.data if forward else finding.gradients)[finding.parts_at]
            lines.append(
                f"→ {name}.{place} is {found if found is None else f'{found:.6g}'}, which is not right"
            )
            if show:
                right = (trace.data if forward else trace.gradients(finding.passes))[finding.parts_at]
                lines.append(f"  it should be {right:.6g}")
    if finding.mistake:
        lines.append(f"  these are the numbers of an engine in which {finding.mistake.title}")
        lines.append(f"  look at {finding.mistake.look_at}")
    elif finding.parts_at is not None:
        lines.append("  no common mistake gives these numbers")
    return lines


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

    engine   a class with numbers, operators and a backward pass, or the path of the file in
             which it stands: `engine.py`, or `engine.py:Node` where the class is not to be found out
    skills   those to examine, of `SKILLS`
    names    what the class calls `data`, `grad` and `backward`, where that is not to be found out
    seed     of the random expressions
    seconds  how long one expression may take
    show     whether the report tells the right numbers

    The engine runs in a process of its own, with limits of time and memory; a class is taken
    there in a copy of this process. Raises ExaminationError if there is no engine.

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
    path, name = engine, ""
    if isinstance(engine, str | Path):
        file, colon, name = str(engine).rpartition(":")
        path = Path(file if colon and not file.endswith(":") else engine)
        name = name if colon else ""
        if not path.is_file():
            raise ExaminationError(f"{path}: there is no such file")
        title = path.name
    else:
        title = engine.__name__
    with StudentProcess(path, name, names, seconds) as process:  # type: ignore[arg-type]
        examination = Examination(process, random.Random(seed))
        results = tuple(skill.examine(examination) for skill in skills)
        return Report(title, process.surface, results, show)
