"""The page can be used by everybody: with a keyboard, a screen reader, a phone, in forced colours.

axe-core is not part of the project: AXE_CORE says where its axe.min.js is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograd import player
from autograd.lectures import EXAMPLES
from nn import MLP
from tests.browser import Page
from tests.graphs import named

Open = Callable[..., Page]

AXE = os.environ.get("AXE_CORE", "")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STATES = {
    "start": ("#start/1", "0"),
    "a gate": ("#backward/8", "0"),
    "predict": ("#backward/8?predict", "0"),
    "mistakes": ("#backward/8?mistake=overwrite", "0"),
    "curve": ("#update/1", "select(0, true)"),
    "descent": ("#start/1", "openTab('descend'); for (let i = 0; i < 5; i += 1) descentStep(); render()"),
    "menu": ("#again/3?language=zh-TW", "showMenu(true); openTab('about')"),
    "help": ("#start/1", "document.getElementById('keys').showModal()"),
}


def lecture(name: str = "two-layer") -> Any:
    example = EXAMPLES[name]()
    return player(
        example.root,
        parameters=example.parameters,
        learning_rate=example.learning_rate,
        about=example,
    )


@pytest.mark.thorough
@pytest.mark.skipif(not AXE, reason="AXE_CORE does not say where axe-core's axe.min.js is")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_to_object_to(state: str, theme: str, open_page: Open) -> None:
    address, script = STATES[state]
    page = open_page(lecture(), address)
    page.run(f"document.documentElement.dataset.theme = '{theme}'; {script}")
    page.run(Path(AXE).read_text(encoding="utf-8"))
    found = page.browser.execute_async_script(
        """const told = ({ html, failureSummary }) => html + failureSummary, [rules, done] = arguments;
           axe.run(document, { runOnly: rules }).then(({ violations }) =>
             done(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(told)])))""",
        RULES,
    )
    assert found == []


@pytest.mark.parametrize("size", [(320, 640), (390, 844), (960, 540), (1366, 768), (1920, 1080)])
def test_nothing_runs_out_of_the_window(size: tuple[int, int], open_page: Open) -> None:
    page = open_page(lecture(), "#backward/8", size)
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    for element in ("title", "picture", "rows", "buttons"):
        left, right = page.run(
            """const box = document.getElementById(arguments[0]).getBoundingClientRect();
               return [box.left, box.right]""",
            element,
        )
        assert left >= 0
        assert right <= size[0] + 0.5


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("mode", ["", "#start/1?predict"])
@pytest.mark.parametrize("size", [(1366, 768), pytest.param((1920, 1080), marks=pytest.mark.thorough)])
def test_what_belongs_to_a_step_is_never_below_the_fold(
    name: str, size: tuple[int, int], mode: str, open_page: Open
) -> None:
    page = open_page(lecture(name), mode, size)
    below = page.run(
        """const panel = document.getElementById("panel");
           const over = (i) => { go(i); return panel.scrollHeight - panel.clientHeight; };
           return page.frames.map(({ kind }, i) => [kind, i, over(i)])
             .filter(([kind, , over]) => over > 1 && !["start", "gradients"].includes(kind))"""
    )
    assert below == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_back_row_can_read_the_picture(name: str, open_page: Open) -> None:
    page = open_page(lecture(name), "#backward/3", (1920, 1080))
    height = page.run(
        """const text = document.querySelector(".value.focus .number");
           return 12 * document.querySelector("#picture svg").getScreenCTM().a / innerHeight"""
    )
    assert height >= 0.025


def test_targets_are_large_enough(open_page: Open) -> None:
    # The names of the phases are narrow if a phase is short: the slider below leads to the same places.
    script = """const least = arguments[0] - .5;
      return [...document.querySelectorAll("button, select, input")].filter((element) => element.offsetParent)
      .filter((element) => !element.closest("#phases"))
      .map((element) => [element.id || element.className, element.getBoundingClientRect()])
      .filter(([, box]) => box.height < least || box.width < least)
      .map(([name, box]) => [name, box.width, box.height])"""
    page = open_page(lecture(), "#start/1")
    assert page.run(script, 24) == []
    page = open_page(lecture(), "#start/1", (390, 844))
    assert page.run(script, 44) == []


def test_changing_numbers_move_nothing(open_page: Open) -> None:
    page = open_page(lecture("logistic"), "#again/2")
    places = """return [...document.querySelectorAll("#drawn .value > path, #drawn .edge > path")]
      .map((path) => path.getAttribute("d")).join()"""
    before = page.run(places)
    page.run("beginChange(); for (const x of [-12.3456, 0.00012345, 7]) setGiven(0, x)")
    assert page.run(places) == before
    wide = page.run(
        """return [...parts.values.values()].filter(({ number, room }) => number.getBBox().width > room + 6)
             .map(({ number }) => number.textContent)"""
    )
    assert wide == []


def test_focus_is_never_lost(open_page: Open) -> None:
    page = open_page(lecture("logistic"))
    for button in ("last", "first"):
        page.run(f"document.getElementById('{button}').focus(); document.getElementById('{button}').click()")
        assert page.run("return document.activeElement !== document.body")


def test_everything_is_named(open_page: Open) -> None:
    model = MLP(2, [2, 1], "tanh", rng=3)
    page = open_page(player(named((model([1.0, -2.0]) - 1.0) ** 2, "loss"), model=model))
    nameless = page.run(
        """return [...document.querySelectorAll("button, input, select, [role=button]")]
             .filter((element) => element.getClientRects().length && !element.getAttribute("aria-label")
               && !element.textContent.trim() && !element.labels?.length)
             .map((element) => element.outerHTML)"""
    )
    assert nameless == []
