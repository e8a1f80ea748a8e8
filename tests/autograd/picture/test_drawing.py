"""What a drawing shows: numbers, gradients, local gradients, colours, names; and the files it is saved to."""

from __future__ import annotations

import json
import math
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograd import Value, dot, draw, gate, gradient_flow, lectures, maximum
from autograd.picture import rendering
from autograd.picture.picture import Picture
from autograd.picture.sheet import Box
from autograd.typesetting.symbols import gate_symbol
from nn import MLP
from tests.graphs import horner, named

SVG = "{http://www.w3.org/2000/svg}"


def square() -> Value:
    a = Value(3.0, "a")
    return named(a * a, "L")


def texts(picture: Picture) -> list[str]:
    svg = ElementTree.fromstring(picture.svg)
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def lines_of(box: Box) -> list[str]:
    return [words.text for words in box.lines]


# ── what is shown ───────────────────────────────────────────────────────────────────────


def test_the_drawing_of_a_square() -> None:
    root = square()
    root.backward()
    picture = draw(root)
    a, L = picture.sheet.boxes
    assert (lines_of(a), lines_of(L)) == (["a", "3", "∂ 6"], ["L", "9", "∂ 1"])
    assert a.mark is None
    assert L.mark is not None
    assert L.mark.lines[0].text == "×"
    assert [(w.id, w.tail, w.head, w.label) for w in picture.sheet.edges] == [
        ("edge-1-0", "value-0", "value-1", "3"),
        ("edge-1-1", "value-0", "value-1", "3"),
    ]
    first, second = (edge.points[-1] for edge in picture.sheet.edges)
    assert (first[0], first[1] < second[1]) == (second[0], True)
    legend = "In a box: a value, and ∂ = ∂L/∂value. On an arrow: the local gradient."
    assert legend in texts(picture)
    groups = {g.get("id"): g.get("class") for g in ElementTree.fromstring(picture.svg).iter(f"{SVG}g")}
    assert groups == {
        None: None,
        "edge-1-0": "edge positive",
        "edge-1-1": "edge positive",
        "value-0": "value leaf",
        "value-1": "value made",
        "gate-1": "gate",
    }


def test_sign_is_color_and_the_width_of_an_edge_grows_with_the_root_of_the_gradient() -> None:
    x = Value(1.0, "x")
    root = x * 4.0 - x * 1.0  # 4 and -1 flow into x
    root.backward()
    strong, weak = sorted(
        (edge for edge in draw(root).sheet.edges if edge.tail == "value-0"), key=lambda edge: -edge.width
    )
    assert (strong.color, strong.width, strong.kind) == ("#005ab5", 5.0, "positive")
    assert (weak.color, weak.kind) == ("#e66100", "negative")
    assert (weak.width - 1.0) / (strong.width - 1.0) == pytest.approx(math.sqrt(1.0 / 4.0))


def test_edges_that_carry_no_gradient_are_grey_and_dashed() -> None:
    x, y, z = Value(2.0, "x"), Value(-1.0, "y"), Value(3.0, "z")
    root = maximum(x, y) * z + (y * z).relu()
    root.backward()
    # In order of depth: x, y, z, max, y·z, max·z, relu, L.
    assert {edge.id for edge in draw(root).sheet.edges if edge.dashed and edge.color == "#9aa0a6"} == {
        "edge-3-1",  # y lost against x
        *("edge-4-0", "edge-4-1", "edge-6-0"),  # what goes into the dead ReLU, and the ReLU itself
    }


def test_before_backward_gradients_are_not_computed() -> None:
    picture = draw(square())
    assert [lines_of(box) for box in picture.sheet.boxes] == [["a", "3"], ["L", "9"]]
    assert {edge.kind for edge in picture.sheet.edges} == {"unknown"}
    assert [edge.label for edge in picture.sheet.edges] == ["3", "3"]  # local gradients are known
    assert "call backward() first" in texts(picture)[-1]


def test_a_part_of_a_graph_shows_its_own_derivatives_and_the_numbers_that_the_gates_had() -> None:
    x = Value(2.0, "x")
    part = named(x * x, "part")
    (part * 10.0).backward()
    x.data = 0.5
    picture = draw(part)
    assert [lines_of(box) for box in picture.sheet.boxes] == [["x", "2", "∂ 4"], ["part", "4", "∂ 1"]]
    for remark in ("∂part/∂value", "these are the derivatives of part", "compute part again"):
        assert any(remark in text for text in texts(picture))


def test_where_numbers_or_gradients_stop_being_finite_the_box_has_a_red_rim() -> None:
    x = Value(2.0, "x")
    overflow, steep = (x * 1e200) * 1e200 - 1.0, abs(x - 2.0).sqrt() + x
    steep.backward()
    for root, marked in (
        (overflow, {"value-2": "this number is not finite"}),
        (steep, {"value-3": "its local gradient is not finite"}),
    ):
        picture = draw(root)
        assert {box.id: box.tooltip for box in picture.sheet.boxes if box.tooltip} == marked
        assert "#b3003c" in picture.svg
    assert "not-finite" in {edge.kind for edge in picture.sheet.edges}
    assert "NaN or ∞" in "".join(texts(picture))


@pytest.mark.parametrize(("decimals", "number"), [(2, "0.31"), (4, "0.3133"), (None, "0.3132616875182228")])
def test_decimals(decimals: int | None, number: str) -> None:
    example = lectures.logistic()
    assert number in texts(draw(example.root, decimals=decimals))


def test_fused_gates_are_opened_unless_asked_otherwise() -> None:
    root = dot([Value(1.0, "w1"), Value(2.0, "w2")], [3.0, 4.0], Value(0.5, "b"))
    root.backward()
    gates = {"×3", "×4", "+", "Σ×"}
    assert sorted(text for text in texts(draw(root)) if text in gates) == ["+", "+", "×3", "×4"]
    assert [text for text in texts(draw(root, keep_fused=True)) if text in gates] == ["Σ×"]


def test_symbols_show_the_numbers_that_went_in() -> None:
    x = Value(4.0)

    @gate(symbol="huber", formula="x", local=("1",))
    def huber(x: float, c: float = 1.0) -> tuple[float, tuple[float, ...]]:
        return c * x, (c,)

    written = {
        "+1": 1 + x, "+(-1)": x + -1, "2−x": 2 - x, "−2": x - 2, "×3": 3 * x, "×(-1)": -x,
        "×(-2.5)": x * -2.5, "1/x": 1 / x, "/2": x / 2, "x²": x**2, "x⁻¹": x**-1, "x¹⁰": x**10,
        "x^0.5": x**0.5, "2ˣ": 2**x, "max(x, 0)": maximum(x, 0), "max(0, x)": maximum(0, x),
        "+": x + x, "/": x / x, "^": x**x, "leaky ReLU": x.leaky_relu(),
        "leaky ReLU, alpha = 0.2": x.leaky_relu(0.2), "huber": huber(x), "huber, c = 2": huber(x, 2.0),
    }  # fmt: skip
    assert [gate_symbol(node) for node in written.values()] == list(written)
    with pytest.raises(ValueError, match="leaf"):
        gate_symbol(x)


def test_a_large_graph_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match=r"2 values.*draw a part.*keep_fused=True.*limit=2"):
        draw(square(), limit=1)
    assert draw(square(), limit=2).dot.count(" -> ") == 2


# ── labels ──────────────────────────────────────────────────────────────────────────────

LABELS = [
    "<b>bold</b>", "<>", "{a|b}", '"quoted"', "it's", "\\N \\G \\l \\n", "ends in \\", "a & b &amp; &#65;",
    "-->", "</script><img onerror=x>", "<![CDATA[", "]]>", "漢字 ŷ ∂ 😀", "%s", "node", "w₁²", "->",
]  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_labels_come_out_letter_by_letter(label: str) -> None:
    @gate(symbol=label, formula="x", local=("1",))
    def identity(x: float) -> tuple[float, tuple[float, ...]]:
        return x, (1.0,)

    root = identity(Value(1.0, label))
    root.backward()
    picture = draw(root)
    assert texts(picture).count(label) == 2
    by_graphviz = ElementTree.fromstring(rendering.rendered(picture.dot, "svg"))
    assert ["".join(text.itertext()) for text in by_graphviz.iter(f"{SVG}text")].count(label) == 2


def test_labels_that_no_page_can_show_are_made_harmless() -> None:
    hidden = "\x00\x1b\ud800\uffff\u202e"  # the last turns the direction of writing
    for label, shown in (
        (f"a{hidden}b\n\tc", ["a" + 5 * "\ufffd" + "b c", "1"]),
        ("x" * 100, ["x" * 31 + "…", "1"]),
        (" \n", ["1"]),
    ):
        assert lines_of(draw(Value(1.0, label)).sheet.boxes[0]) == shown


# ── files ───────────────────────────────────────────────────────────────────────────────

BEGINNINGS = {"svg": b"<?xml", "PNG": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "gv": b"digraph"}


def test_the_ending_says_what_is_saved(tmp_path: Path) -> None:
    picture = draw(square())
    for ending, beginning in BEGINNINGS.items():
        path = tmp_path / f"picture.{ending}"
        assert picture.save(path) == path
        assert path.read_bytes().startswith(beginning)
    for name in ("picture", "picture.docx", ".svg"):
        with pytest.raises(ValueError, match=r"saved as \.svg, \.png, \.pdf, \.dot, \.gv"):
            picture.save(tmp_path / name)
        assert not (tmp_path / name).exists()


def test_graphviz_moves_nothing() -> None:
    """Boxes are where the sheet has them, whoever draws."""
    picture = draw(horner(4))
    drawn = json.loads(rendering.rendered(picture.dot, "json"))
    middles = {one["name"]: map(float, one["pos"].split(",")) for one in drawn["objects"]}
    moved = set()
    for box in picture.sheet.boxes:
        x, y = middles[box.id]
        moved.add((round(x - box.x - box.width / 2), round(y + box.y + box.height / 2)))
    assert len(moved) == 1


def test_what_graphviz_draws_of_a_box_stays_within_its_rim() -> None:
    overflow = draw(Value(1e200, "x") * 1e200)  # with a rim of three points
    drawn = ElementTree.fromstring(rendering.rendered(overflow.dot, "svg"))
    heights = {
        node.findtext(f"{SVG}title"): [
            float(y) for shape in node.iter() for y in re.findall(r",(-?[\d.]+)", str(shape.attrib))
        ]
        for node in drawn.iter(f"{SVG}g")
    }
    for box in overflow.sheet.boxes:
        assert max(heights[box.id]) - min(heights[box.id]) <= box.height + 1.0


def test_a_notebook_shows_a_png_at_the_size_of_the_svg_and_no_wider_than_a_page() -> None:
    data, metadata = draw(square())._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    width = float(ElementTree.fromstring(draw(square()).svg).attrib["width"].removesuffix("pt")) * 96 / 72
    assert metadata["image/png"]["width"] == pytest.approx(width, rel=0.1)
    example = lectures.two_layer()
    _, metadata = draw(example.root)._repr_mimebundle_()
    assert 800 < metadata["image/png"]["width"] <= 962


def test_a_png_of_a_large_graph_has_so_many_pixels_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "MOST_PIXELS", 1e6)
    width, height = struct.unpack(">II", rendering.png(draw(horner(30)).sheet)[16:24])
    assert 0.8e6 < width * height <= 1.05e6


def test_without_graphviz_the_error_names_the_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering.shutil, "which", lambda program: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(RuntimeError, match=r"pip install pygraphviz.*`dot` program"):
        draw(square())


def test_the_dot_program_is_used_if_there_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "dot"
    program.write_text('#!/bin/sh\necho "$@"; cat\n')
    program.chmod(0o755)
    monkeypatch.setattr(rendering.shutil, "which", lambda name: str(program))
    assert rendering.rendered("digraph {}", "pdf") == b"-Knop2 -Tpdf\ndigraph {}"
    program.write_text("#!/bin/sh\necho no such plugin >&2; exit 1\n")
    with pytest.raises(RuntimeError, match="no such plugin"):
        rendering.rendered("digraph {}", "pdf")


def test_the_library_keeps_quiet_about_the_fonts_of_the_machine(capfd: pytest.CaptureFixture[str]) -> None:
    rendering.png(draw(square()).sheet)
    assert capfd.readouterr().err == ""


# ── forward mode ────────────────────────────────────────────────────────────────────────


def test_forward_mode_shows_how_one_input_moves_every_value() -> None:
    a, b = Value(2.0, "a"), Value(5.0, "b")
    c = named(a * b, "c")
    L = named(c + a, "L")
    sheet = draw(L, by=a).sheet  # ∂c/∂a = b = 5, ∂L/∂a = 5 + 1
    shown = {box.lines[0].text: box.lines[-1].text for box in sheet.boxes if box.lines}
    assert shown == {"a": "∂ 1", "b": "∂ 0", "c": "∂ 5", "L": "∂ 6"}
    still = [edge for edge in sheet.edges if edge.kind == "none"]
    assert [edge.tail for edge in still] == [box.id for box in sheet.boxes if box.lines[0].text == "b"]
    assert "∂ = ∂value/∂a" in "".join(text for line in sheet.legend for text, _ in line)
    inner = draw(dot([c], [c]), by=c).sheet  # opened into c·c
    assert [lines_of(box)[-1] for box in inner.boxes] == ["∂ 0", "∂ 0", "∂ 1", "∂ 20"]
    with pytest.raises(ValueError, match="by is a Value of the graph, which Value"):
        draw(L, by=Value(1.0, "z"))


# ── models ──────────────────────────────────────────────────────────────────────────────


def mlp_loss(*sizes: int) -> tuple[MLP, Value]:
    model = MLP(2, list(sizes), "relu", rng=1)
    loss = named((model([1.0, 2.0]) - 1.0) ** 2, "loss")
    loss.backward()
    return model, loss


def test_a_model_puts_layers_and_neurons_in_frames() -> None:
    model, loss = mlp_loss(3, 1)
    framed, plain = draw(loss, model=model), draw(loss)
    titles = sorted(frame.title.text for frame in framed.sheet.frames)
    assert titles == ["layer 1", "layer 2", "neuron 1", "neuron 1", "neuron 2", "neuron 3"]
    boxes = {box.id: lines_of(box) for box in plain.sheet.boxes if box.kind != "chip"}
    assert boxes == {box.id: lines_of(box) for box in framed.sheet.boxes if box.kind != "chip"}
    assert {edge.id for edge in plain.sheet.edges} == {edge.id for edge in framed.sheet.edges}


def test_of_gradients_that_are_not_finite_no_width_is_claimed() -> None:
    model, loss = mlp_loss(3, 1)
    parameters = list(model.parameters())
    for parameter in parameters:
        parameter.grad = math.inf
    legend = "".join(texts(gradient_flow(loss, model=model)))
    assert "NaN or ∞" in legend
    assert "the widest" not in legend
    parameters[0].grad = -2.5
    assert "the widest finite one is 2.5." in "".join(texts(gradient_flow(loss, model=model)))


def test_a_network_as_layers_its_dead_neurons_grey() -> None:
    model, loss = mlp_loss(3, 1)
    picture = gradient_flow(loss, model=model)
    grad = {name: parameter.grad for name, parameter in model.named_parameters()}
    assert len(picture.sheet.edges) == 2 * 3 + 3 * 1
    for edge in picture.sheet.edges:
        (_, k), (layer, j) = edge.tail.split("-"), edge.head.split("-")
        g = grad[f"layers.{int(layer) - 1}.neurons.{j}.w.{k}"]
        assert edge.kind == ("positive" if g > 0.0 else "negative" if g < 0.0 else "none")
    strongest = max(abs(g) for g in grad.values())
    assert f"the widest is {strongest:.4f}" in "".join(texts(picture))
    titles = ["inputs", "layer 1", "layer 2"]
    assert [text for text in texts(picture) if text in titles] == titles
    dead = [not any(p.grad for p in neuron.parameters()) for neuron in model.layers[0].neurons]
    assert dead == [False, True, True]  # by their weights and the sample (1, 2)
    boxes = {box.id: box for box in picture.sheet.boxes}
    assert [boxes[f"1-{j}"].dashed for j in range(3)] == dead
    model.layers[0].neurons[0].b.grad = math.nan
    not_finite = gradient_flow(loss, model=model).sheet
    assert [box.kind for box in not_finite.boxes].count("neuron not-finite") == 1
    assert [edge.width for edge in not_finite.edges] == [edge.width for edge in picture.sheet.edges]


def test_what_is_no_network_is_refused() -> None:
    model, loss = mlp_loss(2, 1)
    line = SimpleNamespace(named_parameters=lambda: [("slope", Value(1.0))])
    with pytest.raises(ValueError, match="does not depend on any parameter of this model"):
        gradient_flow(loss, model=MLP(2, [2, 1], rng=2))
    with pytest.raises(ValueError, match=r"layers of neurons.*has neurons of 0 weights"):
        gradient_flow(loss, model=line)
    with pytest.raises(TypeError, match="the loss as a Value, got MLP"):
        gradient_flow(model, model=loss)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"call backward\(\)"):
        gradient_flow(model([1.0, 2.0]), model=model)
