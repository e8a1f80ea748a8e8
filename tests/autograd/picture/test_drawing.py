"""The drawing: its DOT text exactly, then what Graphviz makes of it."""

import contextlib
import math
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import graphviz
import pytest

from autograd import Value, dot, draw, gate, gradient_flow, maximum
from autograd.picture import rendering
from autograd.typesetting.symbols import gate_symbol
from nn import MLP

SVG = "{http://www.w3.org/2000/svg}"


def named(node: Value, label: str) -> Value:
    node.label = label
    return node


def square() -> Value:
    a = Value(3.0, "a")
    return named(a * a, "L")


def max_and_relu() -> Value:
    """The input y loses the max against x; the ReLU is dead, so y·z gets no gradient at all."""
    x, y, z = Value(2.0, "x"), Value(-1.0, "y"), Value(3.0, "z")
    return named(maximum(x, y) * z + (y * z).relu(), "L")


def svg(drawing: graphviz.Digraph) -> ElementTree.Element:
    return ElementTree.fromstring(drawing.pipe("svg"))


def texts(drawing: graphviz.Digraph) -> list[str]:
    return [text.text or "" for text in svg(drawing).iter(f"{SVG}text")]


def edges(drawing: graphviz.Digraph) -> list[str]:
    return [line.strip() for line in drawing.source.splitlines() if " -> " in line]


def edge(drawing: graphviz.Digraph, identity: str) -> str:
    (line,) = (line for line in edges(drawing) if f"id={identity}]" in line or f'id="{identity}"' in line)
    return line


# ── the DOT text ────────────────────────────────────────────────────────────────────────


def test_the_drawing_of_a_square_to_the_letter() -> None:
    root = square()
    root.backward()

    statements = [line.strip() for line in draw(root).source.splitlines()][5:]

    table = (
        '<TABLE BORDER="1" COLOR="#6b7075" BGCOLOR="{}" STYLE="ROUNDED" CELLBORDER="0" CELLSPACING="2" '
        'CELLPADDING="1"><TR><TD WIDTH="44"><B>{}</B></TD></TR><TR><TD WIDTH="44">{}</TD></TR>'
        '<TR><TD WIDTH="44"><FONT COLOR="#005ab5">∂ {}</FONT></TD></TR></TABLE>'
    )
    label = (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD WIDTH="30">3</TD></TR>'
        '<TR><TD HEIGHT="4"></TD></TR></TABLE>>'
    )
    a, result = table.format("#f1f3f4", "a", 3, 6), table.format("#ffffff", "L", 9, 1)
    assert statements == [
        f'"value-0" [label=<{a}> class="value leaf" id="value-0"]',
        f'"value-1" [label=<{result}> class="value made" id="value-1"]',
        '"gate-1" [label="×" class=gate color="#8a6d1d" fillcolor="#fff3d6" fixedsize=true fontsize=14 '
        'id="gate-1" shape=circle style=filled width=0.36]',
        f'"value-0" -> "gate-1" [label={label} class=positive color="#005ab5" id="edge-1-0" penwidth=5.00]',
        f'"value-0" -> "gate-1" [label={label} class=positive color="#005ab5" id="edge-1-1" penwidth=5.00]',
        '"gate-1" -> "value-1" [arrowhead=none class=positive color="#005ab5" id="output-1" penwidth=3.31]',
        "}",
    ]


def test_the_width_of_an_edge_grows_with_the_root_of_the_gradient() -> None:
    x = Value(1.0, "x")
    root = named(x * 4.0 + x * 1.0, "L")  # 4 and 1 flow into x
    root.backward()
    drawing = draw(root)
    widths = [
        float(line.split("penwidth=")[1].rstrip("]")) for line in edges(drawing) if '"value-0" ->' in line
    ]
    thinnest, strong, weak = 1.0, *sorted(widths, reverse=True)
    assert strong == 5.0
    assert (weak - thinnest) / (strong - thinnest) == pytest.approx(math.sqrt(1.0 / 4.0))


def test_sign_is_color() -> None:
    x = Value(1.0, "x")
    root = x - (x * 2.0)
    root.backward()
    drawing = draw(root)
    assert "class=positive" in edge(drawing, "edge-2-0")
    assert "class=negative" in edge(drawing, "edge-2-1")
    assert "#005ab5" in edge(drawing, "edge-2-0")
    assert "#e66100" in edge(drawing, "edge-2-1")


def test_edges_that_carry_no_gradient_are_grey_and_dashed() -> None:
    root = max_and_relu()
    root.backward()
    dashed = [
        line.split(" [")[0] for line in edges(draw(root)) if "style=dashed" in line and "#9aa0a6" in line
    ]
    # In order of depth: x, y, z, max, y·z, max·z, relu, L.
    assert dashed == [
        '"value-1" -> "gate-3"',  # y lost against x
        '"value-1" -> "gate-4"',  # what goes into the dead ReLU
        '"value-2" -> "gate-4"',
        '"gate-4" -> "value-4"',
        '"value-4" -> "gate-6"',  # the dead ReLU itself
    ]


def test_before_backward_gradients_are_not_computed() -> None:
    drawing = draw(square())
    assert drawing.source.count("not computed") == 2
    assert "∂ 0" not in drawing.source
    assert all("class=unknown" in line for line in edges(drawing))
    assert texts(drawing).count("3") == 3  # the number in the box, and both local gradients, are known


def test_a_part_of_a_graph_keeps_the_gradients_of_the_whole() -> None:
    x = Value(2.0, "x")
    part = named(x * x, "part")
    (part * 10.0).backward()
    assert "∂ 10" in texts(draw(part))


def test_a_leaf_alone() -> None:
    assert [text for text in texts(draw(Value(1.5, "x"))) if text in ("x", "1.5")] == ["x", "1.5"]


def test_every_local_gradient_of_the_logistic_example() -> None:
    g6 = named((-Value(1.0, "g4")).exp(), "g6")
    root = named(-(1.0 / (1.0 + g6)).log(), "L")
    root.backward()
    shown = texts(draw(root))
    for number in ("0.3679", "-0.5344", "1.3679", "∂ -1.3679", "∂ 0.7311", "∂ -0.2689"):
        assert number in shown


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


# ── refusals ────────────────────────────────────────────────────────────────────────────


def test_a_large_graph_is_refused_with_advice() -> None:
    root = sum((Value(float(i)) for i in range(300)), Value(0.0))
    with pytest.raises(ValueError, match=r"601 values.*draw a part.*keep_fused=True.*limit=601"):
        draw(root)
    assert draw(root, limit=601).source.count(" -> ") == 900


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="Value that a computation ends in, got list"):
        draw([Value(1.0)])  # type: ignore[arg-type]


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
    assert texts(draw(root)).count(label) == 2
    assert len(draw(root).pipe("png")) > 1000
    assert len(draw(root).pipe("pdf")) > 1000


def test_labels_that_no_page_can_show_are_made_harmless() -> None:
    hidden = "\x00\x1b\ud800\uffff"
    assert texts(draw(Value(1.0, f"a{hidden}b\n\tc")))[-3] == "a\ufffd\ufffd\ufffd\ufffdb c"
    assert texts(draw(Value(1.0, "x" * 100)))[-3] == "x" * 31 + "…"
    assert texts(draw(Value(1.0, " \n")))[-2] == "1"


# ── pictures ────────────────────────────────────────────────────────────────────────────

SIGNATURES = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.mark.parametrize("suffix", SIGNATURES)
def test_pipe_and_render_write_pictures(suffix: str, tmp_path: Path) -> None:
    drawing = draw(square())
    assert drawing.pipe(suffix).startswith(SIGNATURES[suffix])
    picture = drawing.render(outfile=tmp_path / "new" / f"picture.{suffix}", cleanup=True)
    assert Path(picture).read_bytes().startswith(SIGNATURES[suffix])
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"picture.{suffix}"]


def test_render_keeps_the_dot_as_graphviz_does(tmp_path: Path) -> None:
    drawing = draw(square())
    assert drawing.render("picture", directory=tmp_path) == str(tmp_path / "picture.svg")
    assert (tmp_path / "picture").read_text(encoding="utf-8") == drawing.source
    drawing.render(outfile="other.png", directory=tmp_path)
    assert (tmp_path / "other.gv").read_text(encoding="utf-8") == drawing.source


def test_an_unknown_format_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'docx'"):
        draw(square()).render(outfile=tmp_path / "picture.docx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wanted", ["bmp", "webp", "tif", "ico", "vml", "vrml", "gd2"])
def test_a_format_that_the_library_does_not_write_is_refused(
    wanted: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rendering.shutil, "which", lambda program: None)
    with pytest.raises(ValueError, match=f"does not write the format '{wanted}' here"):
        draw(square()).pipe(wanted)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b'Format: "bmp" not recognized. Use one of: canon', ValueError),
        (b"Error: syntax error", graphviz.CalledProcessError),
    ],
)
def test_a_format_that_the_program_does_not_write_is_refused_too(
    said: bytes, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise graphviz.CalledProcessError(1, ["dot", "-Tbmp"], stderr=said)

    monkeypatch.setattr(rendering.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(graphviz, "pipe", fail)
    with pytest.raises(error):
        draw(square()).pipe("bmp")


def test_pictures_of_pixels_are_sharp_whatever_their_ending_is_called() -> None:
    drawing = draw(square())
    assert drawing.pipe("jpe") == drawing.pipe("jpg")


@pytest.mark.parametrize(("picture", "dot"), [("old.svg", "old.gv"), ("new.svg", "old")])
def test_where_one_file_cannot_be_written_the_other_stays_as_it_was(
    picture: str, dot: str, tmp_path: Path
) -> None:
    before = dict.fromkeys(("old.gv", "new.svg"), "as it was")
    for name, content in before.items():
        (tmp_path / name).write_text(content)
    for folder in ("old.svg", "old"):
        (tmp_path / folder).mkdir()
    with pytest.raises(OSError, match="old"):
        draw(square()).render(outfile=picture, filename=dot, directory=tmp_path)
    assert {name: (tmp_path / name).read_text() for name in before} == before
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("files", [{"outfile": "b.gv"}, {"outfile": "b.svg", "filename": "b.svg"}])
def test_the_picture_does_not_take_the_place_of_its_dot(files: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"both be written to .*b\.(gv|svg): give another filename"):
        draw(square()).render(directory=tmp_path, **files)
    assert list(tmp_path.iterdir()) == []
    draw(square()).render(directory=tmp_path, cleanup=True, **files)
    assert [path.name for path in tmp_path.iterdir()] == [files["outfile"]]


def test_a_notebook_shows_a_png_at_the_size_of_the_svg() -> None:
    drawing = draw(square())
    data, metadata = drawing._repr_mimebundle_()
    svg = ElementTree.fromstring(drawing.pipe("svg"))
    points = [float(svg.attrib[side].removesuffix("pt")) for side in ("width", "height")]
    size = metadata["image/png"]
    assert data["image/png"].startswith(b"\x89PNG")
    assert [size["width"], size["height"]] == pytest.approx([p * 96 / 72 for p in points], abs=2)


def test_a_drawing_has_a_repr_that_is_the_same_in_every_run() -> None:
    assert repr(draw(square())) == repr(draw(square()))


def test_a_long_drawing_in_a_notebook_is_no_wider_than_a_page() -> None:
    x = Value(0.5)
    for _ in range(30):
        x = x.tanh()
    data, metadata = draw(x)._repr_mimebundle_()
    assert 900 < metadata["image/png"]["width"] <= 962
    assert len(data["image/png"]) < 200_000


def test_it_is_a_digraph_to_go_on_drawing_in() -> None:
    drawing = draw(square())
    drawing.node("note", "a note of my own")
    assert isinstance(drawing, graphviz.Digraph)
    assert "a note of my own" in texts(drawing)


def test_every_box_is_wider_than_its_text() -> None:
    """By the average width of a letter, half the font size: whatever font shows it, none sticks out."""
    root = named(Value(-1234.5678, "a long label of a value") * 1.0, "L")
    root.backward()
    for group in svg(draw(root)).iter(f"{SVG}g"):
        if group.get("id", "").startswith("value-"):
            path = next(group.iter(f"{SVG}path")).get("d", "")
            xs = [float(pair.split(",")[0]) for pair in path.replace("M", " ").replace("C", " ").split()]
            for text in group.iter(f"{SVG}text"):
                assert text.get("text-anchor") == "start"
                start = float(text.get("x", "nan"))
                assert min(xs) + 2.0 < start
                assert (
                    start + 0.5 * float(text.get("font-size", "nan")) * len(text.text or "") < max(xs) + 2.0
                )


def test_the_dot_program_is_used_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(rendering.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(graphviz, "pipe", lambda *call, **options: asked.append(call) or b"<svg/>")
    drawing = draw(square())
    assert drawing.pipe("svg") == b"<svg/>"
    assert asked == [("dot", "svg", drawing.source.encode())]


def test_without_any_graphviz_the_error_names_both_remedies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering.shutil, "which", lambda program: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    drawing = draw(square())  # the DOT needs no renderer
    with pytest.raises(RuntimeError, match=r"pip install pygraphviz.*`dot` program"):
        drawing.pipe("svg")


def test_drawing_says_nothing_on_standard_error() -> None:
    script = (
        "from autograd import Value, draw; from autograd.picture import rendering\n"
        "rendering.shutil.which = lambda _: None\n"
        "draw(Value(1.0, 'x') * 2).pipe('png')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stderr == b""


def test_what_graphviz_itself_objects_to_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    drawing = draw(square())
    drawing.node("broken", "<<B></TABLE>>")
    with contextlib.suppress(
        graphviz.CalledProcessError
    ):  # the `dot` program fails where the library goes on
        drawing.pipe("svg")
    assert "broken" in capfd.readouterr().err


# ── models ──────────────────────────────────────────────────────────────────────────────


def mlp_loss(*sizes: int, activation: str = "relu") -> tuple[MLP, Value]:
    model = MLP(2, list(sizes), activation, rng=1)
    loss = named((model([1.0, 2.0]) - 1.0) ** 2, "loss")
    loss.backward()
    return model, loss


def test_a_model_puts_layers_and_neurons_in_frames() -> None:
    model, loss = mlp_loss(3, 1)
    source = draw(loss, model=model).source
    frames = [line.split("<B>")[1].split("</B>")[0] for line in source.splitlines() if "class=frame" in line]
    assert frames == ["layer 1", "neuron 1", "neuron 2", "neuron 3", "layer 2", "neuron 1"]
    # Boxes, gates and edges are those of the same drawing without frames.
    plain = draw(loss).source.splitlines()
    assert [line.strip() for line in plain if "->" in line] == edges(draw(loss, model=model))


def test_a_network_as_layers() -> None:
    model, loss = mlp_loss(3, 1)
    drawing = gradient_flow(model, loss)
    lines = {line.split(" [")[0]: line for line in edges(drawing)}
    assert len(lines) == 2 * 3 + 3 * 1
    grad = {name: parameter.grad for name, parameter in model.named_parameters()}
    for i, j, k in [(0, 0, 0), (0, 1, 1), (0, 2, 0), (1, 0, 0), (1, 0, 2)]:
        g = grad[f"layers.{i}.neurons.{j}.w.{k}"]
        sign = "positive" if g > 0.0 else "negative" if g < 0.0 else "none"
        assert f"class={sign}" in lines[f'"{i}-{k}" -> "{i + 1}-{j}"']
    strongest = max(abs(g) for g in grad.values())
    assert f"the widest is {strongest:.4f}" in "".join(texts(drawing))
    assert [t for t in texts(drawing) if t in ("inputs", "layer 1", "layer 2")] == [
        "inputs",
        "layer 1",
        "layer 2",
    ]


def test_a_dead_neuron_is_grey() -> None:
    model, loss = mlp_loss(3, 1)
    dead = [
        j
        for j, neuron in enumerate(model.layers[0].neurons)
        if all(p.grad == 0.0 for p in neuron.parameters())
    ]
    assert dead == [1, 2]  # by their weights and the sample (1, 2)
    source = gradient_flow(model, loss).source
    grey = [f'"1-{j}" [label={j + 1} class=none color="#c4c9cf"' in source for j in range(3)]
    assert grey == [False, True, True]


def test_what_is_no_network_is_refused() -> None:
    model, loss = mlp_loss(2, 1)
    other = MLP(2, [2, 1], rng=2)

    class Line:
        def named_parameters(self) -> list[tuple[str, Value]]:
            return [("slope", Value(1.0))]

    with pytest.raises(ValueError, match="does not depend on any parameter of this model"):
        gradient_flow(other, loss)
    with pytest.raises(ValueError, match=r"layers of neurons.*has neurons of 0 weights"):
        gradient_flow(Line(), loss)
    with pytest.raises(TypeError, match="object has no named_parameters"):
        gradient_flow(object(), loss)
    with pytest.raises(ValueError, match=r"call backward\(\)"):
        gradient_flow(model, (model([1.0, 2.0]) - 1.0) ** 2)
    with pytest.raises(ValueError, match="was the result computed with this model"):
        draw(loss, model=other)
    with pytest.raises(TypeError, match="named_parameters"):
        draw(loss, model=object())
