"""A drawing made ready for a page: shapes and texts, without colours and fonts."""

import xml.etree.ElementTree as ElementTree

from autograd import Value
from autograd.picture.drawing import drawing_of
from autograd.picture.folding import Folded
from autograd.picture.scene import scene
from autograd.playing.inline_svg import inline, rounded


def picture() -> ElementTree.Element:
    root = Value(3.0, "a <b>") * 2.0
    root.label = "L"
    root.backward()
    nodes = (root, *root.inputs)
    seen = scene(Folded(root), {x: x.grad for x in nodes}, {x: x.label for x in nodes})
    return ElementTree.fromstring(inline(str(drawing_of(seen, legend=False).pipe("svg", encoding="utf-8"))))


def test_nothing_of_its_looks_is_left() -> None:
    left = {name for element in picture().iter() for name in element.attrib}
    assert left <= {
        *("viewBox", "data-width", "data-height", "transform", "id", "class", "style"),
        *("x", "y", "d", "points", "cx", "cy", "rx", "ry", "text-anchor"),
    }


def test_the_texts_of_a_box_are_named_and_centred_on_its_outline() -> None:
    (box,) = (group for group in picture().iter("g") if group.get("id") == "value-0")
    outline, *texts = list(box)
    assert outline.tag == "path"  # first, so that the texts lie on it
    assert [(text.get("class"), text.text) for text in texts] == [
        ("label", "a <b>"),
        ("number", "3"),
        ("gradient", "∂ 2"),
    ]
    assert len({text.get("x") for text in texts}) == 1


def test_edges_keep_their_width_for_the_page_to_use() -> None:
    (edge,) = (group for group in picture().iter("g") if group.get("id") == "edge-1-0")
    assert edge.attrib == {"id": "edge-1-0", "class": "edge positive", "style": "--width:5"}


def test_coordinates_have_one_decimal() -> None:
    assert rounded("M12.345,-0.04 0.96") == "M12.3,0 1"
