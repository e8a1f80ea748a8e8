"""The notebooks: what is committed reads by itself, and a fresh kernel says it again.

After a change, `jupyter nbconvert --execute --inplace --ExecutePreprocessor.record_timing=False
--ExecutePreprocessor.coalesce_streams=True` with the notebook's path writes its outputs anew. It also
writes which Python ran: leave of `language_info` the name alone.
"""

from __future__ import annotations

import inspect
import math
import os
import re
import sys
from functools import cache
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbmake.nb_run import NotebookRun

from autograd import Value
from autograd.lectures import errata
from tests.platforms.notebooks import in_a_browser

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MEASURED = {"18_compiling", "20_a_language_model_of_scalars"}
"""Their outputs hold times, which are others in every run."""

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def read(path: Path) -> Any:
    return nbformat.read(path, 4)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose_of(path: Path) -> str:
    return "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def code_of(path: Path) -> str:
    return "\n".join(cell.source for cell in code_cells(read(path)))


# ── what is committed ───────────────────────────────────────────────────────────────────


@each_notebook
def test_it_was_run_once_from_top_to_bottom(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", f"{cell.id} ends in an error"
            assert output.get("name") != "stderr", f"{cell.id} warns: {output.text}"
        printed = [output.get("name") for output in cell.outputs]
        assert ("stdout", "stdout") not in pairwise(printed), f"{cell.id} holds what it printed in pieces"


@each_notebook
def test_it_is_small_and_tells_nothing_of_the_machine_that_ran_it(path: Path) -> None:
    assert path.stat().st_size < 2_000_000
    notebook = read(path)
    assert notebook.metadata.kernelspec.name == "python3"
    assert "version" not in notebook.metadata.language_info
    for cell in code_cells(notebook):
        assert "execution" not in cell.metadata, f"{cell.id} holds the time at which it ran"
        found = re.search(r"/(home|root|tmp|work|opt|Users)/|\b[A-Z]:\\|\b0x[0-9a-f]{6,}", shown_by(cell))
        assert not found, f"{cell.id} shows a path or an address: {found}"


# ── how it teaches ──────────────────────────────────────────────────────────────────────


@each_notebook
def test_it_says_what_it_teaches_and_what_it_takes(path: Path) -> None:
    first = read(path).cells[0].source
    assert first.startswith(f"# {int(path.stem[:2])} · ")
    assert "After this notebook you can" in first
    (minutes,) = re.findall(r"\*Time: about (\d\d) minutes, exercises apart\. Needs: ", first)
    assert 20 <= int(minutes) <= 40
    assert "[glossary](19_sources_and_slips.ipynb)" in first or path.stem.startswith("19")


@each_notebook
def test_it_lets_the_student_predict_explain_and_debug(path: Path) -> None:
    cells, prose = read(path).cells, prose_of(path)
    answers = [after for before, after in pairwise(cells) if "**Predict.**" in before.source]
    assert answers
    assert all(cell.cell_type == "code" for cell in answers), "what is to be predicted is seen at once"
    assert re.search(r"\*\*Explain\.\*\* [^\n]+\n\n<details><summary>One answer", prose)
    assert re.search(r"\*\*Debug\.\*\* [^\n]+\n\n<details><summary>The fault", prose)


@each_notebook
def test_its_exercises_have_three_levels_hints_and_folded_solutions(path: Path) -> None:
    headings = re.findall(r"^### Exercise (\d): .* (★{1,3})$", prose_of(path), re.MULTILINE)
    assert [number for number, _ in headings] == [str(k + 1) for k in range(len(headings))]
    assert {level for _, level in headings} == {"★", "★★", "★★★"}
    assert all("<details><summary>Hint 1" in text for text in prose_of(path).split("### Exercise ")[1:])
    solutions = [cell for cell in code_cells(read(path)) if "solution" in cell.metadata.get("tags", ())]
    assert len(solutions) == len(headings)
    for number, cell in enumerate(solutions, 1):
        assert cell.metadata.jupyter.source_hidden, f"{cell.id} shows the solution before it is asked for"
        assert cell.source.splitlines()[0] == "# Try first. A solution:"  # what JupyterLab shows of it
        assert f"Exercise {number}: right" in shown_by(cell)


@each_notebook
def test_its_code_is_about_its_subject(path: Path) -> None:
    """What draws a figure is in autograd.course: a notebook says what is to be seen."""
    drawing = r"matplotlib|pyplot|\bplt\b|\baxe?s?\.(?:set|plot)|IPython|^%(?!%writefile)"
    assert not re.search(drawing, code_of(path), re.MULTILINE)


def test_seven_slips_are_found_by_running_them() -> None:
    asked = re.findall(
        r"^### Exercise \d: run it, then find it: (S\d:\d+) ★+$", "\n".join(map(prose_of, NOTEBOOKS)), re.M
    )
    assert len(set(asked)) == len(asked) >= 7
    assert all(errata(place) for place in asked)


def test_each_leads_to_the_next() -> None:
    for path, following in pairwise(NOTEBOOKS):
        assert f"]({following.name})" in prose_of(path)


def rows_of(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


def starting_with(number: str) -> Path:
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(f"{number}_"))
    return path


def test_the_engines_notebook_shows_the_backward_pass_as_it_stands() -> None:
    assert inspect.getsource(Value.backward) in "".join(map(shown_by, code_cells(read(starting_with("05")))))


PLACES = rows_of("lecture_places.txt")
"""Where each line of the lecture is taught: its place, the notebook, and words that stand there."""


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.split(" | ")[0])
def test_what_the_lecture_says_is_taught(row: str) -> None:
    _, number, words = row.split(" | ", 2)
    cells = read(starting_with(number)).cells
    assert words in "\n".join([cell.source for cell in cells] + list(map(shown_by, cells)))


@each_notebook
def test_what_is_said_to_run_in_a_browser_asks_for_nothing_that_is_not_there(path: Path) -> None:
    """Those that say yes are run in Pyodide by tests/platforms/notebooks.py."""
    said, code = in_a_browser(read(path).cells), code_of(path)
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE))
    beyond = imported - sys.stdlib_module_names - {"autograd", "nn"}
    lacking = bool(re.search(r"examine\(|compiled(?:=|\": )True|\bcompile\(", code))
    if said.startswith("yes"):
        assert (beyond, lacking) == (set(), False)
        assert bool(re.search(r"\b(?:draw|player)\(", code)) == ("Graphviz" in said)
    elif said.startswith("with NumPy"):
        assert (beyond, lacking) == ({"numpy"}, False)
    else:
        assert said.startswith("no, ")
        assert lacking or beyond - {"numpy"}


# ── run again ───────────────────────────────────────────────────────────────────────────


def long_with(path: Path) -> list[pytest.MarkDecorator]:
    """The marks of a notebook that the long run executes."""
    return [pytest.mark.thorough, *([pytest.mark.torch] if path.stem == "17_pytorch" else [])]


WRONG_ANSWERS = [row.split(" | ") for row in rows_of("wrong_answers.txt")]
"""Wrong answers: the notebook, the exercise, code of an answer, and words of what the check says to it."""

BUILDERS = """
def two_layers(dZ1, without=""):
    "A wrong answer with this for dZ1, of which the check looks at dW1 first."
    dZ1 = dZ1.replace("dZ2", "(sigma(A1 @ w2 + b2) - Y)").replace("A1", "np.tanh(X @ W1.T + b1)")
    dZ1 = dZ1.replace(without, "")
    return eval(f"lambda X, Y, W1, b1, w2, b2: (({dZ1}).T @ X / 9, b1, w2, b2)", globals())

def rule(parameter, square_sum="square_sum + gradient**2"):
    "A wrong update rule, with S for the sum that it returns."
    parameter = parameter.replace("S", f"({square_sum})")
    arguments = "parameter, gradient, square_sum, step, learning_rate, epsilon"
    return eval(f"lambda {arguments}: ({parameter}, {square_sum})", globals())
"""

NUMBERS = """
from autograd.course.exercises import parts
try:
    numbers = parts(globals().get("solution_{0}", yours_{0})).values()
except (AssertionError, TypeError):
    numbers = ()  # a function
print(*(form for x in numbers for form in (f"{{abs(x):.3g}}", f"{{abs(x):.4g}}") if len(form) > 2))
"""
"""Prints the numbers of the right answer, which no check may tell: those of three digits or more."""

ANYTHING = """
for answer in ("a text", [], {{}}, object(), lambda *_: None, float("nan")):
    mark({0}, check_{0}, answer)
"""


@pytest.mark.parametrize(
    "path",
    [*NOTEBOOKS[:2], *(pytest.param(path, marks=long_with(path)) for path in NOTEBOOKS[2:])],
    ids=[path.stem for path in NOTEBOOKS],
)
def test_a_fresh_kernel_gives_the_committed_outputs_and_knows_the_usual_mistakes(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.delenv("MPLBACKEND", raising=False)  # else figures would not go into the notebook
    notebook = nbformat.read(path, 4)
    mistakes = [mistake for number, *mistake in WRONG_ANSWERS if number == path.stem[:2]]
    exercises = sorted({number for number, *_ in mistakes})
    notebook.cells.append(nbformat.v4.new_code_cell(BUILDERS))
    for number in exercises:
        notebook.cells.append(nbformat.v4.new_code_cell(NUMBERS.format(number)))
        notebook.cells.append(nbformat.v4.new_code_cell(ANYTHING.format(number)))
    for number, answer, _ in mistakes:
        notebook.cells.append(nbformat.v4.new_code_cell(f"mark({number}, check_{number}, {answer})"))
    alone = tmp_path / path.name  # no file of ours lies beside it
    nbformat.write(notebook, alone)
    result = NotebookRun(alone, default_timeout=60).execute()
    assert result.error is None, result.error.trace
    executed = code_cells(result.nb)
    tried = executed[len(executed) - len(mistakes) - 2 * len(exercises) :]
    secrets = {}
    for number, numbers, anything in zip(exercises, tried[::2], tried[1::2], strict=False):
        secrets[number] = set(shown_by(numbers).split())
        said = shown_by(anything)
        assert said.count(f"Exercise {number}: not yet.") == 6, f"{path.stem}\n{said}"
    for cell, (number, answer, reason) in zip(tried[2 * len(exercises) :], mistakes, strict=True):
        said = shown_by(cell)
        assert said.startswith(f"Exercise {number}: not yet."), f"{answer}\n{said}"
        assert reason in said, f"{answer}\n{said}"
        told = set(re.findall(r"\d+(?:\.\d+)?", said)) - set(re.findall(r"\d+(?:\.\d+)?", answer))
        assert not told & secrets[number], f"it tells the answer: {answer}\n{said}"
    if path.stem in MEASURED:
        return
    for committed, again in zip(code_cells(read(path)), executed, strict=False):
        for before, now in zip_longest(texts(committed), texts(again), fillvalue=""):
            assert same(before, now), f"{committed.id}:\n{committed.source}\n\nwas\n{before}\n\nis\n{now}"


def texts(cell: Any) -> list[str]:
    """What a cell printed, and the text of what it showed."""
    # Where native code is compiled, the first run says so on stderr.
    printed = "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
    shown = (output.get("data", {}) for output in cell.outputs)
    return [printed, *(data.get("text/markdown", data.get("text/plain", "")) for data in shown if data)]


def shown_by(cell: Any) -> str:
    return "".join(texts(cell)) if cell.cell_type == "code" else ""


NUMBER = re.compile(r"([-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)")


def same(a: str, b: str) -> bool:
    """Whether two texts agree but for the last digit of decimal numbers, rounding errors and spaces.

    Another machine's exp may differ in its last bit, which now and then shows where a number is rounded.
    """
    parts = list(zip_longest(NUMBER.split(a), NUMBER.split(b), fillvalue=""))
    words, numbers = parts[::2], parts[1::2]
    return all(x.split() == y.split() for x, y in words) and all(close(x, y) for x, y in numbers)


def close(a: str, b: str) -> bool:
    if a == b:
        return True
    if not (a and b):
        return False
    x, y = float(a), float(b)
    return max(abs(x), abs(y)) < 1e-9 or math.isclose(x, y, rel_tol=0, abs_tol=1.01 * max(unit(a), unit(b)))


def unit(number: str) -> float:
    """What 1 in the last digit of a decimal number is worth; 0 for an integer."""
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals or exponent else 0.0


@pytest.mark.parametrize(
    ("a", "b", "are_same"),
    [
        ("L = 0.7526", "L =  0.7525", True),
        ("error 8e-13", "error 0", True),
        ("slope 1.2e+03", "slope 1.3e+03", True),
        ("L = 0.7526", "L = 0.7524", False),
        ("3 of 4", "4 of 4", False),
        ("x = 2", "x = -2", False),
        ("right", "right.", False),
        ("1 2", "1", False),
        ("", "printed", False),
    ],
)
def test_texts_count_as_the_same_but_for_rounding(a: str, b: str, are_same: bool) -> None:
    assert same(a, b) == same(b, a) == are_same
