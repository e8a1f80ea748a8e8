"""The page in a real browser: what it shows, and what can be done with it."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from autograd import Value, choose, clip, dot, gate, logsumexp, maximum, player, sqrt
from nn import MLP
from tests.browser import READY, Keys, Open, lecture, network
from tests.graphs import named


def max_and_relu() -> Value:
    """The ReLU is dead, y loses against x, and the second max is a tie."""
    x, y, z = Value(2.0, "x"), Value(-1.0, "y"), Value(3.0, "z")
    a, b = named(maximum(x, y), "a"), named(named(y * z, "c").relu(), "b")
    return named(named(named(a * z, "d") + b, "e") + named(maximum(a, x), "t"), "L")


def used_twice() -> Value:
    """L = a·b + a: ∂L/∂a is b + 1."""
    a, b = Value(2.0, "a"), Value(5.0, "b")
    return named(named(a * b, "c") + a, "L")


# ── the page as a file ──────────────────────────────────────────────────────────────────


def test_the_page_is_one_small_file_that_takes_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = lecture()
    path = page.save(tmp_path / "page.html")
    html = path.read_text(encoding="utf-8")
    assert html == page.html
    assert len(html.encode()) < 150_000
    assert re.findall(r"(?:src|href)=\S+", html) == ['href="data:,">']
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    assert re.fullmatch(r"('sha256-\S+'\s?){3}", re.findall(r"script-src ([^;]*)", policy)[0])
    with pytest.raises(ValueError, match=r"saved as \.html"):
        page.save(tmp_path / "page.png")


def test_the_graph_is_not_changed() -> None:
    root = max_and_relu()
    assert player(root).html == player(root).html
    assert root.grad is None


@pytest.mark.parametrize(
    ("labels", "learning"),
    [("w x b", "w b"), ("a x b", ""), ("weight x bias", "weight bias"), ("θ1 x b2", "θ1 b2")],
)
def test_the_update_takes_what_is_labelled_as_a_parameter(labels: str, learning: str) -> None:
    w, x, b = (Value(2.0, label) for label in labels.split())
    html = player(w * x + b).html
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    data = json.loads(text)
    names = [node[0] for node in data["graph"]["nodes"] if len(node) == 2]
    assert [names[k] for k in data["parameters"]] == learning.split()


def test_a_parameter_that_is_given_twice_takes_one_step() -> None:
    w = Value(2.0, "w")
    assert '"parameters":[0],' in player(w * w, parameters=[w, w]).html


def test_what_the_page_cannot_take_is_refused() -> None:
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match="leaves of the graph"):
        player(x * x, parameters=[Value(1.0)])
    with pytest.raises(ValueError, match="language"):
        player(x * x, language="tlh")
    with pytest.raises(ValueError, match="too large"):
        player(sum((x * float(i) for i in range(1, 400)), x))


def test_a_view_in_a_frame_without_an_address_or_storage_works(open_page: Open, tmp_path: Path) -> None:
    page = open_page(lecture())
    shown = lecture()._repr_html_()
    assert shown.startswith("<iframe ")
    assert 'sandbox="allow-scripts"' in shown
    frame = tmp_path / "notebook.html"
    frame.write_text(f"<!doctype html><meta charset=utf-8>{shown}", encoding="utf-8")
    page.browser.get(f"file://{frame}")
    page.browser.switch_to.frame(0)
    page.browser.execute_async_script(READY)
    page.run("go(5); beginChange(); setGiven(0, -2)")
    assert page.text("title") == "L = 0.1269"
    page.browser.switch_to.default_content()
    assert page.problems() == []


def test_a_browser_that_cannot_run_the_page_says_so(open_page: Open) -> None:
    page = open_page(lecture())
    script = {"source": "delete window.DecompressionStream"}
    found = page.browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
    page.browser.refresh()
    page.later("document.body.textContent.startsWith('This page needs a newer browser')")
    page.browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", found)


# ── the steps ───────────────────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
@pytest.mark.parametrize(
    "name", ["logistic", "two-layer", pytest.param("forward", marks=pytest.mark.thorough)]
)
def test_every_step_forward_and_back_without_an_error(name: str, open_page: Open) -> None:
    page = open_page(lecture(name))
    there, back = page.run(
        """const shown = () => [...document.querySelectorAll("#picture g[class]")]
               .map((g) => [g.id, [...g.classList].sort().join(" "), g.textContent].join(" ")).join("; ")
             + document.getElementById("panel").innerText + document.getElementById("lines").textContent;
           const there = page.frames.map((_, i) => { go(i); return shown(); });
           const back = page.frames.map((_, i) => { go(page.frames.length - 1 - i); return shown(); });
           return [there, back.reverse()]"""
    )
    assert there == back
    assert len(set(there)) == len(there)
    assert page.problems() == []


@pytest.mark.both_browsers
def test_the_derivation_of_the_lecture(open_page: Open) -> None:
    page = open_page(lecture())
    told = page.lines()
    assert "g7 = 1 + g6 = 1 + 0.3679 = 1.3679" in told
    assert "∂L/∂g7 = ∂L/∂g8 × ∂g8/∂g7 = -1.3679 × -0.5344 = 0.7311" in told
    assert "new w1 = w1 - η × ∂L/∂w1 = 2 - 0.001 × 0.2689 = 1.99973" in told
    assert "g8 = 0.7311 → 0.7314" in told
    assert "".join(page.texts("#expression mi")).startswith("Llog")
    for title in ("g4: the gate +", "g1 hands back to w1", "g2: the gate ×"):  # there and back
        page.go(title)
        (line,) = page.texts("#lines [aria-current]")
        assert line == page.run("return lineText(teller().tell(page.frames[page.at]), false)")
    page.run("go(page.frames.length - 1)")
    assert "L is smaller by 0.000434" in page.text("panel")
    assert page.text("title") == "L = 0.3133"


def test_where_an_example_comes_from_and_where_the_lecture_slips_is_told(open_page: Open) -> None:
    page = open_page(lecture())
    page.click("#tab-about")
    assert "a decimal place slipped" in page.text("about")
    assert "the second term of the loss" in page.text("about")
    page.go("w0 takes a step downhill")
    assert "The lecture prints -2.9973 here: a decimal place slipped" in page.text("notes")
    page.run("beginChange(); setGiven(0, -2)")
    assert "The lecture prints" not in page.text("notes")


def test_the_curve_of_a_gate_is_not_joined_across_a_pole(open_page: Open) -> None:
    """1/x has two branches from -0.8 to 3.6, and what lies near 0 does not press the rest flat."""
    page = open_page(lecture(), "#backward/4")
    d = page.run("return document.querySelector('#slope path.curve').getAttribute('d')")
    assert d.count("M") == 2
    negative, positive = (float(part.split()[-1]) for part in d.split("M")[1:])  # where each branch ends
    assert negative > 150 > positive > 30  # far below the picture, which is 150 high, and well within it


def test_gradients_of_two_uses_add_up(open_page: Open) -> None:
    page = open_page(player(used_twice()))
    told = page.lines()
    assert "∂L/∂a, part 2 of 2 = ∂L/∂c × ∂c/∂a = 1 × 5 = 5" in told
    assert "∂L/∂a = 1 + 5 = 6" in told
    page.go("c hands back to a")
    assert "1+5=6" in re.sub(r"\s", "", page.text("rows"))
    x = Value(3.0, "x")
    page = open_page(player(named(x * x, "y")))
    assert "through the 1st input" in str(page.told()[3]["rows"])
    assert "∂y/∂x, part 1 of 2 = x = 3" in page.lines()


def test_what_passes_nothing_is_flagged(open_page: Open) -> None:
    page = open_page(player(max_and_relu()))
    page.run("go(page.frames.length - 1)")
    flagged = [text for text in page.texts("#picture g.edge text") if text.startswith(("✕", "="))]
    assert sorted(flagged) == ["= 1", "=✕ 0", "✕ 0", "✕ 0"]
    notes = [note for told in page.told() for _, note in told["notes"]]
    assert "the ReLU is dead at c = -3: nothing passes" in notes
    assert "y = -1 loses to x: nothing reaches it" in notes
    assert any("a and x tie at 2" in note for note in notes)


def test_an_infinite_gradient_is_named_where_it_begins_and_not_asked_for(open_page: Open) -> None:
    page = open_page(player(named(sqrt(Value(0.0, "x")), "L")))
    notes = [note for told in page.told() for _, note in told["notes"]]
    assert "the local gradient for x is ∞: here the gradients stop being finite" in notes
    page.run("setMode('predict')")
    assert [told["question"] is not None for told in page.told()] == [False, True, False, False, False]


def test_what_differs_from_the_engine_s_numbers_is_told(open_page: Open) -> None:
    w, x = Value(3.0, "w"), Value(2.0, "x")
    z = named(w * x, "z")
    (z * z).backward()  # w.grad is 24
    w.data = 0.5
    page = open_page(player(z))
    assert "w = 3" in page.lines()[0]
    assert "∂z/∂w = x = 2" in page.lines()
    assert "compute z again" in page.text("notes")
    assert "these are the derivatives of z" in page.text("notes")


def test_a_formula_that_is_not_what_its_gate_gives_is_noted(open_page: Open) -> None:
    @gate(symbol="s", formula="x**2", local=("2*x",))
    def cube(x: float) -> tuple[float, tuple[float, ...]]:
        return x * x * x, (3.0 * x * x,)

    @gate(symbol="p", formula="x*y", local=("y", "0"))
    def product(x: float, y: float) -> tuple[float, tuple[float, ...]]:
        return x * y, (y, x)

    x = Value(1.5, "x")
    page = open_page(player(named(cube(cube(product(x, x))), "y")))
    page.go("v1: the gate p")
    assert page.text("notes") == "the formula of ∂v1/∂(2nd x) gives 0 here, and the gate p gives 1.5"
    page.go("v2: the gate s")
    assert "the formula of v2 gives 5.0625 here, and the gate s gives 11.3906" in page.text("notes")
    page.run("setGiven(0, 1)")  # where the formula of the output is true
    assert "the formula of" not in page.text("notes")


def test_the_checker_stands_beside_the_gradient_on_request(open_page: Open) -> None:
    page = open_page(lecture())
    page.go("All gradients")
    assert "by differences" not in page.text("rows")
    page.click("#rows [type=checkbox]")
    cells = page.texts("#rows tbody td")
    assert cells[2::4] == cells[3::4] != []


def test_decimals(open_page: Open) -> None:
    page = open_page(lecture(decimals=2))
    assert page.text("title") == "L = 0.31"
    page.run("$('decimals').value = 'Infinity'; $('decimals').dispatchEvent(new Event('change'))")
    assert page.text("title") == "L = 0.3132616875182228"
    assert "g7 = 1 + g6 = 1 + 0.36787944117144233 = 1.3678794411714423" in page.lines()


def test_the_page_in_chinese(open_page: Open) -> None:
    page = open_page(lecture(language="zh-TW"))
    assert page.text("phases") == "開始前向反向更新再次前向"
    page.run("go(1)")
    shown = " ".join(page.texts("button, #panel h2, .tools option, #panel label span"))
    assert re.search(r"[a-z]{4,}", re.sub(r"English|RMSProp|Adam", "", shown)) is None


# ── touching numbers ────────────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
def test_a_typed_number_changes_every_number_and_undo_brings_them_back(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/5")
    before = page.run("return [...page.run.gradients]")
    page.run("edit(page.graph.leaves.findIndex((i) => page.graph.names[i] === 'w1'))")
    page.press("2.5", Keys.ENTER)  # what was there is selected
    assert page.run("return page.run.numbers[page.graph.root]") == pytest.approx(
        -math.log(1 / (1 + math.exp(3 + 2.5 - 6))), rel=1e-14
    )
    assert page.text("title") == "L = 0.4741"
    assert any(page.texts(".ghost"))
    assert "w1=2.5" in page.run("return location.hash")
    assert "Δw1 = 0.5 → ΔL = 0.1608; the gradient promised 0.1345" in page.text("curve")
    page.click("#undo")
    assert page.run("return [...page.run.gradients]") == before
    page.click("#redo")
    assert page.text("title") == "L = 0.4741"
    page.click("#reset")
    assert page.text("title") == "L = 0.3133"
    assert page.problems() == []


@pytest.mark.both_browsers
def test_a_number_is_dragged_or_moved_by_keys(open_page: Open) -> None:
    page = open_page(lecture())
    assert page.run("return page.graph.names[page.graph.leaves[0]]") == "w0"
    for place, far in ((f"#{page.run('return page.view.box(page.graph.leaves[0])')}", 40), ("#rows mi", 50)):
        x, y = page.spot(place)
        page.drag((x, y), (x + far / 2, y), (x + far, y))
        assert page.run("return page.given[0]") == -2.0  # ten steps of a tenth
        assert page.run("return page.past.length") == 1
        assert not page.is_visible("editor")
        page.click("#undo")
    page.click("#rows .number-field input")
    page.press(Keys.ARROW_UP, Keys.ARROW_UP)
    assert page.run("return page.given[0]") == -2.8
    assert page.run("return document.activeElement.closest('.number-field') !== null")


def test_chips_of_a_leaf_that_many_gates_use_follow_too(open_page: Open) -> None:
    x, y = Value(2.0, "x"), Value(1.0, "y")
    for _ in range(8):
        y = y * x + 0.1
    page = open_page(player(named(y, "L")))
    assert len(page.texts(".chip[data-shows]")) >= 4
    page.run("beginChange(); setGiven(page.graph.leaves.findIndex((i) => page.graph.names[i] === 'x'), 1.5)")
    assert set(page.texts(".chip[data-shows]")) == {"x1.5"}
    page.run("document.querySelector('.chip').dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    assert page.run("return $('editor').value") == "1.5"


@pytest.mark.both_browsers
def test_a_constant_of_a_gate_can_be_changed(open_page: Open) -> None:
    x = Value(3.0, "x")
    page = open_page(player(named(x**2, "y")), "#forward/1")
    page.click("#rows .number-field input")
    page.press(Keys.BACKSPACE, Keys.DELETE, "3", Keys.ENTER)
    assert page.run("return [page.run.numbers[1], page.run.gradients[0]]") == [27.0, 27.0]
    assert page.texts("#expression mn") == ["3"]


def test_the_symbol_of_a_gate_follows_its_constant(open_page: Open) -> None:
    x, y = Value(3.0, "x"), Value(2.0, "y")
    root = (x**2 + 1.0) * -2.0 / (2.0**y) + clip(y, 0.0, 1.0) + choose(1, [x, y]) + logsumexp([x, y])
    page = open_page(player(root))
    drawn = page.texts(".gate text")
    by_python = page.run(
        """const svg = new DOMParser().parseFromString(page.view.svg, "image/svg+xml");
           return [...svg.querySelectorAll(".gate text")].map((text) => text.textContent)"""
    )
    assert drawn == by_python
    page.run(
        """beginChange();
           setGiven(0, 4.5);
           page.graph.constants.forEach(({ number }, k) => setGiven(2 + k, number === 2 ? -1 : number - 1))"""
    )
    changed = {(a, b) for a, b in zip(drawn, page.texts(".gate text"), strict=True) if a != b}
    assert changed == {
        ("x²", "x⁻¹"), ("2ˣ", "-1ˣ"), ("+1", "+0"), ("×(-2)", "×(-3)"),
        ("clip, low = 0, high = 1", "clip, low = -1, high = 0"),
        ("−3", "−4.5"), ("+3", "+4.5"),  # the largest term of the logsumexp
    }  # fmt: skip


@pytest.mark.both_browsers
def test_a_leaf_is_made_a_parameter_on_the_page(open_page: Open) -> None:
    x = Value(3.0, "x")
    page = open_page(player(named(x * x, "y")))
    assert "No leaf is a parameter" in page.text("panel")
    assert page.text("phases") == "StartForwardBackward"
    page.click(".learns")
    assert page.text("phases") == "StartForwardBackwardUpdateForward again"
    assert "new x = x - η × ∂y/∂x = 3 - 0.001 × 6 = 2.994" in page.lines()


def test_a_gate_outside_its_domain_says_so(open_page: Open) -> None:
    x = Value(3.0, "x")
    page = open_page(player(named((x - 1.0).log(), "y")))
    page.run("beginChange(); setGiven(0, 0.5)")
    assert "log(-0.5) is not defined: it needs x > 0" in page.text("notes")
    page.click("#undo")
    assert "not defined" not in page.text("notes")
    assert page.problems() == []


def test_numbers_are_offered_to_be_changed_only_where_they_can_be(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/3?predict")
    shown = []
    for mode in ("predict", "mistakes", "watch"):
        page.run("setMode(arguments[0])", mode)
        shown.append(page.run("return document.querySelector('#legend > :last-child').checkVisibility()"))
    assert shown == [False, False, True]


# ── descent ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
def test_descent_goes_down_and_back_to_any_step(open_page: Open) -> None:
    page = open_page(lecture())
    page.click("#tab-descend")  # -log σ falls all along the way of its gradient
    assert "No η up to 100 makes L larger in one step" in page.text("descend-said")
    page.run("setRate(1); for (let i = 0; i < 20; i += 1) descentStep(); render()")
    losses = page.run("return descent.history.map(({ loss }) => loss)")
    assert len(losses) == 21
    assert losses == sorted(losses, reverse=True)
    w, x = [-3.0, 2.0, -3.0], [1.0, -1.0, -2.0]
    for _ in range(20):
        f = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x, strict=True))))
        w = [a + (1 - f) * b for a, b in zip(w, x, strict=True)]  # -∂L/∂w = (1 - f)·x
    leaves = page.run("return page.parameters.map((k) => page.given[k])")
    assert leaves == pytest.approx(w, rel=1e-12)
    assert "L: 0.3133 → 0.0" in page.text("descend-said")
    page.run("descentTo(5)")
    assert page.run("return page.run.numbers[page.graph.root]") == losses[5]


def test_the_rate_is_typed_or_slid_and_each_change_of_it_can_be_undone(open_page: Open) -> None:
    page = open_page(lecture())
    page.click("#tab-descend")
    page.run("$('eta-number').select()")
    for typed in ("-1", "∞"):
        page.press(typed, Keys.ENTER)
        assert page.run("return [page.eta, page.past.length, $('eta-number').className]") == [0.001, 0, "bad"]
        page.run("$('eta-number').select()")
    page.press("0.5", Keys.ENTER)
    page.run("$('eta-slider').focus()")
    page.press(Keys.HOME)
    assert page.run("return [page.eta, page.past.length]") == [0.0001, 2]
    page.click("#undo")
    page.click("#undo")
    assert page.run("return page.eta") == 0.001


def test_of_rates_that_are_too_long_here_and_there_nothing_is_claimed(open_page: Open) -> None:
    page = open_page(player(named((Value(0.0, "w") * 3.0).sin(), "S")))  # a step of η leads to sin(-9η)
    page.click("#tab-descend")
    assert page.text("descend-said") == "Each step moves every parameter downhill on S."


@pytest.mark.parametrize("factor", [3.0, 0.05])
def test_a_rate_that_is_too_large_is_told_and_diverges(factor: float, open_page: Open) -> None:
    w = Value(1.0, "w")
    page = open_page(player(named(w * w * factor, "L"), learning_rate=1.5 / factor))
    page.click("#tab-descend")
    too_long = page.run("return lossesByEta().tooLong")
    assert 1 / factor <= too_long < 1.3 / factor  # a step of η makes w (1 - 2cη)·w: larger from η = 1/c on
    assert "Any η above about" in page.text("descend-said")
    page.run("for (let i = 0; i < 10; i += 1) descentStep(); render()")
    assert "It diverges" in page.text("descend-said")


def test_from_the_verdict_on_a_mistake_one_comes_to_its_consequence(open_page: Open) -> None:
    w = Value(2.0, "w")
    loss = named(w * w + w, "L")
    page = open_page(player(loss, learning_rate=0.1), "#backward/1?mistake=overwrite")
    page.run("go(page.frames.length - 1)")
    page.click("#consequence")
    page.later("descent.at > 3")
    assert page.run("return [page.mode, PLAYED[descent.rival].key]") == ["watch", "overwrite"]
    assert page.text("loss-curve").endswith("= instead of +=")
    assert page.run("return document.querySelectorAll('#loss-curve .rival').length") == 2  # curve and key
    x, expected = 2.0, []
    for _ in range(11):
        expected.append(x * x + x)
        x -= 0.1 * x  # of 2w + 1 the use that comes last is left: w
    assert page.run("return mistakenLosses(PLAYED[0], 10)") == pytest.approx(expected, rel=1e-12)


# ── mistakes ────────────────────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
def test_mistaken_gradients_by_hand(open_page: Open) -> None:
    page = open_page(player(used_twice()))  # ∂L/∂a = 5 + 1, ∂L/∂b = 2
    found = page.run(
        """return Object.fromEntries(PLAYED.map((mistake) =>
             [mistake.key, [...mistakenGradients(page.graph, page.run, mistake)].slice(0, 2)]))"""
    )
    assert page.run("return page.graph.names.slice(0, 2)") == ["a", "b"]
    assert found == {
        "overwrite": [5.0, 2.0],
        "no-zeroing": [12.0, 4.0],
        "wrong-order": [1.0, 0.0],
        "forgets-upstream": [6.0, 2.0],
        "forgets-local": [2.0, 1.0],
    }


def test_a_mistaken_pass_is_watched_to_its_verdict(open_page: Open) -> None:
    page = open_page(player(used_twice()))
    page.click("[data-mode=mistakes]")
    assert page.run("return PLAYED[page.mistakeAt].key") == "overwrite"
    page.run("go(page.frames.length - 1)")
    assert page.texts("#rows tbody td") == ["a", "5", "6"]
    assert page.run("return document.querySelectorAll('.value.wrong').length") == 1
    page.click("#rows .fields button")  # to the first wrong number
    assert page.text("what") == "c hands back to a"
    assert "1 is lost: a contribution from another use stood here" in page.text("notes")


@pytest.mark.parametrize("name", ["logistic", "two-layer"])
def test_every_line_of_a_mistaken_pass_is_a_true_equation(name: str, open_page: Open) -> None:
    page = open_page(lecture(name))
    page.run("page.decimals = Infinity; setMode('mistakes')")
    for i in range(page.run("return PLAYED.length")):
        page.run("page.mistakeAt = arguments[0]; makeFrames(-1, 0); render()", i)
        passed = [line for line in page.lines() if ".grad = " in line and "node" not in line]
        assert passed
        for line in passed:
            _, *sides = line.replace("×", "*").split(" = ")
            numbers = [eval(side, {"__builtins__": {}}) for side in sides]
            assert numbers == pytest.approx([numbers[-1]] * len(numbers), rel=1e-12), line


def test_where_no_mistake_can_be_played_the_page_says_why(open_page: Open) -> None:
    large = MLP(8, [16, 1], rng=0)
    without_gates, never_whole = player(Value(3.0, "x")), player(large([0.5] * 8), model=large)
    for played, why in (
        (without_gates, "There is no gate"),
        (never_whole, "Mistakes need a view with everything open"),
    ):
        page = open_page(played, "#backward/1?mistake=overwrite")
        button = "document.querySelector('[data-mode=mistakes]')"
        mode, is_off, title = page.run(f"return [page.mode, {button}.disabled, {button}.title]")
        assert (mode, is_off) == ("watch", True)
        assert title.startswith(why)


def test_a_factor_that_a_mistake_forgets_is_struck_out(open_page: Open) -> None:
    a, b = Value(2.0, "a"), Value(5.0, "b")
    page = open_page(player(named(named(a * b, "c") * a, "L")), "#backward/2?mistake=forgets-upstream")
    page.go("c hands back to b")
    assert page.texts(".forgotten") == ["2"]
    assert page.lines()[-2] == "b.grad = 2"


# ── models ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
def test_closed_layers_and_opened_neurons_are_live_with_the_same_names(open_page: Open) -> None:
    page = open_page(network(2))
    views = page.run("return page.views.map((view) => view.key)")
    assert len(views) >= 5
    gradients = []
    for view in views:
        page.run("openView(arguments[0]); beginChange(); setGiven(0, 0.25); go(page.frames.length - 1)", view)
        gradients.append(page.run("return [...page.run.gradients]"))
        assert all(told["title"] for told in page.told())
    assert all(found == gradients[0] for found in gradients)
    assert page.problems() == []


def test_a_part_of_the_formula_inside_a_closed_gate_opens_that_gate(open_page: Open) -> None:
    w, x = [Value(2.0, "w1"), Value(-1.0, "w2")], [Value(3.0, "x1"), Value(4.0, "x2")]
    page = open_page(player(named(dot(w, x), "p").exp(), keep_fused=True))
    x, y = page.spot("#expression [data-node] [data-node] [data-node]")
    page.drag((x, y), (x, y))
    page.later("page.view.title === 'fused gates open'")
    assert page.problems() == []


def test_a_closed_dot_hands_back_to_each_of_its_inputs(open_page: Open) -> None:
    w, x = [Value(2.0, "w1"), Value(-1.0, "w2")], [Value(3.0, "x1"), Value(4.0, "x2")]
    page = open_page(player(named(dot(w, x, Value(0.5, "b")), "z"), keep_fused=True))
    told = page.lines()
    assert "z = b + w1·x1 + w2·x2 = 0.5 + 2 × 3 + (-1 × 4) = 2.5" in told
    assert "∂z/∂w2 = x2 = 4" in told


# ── the same from any place ─────────────────────────────────────────────────────────────


@pytest.mark.both_browsers
def test_a_link_leads_to_every_state(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/15?predict&w0=-2.5&eta=0.1")
    assert page.run("return page.frames[page.at].phase") == "backward"
    assert page.run("return [page.mode, page.given[0], page.eta]") == ["predict", -2.5, 0.1]
    page.run("setMode('watch'); go(7)")
    assert page.run("return location.hash") == "#forward/7?w0=-2.5&eta=0.1"
    page.reload()
    assert page.run("return [page.at, page.given[0]]") == [7, -2.5]
    page = open_page(network(2), "#backward/1?mistake=overwrite&decimals=7")
    assert page.run("return [page.view.title, $('decimals').value]") == ["everything open", "7"]


def test_what_an_address_says_amiss_is_left_as_it_is(open_page: Open) -> None:
    amiss = "w0=%&w1=1e+30x&eta=1e400&decimals=200&language=constructor&view=nowhere&method=none"
    page = open_page(lecture(), f"#nowhere/1e9?{amiss}")
    assert page.run("return location.hash") == "#start/1"
    assert page.text("title") == "L = 0.3133"
    assert page.problems() == []


def test_a_parameter_that_an_address_names_twice_is_one(open_page: Open) -> None:
    page = open_page(lecture(), "#start/1?parameters=0.0.1.1")
    assert page.run("return page.parameters") == [0, 1]


def test_a_leaf_called_as_a_setting_is_not_taken_for_it(open_page: Open) -> None:
    eta = Value(0.5, "eta")
    page = open_page(player(eta * eta), "#start/1?eta.=2")
    assert page.run("return [page.given[0], page.eta, location.hash]") == [2.0, 0.001, "#start/1?eta.=2"]


@pytest.mark.both_browsers
def test_the_keyboard_alone_is_enough(open_page: Open) -> None:
    page = open_page(lecture())
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
    assert page.run("return page.at") == 1
    page.press(Keys.END)
    assert page.run("return page.at === page.frames.length - 1 && document.activeElement !== null")
    page.press(Keys.HOME, " ")
    assert page.run("return page.timer !== 0")
    page.press(" ")
    assert page.run("return page.timer === 0")
    page.run("$('picture').focus()")
    page.press(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.is_visible("editor")
    page.press("4", Keys.ENTER)
    assert 4.0 in page.run("return [...page.given]")
    page.press("p")  # the presenter, with a clicker's keys
    assert not page.is_visible("panel")
    page.press(Keys.PAGE_DOWN, Keys.PAGE_DOWN)
    assert page.run("return page.at") == 2
    assert page.text("caption") == page.run("return lineText(teller().tell(page.frames[2]), false)")
    page.press("b")
    assert page.is_visible("black")
    page.press("b", Keys.PAGE_UP, Keys.ESCAPE)
    assert page.run("return page.at") == 1
    assert page.is_visible("panel")


@pytest.mark.both_browsers
def test_a_step_is_exported(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/4")
    latex = page.run("return stepAsLatex()")
    assert latex.startswith("\\begin{aligned}\n\\frac{\\partial L}{\\partial g_{7}} &= ")
    svg = page.run("return standaloneSvg()")
    assert svg.startswith("<svg ")
    assert "var(" not in svg
    size = page.browser.execute_async_script("stepAsPng().then((blob) => arguments[0](blob.size))")
    assert size > 10_000


def test_an_embedded_page_shows_picture_steps_and_panel_alone(open_page: Open) -> None:
    page = open_page(lecture(), "#backward/3?embed", (960, 540))
    assert all(page.is_visible(name) for name in ("picture", "transport", "panel", "menu-button"))
    assert not any(page.is_visible(name) for name in ("side", "title"))
