"""The whole pass as a moving picture: what every frame shows, and the files it is saved to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from autograd import Value, animate, dot, lectures
from autograd.picture.animation import Moment, frames, moments
from autograd.picture.arrangement import Sheet
from autograd.stepping.walk import walk
from nn import MLP
from tests.graphs import named


def product_and_sum() -> Value:
    """∂L/∂a = 5 + 1, ∂L/∂b = 2."""
    a, b = Value(2.0, "a"), Value(5.0, "b")
    L = named(named(a * b, "c") + a, "L")
    L.backward()
    return L


def sheets(root: Value, **options: object) -> list[Sheet]:
    return animate(root, **options).sheets  # type: ignore[arg-type]


def lines(sheet: Sheet) -> dict[str, list[str]]:
    return {spot.lines[0].text: [words.text for words in spot.lines[1:]] for spot in sheet.spots}


def caption(sheet: Sheet) -> list[str]:
    return [words.text for _, _, words in sheet.words if words.text.strip()]


def test_numbers_appear_going_forward_and_gradients_going_back() -> None:
    shown = [lines(sheet) for sheet in sheets(product_and_sum())]
    assert shown == [
        {"a": ["2", "∂ …"], "b": ["5", "∂ …"], "c": ["…", "∂ …"], "L": ["…", "∂ …"]},
        {"a": ["2", "∂ …"], "b": ["5", "∂ …"], "c": ["10", "∂ …"], "L": ["…", "∂ …"]},
        {"a": ["2", "∂ …"], "b": ["5", "∂ …"], "c": ["10", "∂ …"], "L": ["12", "∂ …"]},
        {"a": ["2", "∂ …"], "b": ["5", "∂ …"], "c": ["10", "∂ …"], "L": ["12", "∂ 1"]},
        {"a": ["2", "∂ …"], "b": ["5", "∂ …"], "c": ["10", "∂ 1"], "L": ["12", "∂ 1"]},
        {"a": ["2", "∂ 1"], "b": ["5", "∂ …"], "c": ["10", "∂ 1"], "L": ["12", "∂ 1"]},
        {"a": ["2", "∂ 6"], "b": ["5", "∂ …"], "c": ["10", "∂ 1"], "L": ["12", "∂ 1"]},
        {"a": ["2", "∂ 6"], "b": ["5", "∂ 2"], "c": ["10", "∂ 1"], "L": ["12", "∂ 1"]},
    ]


def test_the_equations_of_the_step_stand_below() -> None:
    said = [caption(sheet) for sheet in sheets(product_and_sum())]
    assert said[0] == ["Forward", "given: a = 2   b = 5"]
    assert said[1] == ["Forward", "c = a·b = 2 × 5 = 10"]
    assert said[3] == ["Backward", "∂L/∂L = 1"]
    assert said[6] == [
        "Backward",
        "∂c/∂a = b = 5",
        "∂L/∂a, part 2 of 2 = ∂L/∂c × ∂c/∂a = 1 × 5 = 5",
        "∂L/∂a = 1 + 5 = 6",
    ]
    assert caption(sheets(product_and_sum(), language="zh-TW")[3])[0] == "反向傳播"


def test_what_is_at_work_is_lit_and_arrows_turn_on_the_way_back() -> None:
    forward, back = (sheets(product_and_sum())[k] for k in (1, 6))
    plain = {spot.fill for spot in sheets(product_and_sum())[0].spots}
    lit = [
        [spot.lines[0].text for spot in sheet.spots if spot.fill not in plain] for sheet in (forward, back)
    ]
    assert lit == [["c"], ["a"]]
    assert not any(wire.back for wire in forward.wires)
    assert sum(wire.back for wire in back.wires) == 3  # L to c and a, c to a
    labels = [sorted(wire.label for wire in sheet.wires) for sheet in (forward, back)]
    assert labels == [["", "", "2", "5"], ["1", "1", "2", "5"]]


def test_nothing_moves_from_frame_to_frame() -> None:
    example = lectures.logistic()
    example.root.backward()
    shown = sheets(example.root, parameters=example.parameters)
    places = {tuple((spot.x, spot.y, spot.width, spot.height) for spot in sheet.spots) for sheet in shown}
    assert len(places) == 1
    assert len({(sheet.width, sheet.height) for sheet in shown}) == 1


def test_a_step_of_descent_follows_and_changes_no_value() -> None:
    example = lectures.logistic()
    example.root.backward()
    animation = animate(example.root, parameters=example.parameters, learning_rate=0.001)
    sections = list(dict.fromkeys(moment.section for moment in animation.moments))
    assert sections == ["Forward", "Backward", "Update", "With the new numbers"]
    last = lines(animation.sheets[-1])
    assert last["w0"] == ["-2.99973", "∂ -0.2689"]
    assert last["L"][0] == "0.3128"
    assert example.parameters[0].data == -3.0


def test_without_a_backward_pass_it_goes_forward_only() -> None:
    x = Value(3.0, "x")
    assert [moment.section for moment in animate(named(x * x, "y")).moments] == ["Forward"] * 2


def test_chips_show_what_their_leaf_shows() -> None:
    x, y = Value(2.0, "x"), Value(1.0, "y")
    for _ in range(8):
        y = y * x + 0.1
    y.backward()
    (last,) = sheets(y)[-1:]
    chips = [spot for spot in last.spots if spot.kind == "chip"]
    assert len(chips) >= 4
    assert {spot.lines[1].text for spot in chips} == {"2"}


def test_fused_gates_are_opened_or_kept_and_models_have_frames() -> None:
    w, x = [Value(2.0, "w1"), Value(-1.0, "w2")], [Value(3.0, "x1"), Value(4.0, "x2")]
    z = named(dot(w, x), "z")
    z.backward()
    assert len(animate(z).moments) == 1 + 3 + 1 + 6
    assert len(animate(z, keep_fused=True).moments) == 1 + 1 + 1 + 4
    model = MLP(2, [2, 1], rng=0)
    loss = model([1.0, 2.0]) ** 2
    loss.backward()
    assert {"layer 1", "neuron 1"} <= {frame.title.text for frame in sheets(loss, model=model)[0].frames}


@pytest.mark.parametrize(("ending", "kind"), [("gif", "GIF"), ("webp", "WEBP"), ("png", "PNG")])
def test_it_is_saved_as_its_ending_says(ending: str, kind: str, tmp_path: Path) -> None:
    path = animate(product_and_sum(), seconds=0.5).save(tmp_path / f"pass.{ending}")
    with Image.open(path) as picture:
        assert (picture.format, picture.n_frames) == (kind, 8)  # type: ignore[attr-defined]
        assert picture.width == pytest.approx(1280, abs=8)
        durations = []
        for k in range(8):
            picture.seek(k)
            picture.load()
            durations.append(picture.info["duration"])
    assert durations == [500, 500, 1500, 500, 500, 500, 500, 1500]  # the end of a phase stays


def test_every_frame_of_the_file_is_its_own_picture(tmp_path: Path) -> None:
    path = animate(product_and_sum()).save(tmp_path / "pass.gif")
    with Image.open(path) as picture:
        seen = set()
        for k in range(8):
            picture.seek(k)
            seen.add(picture.convert("RGB").tobytes())
    assert len(seen) == 8


def test_a_notebook_shows_it() -> None:
    html = animate(product_and_sum())._repr_html_()
    assert html.startswith(
        '<img alt="animation of L: 8 frames, 14.4 seconds" src="data:image/gif;base64,R0lGOD'
    )


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"saved as \.gif, \.webp, \.png"):
        animate(product_and_sum()).save(tmp_path / "pass.mp4")


def test_without_pillow_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        animate(product_and_sum()).save(tmp_path / "pass.gif")
    assert list(tmp_path.iterdir()) == []


def test_a_moment_knows_no_more_than_has_happened() -> None:
    shown = list(moments(walk(product_and_sum())))
    assert all(isinstance(moment, Moment) for moment in shown)
    assert [len(moment.flowed) for moment in shown] == [0, 0, 0, 0, 1, 2, 3, 4]
    assert frames(Sheet("", 100.0, 50.0), shown[:1])[0].width == 560.0
