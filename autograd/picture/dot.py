"""A sheet as DOT, the text that Graphviz draws: every place in it is decided already."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from autograd.picture import looks
from autograd.picture.sheet import (
    ARROW,
    EDGE_NUMBER,
    LEGEND_GAP,
    LEGEND_LINE,
    LEGEND_SIZE,
    POINTS_PER_INCH,
    Frame,
    Sheet,
    Spot,
    Wire,
    Words,
    curve,
)

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
    yield _attributes("edge", fontname=FONT, fontcolor=looks.INK, fontsize="10.5", arrowsize="0.6")
    for frame in sheet.frames:
        yield from _frame(frame, high)
    for spot in sheet.spots:
        yield _attributes(_quoted(spot.id), **_spot(spot, high))
    for wire in sheet.wires:
        yield _attributes(f"{_quoted(wire.tail)} -> {_quoted(wire.head)}", **_wire(wire, high))
    for k, (x, y, words) in enumerate(sheet.words):
        place = f"{x:.1f},{high - y:.1f}"
        yield _attributes(
            f'"words-{k}"', shape="plain", fixedsize="false", pos=place, label=_html(_words(words))
        )
    for k, line in enumerate(sheet.legend):
        text = "".join(f'<FONT COLOR="{color}">{_text(text)}</FONT>' for text, color in line)
        width = looks.text_width("".join(text for text, _ in line), LEGEND_SIZE)
        place = f"{width / 2:.1f},{-LEGEND_GAP - LEGEND_LINE * (k + 0.5):.1f}"
        table = (
            f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" '
            f'WIDTH="{width:.0f}" HEIGHT="{LEGEND_LINE:.0f}"><TR><TD ALIGN="LEFT">{text}</TD></TR></TABLE>'
        )
        yield _attributes(
            f'"legend-{k}"',
            shape="plain",
            fixedsize="false",
            pos=place,
            fontsize=f"{LEGEND_SIZE:g}",
            label=_html(table),
        )
    yield "}\n"


def _attributes(of: str, **attributes: str) -> str:
    written = " ".join(
        f"{name}={value if value.startswith('<') else _quoted(value)}" for name, value in attributes.items()
    )
    return f"\t{of} [{written}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _html(label: str) -> str:
    return f"<{label}>"


def _text(text: str) -> str:
    """Text that Graphviz shows as it stands, whatever characters it is made of."""
    return escape(text).replace("\\", "\\\\") or " "


def _words(words: Words) -> str:
    text = f"<B>{_text(words.text)}</B>" if words.bold else _text(words.text)
    color = f' COLOR="{words.color}"' if words.color else ""
    return f'<FONT POINT-SIZE="{words.size:g}"{color}>{text}</FONT>'


def _spot(spot: Spot, high: float) -> dict[str, str]:
    x, y = spot.x + spot.width / 2, high - spot.y - spot.height / 2
    places = {
        "pos": f"{x:.1f},{y:.1f}",
        "width": f"{spot.width / POINTS_PER_INCH:.4f}",
        "height": f"{spot.height / POINTS_PER_INCH:.4f}",
        "id": spot.id,
        "class": spot.kind,
    }
    if spot.radius * 2 >= min(spot.width, spot.height) and not spot.strip and spot.kind != "chip":
        style = "filled,dashed" if spot.dashed else "filled"
        label = _html("<BR/>".join(map(_words, spot.lines)))
        return places | {
            "shape": "circle", "style": style, "label": label, "fillcolor": spot.fill, "color": spot.rim,
            "penwidth": f"{spot.rim_width:g}",
        }  # fmt: skip
    style = "rounded,dashed" if spot.dashed else "rounded"
    width, fill = spot.width, spot.fill
    cells = ""
    if spot.strip:
        width -= spot.strip.width
        fill = f"{spot.strip.fill};{spot.strip.width / spot.width:.3f}:{spot.fill}"
        cells = _cell(spot.strip.width, spot.height, "<BR/>".join(map(_words, spot.strip.lines))) + "<VR/>"
    join = " " if spot.kind == "chip" else "<BR/>"
    cells += _cell(width, spot.height, join.join(map(_words, spot.lines)))
    table = (
        f'<TABLE BORDER="{max(1, round(spot.rim_width))}" COLOR="{spot.rim}" STYLE="{style}" '
        f'BGCOLOR="{fill}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" '
        f'WIDTH="{spot.width:.0f}" HEIGHT="{spot.height:.0f}"><TR>{cells}</TR></TABLE>'
    )
    return places | {"shape": "none", "label": _html(table)}


def _cell(width: float, height: float, words: str) -> str:
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}">{words}</TD>'


def _wire(wire: Wire, high: float) -> dict[str, str]:
    points = curve(wire, ARROW if wire.arrow and not wire.back else 0.0)
    (end_x, end_y), (begin_x, begin_y) = wire.points[-1], wire.points[0]
    if wire.back:
        points[0] = (begin_x + ARROW, begin_y)
    path = " ".join(f"{x:.1f},{high - y:.1f}" for x, y in points)
    if wire.back:
        path = f"s,{begin_x:.1f},{high - begin_y:.1f} {path}"
    elif wire.arrow:
        path = f"e,{end_x:.1f},{high - end_y:.1f} {path}"
    look = {
        "pos": path,
        "color": wire.color,
        "penwidth": f"{wire.width:.2f}",
        "id": wire.id,
        "class": wire.kind,
    }
    if wire.dashed:
        look["style"] = "dashed"
    if not wire.arrow:
        look["arrowhead"] = "none"
    if wire.back:
        look["dir"] = "back"
    if wire.label:
        width = looks.text_width(wire.label, EDGE_NUMBER)
        place = f"{end_x - 10.0 - width / 2:.1f},{high - end_y + 8.0 + wire.width / 2:.1f}"
        look |= {"label": wire.label, "lp": place}
    return look


def _frame(frame: Frame, high: float) -> Iterator[str]:
    left, top = frame.x, high - frame.y
    box = f"{left:.1f},{top - frame.height:.1f},{left + frame.width:.1f},{top:.1f}"
    yield f'\tsubgraph "cluster_{frame.id}" {{'
    yield "\t" + _attributes(
        "graph", bb=box, id=frame.id, style="rounded", color=looks.NO_FLOW, fontcolor=looks.FAINT,
        fontsize="12", label=_html(f"<B>{_text(frame.title.text)}</B>"),
        lp=f"{left + 9.0 + frame.title.width / 2:.1f},{top - 11.0:.1f}",
        **{"class": "frame"},
    )  # fmt: skip
    yield "\t}"
