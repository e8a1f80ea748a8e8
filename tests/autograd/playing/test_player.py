"""The player, driven in a real browser: what the page shows is what the engine computed.

Without Chromium and its driver the tests that drive it are skipped; no others are.
"""

import importlib
import json
import math
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograd import GateError, Value, dot, log, maximum, player, sqrt
from autograd.lectures import EXAMPLES
from nn import MLP

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

in_a_browser = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="there is no browser to drive: install chromium and chromium-driver"
)


# ── graphs ──────────────────────────────────────────────────────────────────────────────


def named(node: Value, label: str) -> Value:
    node.label = label
    return node


def lecture(name: str) -> Value:
    example = EXAMPLES[name]()
    if example.parameters:
        example.root.backward()
    return example.root


def max_and_relu() -> Value:
    """The ReLU is dead, y loses against x, and the second max is a tie."""
    x, y, z = Value(2.0, "x"), Value(-1.0, "y"), Value(3.0, "z")
    a, b = named(maximum(x, y), "a"), named(named(y * z, "c").relu(), "b")
    L = named(named(named(a * z, "d") + b, "e") + named(maximum(a, x), "t"), "L")
    L.backward()
    return L


def small_mlp() -> tuple[MLP, Value]:
    model = MLP(2, [2, 1], "tanh", rng=3)
    loss = named((model([1.0, -2.0]) - 1.0) ** 2, "loss")
    loss.backward()
    return model, loss


GRAPHS: dict[str, Callable[[], Value]] = {
    "logistic": lambda: lecture("logistic"),
    "two-layer": lambda: lecture("two-layer"),
    "forward": lambda: lecture("forward"),
    "max and ReLU": max_and_relu,
    "MLP": lambda: small_mlp()[1],
}


def steep_at_0() -> Value:
    L = named(sqrt(Value(0.0, "x")), "L")
    L.backward()
    return L


INFINITE: dict[str, Callable[[], Value]] = {
    "gradient": steep_at_0,
    "number": lambda: named(Value(1e308, "x") * 10.0, "y"),
}


def labelled(root: Value) -> dict[str, Value]:
    """The nodes of a graph that have a label."""
    found: dict[str, Value] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if node.label and node.label not in found:
            found[node.label] = node
        stack.extend(node.inputs)
    return found


# ── the page as a file ──────────────────────────────────────────────────────────────────


def test_the_page_of_the_logistic_example_is_small() -> None:
    assert len(player(lecture("logistic")).html.encode()) < 150_000


def test_save_writes_the_page(tmp_path: Path) -> None:
    page = player(max_and_relu())
    path = page.save(tmp_path / "page.html")
    assert path.read_text(encoding="utf-8") == page.html
    assert page.html.startswith("<!doctype html>")


def test_nothing_on_the_page_comes_from_elsewhere() -> None:
    page = player(lecture("two-layer")).html
    assert re.findall(r"(?:src|href)=\S+", page) == ['href="data:,">']
    assert "default-src 'none'" in page
    assert re.findall(r"https?://[^\s\"']+", page) == []


def test_a_notebook_shows_it_in_a_frame_of_its_own() -> None:
    frame = player(max_and_relu())._repr_html_()
    assert frame.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in frame
    assert frame.count("<") == 2  # the iframe's own tags: the page is an attribute's text


def test_its_repr_says_what_it_plays() -> None:
    assert repr(player(lecture("logistic"))) == "<player of L: 39 steps>"


def data(page: Any) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page.html, re.S)
    return dict(json.loads(text))


def frames(page: Any) -> list[dict[str, Any]]:
    return list(data(page)["views"][0]["frames"])


def phases(page: Any) -> list[str]:
    return list(dict.fromkeys(frame["phase"] for frame in frames(page)))


def test_the_update_takes_what_is_labelled_as_a_parameter() -> None:
    root = lecture("logistic")
    taken = [frame["line"][0] for frame in frames(player(root)) if frame["phase"] == "update"]
    assert [line.split(" = ")[0] for line in taken] == ["new w0", "new w1", "new w2"]
    x1 = labelled(root)["x1"]
    taken = [
        frame["line"]
        for frame in frames(player(root, update=[x1], learning_rate=0.5))
        if frame["phase"] == "update"
    ]
    assert [line[1] for line in taken] == ["-0.7311"]  # -1 + 0.5 · 0.5379
    assert phases(player(root, update=())) == ["start", "forward", "backward"]


def test_an_update_that_nobody_asked_for_is_left_out_where_a_gate_is_not_defined_after_it() -> None:
    w = Value(0.0005, "w")
    root = named(log(w), "L")
    root.backward()
    page = player(root)
    assert phases(page) == ["start", "forward", "backward"]
    ((kind, why),) = frames(page)[-1]["notes"]
    assert kind == "hint"
    assert "learning rate of 0.001 log(-1.9995) is not defined: it needs x > 0" in why
    with pytest.raises(GateError, match=r"log\(-1.9995\)"):
        player(root, update=[w])
    assert phases(player(root, learning_rate=1e-8))[-1] == "again"


def test_without_backward_there_is_the_forward_pass_alone() -> None:
    page = player(named(Value(2.0, "w") * 3.0, "L"))
    assert phases(page) == ["start", "forward"]
    assert "call backward() on L" in json.dumps(frames(page)[0])


def test_a_leaf_alone() -> None:
    assert len(frames(player(Value(2.0, "x")))) == 1


def test_a_large_graph_is_refused_with_advice() -> None:
    root = sum((Value(float(i)) for i in range(300)), Value(0.0))
    with pytest.raises(ValueError, match=r"601 values.*a part of the graph.*keep_fused=True.*limit=601"):
        player(root)


def test_fused_gates_may_make_it_too_large() -> None:
    root = dot([Value(float(i)) for i in range(200)], [Value(1.0) for _ in range(200)])
    with pytest.raises(ValueError, match=r"keep_fused=True"):
        player(root)
    assert len(frames(player(root, keep_fused=True))) == 2


def test_a_network_of_337_parameters_is_played_as_layers() -> None:
    model = MLP(2, [16, 16, 1], rng=0)
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    loss.backward()
    page = player(loss, model=model)
    forward = [frame["title"] for frame in frames(page) if frame["phase"] == "forward"]
    assert forward[:3] == [f"Forward through layer {layer}" for layer in (1, 2, 3)]


def test_where_no_mistakes_can_be_played_the_page_says_why() -> None:
    def why(root: Value, **options: Any) -> str:
        return str(data(player(root, **options))["without_mistakes"])

    assert "call backward() on y before" in why(named(Value(3.0, "x") * 2.0, "y"))
    model = MLP(2, [16, 16, 1], rng=0)
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    loss.backward()
    assert "up to 150 values" in why(loss, model=model)
    assert why(max_and_relu()) == ""


def test_no_more_views_are_made_than_the_page_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    module = importlib.import_module("autograd.playing.views")
    folded = module.Folded
    monkeypatch.setattr(module, "Folded", lambda *graph: made.append(1) or folded(*graph))
    monkeypatch.setattr(importlib.import_module("autograd.playing.player"), "MOST_VIEWS", 3)
    loss = (model := MLP(2, [4, 4, 1], rng=0))([0.5, -1.0]) ** 2
    assert len(data(player(loss, model=model))["views"]) == len(made) == 3


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="Value that a computation ends in, got list"):
        player([Value(1.0)])  # type: ignore[arg-type]


# ── the page in a browser ───────────────────────────────────────────────────────────────

STATE = """
const all = (selector) => [...document.querySelectorAll(selector)];
const click = (element) => element.dispatchEvent(new Event("click", { bubbles: true }));
const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const state_of = () => {
  const boxes = {};
  for (const box of all("#picture g.value")) {
    const text = (name) => (box.querySelector("." + name) || { textContent: box.id }).textContent;
    boxes[text("label")] = [text("number"), text("gradient"), box.getAttribute("class")];
  }
  const edges = all("#picture g.edge").map((edge) => [edge.id, edge.getAttribute("class")]);
  const frame = frames[state.at], panel = document.getElementById("rows").textContent;
  return { boxes, edges, panel, at: state.at, of: frames.length, phase: frame.phase, title: frame.title };
};
"""

BACK_AND_FORTH = (
    STATE
    + """
press("Home");
const there = [state_of()], back = [];
while (state.at < frames.length - 1) { press("ArrowRight"); there.push(state_of()); }
while (state.at > 0) { back.unshift(state_of()); press("ArrowLeft"); }
back.unshift(state_of());
return [there, back];
"""
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for argument in (
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic"),
            *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
            *("--disable-sync", "--window-size=1280,900", f"--user-data-dir={profile}"),
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        yield driver
        driver.quit()


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a player in the browser; afterwards nothing was complained of and nothing asked for."""
    pages: list[str] = []

    def open_page(root: Value, **options: Any) -> Any:
        path = player(root, **options).save(tmp_path / f"page{len(pages)}.html")
        pages.append(path.as_uri())
        chromium.get_log("performance")
        chromium.get(pages[-1])
        return chromium

    yield open_page
    assert [entry["message"] for entry in chromium.get_log("browser")] == []
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    own = (*pages, "data:", "chrome:")  # the browser's own first page may still be loading
    assert [url for url in asked if not url.startswith(own)] == []


def number(shown: str) -> float:
    """What a box shows, as a number."""
    return float(shown.removeprefix("∂ ").replace("∞", "inf"))


def state(browser: Any, then: str = "") -> dict[str, Any]:
    return dict(browser.execute_script(f"{STATE} {then}; return state_of();"))


def close_to(shown: str, exact: float) -> bool:
    """To the four decimals that are shown, or three digits of a small number."""
    return math.isclose(number(shown), exact, rel_tol=5e-3 if abs(exact) < 1e-2 else 0.0, abs_tol=5.1e-5)


@in_a_browser
@pytest.mark.parametrize("name", GRAPHS)
def test_every_step_forward_and_back(name: str, opened: Callable[..., Any]) -> None:
    root = GRAPHS[name]()
    browser = opened(root)
    there, back = browser.execute_script(BACK_AND_FORTH)
    assert there == back
    assert [step["at"] for step in there] == list(range(there[0]["of"]))
    nodes = labelled(root)

    begin = there[0]["boxes"]
    assert {label for label, (number, _, _) in begin.items() if number == "…"} >= {
        label for label, node in nodes.items() if node.gate is not None
    }
    assert all(gradient == "∂ …" for _, gradient, _ in begin.values())

    computed = [step for step in there if step["phase"] == "forward"][-1]["boxes"]
    for label, node in nodes.items():
        assert close_to(computed[label][0], node.data), label

    if root.grad is None:
        return
    passed = [step for step in there if step["phase"] == "backward"][-1]["boxes"]
    for label, node in nodes.items():
        assert close_to(passed[label][1], node.grad), label
    assert not any("∂ …" in gradient for _, gradient, _ in passed.values())


@in_a_browser
@pytest.mark.parametrize("name", INFINITE)
def test_an_infinite_number_is_shown_and_not_asked_for(name: str, opened: Callable[..., Any]) -> None:
    root = INFINITE[name]()
    browser = opened(root)
    there, back = browser.execute_script(BACK_AND_FORTH)
    assert there == back
    shown, nodes = there[-1]["boxes"], labelled(root)
    for label, node in nodes.items():
        assert number(shown[label][0]) == node.data
        if root.grad is not None:
            assert number(shown[label][1]) == node.grad
    assert "∞" in there[-1]["panel"]
    lines = "go(frames.length - 1); return document.getElementById('lines').textContent"
    assert "∞" in browser.execute_script(lines)
    asked = browser.execute_script(
        """setMode("predict"); return frames.map((frame, i) => {
          go(i);
          return [document.getElementById("ask").hidden, (frame.line || [""]).at(-1).includes("∞")];
        })"""
    )
    assert any(infinite for _, infinite in asked)
    assert all(hidden for hidden, infinite in asked if infinite)
    if root.grad is not None:
        for mistake in range(3):
            script = f"setMode('mistakes'); state.mistake = {mistake}; showFrames(-1); return frames.length"
            for at in range(browser.execute_script(script)):
                assert "NaN" not in str(state(browser, f"go({at})"))


@in_a_browser
def test_the_derivation_of_the_lecture(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("logistic"))
    end = state(browser, "go(frames.length - 1)")
    lines = browser.execute_script(STATE + "return all('#lines button').map((b) => b.textContent)")
    assert "g7 = 1 + g6 = 1 + 0.3679 = 1.3679" in lines
    assert "∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311" in lines
    assert "new w1 = w1 - η × ∂L/∂w1 = 2 - 0.001 × 0.2689 = 1.99973" in lines
    assert "g8 = 0.7311 → 0.7314" in lines
    assert end["boxes"]["w2"][0] == "-3.00054"
    assert end["boxes"]["L"][0] == "0.3128"  # -log 0.7314
    assert "L is smaller by 0.000434" in browser.find_element("id", "panel").text


@in_a_browser
def test_the_panel_multiplies_and_adds_in_mathml(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    at = browser.execute_script("return frames.findLastIndex((f) => f.title === 'g3 hands back to x1')")
    panel = state(browser, f"go({at})")["panel"]
    assert "upstream" in panel
    assert "contribution" in panel
    assert "−0.1293×−0.1=0.0129" in panel  # the signs are a typographer's
    assert "use 2 of 2" in panel
    assert "0.0226+0.0129=0.0356" in panel
    line = "∂L/∂x1, part 2 of 2 = ∂L/∂g3 × ∂g3/∂x1 = -0.1293 × -0.1 = 0.0129"
    assert browser.find_element("css selector", "#lines [aria-current]").text == line
    assert len(browser.find_elements("css selector", "#rows math mfrac")) >= 4


@in_a_browser
def test_the_gate_at_work_is_shown_with_its_edges(opened: Callable[..., Any]) -> None:
    browser = opened(max_and_relu())
    at = browser.execute_script("return frames.findIndex((f) => f.title === 'a hands back to x')")
    shown = state(browser, f"go({at})")
    active = [label for label, box in shown["boxes"].items() if "active" in box[2]]
    assert sorted(active) == ["a", "x"]
    (edge,) = (kind for name, kind in shown["edges"] if "active" in kind)
    assert "flowed positive" in edge


@in_a_browser
def test_the_wider_an_edge_the_stronger_the_gradient(opened: Callable[..., Any]) -> None:
    x = Value(1.0, "x")
    root = named(x * 4.0 + x * 1.0, "L")
    root.backward()
    browser = opened(root)
    browser.execute_script("go(frames.length - 1)")
    width = "(path) => parseFloat(getComputedStyle(path).strokeWidth)"
    paths = "#picture g.edge:not(.active) path:not(.core)"
    widths = browser.execute_script(f"{STATE} return all('{paths}').map({width})")
    assert len(set(widths)) == 2  # 4 flows back along one edge, 1 along all others
    assert max(widths) > 1.5 * min(widths)


@in_a_browser
def test_what_passes_nothing_is_flagged(opened: Callable[..., Any]) -> None:
    browser = opened(max_and_relu())
    shown = state(browser, "go(frames.length - 1)")
    labels = browser.execute_script(STATE + "return all('#picture g.edge text').map((t) => t.textContent)")
    flagged = sorted(text for text in labels if text.startswith(("✕", "=")))
    assert flagged == ["= 1", "=✕ 0", "✕ 0", "✕ 0"]  # the tie and its second input; the max; the ReLU
    assert sum("none" in kind for _, kind in shown["edges"]) >= 5
    notes = browser.execute_script("return frames.flatMap((f) => f.notes || []).map((n) => n[1])")
    assert any("the ReLU is dead at c = -3" in note for note in notes)
    assert any("y = -1 loses to x" in note for note in notes)
    assert any("a and x tie at 2" in note for note in notes)


@in_a_browser
def test_a_gradient_of_0_is_not_one_that_is_not_reached(opened: Callable[..., Any]) -> None:
    browser = opened(max_and_relu())
    kinds = (
        STATE
        + "return [...document.querySelectorAll('#picture .gradient')].map((t) => t.getAttribute('class'))"
    )
    assert set(browser.execute_script(kinds)) == {"gradient unset"}
    browser.execute_script("go(frames.length - 1)")
    assert set(browser.execute_script(kinds)) == {"gradient positive", "gradient zero"}


@in_a_browser
def test_the_keyboard_alone_is_enough(opened: Callable[..., Any]) -> None:
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser = opened(lecture("logistic"))

    def press(*keys: str) -> int:
        ActionChains(browser).send_keys(*keys).perform()
        return int(browser.execute_script("return state.at"))

    assert press(Keys.ARROW_RIGHT) == 1
    assert press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT) == 3
    assert press(Keys.ARROW_LEFT) == 2
    assert press(Keys.END) == 38
    assert press(Keys.HOME) == 0
    press(" ")
    assert browser.execute_script("return state.timer !== 0")
    press(" ")
    assert browser.execute_script("return state.timer === 0")
    # Tab to the picture, down to its first value, and to that value's step.
    for _ in range(20):
        press(Keys.TAB)
        if browser.switch_to.active_element.get_attribute("id") == "picture":
            break
    press(Keys.ARROW_DOWN)
    label = browser.switch_to.active_element.get_attribute("aria-label")
    assert re.fullmatch(r"\w+ = -?\d+, gradient not reached yet", label)
    press(Keys.ENTER)
    name = label.split(" ")[0]
    assert browser.execute_script("return frames[state.at].title").endswith(f"hands back to {name}")


@in_a_browser
def test_every_control_says_what_it_is(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("logistic"))
    silent = browser.execute_script(
        """const labelled = (e) => e.getAttribute("aria-label") || (e.labels || []).length;
        const named = (e) => labelled(e) || e.textContent.trim();
        return [...document.querySelectorAll("button, select, input, [role=button], [tabindex='0']")]
          .filter((e) => e.getClientRects().length && !named(e)).map((e) => e.outerHTML)"""
    )
    assert silent == []
    state(browser, "go(12)")
    assert "∂L/∂(log g8) = -1" in browser.execute_script("return document.getElementById('live').textContent")


@in_a_browser
def test_click_slider_and_phases_go_to_a_step(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("logistic"))
    go = STATE + "click(document.querySelector(arguments[0])); return frames[state.at].title"
    assert browser.execute_script(go, "#phases [data-phase=backward]") == "The way back begins at L"
    of_g6 = "all('#picture g.value').find((g) => g.querySelector('.label').textContent === 'g6')"
    box = browser.execute_script(f"{STATE} return {of_g6}.id")
    assert browser.execute_script(go, f"#{box}") == "g7 hands back to g6"
    assert browser.execute_script(go, f"#{box}") == "g6 again, with the new numbers"
    assert browser.execute_script(go, f"#{box}") == "g6: the gate exp"
    slide = "const s = document.getElementById('slider'); s.value = 5; s.dispatchEvent(new Event('input'))"
    assert state(browser, slide)["at"] == 5


@in_a_browser
def test_autoplay_goes_on_by_itself(opened: Callable[..., Any]) -> None:
    from selenium.webdriver.support.wait import WebDriverWait

    browser = opened(max_and_relu())
    browser.execute_script(
        "document.getElementById('speed').value = '350'; document.getElementById('play').click()"
    )
    WebDriverWait(browser, 10).until(lambda driver: driver.execute_script("return state.at") >= 2)
    browser.execute_script("document.getElementById('play').click()")
    assert browser.execute_script("return state.timer") == 0


@in_a_browser
def test_predict_hides_the_number_and_accepts_one_percent(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("logistic"))
    at = browser.execute_script("return frames.findIndex((f) => f.title === 'g8 hands back to g7')")

    def guess(text: str) -> str:
        browser.execute_script(f"go({at}); state.answered.clear(); render()")
        field = browser.find_element("id", "guess")
        field.clear()
        field.send_keys(text + "\n")
        return str(browser.find_element("id", "verdict").get_attribute("class"))

    browser.execute_script("setMode('predict')")
    hidden = state(browser, f"go({at})")
    assert hidden["boxes"]["g7"][1] == "∂ ?"
    assert "0.7311" not in browser.find_element("css selector", "#lines [aria-current]").text
    assert browser.execute_script(
        "return getComputedStyle(document.querySelector('#rows span.answer math')).color"
    ) in (
        "rgba(0, 0, 0, 0)",
        "transparent",
    )
    assert guess("0.7311") == "right"  # ∂L/∂g7 = 0.731059
    assert guess("0.7383") == "right"  # 0.99 % too much
    assert guess("0.739") == "wrong"  # 1.09 %
    assert guess("-0.7311") == "wrong"
    assert guess("−") == "wrong"  # no number: not counted
    assert browser.find_element("id", "score").text == "2 of 4 right"
    guess("0.73")
    assert state(browser)["boxes"]["g7"][1] == "∂ 0.7311"


@in_a_browser
def test_common_mistakes_show_where_the_numbers_go_wrong(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    browser.execute_script("setMode('mistakes')")
    end = state(browser, "go(frames.length - 1)")
    # x1 is used by g1 and g3: 0.1131 · 0.2 = 0.0226 and -0.1293 · -0.1 = 0.0129, 0.0356 together.
    assert end["boxes"]["x1"][1] == "∂ 0.0129"
    assert [label for label, box in end["boxes"].items() if "wrong" in box[2]] == ["x1", "x2"]
    assert "x10.01290.0356" in end["panel"]

    end = state(browser, "state.mistake = 1; showFrames(-1); go(frames.length - 1)")
    assert close_to(end["boxes"]["w11(2)"][1], 2 * -0.364914)
    end = state(browser, "state.mistake = 2; showFrames(-1); go(frames.length - 1)")
    assert number(end["boxes"]["w11(1)"][1]) == 0.0
    browser.execute_script("setMode('play')")
    assert close_to(state(browser, "go(frames.length - 1)")["boxes"]["w11(1)"][1], 0.339437)


@in_a_browser
def test_mistakes_that_cannot_be_played_are_switched_off(opened: Callable[..., Any]) -> None:
    browser = opened(Value(3.0, "x") * 2.0)
    button = browser.find_element("css selector", "[data-mode=mistakes]")
    assert not button.is_enabled()
    assert "call backward()" in button.get_attribute("title")
    browser.find_element("id", "help").click()
    assert "Not here: there are no gradients" in browser.find_element("id", "keys").text


@in_a_browser
def test_a_formula_too_wide_for_its_row_is_written_smaller(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    widths = """
      document.getElementById("rows").style.width = arguments[0] + "rem";
      go(frames.findIndex((frame) => frame.title.startsWith("g12: the gate")));
      return [...document.querySelectorAll("#rows .content")].map((row) => [
        row.scrollWidth, row.clientWidth, row.style.getPropertyValue("--fit")])"""
    for rem, smaller in ((75, False), (46, True)):
        rows = browser.execute_script(widths, rem)
        assert all(needed <= room for needed, room, _ in rows)
        assert any(float(fit or 1) < 1 for _, _, fit in rows) == smaller


@in_a_browser
def test_the_line_told_last_is_in_sight(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    below = """
      const line = document.querySelector("#lines [aria-current]").getBoundingClientRect();
      return line.bottom - document.getElementById("transcript").getBoundingClientRect().bottom"""
    for at in (20, 31, 44, 45):
        browser.execute_script(f"go({at})")
        drawn = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))"
        browser.execute_async_script(drawn)
        assert browser.execute_script(below) <= 0.0


@in_a_browser
def test_in_the_dark_a_gate_at_work_is_dark_on_yellow(opened: Callable[..., Any]) -> None:
    browser = opened(max_and_relu())
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        ink = """
          go(1);
          return getComputedStyle(document.querySelector("#picture .gate.active text")).fill"""
        assert browser.execute_script(ink) == "rgb(27, 31, 36)"
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


@in_a_browser
def test_printed_it_is_a_handout(opened: Callable[..., Any]) -> None:
    """Dark on white whatever the screen's theme is, the whole walk so far, and no buttons."""
    browser = opened(lecture("two-layer"))
    browser.execute_script("document.documentElement.dataset.theme = 'dark'; go(frames.length - 1)")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        body = browser.find_element("tag name", "body")
        assert body.value_of_css_property("background-color") == "rgba(255, 255, 255, 1)"
        assert body.value_of_css_property("color") == "rgba(0, 0, 0, 1)"
        hidden = "return arguments[0].scrollHeight - arguments[0].clientHeight"
        assert browser.execute_script(hidden, browser.find_element("id", "transcript")) == 0
        assert not any(
            button.is_displayed() for button in browser.find_elements("css selector", "header button")
        )
        assert not browser.find_element("id", "transport").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@in_a_browser
def test_layers_and_neurons_open_and_close(opened: Callable[..., Any]) -> None:
    model, loss = small_mlp()
    browser = opened(loss, model=model)
    click = """
      click(all("#picture g.group").find((group) => group.textContent.startsWith(arguments[0])));
      return data.views[state.view].title"""
    click = STATE + click
    assert set(state(browser)["boxes"]) >= {"x1", "x2", "2 results", "loss"}
    assert browser.execute_script(click, "layer 1") == "layer 1"
    assert browser.execute_script(click, "neuron 2") == "neuron 2 of layer 1"
    shown = state(browser, "go(frames.findLastIndex((f) => f.phase === 'backward'))")["boxes"]
    for parameter in model.layers[0].neurons[1].parameters():
        assert close_to(shown[parameter.label][0], parameter.data)
        assert close_to(shown[parameter.label][1], parameter.grad)
    assert "w11(1)" not in shown
    there, back = browser.execute_script(BACK_AND_FORTH)
    assert there == back
    browser.execute_script(STATE + "press('Escape'); press('Escape')")
    assert browser.execute_script("return data.views[state.view].title") == "layers"
    for view in range(browser.execute_script("return data.views.length")):
        there, back = browser.execute_script(f"openView(data.views[{view}].key);" + BACK_AND_FORTH)
        assert there == back
        assert close_to(there[-1]["boxes"]["loss"][1], 1.0)


@in_a_browser
def test_fused_gates_open_and_close(opened: Callable[..., Any]) -> None:
    root = named(dot([Value(0.5, "w1"), Value(-1.0, "w2")], [2.0, 3.0], Value(0.25, "b")).tanh(), "out")
    root.backward()
    browser = opened(root, keep_fused=True)
    assert browser.execute_script("return document.querySelectorAll('#picture g.gate').length") == 2
    opens = "document.querySelector('[data-opens]').dispatchEvent(new Event('click'))"
    gates = f"{opens}; return [...document.querySelectorAll('#picture g.gate')].map((g) => g.textContent)"
    assert sorted(browser.execute_script(gates)) == ["+", "+", "tanh", "×2", "×3"]
    browser.execute_script(
        "document.querySelector('#picture g.frame text').dispatchEvent(new Event('click'))"
    )
    assert browser.execute_script("return document.querySelectorAll('#picture g.gate').length") == 2


@in_a_browser
@pytest.mark.parametrize(
    "label", ["</script><img src=x onerror=boom()>", "<!--<script>", '"><b>', "{|}\\N & &amp;"]
)
def test_any_label_stays_text(label: str, opened: Callable[..., Any]) -> None:
    x = Value(2.0, label)
    root = named(x * x, label + "'")
    root.backward()
    browser = opened(root)
    seen = browser.execute_script(BACK_AND_FORTH)[0][-1]["boxes"]
    shown = {text.rstrip("…") for text in seen}
    assert all(any(full.startswith(text) for text in shown) for full in (label, label + "'"))
    assert (
        browser.execute_script("return document.images.length + document.querySelectorAll('b').length") == 0
    )
    assert label in browser.find_element("id", "title").text


@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_dark(scheme: str, opened: Callable[..., Any]) -> None:
    """Contrast of at least 4.5 to 1, as the accessibility guidelines (WCAG 2) ask for."""
    browser = opened(lecture("logistic"))
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    pairs = browser.execute_script(
        """go(20);
        const one = (selector) => document.querySelector(selector);
        const style = (element, name) => getComputedStyle(element)[name];
        const inBoxes = [".gradient.positive", ".gradient.negative", ".number"].map((name) => {
          const text = one("#picture g.made:not(.focus) " + name);
          return [style(text, "fill"), style(text.closest("g").querySelector("path"), "fill")];
        });
        const onCards = ["#what", "#role", "#rows .caption", "#legend", "#lines button"];
        const card = style(one(".card"), "backgroundColor");
        return [...inBoxes, ...onCards.map((name) => [style(one(name), "color"), card])];"""
    )

    def luminance(color: str) -> float:
        channels = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for pair in pairs:
        dim, bright = sorted(map(luminance, pair))
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, pair


@in_a_browser
def test_the_page_fits_a_phone(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for step in (0, 10, 25, 40):
            wide = browser.execute_script(f"go({step}); return document.documentElement.scrollWidth")
            assert wide <= 390
        sticking_out = browser.execute_script(
            """const bar = document.getElementById("transport"), edge = bar.getBoundingClientRect().right;
            const ends = [...bar.querySelectorAll("button, select, input")];
            return ends.filter((e) => e.getBoundingClientRect().right > edge - 2).map((e) => e.id)"""
        )
        assert sticking_out == []
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@in_a_browser
def test_in_a_low_window_the_panel_can_still_be_read(opened: Callable[..., Any]) -> None:
    browser = opened(lecture("two-layer"))
    metrics = {"width": 1280, "height": 420, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert browser.execute_script("return document.getElementById('panel').clientHeight") > 200
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@in_a_browser
def test_it_plays_in_a_notebook_s_frame(chromium: Any, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><body>{player(max_and_relu())._repr_html_()}", encoding="utf-8")
    chromium.get(notebook.as_uri())
    chromium.switch_to.frame(0)
    assert state(chromium, "go(3)")["at"] == 3
    chromium.switch_to.default_content()
