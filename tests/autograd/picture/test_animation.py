"""The whole pass as a moving picture: what every frame shows, and the files it is saved to."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from PIL import Image

from autograd import Value, animate, dot, lectures
from autograd.picture.animation import Animation
from autograd.picture.sheet import Sheet
from nn import MLP
from tests.graphs import horner, named


def product_and_sum() -> Value:
    """∂L/∂a = 5 + 1, ∂L/∂b = 2."""
    a, b = Value(2.0, "a"), Value(5.0, "b")
    L = named(named(a * b, "c") + a, "L")
    L.backward()
    return L


@pytest.fixture(scope="module")
def small() -> Animation:
    return animate(product_and_sum(), seconds=0.5)


def lines(sheet: Sheet) -> dict[str, list[str]]:
    return {box.lines[0].text: [words.text for words in box.lines[1:]] for box in sheet.boxes}


def caption(sheet: Sheet) -> list[str]:
    return [words.text for _, _, words in sheet.words if words.text.strip()]


def test_numbers_appear_going_forward_and_gradients_going_back(small: Animation) -> None:
    shown = [" ".join(map(" ".join, lines(sheet).values())) for sheet in small.sheets]
    assert shown == [
        "2 ∂ … 5 ∂ … … ∂ … … ∂ …",
        "2 ∂ … 5 ∂ … 10 ∂ … … ∂ …",
        "2 ∂ … 5 ∂ … 10 ∂ … 12 ∂ …",
        "2 ∂ … 5 ∂ … 10 ∂ … 12 ∂ 1",
        "2 ∂ … 5 ∂ … 10 ∂ 1 12 ∂ 1",
        "2 ∂ 1 5 ∂ … 10 ∂ 1 12 ∂ 1",
        "2 ∂ 6 5 ∂ … 10 ∂ 1 12 ∂ 1",
        "2 ∂ 6 5 ∂ 2 10 ∂ 1 12 ∂ 1",
    ]


def test_the_equations_of_the_step_stand_below(small: Animation) -> None:
    said = list(map(caption, small.sheets))
    assert said[0] == ["Forward", "given: a = 2   b = 5"]
    assert said[1] == ["Forward", "c = a·b = 2 × 5 = 10"]
    assert said[3] == ["Backward", "∂L/∂L = 1"]
    assert said[6] == [
        "Backward",
        "∂c/∂a = b = 5",
        "∂L/∂a, part 2 of 2 = ∂L/∂c × ∂c/∂a = 1 × 5 = 5",
        "∂L/∂a = 1 + 5 = 6",
    ]
    assert caption(animate(product_and_sum(), language="zh-TW").sheets[3])[0] == "反向傳播"


def test_what_is_at_work_is_lit_and_arrows_turn_on_the_way_back(small: Animation) -> None:
    plain, forward, back = (small.sheets[k] for k in (0, 1, 6))
    fills = {box.fill for box in plain.boxes}
    for sheet, lit in ((forward, "c"), (back, "a")):
        assert [box.lines[0].text for box in sheet.boxes if box.fill not in fills] == [lit]
    assert not any(edge.back for edge in forward.edges)
    assert sum(edge.back for edge in back.edges) == 3  # L to c and a, c to a
    labels = [sorted(edge.label for edge in sheet.edges) for sheet in (forward, back)]
    assert labels == [["", "", "2", "5"], ["1", "1", "2", "5"]]


def test_a_step_of_descent_follows_and_nothing_moves_and_no_value_changes() -> None:
    example = lectures.logistic()
    example.root.backward()
    animation = animate(example.root, parameters=example.parameters, learning_rate=0.001)
    sections = list(dict.fromkeys(moment.section for moment in animation.moments))
    assert sections == ["Forward", "Backward", "Update", "With the new numbers"]
    last = lines(animation.sheets[-1])
    assert last["w0"] == ["-2.99973", "∂ -0.2689"]
    assert last["L"][0] == "0.3128"
    assert example.parameters[0].data == -3.0
    assert len({(sheet.width, sheet.height) for sheet in animation.sheets}) == 1


def test_chips_show_what_their_leaf_shows() -> None:
    chips = [box for box in animate(horner(8)).sheets[-1].boxes if box.kind == "chip"]
    assert len(chips) == 7
    assert {box.lines[1].text for box in chips} == {"0.5"}


def test_fused_gates_are_opened_or_kept_and_models_have_frames() -> None:
    w, x = [Value(2.0, "w1"), Value(-1.0, "w2")], [Value(3.0, "x1"), Value(4.0, "x2")]
    z = named(dot(w, x), "z")
    z.backward()
    assert len(animate(z).moments) == 1 + 3 + 1 + 6
    assert len(animate(z, keep_fused=True).moments) == 1 + 1 + 1 + 4
    model = MLP(2, [2, 1], rng=0)
    forward = animate(model([1.0, 2.0]) ** 2, model=model)
    assert {"layer 1", "neuron 1"} <= {frame.title.text for frame in forward.sheets[0].frames}
    assert {moment.section for moment in forward.moments} == {"Forward"}  # no backward pass yet


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_it_is_saved_as_its_ending_says(kind: str, small: Animation, tmp_path: Path) -> None:
    path = small.save(tmp_path / f"pass.{kind.lower()}")
    durations, seen = [], set()
    with Image.open(path) as picture:
        assert (picture.format, picture.n_frames) == (kind, 8)  # type: ignore[attr-defined]
        assert picture.width == pytest.approx(1280, abs=8)
        for k in range(8):
            picture.seek(k)
            seen.add(picture.convert("RGB").tobytes())
            durations.append(picture.info["duration"])
    assert durations == [500, 500, 1500, 500, 500, 500, 500, 1500]  # the end of a phase stays
    assert len(seen) == 8
    if kind == "GIF":  # a notebook shows it
        assert small._repr_html_() == (
            '<img alt="animation of L: 8 frames, 6.0 seconds" src="data:image/gif;base64,'
            f'{base64.b64encode(path.read_bytes()).decode()}">'
        )


def test_a_missing_pillow_is_named(small: Animation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(ImportError, match="pip install pillow"):
        small.save(tmp_path / "pass.gif")


def test_what_it_cannot_show_is_refused_in_its_own_name() -> None:
    with pytest.raises(TypeError, match="animate needs the Value"):
        animate(3.0)  # type: ignore[arg-type]
