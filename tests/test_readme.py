"""The README: its examples run, its table is that of the gates, its links and commands exist."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from autograd import draw, gates, lectures
from autograd.declaration import Gate
from autograd.typesetting.formulas import text

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

GATES = [gate for gate in vars(gates).values() if isinstance(gate, Gate)]


def test_the_examples_print_what_the_readme_says() -> None:
    """One after the other, as a reader types them; an empty line within one is part of what is printed."""
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.M | re.S)
    examples = "\n".join(re.sub(r"^$", "<BLANKLINE>", block.rstrip(), flags=re.M) + "\n" for block in blocks)
    test = doctest.DocTestParser().get_doctest(examples, {}, "README.md", None, None)
    failed, tried = doctest.DocTestRunner().run(test)
    assert (failed, tried > 20) == (0, True)


def test_the_first_two_blocks_are_the_two_commands() -> None:
    commands = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    assert commands[0].startswith("python -m pip install . && autograd walk logistic")
    assert commands[1] == 'python -m pip install ".[test]" && python -m pytest -n auto\n'


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_every_gate_has_its_row(gate: Gate) -> None:
    formulas = "; ".join(map(text, gate.local))
    cells = [f"`{gate.name}`", text(gate.formula), formulas, gate.role, gate.domain, gate.convention]
    row = "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
    assert row in README.splitlines()


def test_every_file_it_points_to_exists() -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_its_picture_is_what_draw_makes_of_the_logistic_example() -> None:
    root = lectures.logistic().root
    root.backward()
    drawn = draw(root).svg
    committed = (ROOT / "notebooks/pictures/logistic.svg").read_text(encoding="utf-8")
    assert re.findall(r">([^<>\n]+)</text>", drawn) == re.findall(r">([^<>\n]+)</text>", committed)
