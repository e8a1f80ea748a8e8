"""Predict asks, judges and explains; no answer shows while it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, player
from tests.autograd.playing.test_equality import asset
from tests.browser import Open, Page, lecture
from tests.graphs import named


def answer(page: Page, typed: str) -> str:
    """Type an answer, and return what is said of it."""
    page.run("$('guess').value = arguments[0]; check()", typed)
    return page.text("verdict")


def at(page: Page, title: str) -> None:
    page.run("predict.answered.clear(); predict.tries.clear(); setMode('predict')")
    page.go(title)


def test_a_guess_is_judged_by_what_changes(javascript: Callable[..., Any]) -> None:
    guesses = [
        ("-0.31", -0.3133, None, "right"),  # right to the digits given
        ("-0.3", -0.3133, None, "wrong"),  # one digit is not enough
        ("-0.3133", -0.31326, None, "right"),
        ("0.735", 0.7311, None, "right"),  # within 1 %
        ("0.74", 0.7311, None, "wrong"),
        ("-2.99973", -2.99973106, -3.0, "right"),
        ("-3.00027", -2.99973106, -3.0, "wrong"),  # uphill
        ("-3", -2.99973106, -3.0, "wrong"),  # no step
        ("-2.9973", -2.99973106, -3.0, "wrong"),  # the slides' slipped decimal
        ("-2.9997", -2.99973106, -3.0, "coarse"),
    ]
    script = asset("numbers") + re.sub("const storeKey.*", "", asset("predict"))
    judged = "([typed, number, old]) => judge(readNumber(typed), typed, number, old)"
    found = javascript(f"{script}; const main = (all) => all.map({judged});", guesses)
    assert found == [verdict for *_, verdict in guesses]


def test_numbers_are_read_as_people_write_them(javascript: Callable[..., Any]) -> None:
    numbers = {
        "1/2": 0.5,
        "2*-1": -2.0,
        "1/e": 0.36787944117144233,
        "-e^-1": -0.36787944117144233,
        "0,25": 0.25,
        "−3": -3.0,
        "2(3": float("nan"),
        "-2^2": -4.0,
        "exp(-1)*(1+1)": 0.7357588823428847,
        "1e-3": 0.001,
        "": float("nan"),
        "three": float("nan"),
    }
    found = javascript(asset("numbers") + "const main = (all) => all.map(readNumber);", list(numbers))
    assert found == pytest.approx(list(numbers.values()), rel=1e-15, nan_ok=True)


@pytest.mark.both_browsers
def test_no_answer_shows_while_it_is_asked_for(open_page: Open) -> None:
    page = open_page(lecture())
    page.run("setMode('predict')")
    leaks = page.run(
        """const text = (selector) => document.querySelector(selector).innerText;
           const leaks = [];
           predict.answered.clear();
           page.frames.forEach((frame, i) => {
             go(i);
             const { question, lines } = teller().tell(frame);
             if (!question) return;
             const answer = decimal(question.number, 4), box = document.getElementById(frame.focus);
             const asked = frame.phase === "backward" ? ".gradient" : ".number";
             const shown = box.querySelector(asked).textContent;
             const around = ["header .tools", "#title", "#role", "#notes", "#verdict"].map(text);
             around.push(document.title);
             if (around.some((said) => said.includes(answer))) leaks.push([i, answer, around]);
             if (!shown.includes("?")) leaks.push([i, shown]);
             for (const said of ["#lines [aria-current]", "#caption", "#live"]) {
               const line = document.querySelector(said).textContent;
               if (!line.includes(`${lines[0].text} ?`)) leaks.push([i, line]);
             }
           });
           return leaks"""
    )
    assert leaks == []
    assert page.text("title") == "L"


def test_a_classic_error_is_named_and_there_is_a_second_try(open_page: Open) -> None:
    page = open_page(lecture())
    for title, typed, said in (
        ("g8 hands back to g7", "-0.7311", "The sign is flipped"),
        ("g8 hands back to g7", "-0.5344", "multiplied by what arrives from above"),
        ("g8 hands back to g7", "-1.3679", "multiplied by the local gradient"),
        ("g8 hands back to g7", "-1.9023", "the chain rule multiplies them"),
        ("g1 hands back to w1", "-0.5379", "what the other input gets"),
        ("g1: the gate ×", "1", "Added instead of multiplied"),
        ("w0 takes a step downhill", "-3.00027", "a step uphill"),
        ("w0 takes a step downhill", "-3", "the old number"),
        ("w0 takes a step downhill", "-2.9973", "A decimal place slipped"),
    ):
        at(page, title)
        assert said in answer(page, typed)
        assert page.run("return asksNow() && !$('guess').disabled")
        right = page.run("return String(teller().tell(page.frames[page.at]).question.number)")
        assert answer(page, right) == "✓ Right, at the second try."


def test_every_use_of_a_number_is_asked_for_by_itself(open_page: Open) -> None:
    a, b = Value(2.0, "a"), Value(5.0, "b")
    page = open_page(player(named(a * b + a, "L")))
    at(page, "v1 hands back to a")
    assert "the sum of all uses" in answer(page, "6")
    assert answer(page, "5") == "✓ Right, at the second try."
    page.run("predict.level = 'formula'")
    for title in ("L hands back to a", "v1 hands back to a", "v1 hands back to b"):
        at(page, title)
        assert page.text("rows") == ""  # none gives the answer away


def test_the_sign_and_the_formula_are_asked_for_too(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/4?predict&level=sign")
    page.go("g8 hands back to g7")
    assert page.texts("#choices button") == ["positive", "negative", "zero"]
    page.run("document.querySelectorAll('#choices button')[0].click()")
    assert page.text("verdict") == "✓ Right."
    page.run("predict.level = 'formula'; render()")
    choices = page.texts("#choices button")
    assert len(choices) == len(set(choices)) >= 3
    assert "local gradient" not in page.text("rows")
    page.run("decide('right', '', '')")
    assert page.text("verdict") == "✓ Right."


@pytest.mark.both_browsers
def test_a_right_answer_is_counted_survives_a_reload_and_is_summed_up(open_page: Open) -> None:
    page = open_page(lecture())
    page.run("localStorage.clear()")
    at(page, "g6: the gate exp")
    assert answer(page, "1/e") == "✓ Right."
    assert page.text("score") == "1 of 1 right"
    assert "g6 = e^g5 = e^-1 = 0.3679" in page.text("lines")
    page.reload()
    assert page.text("score") == "1 of 1 right"
    before = page.run("return page.at")
    page.run("check()")  # the answer is known: this goes on
    assert page.run("return page.at") == before + 1
    page.run("reveal(); go(page.frames.length - 1)")
    assert "1 of 2 right at once, 1 revealed" in page.text("rows")
    page.run("localStorage.clear()")
