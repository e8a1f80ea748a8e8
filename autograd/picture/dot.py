"""A sheet as DOT, the text that Graphviz draws: every place in it is decided already."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograd.picture import looks
from autograd.picture.sheet import POINTS_PER_INCH, Box, Edge, Frame, Sheet, Words, curve

ENGINE = "nop2"
"""The engine of Graphviz that lays out nothing, and draws what lies where it is said to lie."""

FONT = "Helvetica,Arial,sans-serif"


def dot(sheet: Sheet) -> str:
    """The DOT text of a sheet."""
    return "\n".join(_statements(sheet))


def _statements(sheet: Sheet) -> Iterator[str]:
    high = sheet.height
    yield "digraph {"
    yield _attributes("graph", bgcolor="white", pad="0.15", fontname=FONT, outputorder="edgesfirst")
    yield _attributes("node", fontname=FONT, fontcolor=looks.INK, fontsize="12", margin="0", fixedsize="true")
    yield _attributes("edge", fontname=FONT, fontcolor=looks.INK, fontsize="10.5")
    for frame in sheet.frames:
        yield from _frame(frame, high)
    for box in sheet.boxes:
        yield _attributes(_quoted(box.id), **_box(box, high))
    for edge in sheet.edges:
        yield _attributes(f"{_quoted(edge.tail)} -> {_quoted(edge.head)}", **_edge(edge, high))
    for k, (x, y, words) in enumerate(sheet.words):
        yield _text_alone(f"words-{k}", x, high - y, label=f"<{_words(words)}>")
    for k, line in enumerate(sheet.legend):
        text = "".join(f'<FONT COLOR="{color}">{_text(text)}</FONT>' for text, color in line)
        width = looks.legend_width(line)
        y = -looks.LEGEND_GAP - looks.LEGEND_LINE * (k + 0.5)
        table = (
            '<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" '
            f'WIDTH="{width:.0f}" HEIGHT="{looks.LEGEND_LINE:.0f}">'
            f'<TR><TD ALIGN="LEFT">{text}</TD></TR></TABLE>>'
        )
        yield _text_alone(f"legend-{k}", width / 2, y, fontsize=f"{looks.LEGEND_SIZE:g}", label=table)
    yield "}\n"


def _attributes(of: str, **attributes: str) -> str:
    written = " ".join(
        f"{name}={value if value.startswith('<') else _quoted(value)}" for name, value in attributes.items()
    )
    return f"\t{of} [{written}]"


def _text_alone(name: str, x: float, y: float, **look: str) -> str:
    return _attributes(f'"{name}"', shape="plain", fixedsize="false", pos=f"{x:.1f},{y:.1f}", **look)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(text: str) -> str:
    """Text that Graphviz shows as it stands, whatever characters it is made of."""
    return escape(text).replace("\\", "\\\\") or " "


def _words(*lines: Words, between: str = "<BR/>") -> str:
    return between.join(
        f'<FONT POINT-SIZE="{words.size:g}"'
        + (f' COLOR="{words.color}">' if words.color else ">")
        + (f"<B>{_text(words.text)}</B></FONT>" if words.bold else f"{_text(words.text)}</FONT>")
        for words in lines
    )


def _box(box: Box, high: float) -> dict[str, str]:
    x, y = box.x + box.width / 2, high - box.y - box.height / 2
    width, height = (f"{side / POINTS_PER_INCH:.4f}" for side in (box.width, box.height))
    places = {"pos": f"{x:.1f},{y:.1f}", "width": width, "height": height, "id": box.id, "class": box.kind}
    dashed = ",dashed" if box.dashed else ""
    if box.radius * 2 >= min(box.width, box.height) and box.kind != "chip":
        return places | {
            "shape": "circle", "style": "filled" + dashed, "label": f"<{_words(*box.lines)}>",
            "fillcolor": box.fill, "color": box.rim, "penwidth": f"{box.rim_width:g}",
        }  # fmt: skip
    rim, points = max(1, round(box.rim_width)), round(box.height)
    inside = points - 2 * rim + 1  # the rule beside the mark reaches the rim
    left, fill, cells = float(rim), box.fill, ""
    if box.mark:
        left = box.mark.width
        fill = f"{box.mark.fill};{left / box.width:.3f}:{box.fill}"
        cells = _cell(left - rim, inside, _words(*box.mark.lines)) + "<VR/>"
    texts = _words(*box.lines, between=" " if box.kind == "chip" else "<BR/>")
    table = (
        f'<TABLE BORDER="{rim}" COLOR="{box.rim}" STYLE="rounded{dashed}" '
        f'BGCOLOR="{fill}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" '
        f'WIDTH="{box.width:.0f}" HEIGHT="{points}">'
        f"<TR>{cells}{_cell(box.width - left - rim, inside, texts)}</TR></TABLE>"
    )
    return places | {"shape": "none", "label": f"<{table}>"}


def _cell(width: float, height: float, words: str) -> str:
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}">{words}</TD>'


def _edge(edge: Edge, high: float) -> dict[str, str]:
    points = curve(edge, 0.0 if edge.straight or edge.back else looks.ARROW)
    (end_x, end_y), (begin_x, begin_y) = edge.points[-1], edge.points[0]
    tip = "" if edge.straight else f"e,{end_x:.1f},{high - end_y:.1f} "
    if edge.back:
        points[0] = (begin_x + looks.ARROW, begin_y)
        tip = f"s,{begin_x:.1f},{high - begin_y:.1f} "
    look = {
        "pos": tip + " ".join(f"{x:.1f},{high - y:.1f}" for x, y in points),
        "color": edge.color,
        "penwidth": f"{edge.width:.2f}",
        "arrowsize": f"{0.6 - 0.06 * (edge.width - 1.0):.2f}",  # a wide line makes its own head larger
        "id": edge.id,
        "class": edge.kind,
        "style": "dashed" if edge.dashed else "solid",
        "dir": "none" if edge.straight else "back" if edge.back else "forward",
    }
    if edge.label:
        x = end_x - 11.0 - looks.text_width(edge.label, looks.EDGE_NUMBER) / 2
        look |= {"label": edge.label, "lp": f"{x:.1f},{high - end_y + 7.0 + edge.width / 2:.1f}"}
    return look


def _frame(frame: Frame, high: float) -> Iterator[str]:
    left, top = frame.x, high - frame.y
    yield f'\tsubgraph "cluster_{frame.id}" {{'
    yield "\t" + _attributes(
        "graph", bb=f"{left:.1f},{top - frame.height:.1f},{left + frame.width:.1f},{top:.1f}", id=frame.id,
        style="rounded", color=looks.NO_FLOW, fontcolor=looks.FAINT, fontsize="12",
        label=f"<<B>{_text(frame.title.text)}</B>>",
        lp=f"{left + 9.0 + frame.title.width / 2:.1f},{top - 11.0:.1f}", **{"class": "frame"},
    )  # fmt: skip
    yield "\t}"
