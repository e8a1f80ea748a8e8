"""The page can be used by everybody: with a keyboard, a screen reader, a phone, in forced colours.

axe-core is not part of the project: AXE_CORE says where its axe.min.js is.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograd.lectures import EXAMPLES
from tests.browser import Keys, Open, Page, lecture, network

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


def media(page: Page, **media: object) -> None:
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)


@pytest.mark.thorough
@pytest.mark.skipif(not AXE, reason="AXE_CORE does not say where axe-core's axe.min.js is")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_to_object_to(state: str, theme: str, open_page: Open) -> None:
    address, script = STATES[state]
    page = open_page(lecture("two-layer"), address)
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
    page = open_page(lecture("two-layer"), "#backward/8", size)
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    out = page.run(
        """return ["title", "picture", "rows", "buttons"].filter((id) => {
             const box = document.getElementById(id).getBoundingClientRect();
             return box.left < 0 || box.right > innerWidth + .5;
           })"""
    )
    assert out == []
    if size == (1920, 1080):  # the back row can read the picture
        scale = page.run("return $('picture').querySelector('svg').getScreenCTM().a")
        assert 12 * scale / 1080 >= 0.025
    if size[0] >= 960:  # an equation too long for its row goes on in the next
        page.go("g12 hands back to g11")
        cut = "[...document.querySelectorAll('#rows .content')].map((x) => x.scrollWidth - x.clientWidth)"
        assert max(page.run(f"return {cut}")) <= 1
        assert page.text("rows").count("σ") == 4


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("logistic", (1366, 768)),
        ("two-layer", (1366, 768)),
        *(pytest.param(name, (1920, 1080), marks=pytest.mark.thorough) for name in EXAMPLES),
        pytest.param("forward", (1366, 768), marks=pytest.mark.thorough),
    ],
)
def test_what_belongs_to_a_step_is_never_below_the_fold(
    name: str, size: tuple[int, int], open_page: Open
) -> None:
    page = open_page(lecture(name), "", size)
    for mode in ("watch", "predict"):
        page.run("setMode(arguments[0])", mode)
        below = page.run(
            """const panel = document.getElementById("panel");
               const over = (i) => { go(i); return panel.scrollHeight - panel.clientHeight; };
               return page.frames.map(({ kind }, i) => [kind, i, over(i)])
                 .filter(([kind, , over]) => over > 1 && !["start", "gradients"].includes(kind))"""
        )
        assert below == [], mode


def test_what_is_cut_off_shows_that_it_goes_on(open_page: Open) -> None:
    cut = "return [...document.querySelectorAll('.cut')].map((element) => element.id)"
    page = open_page(lecture())
    assert page.run(cut) == []
    style = page.run(
        """const { textTransform, fontStyle } = getComputedStyle(document.querySelector("math mi"));
           return [textTransform, fontStyle]"""
    )
    assert style == ["none", "italic"]  # else w would be U+1D464, which few fonts have
    words = """return [...document.querySelectorAll("#expression mi")]
                 .filter((x) => getComputedStyle(x).fontStyle === "normal").map((x) => x.textContent)"""
    assert page.run(words) == ["log"]
    page = open_page(lecture("forward"))
    assert page.run(cut) == ["expression"]
    assert page.run("return getComputedStyle(document.querySelector('.cut')).maskImage") != "none"


def test_no_two_words_of_a_plot_overlap(open_page: Open) -> None:
    page = open_page(lecture("two-layer"), "#backward/8")
    for tab, steps in (("curve", 0), ("descend", 0), ("descend", 40), ("descend", 80)):
        page.click(f"#tab-{tab}")
        page.run("for (let i = descent.at; i < arguments[0]; i += 1) descentStep(); render()", steps)
        overlaps = page.run(
            """const words = document.querySelectorAll(`#${arguments[0]} :is(.plot text, select)`);
               const boxes = [...words].map((word) => [word.textContent, word.getBoundingClientRect()]);
               const found = [];
               boxes.forEach(([a, x], i) => boxes.slice(i + 1).forEach(([b, y]) => {
                 const beside = x.right <= y.left || y.right <= x.left;
                 if (!beside && x.bottom > y.top && y.bottom > x.top) found.push([a, b]);
               }));
               return found""",
            tab,
        )
        assert overlaps == []


def test_targets_are_large_enough(open_page: Open) -> None:
    script = """const least = arguments[0] - .5;
      return [...document.querySelectorAll("button, select, input, [role=separator]")]
      .filter((element) => element.checkVisibility())
      .map((element) => (element.type === "checkbox" ? element.closest("label") : element))
      .map((element) => [element.id || element.className, element.getBoundingClientRect()])
      .filter(([, box]) => box.height < least || box.width < least)
      .map(([name, box]) => [name, box.width, box.height])"""
    show = "showMenu(true); openTab(arguments[0]); go(arguments[1])"
    for size, least in (((1366, 768), 24), ((390, 844), 44)):
        page = open_page(lecture("two-layer"), "#start/1", size)
        for at, tab in enumerate(("walk", "curve", "descend", "about")):
            page.run(show, tab, at)
            assert page.run(script, least) == [], (size, tab)


def test_changing_numbers_move_nothing(open_page: Open) -> None:
    page = open_page(lecture(), "#again/2")
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


PRESSED = """const done = arguments[0], lost = [];
const controls = () => [...document.querySelectorAll("button, [role=button], input[type=checkbox]")]
  .filter((element) => canFocus(element) && !element.closest("#lines") && !element.id.startsWith("save"));
const pause = () => new Promise((go) => setTimeout(go, 2));
(async () => {
  for (const menu of [false, true]) {
    showMenu(menu);
    for (const element of controls()) {
      showMenu(menu);
      if (!canFocus(element)) continue; // an action before took it away
      element.focus();
      if (element !== document.activeElement) continue;
      element.dispatchEvent(new MouseEvent("click", { bubbles: true })); // as Enter does
      await pause();
      const now = document.activeElement;
      if (now === document.body || !canFocus(now)) lost.push(element.outerHTML);
      document.getElementById("keys").close();
      document.getElementById("black").hidden = true;
      present(false);
    }
  }
  done(lost);
})();"""
"""Every control in turn gets the focus and is pressed; the answer is those that leave it nowhere."""


@pytest.mark.both_browsers
@pytest.mark.parametrize(
    "address",
    [
        "#start/1?w0=2",
        "#backward/5?predict&level=sign",
        *(
            pytest.param(x, marks=pytest.mark.thorough)
            for x in ("#update/1", "#backward/9?mistake=overwrite")
        ),
    ],
)
def test_focus_is_never_lost(address: str, open_page: Open) -> None:
    page = open_page(lecture(), address)
    page.run("localStorage.clear(); beginChange(); setGiven(1, 0.5)")
    assert page.browser.execute_async_script(PRESSED) == []
    page.run("localStorage.clear()")


def test_opening_and_closing_a_layer_keeps_the_focus(open_page: Open) -> None:
    page = open_page(network(2))
    nameless = page.run(
        """return [...document.querySelectorAll("button, input, select, [role=button]")]
             .filter((element) => element.getClientRects().length && !element.getAttribute("aria-label")
               && !element.textContent.trim() && !element.labels?.length)
             .map((element) => element.outerHTML)"""
    )
    assert nameless == []
    page.run("document.querySelector('[data-opens]').focus()")
    page.press(Keys.ENTER)
    page.later("page.viewAt !== 0 && document.activeElement.id === 'picture'")
    page.run("$('close').focus()")
    page.press(Keys.ENTER)
    page.later("page.viewAt === 0 && document.activeElement !== document.body")
    assert page.run("return canFocus(document.activeElement)")


def test_escape_closes_the_menu_from_its_lists_too(open_page: Open) -> None:
    page = open_page(lecture())
    page.click("#menu-button")
    page.run("$('decimals').focus()")
    page.press(Keys.ESCAPE)
    assert not page.is_visible("menu")


def test_forced_colours_still_tell_what_is_chosen(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/8")
    media(page, features=[{"name": "forced-colors", "value": "active"}])
    outlined = page.run(
        """const chosen = ["[data-mode=watch]", "#tab-walk", "#phases [aria-current]",
             "#lines [aria-current]"],
             others = ["[data-mode=predict]", "#tab-curve", "#phases button:first-child"];
           const outline = (selector) => getComputedStyle(document.querySelector(selector)).outlineStyle;
           return [chosen.map(outline), others.map(outline)]"""
    )
    at_work = page.run(
        """const style = (selector) => getComputedStyle(document.querySelector(selector));
           const width = (selector) => parseFloat(style(selector).strokeWidth);
           return width(".value.active > path") / width(".value:not(.active) > path")"""
    )
    media(page, features=[])
    assert outlined == [["solid"] * 4, ["none"] * 3]
    assert at_work > 2.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_stands_out_on_the_screen_and_paper_is_white(theme: str, open_page: Open) -> None:
    page = open_page(lecture(), "#backward/8")
    page.click("#tab-descend")
    ratio = page.run(
        """document.documentElement.dataset.theme = arguments[0];
           const { style } = document.body;
           const light = (name) => {
             style.color = `var(${name})`;
             const [r, g, b] = getComputedStyle(document.body).color.match(/\\d+/g)
               .map((x) => (x / 255 <= .04045 ? x / 255 / 12.92 : ((x / 255 + .055) / 1.055) ** 2.4));
             return .2126 * r + .7152 * g + .0722 * b;
           };
           const contrast = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
           const grounds = ["--page", "--card", "--button", "--leaf"];
           return Math.min(...grounds.map((ground) => contrast(light("--focus"), light(ground))))""",
        theme,
    )
    assert ratio >= 3.0
    media(page, media="print")
    looks = page.run(
        """const looks = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
           const shown = ["picture", "panel", "walk", "transport", "curve", "descend"];
           return [looks("color-scheme"), looks("--page"),
             ...shown.filter((id) => document.getElementById(id).checkVisibility())]"""
    )
    media(page, media="")
    assert looks == ["light", "#fff", "picture", "panel", "walk"]  # whatever tab is open


def test_numbers_at_an_axis_have_few_letters_and_are_told_apart(open_page: Open) -> None:
    page = open_page(lecture())
    numbers = [0.05, 2000, 2e7, -3.04e9, 1e-5, 0]
    written = ["0.05", "2000", "2e7", "−3.04e9", "1e−5", "0"]
    assert page.run("return arguments[0].map((x) => tick(x))", numbers) == written
    assert page.run("return apart([0.3129, 0.3131, 0.3])") == ["0.3129", "0.3131", "0.3"]
