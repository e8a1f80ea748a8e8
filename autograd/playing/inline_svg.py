"""A Graphviz drawing as part of a web page, which colours it and changes its numbers.

Graphviz writes how everything looks into the SVG; here that is taken out, so that the
page's own styles hold, in light and dark. What remains: shapes, places, text, and for
every box, gate and edge its id and class. Texts in boxes are centred, since they change.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

NAMESPACE = "{http://www.w3.org/2000/svg}"

LOOKS = {
    *("fill", "stroke", "font-family", "font-size", "font-weight", "font-style"),
    *("stroke-width", "stroke-dasharray", "{http://www.w3.org/XML/1998/namespace}space"),
}
"""What the page decides."""


def inline(svg: str) -> str:
    """The SVG element for a page, of a drawing made with `drawing_of(..., legend=False)`."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
    picture = root.find("g")
    assert picture is not None
    for child in list(picture):
        if child.tag in ("polygon", "title"):  # the background, and the graph's name
            picture.remove(child)
    for group in picture.findall("g"):
        _tidy(group)
    width, height = (float(root.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "data-width": f"{width:g}",
        "data-height": f"{height:g}",
    }
    picture.attrib = {"transform": picture.attrib["transform"].replace("scale(1 1) rotate(0) ", "")}
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r">\s+<", "><", text)


def _tidy(group: ElementTree.Element) -> None:
    kinds = group.get("class", "").split()
    for child in list(group):
        if child.tag == "title":
            group.remove(child)
    if "edge" in kinds:
        path = group.find("path")
        if path is not None:
            group.set("style", f"--width:{path.attrib.pop('stroke-width', '1')}")
    for element in group.iter():
        if element is not group and element.tag != "g":
            for name in LOOKS & set(element.attrib):
                del element.attrib[name]
            for name in ("x", "y", "points", "d"):
                if name in element.attrib:
                    element.set(name, rounded(element.attrib[name]))
    if "value" in kinds:
        _name_texts(group)


def _name_texts(group: ElementTree.Element) -> None:
    """One outline behind the texts of a box; the texts centred, and named: label, number, gradient."""
    filling, *outlines = group.findall("path")  # Graphviz fills first, and draws the border last
    outline = outlines[-1] if outlines else filling
    for path in (filling, *outlines):
        group.remove(path)
    group.insert(0, outline)
    xs = [float(x) for x in re.findall(r"(-?[\d.]+),", outline.attrib["d"])]
    texts = group.findall("text")
    names = ["label", "number", "gradient"][-len(texts) :]
    for text, name in zip(texts, names, strict=True):
        text.attrib = {"class": name, "x": f"{(min(xs) + max(xs)) / 2:.1f}", "y": text.attrib["y"]}


def rounded(numbers: str) -> str:
    """Coordinates to a tenth of a point.

    >>> rounded("M12.345,-0.04C1,2")
    'M12.3,0C1,2'
    """

    def shorter(number: re.Match[str]) -> str:
        return f"{round(float(number[0]), 1) + 0.0:g}"

    return re.sub(r"-?\d+\.\d+", shorter, numbers)
