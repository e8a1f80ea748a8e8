"""A sheet as SVG: a file of its own, or an element of a page that colours it and changes its numbers.

Every box, gate, edge and frame is a group with its id and class: value, gate, edge, frame. Texts
in boxes are centred and have room to grow, so that a page can change them and nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from autograd.picture import looks
from autograd.picture.sheet import (
    ARROW,
    EDGE_NUMBER,
    LEGEND_GAP,
    LEGEND_LINE,
    LEGEND_SIZE,
    LINE_HEIGHT,
    Frame,
    Point,
    Sheet,
    Spot,
    Wire,
    Words,
    curve,
)

MARGIN, ARROW_WIDTH = 10.0, 3.0


def svg(sheet: Sheet) -> str:
    """The text of an SVG file, which looks the same everywhere."""
    width, height = (side + 2 * MARGIN for side in sheet.with_legend)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}pt" height="{height:.0f}pt" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" font-family={quoteattr(looks.FONT)} fill="{looks.INK}">',
            f"<title>{escape(sheet.title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<g transform="translate({MARGIN:g} {MARGIN:g})">',
            *_groups(sheet, styled=True),
            *_legend(sheet),
            "</g>",
            "</svg>\n",
        ]
    )


def element(sheet: Sheet) -> str:
    """The SVG element for a page, without colours, fonts and widths of lines, which the page's styles say.

    An edge has an arrowhead at either end, of the classes forward and backward: the page shows
    the one that the flow runs to.
    """
    width, height = sheet.width + 2 * MARGIN, sheet.height + 2 * MARGIN
    return "".join(
        [
            f'<svg viewBox="0 0 {width:.0f} {height:.0f}" data-width="{width:.0f}" '
            f'data-height="{height:.0f}">',
            f'<g transform="translate({MARGIN:g} {MARGIN:g})">',
            *_groups(sheet, styled=False),
            "</g></svg>",
        ]
    )


def _groups(sheet: Sheet, styled: bool) -> Iterator[str]:
    yield from (_frame(frame, styled) for frame in sheet.frames)
    yield from (_wire(wire, styled) for wire in sorted(sheet.wires, key=lambda wire: wire.width))
    for spot in sheet.spots:
        yield from _spot(spot, styled)
    yield from (_text(words, x, y, styled) for x, y, words in sheet.words)


def _attributes(styled: bool, **looks_like: object) -> str:
    if not styled:
        return ""
    return "".join(
        f' {name.replace("_", "-")}="{value}"' for name, value in looks_like.items() if value != ""
    )


def _text(words: Words, x: float, y: float, styled: bool, anchor: str = "middle") -> str:
    style = _attributes(
        styled,
        font_size=f"{words.size:g}",
        font_weight="bold" if words.bold else "",
        fill=words.color,
    )
    kind = f' class="{words.kind}"' if words.kind else ""
    return f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words.text)}</text>'


def _lines(lines: tuple[Words, ...], x: float, middle: float, styled: bool) -> str:
    first = middle - LINE_HEIGHT * (len(lines) - 1) / 2
    return "".join(
        _text(words, x, first + k * LINE_HEIGHT + words.size * 0.35, styled) for k, words in enumerate(lines)
    )


def _spot(spot: Spot, styled: bool) -> Iterator[str]:
    strip = spot.strip.width if spot.strip else 0.0
    middle = spot.y + spot.height / 2
    outline = _outline(spot.x, spot.y, spot.width, spot.height, spot.radius)
    style = _attributes(
        styled,
        fill=spot.fill,
        stroke=spot.rim,
        stroke_width=f"{spot.rim_width:g}",
        stroke_dasharray="3 2" if spot.dashed else "",
    )
    tooltip = f"<title>{escape(spot.tooltip)}</title>" if spot.tooltip else ""
    shows = f' data-shows="{spot.shows}"' if spot.shows else ""
    if spot.kind == "chip":
        texts = _chip_texts(spot, middle, styled)
    else:
        texts = _lines(spot.lines, spot.x + (spot.width + strip) / 2, middle, styled)
    yield (f'<g id="{spot.id}" class="{spot.kind}"{shows}>{tooltip}<path d="{outline}"{style}/>{texts}</g>')
    if spot.strip:
        left = _outline(spot.x, spot.y, strip, spot.height, spot.radius, right=False)
        style = _attributes(styled, fill=spot.strip.fill, stroke=spot.strip.rim, stroke_width="1")
        words = _lines(spot.strip.lines, spot.x + strip / 2, middle, styled)
        yield f'<g id="{spot.strip.id}" class="{spot.strip.kind}"><path d="{left}"{style}/>{words}</g>'


def _chip_texts(spot: Spot, middle: float, styled: bool) -> str:
    """The label, and the number beside it."""
    label, number = spot.lines
    y = middle + 3.7
    name = _text(label, spot.x + 7.0, y, styled, "start")
    return name + _text(number, spot.x + spot.width - 7.0, y, styled, "end")


def _outline(x: float, y: float, width: float, height: float, r: float, right: bool = True) -> str:
    """A box with round corners, the right ones only if asked for."""
    if r * 2 >= min(width, height):
        r = min(width, height) / 2
    q = r if right else 0.0
    corner = f"A{q:g} {q:g} 0 0 1 " if q else "L"
    return (
        f"M{x + r:.1f} {y:.1f}H{x + width - q:.1f}{corner}{x + width:.1f} {y + q:.1f}V{y + height - q:.1f}"
        f"{corner}{x + width - q:.1f} {y + height:.1f}H{x + r:.1f}"
        f"A{r:g} {r:g} 0 0 1 {x:.1f} {y + height - r:.1f}"
        f"V{y + r:.1f}A{r:g} {r:g} 0 0 1 {x + r:.1f} {y:.1f}Z"
    )


def _wire(wire: Wire, styled: bool) -> str:
    points = curve(wire, ARROW - 1 if wire.arrow and styled else 0.0)
    path = f"M{_pair(points[0])}" + "".join(
        f"C{_pair(points[i])} {_pair(points[i + 1])} {_pair(points[i + 2])}" for i in range(1, len(points), 3)
    )
    style = _attributes(
        styled,
        fill="none",
        stroke=wire.color,
        stroke_width=f"{wire.width:.2f}",
        stroke_dasharray="5 3" if wire.dashed else "",
    )
    heads = ""
    if wire.arrow:
        (x, y), (back_x, back_y) = wire.points[-1], wire.points[0]
        if styled:
            heads = _arrow(x, y, -1, wire.width, f' fill="{wire.color}"')
        else:
            heads = _arrow(x, y, -1, 1.0, ' class="forward"') + _arrow(
                back_x, back_y, 1, 1.0, ' class="backward"'
            )
    label = ""
    if wire.label:
        x, y = wire.points[-1]
        words = Words(wire.label, size=EDGE_NUMBER)
        label = _text(words, x - ARROW - 2.0, y - 3.0 - (wire.width / 2 if styled else 1.5), styled, "end")
    width = "" if styled else f' style="--width:{wire.width:.2f}"'
    return f'<g id="{wire.id}" class="edge {wire.kind}"{width}><path d="{path}"{style}/>{heads}{label}</g>'


def _arrow(x: float, y: float, way: int, width: float, attributes: str) -> str:
    """A level arrowhead, its tip here; `way` is -1 if the line comes from the left."""
    half = ARROW_WIDTH + width / 3
    back = x + way * ARROW
    return (
        f'<polygon points="{x:.1f},{y:.1f} {back:.1f},{y - half:.1f} {back:.1f},{y + half:.1f}"{attributes}/>'
    )


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _frame(frame: Frame, styled: bool) -> str:
    outline = _outline(frame.x, frame.y, frame.width, frame.height, 8.0)
    style = _attributes(styled, fill="none", stroke=looks.NO_FLOW, stroke_width="1")
    title = _text(frame.title, frame.x + 9.0, frame.y + 14.0, styled, "start")
    return f'<g id="{frame.id}" class="frame"><path d="{outline}"{style}/>{title}</g>'


def _legend(sheet: Sheet) -> Iterator[str]:
    for k, line in enumerate(sheet.legend):
        y = sheet.height + LEGEND_GAP + LEGEND_LINE * (k + 1)
        spans = "".join(f'<tspan fill="{color}">{escape(text)}</tspan>' for text, color in line)
        yield f'<text class="legend" x="0" y="{y:.1f}" font-size="{LEGEND_SIZE:g}">{spans}</text>'
