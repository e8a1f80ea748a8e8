"""How the page writes numbers and formulas is how Python writes them: as text, in LaTeX and in MathML."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Gate, dot, gate, logsumexp, total
from autograd.languages import PAGES
from autograd.playing.assembly import shared_tables
from autograd.playing.graph_data import _label, tree_of
from autograd.typesetting.formulas import piece
from autograd.typesetting.gate_formulas import formulas_of, on_a_boundary, put_in
from autograd.typesetting.latex import Latex
from autograd.typesetting.mathml import MathML
from autograd.typesetting.numbers import decimal
from autograd.typesetting.text import Text
from tests.autograd.playing.test_equality import asset
from tests.gate_cases import GATE_CASES

Run = Callable[..., Any]


@gate(symbol="band", formula="x if 0 < x and x < 1 or x == 2 else 0", local=("1",))
def band(x: float) -> tuple[float, tuple[float, ...]]:
    return x, (1.0,)


WRITER = shared_tables() + "".join(
    map(asset, ("sentences", "numbers", "notation", "markup", "gate_formulas"))
)


def numbers(count: int) -> list[float]:
    chance = random.Random(5)
    round_ones = [0.0, 1.0, -1.0, 2.0, 0.5, 0.125, -0.03125, 1e7, 1e-4, 9.99999e-5, 12345678.0, 0.00005]
    others = [chance.choice([1, -1]) * 10 ** chance.uniform(-12, 12) for _ in range(count)]
    halves = [chance.randrange(-(10**6), 10**6) / 2**k for k in range(12)]
    return [*round_ones, *others, *halves, float("inf"), float("-inf"), float("nan")]


def test_numbers_are_rounded_alike(javascript: Run) -> None:
    for decimals in (2, 4, 7):
        given = numbers(300)
        there = javascript(
            asset("numbers") + "const main = (all, places) => all.map((x) => decimal(x, places));",
            given,
            decimals,
        )
        for x, written in zip(given, there, strict=True):
            same = {"NaN": "nan", "Infinity": "inf"}
            assert str(written).lower() in (decimal(x, decimals).lower(), same.get(decimal(x, decimals))), x


@pytest.mark.parametrize("language", PAGES)
def test_every_formula_of_every_gate_is_written_alike(javascript: Run, language: str) -> None:
    chance = random.Random(11)
    rows: list[tuple[list[Any], list[str]]] = []
    gates: list[tuple[Any, int]] = [(case.gate, len(case.gate.parameters)) for case in GATE_CASES]
    gates += [(band, 1), (dot, 4), (dot, 5), (total, 3), (total, 9), (logsumexp, 3)]
    for each, count in gates:
        formulas = formulas_of(each, count)
        constants = formulas.parameters[len(formulas.local) :] if isinstance(each, Gate) else ()
        for formula in (formulas.output, *formulas.local):
            for _ in range(6):
                put = {name: chance.choice([2.0, -1.5, 3e-7, 0.0, 1.0]) for name in formulas.parameters}
                fixed = {name: put.pop(name) for name in constants}
                names = {name: chance.choice(["x", "w11(2)", "log g8", "a+b", "θ"]) for name in put}
                whole = put_in(formula, fixed)
                written = []
                for given in (put, names):
                    for notation in (Text(4, language), Latex(4, language), MathML(4, language)):
                        written.append(piece(whole, given, notation).written)
                rows.append(([tree_of(formula), fixed, put, names], written))
    labels = {name: _label(name) for name in ("x", "w11(2)", "log g8", "a+b", "θ")}
    there = javascript(
        WRITER
        + f"language = {json.dumps(language)};"
        + """const main = (rows, labels) => rows.map(([tree, fixed, put, names]) =>
          [put, names].flatMap((given) =>
          [TextNotation, LatexNotation, MathMLNotation].map((Kind) => {
            const notation = new Kind(4, labels), pieces = {};
            for (const [parameter, x] of Object.entries(given)) {
              pieces[parameter] = typeof x === "number" ? notation.number(x) : notation.name(x);
            }
            return notation.write(putIn(tree, fixed), pieces).written;
          })));""",
        [given for given, _ in rows],
        labels,
    )
    for (given, expected), found in zip(rows, there, strict=True):
        plain = [str(x).replace(' class="left"', ' style="text-align: left"') for x in found]
        assert plain == expected, given


def test_a_boundary_is_found_alike(javascript: Run) -> None:
    rows, expected = [], []
    for case in GATE_CASES:
        formulas = formulas_of(case.gate, len(case.gate.parameters))
        for point in ((0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (-1.0, 2.0)):
            values = dict(zip(formulas.parameters, point, strict=False))
            for formula in formulas.local:
                rows.append([tree_of(formula), values])
                expected.append(on_a_boundary(formula, values))
    found = javascript(
        WRITER + "const main = (rows) => rows.map(([tree, numbers]) => onABoundary(tree, numbers));", rows
    )
    assert found == expected
    assert any(expected)
    assert not all(expected)
