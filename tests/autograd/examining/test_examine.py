"""Engines that people write: right ones pass everything, wrong ones fail where and why they are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograd.examining import SKILLS, ExaminationError, examine
from autograd.examining.examination import Finding
from autograd.examining.folder import examine_folder, table
from tests.autograd.examining.mutants import ENGINE, LOOP, MULTIPLY, MUTANTS, SEED, Mutant
from tests.processes import child

ENGINES = sorted(ENGINE.parent.glob("*.py"))
RESTORED = "        for node in order:\n            node.grad = getattr(node, 'kept', node.grad)\n"
KEPT = (
    "        for node in order:\n            if not node._children:\n                node.kept = node.grad\n"
)


def failed(report) -> list[str]:
    return [result.skill.key for result in report.results if result.verdict == "failed"]


def written(folder: Path, text: str) -> Path:
    path = folder / "engine.py"
    path.write_text(text, encoding="utf-8")
    return path


# ── right engines ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ENGINES, ids=lambda path: path.stem)
def test_a_right_engine_passes_everything_in_whatever_style(path: Path) -> None:
    assert failed(examine(path)) == (["long chains"] if path.stem == "recursive" else [])


def test_the_engine_of_this_package_passes_too(tmp_path: Path) -> None:
    source = f"import sys\nsys.path.insert(0, {str(Path.cwd())!r})\nfrom autograd import Value\n"
    source += "print('{}')\n"  # what a student prints does not get into the answers
    assert {result.verdict for result in examine(written(tmp_path, source)).results} == {"passed"}


def test_names_are_found_out_and_said() -> None:
    report = examine(ENGINE.parent / "local_gradients.py", skills=[])
    first = str(report).splitlines()[0]
    assert first == "local_gradients.py · class Node · data: .value  grad: .adjoint  backward: .backprop"
    with pytest.raises(ValueError, match="a key of names is one of data, grad, backward, got 'gradient'"):
        examine(ENGINE, names={"gradient": "grad"})


# ── wrong engines ───────────────────────────────────────────────────────────────────────


def mutated(folder: Path, *mutants: Mutant) -> Path:
    source = ENGINE.read_text(encoding="utf-8")
    for mutant in mutants:
        assert mutant.before in source
        source = source.replace(mutant.before, mutant.after, 1)
    return written(folder, source)


def finding_in(mutant: Mutant, folder: Path) -> Finding:
    judged = SKILLS[: 1 + [skill.key for skill in SKILLS].index(mutant.skill)]
    finding = examine(mutated(folder, mutant), skills=judged)[mutant.skill].finding
    assert finding is not None, f"{mutant.skill} passes: {mutant.after}"
    return finding


@pytest.mark.parametrize(
    "mutant",
    [
        mutant if i % 6 == 0 else pytest.param(mutant, marks=pytest.mark.thorough)
        for i, mutant in enumerate(MUTANTS)
    ],
    ids=lambda mutant: f"{mutant.skill}: {mutant.mistake}",
)
def test_a_wrong_engine_fails_in_the_right_skill_for_the_right_reason(mutant: Mutant, tmp_path: Path) -> None:
    mistake = finding_in(mutant, tmp_path).mistake
    assert (mistake.key if mistake else None) == mutant.mistake


def test_a_mistake_of_the_pass_is_named_in_a_gate_that_is_composed_of_others_too(tmp_path: Path) -> None:
    source = with_line("def __sub__(self, other):", "return self + other * -1.0")
    report = examine(written(tmp_path, source.replace("reversed(order)", "order")))
    assert report["local"].finding.expression.operations == {"subtract"}
    assert {report[key].finding.mistake.key for key in ("local", "upstream", "twice", "order")} == {
        "wrong-order"
    }
    source = ENGINE.read_text(encoding="utf-8").replace("other.grad += -out.grad", "pass")
    assert examine(written(tmp_path, source))["local"].finding.mistake.key == "zero"


def test_of_mistakes_that_give_the_same_numbers_the_one_that_explains_most_is_named(tmp_path: Path) -> None:
    forgetful = next(mutant for mutant in MUTANTS if mutant.after == MULTIPLY.replace(" * out.grad", ""))
    report = examine(mutated(tmp_path, forgetful))
    named = {report[key].finding.mistake.key for key in ("upstream", "inner twice", "order")}
    assert named == {"forgets-upstream"}  # c + c alone might be = for +=


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("self.data < 0", "self.grad = out.grad"),
        ("-1 / other.data**2", "self.grad += 1.0"),
        ("-self.data / other.data *", "in order:"),
        ("self.data * out.grad\n            other.grad += other", "self.grad = out.grad"),
    ],
)
def test_of_two_mistakes_each_is_named_where_it_shows(one: str, other: str, tmp_path: Path) -> None:
    pair = [next(mutant for mutant in MUTANTS if part in mutant.after) for part in (one, other)]
    report = examine(mutated(tmp_path, *pair))
    for mutant in pair:
        assert report[mutant.skill].finding.mistake.key == mutant.mistake


def test_the_finding_is_the_smallest_expression(tmp_path: Path) -> None:
    overwriting = next(mutant for mutant in MUTANTS if mutant.mistake == "overwrite")
    finding = finding_in(overwriting, tmp_path)
    assert finding.expression.code() == "a = Value(3.0)\nb = a + a\nb.backward()"
    assert finding.expression.nodes[0].grad == 2.0  # the right number, for a picture of it


def test_the_answer_is_told_only_on_request(tmp_path: Path) -> None:
    sine = next(mutant for mutant in MUTANTS if "-math.cos" in mutant.after)
    path, skills = mutated(tmp_path, sine), [skill for skill in SKILLS if skill.key == sine.skill]
    hidden, shown = (str(examine(path, skills=skills, show=show)) for show in (False, True))
    assert "it should be -0.416147" in shown  # cos 2
    assert "-0.416147" not in hidden
    assert "a.grad is 0.416147, which is not right" in hidden


def test_what_is_skipped_says_why(tmp_path: Path) -> None:
    wrong = next(mutant for mutant in MUTANTS if mutant.before == MULTIPLY)
    report = examine(mutated(tmp_path, wrong))
    assert report["order"].remark == "it is examined when * is right"
    assert "(not there)" not in str(report)


def test_a_gradient_that_outlives_its_zeroing_is_shown_with_the_zeroing(tmp_path: Path) -> None:
    source = ENGINE.read_text(encoding="utf-8").replace(SEED, f"{RESTORED}{SEED}").replace(LOOP, LOOP + KEPT)
    lines = str(examine(written(tmp_path, source), show=True)).splitlines()
    at = lines.index("    a.grad = 0.0")
    assert lines[at - 1 :][:5] == [
        "    b.backward()",
        "    a.grad = 0.0",
        "    b.backward()  # a second time",
        "    → a.grad is 4, which is not right",
        "      it should be 2",
    ]


# ── what could hurt ─────────────────────────────────────────────────────────────────────


def with_line(method: str, line: str) -> str:
    """The right engine, with one line at the head of a method."""
    return ENGINE.read_text(encoding="utf-8").replace(method, f"{method}\n        {line}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("while True: pass", "still running after 1 seconds"),
        ("return [0] * 10**12", "more memory than it may take"),
        ("import os; os._exit(3)", "the process that ran it ended"),
        ("return self * other", "RecursionError"),
        ("raise SystemExit", "SystemExit"),
    ],
)
def test_nothing_that_a_student_writes_can_hurt(tmp_path: Path, line: str, said: str) -> None:
    source = with_line("def __mul__(self, other):", line)
    report = examine(written(tmp_path, source), seconds=1.0, skills=SKILLS[:1])
    assert said in report["forward"].finding.what
    assert report["forward"].finding.expression.steps[0].operation == "multiply"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "say which class it is: those with __add__ and __mul__ are none"),
        ("x = ", "SyntaxError"),
        ("class Value:\n def __init__(self, x): self.a = [x]", "does not show its number"),
        ("class Value:\n def __init__(self, x): self.data = x", "does not show its gradient"),
        ("class Value:\n def __init__(self, x): self.data, self.grad = x, 0", "no method for the backward"),
    ],
)
def test_a_file_without_an_engine_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ExaminationError, match=said):
        examine(written(tmp_path, text))


def test_a_class_is_examined_in_a_copy_of_this_process() -> None:
    counted = []

    class Value:
        def __init__(self, data: float) -> None:
            counted.append(data)
            self.data, self.grad = data, 0.0

        def __add__(self, other):
            return Value(self.data + other.data)

        def backward(self) -> None:
            self.grad = 1.0

    assert examine(Value)["local"].verdict == "failed"
    assert counted == []


def test_where_another_library_warns_of_copies_a_class_is_examined_without_a_word() -> None:
    process = child("""
        import os, warnings
        from autograd import Value
        from autograd.examining import examine

        # JAX does the same, because it has threads.
        os.register_at_fork(before=lambda: warnings.warn("os.fork() was called", RuntimeWarning))
        print(examine(Value).passed)
    """)
    assert process.communicate(timeout=60) == ("True\n", "")


# ── reports ─────────────────────────────────────────────────────────────────────────────


def test_a_report_is_a_mark_a_test_of_pytest_and_what_gradescope_reads() -> None:
    report = examine(ENGINE.parent / "recursive.py")
    there = [result.skill.weight for result in report.results if result.verdict != "not there"]
    assert sum(skill.weight for skill in SKILLS) == 100
    assert report.mark == pytest.approx(100 * (sum(there) - 3) / sum(there))
    report.check("twice")
    with pytest.raises(AssertionError, match="long chains\na chain of 20,000 additions: RecursionError"):
        report.check("long chains")
    tests = json.loads(json.dumps(report.gradescope()))["tests"]
    (failing,) = (test for test in tests if test["status"] == "failed")
    assert (failing["name"], failing["score"]) == ("long chains", 0)
    assert "RecursionError" in failing["output"]


def test_a_folder_of_submissions_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "anna.py").write_text(ENGINE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "ben.py").write_text("x = 1", encoding="utf-8")
    lines = table(examine_folder(tmp_path, skills=SKILLS[:3])).splitlines()
    assert lines[1].split()[:2] == ["anna.py", "100"]
    assert lines[1].split()[2:] == ["✓"] * 3
    assert lines[2].startswith("ben.py         -  say which class it is")
