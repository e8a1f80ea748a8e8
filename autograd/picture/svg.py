"""A sheet as SVG: a file of its own, or an element of a page that colours it and changes its numbers.

Every box, gate, edge and frame is a group with its id and class: value, gate, edge, frame. Texts
in boxes are centred and have room to grow, so that a page can change them and nothing moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from autograd.picture import looks
from autograd.picture.sheet import Box, Edge, Frame, Point, Sheet, Words, curve

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
            *_Writer(styled=True).groups(sheet),
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
    width, height = f"{sheet.width + 2 * MARGIN:.0f}", f"{sheet.height + 2 * MARGIN:.0f}"
    groups = "".join(_Writer(styled=False).groups(sheet))
    return (
        f'<svg viewBox="0 0 {width} {height}" data-width="{width}" data-height="{height}">'
        f'<g transform="translate({MARGIN:g} {MARGIN:g})">{groups}</g></svg>'
    )


@dataclass(frozen=True)
class _Writer:
    styled: bool

    def groups(self, sheet: Sheet) -> Iterator[str]:
        yield from map(self._frame, sheet.frames)
        yield from map(self._edge, sorted(sheet.edges, key=lambda edge: edge.width))
        for box in sheet.boxes:
            yield from self._box(box)
        yield from (self._text(words, x, y) for x, y, words in sheet.words)

    def _style(self, **looks_like: object) -> str:
        if not self.styled:
            return ""
        named = ((name.replace("_", "-"), value) for name, value in looks_like.items() if value != "")
        return "".join(f' {name}="{value}"' for name, value in named)

    def _text(self, words: Words, x: float, y: float, anchor: str = "middle") -> str:
        weight = "bold" if words.bold else ""
        style = self._style(font_size=f"{words.size:g}", font_weight=weight, fill=words.color)
        kind = f' class="{words.kind}"' if words.kind else ""
        return (
            f'<text{kind} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words.text)}</text>'
        )

    def _lines(self, lines: tuple[Words, ...], x: float, middle: float) -> str:
        first = middle - looks.LINE_HEIGHT * (len(lines) - 1) / 2
        heights = (first + k * looks.LINE_HEIGHT + words.size * 0.35 for k, words in enumerate(lines))
        return "".join(self._text(words, x, y) for words, y in zip(lines, heights, strict=True))

    def _box(self, box: Box) -> Iterator[str]:
        left = box.mark.width if box.mark else 0.0
        middle = box.y + box.height / 2
        outline = _outline(box.x, box.y, box.width, box.height, box.radius)
        width, dashes = f"{box.rim_width:g}", "3 2" if box.dashed else ""
        style = self._style(fill=box.fill, stroke=box.rim, stroke_width=width, stroke_dasharray=dashes)
        tooltip = f"<title>{escape(box.tooltip)}</title>" if box.tooltip else ""
        shows = f' data-shows="{box.shows}"' if box.shows else ""
        if box.kind == "chip":
            (label, number), y = box.lines, middle + 3.7
            texts = self._text(label, box.x + 7.0, y, "start")
            texts += self._text(number, box.x + box.width - 7.0, y, "end")
        else:
            texts = self._lines(box.lines, box.x + (box.width + left) / 2, middle)
        yield f'<g id="{box.id}" class="{box.kind}"{shows}>{tooltip}<path d="{outline}"{style}/>{texts}</g>'
        if box.mark:
            outline = _outline(box.x, box.y, left, box.height, box.radius, right=False)
            style = self._style(fill=box.mark.fill, stroke=box.mark.rim, stroke_width="1")
            texts = self._lines(box.mark.lines, box.x + left / 2, middle)
            yield f'<g id="{box.mark.id}" class="{box.mark.kind}"><path d="{outline}"{style}/>{texts}</g>'

    def _edge(self, edge: Edge) -> str:
        points = curve(edge, looks.ARROW - 1 if self.styled and not edge.straight else 0.0)
        path = f"M{_pair(points[0])}" + "".join(
            f"C{_pair(points[i])} {_pair(points[i + 1])} {_pair(points[i + 2])}"
            for i in range(1, len(points), 3)
        )
        width, dashes = f"{edge.width:.2f}", "5 3" if edge.dashed else ""
        style = self._style(fill="none", stroke=edge.color, stroke_width=width, stroke_dasharray=dashes)
        (begin_x, begin_y), (x, y) = edge.points[0], edge.points[-1]
        heads = label = ""
        if self.styled and not edge.straight:
            heads = _arrow(x, y, -1, edge.width, f' fill="{edge.color}"')
        elif not edge.straight:
            heads = _arrow(x, y, -1, 1.0, ' class="forward"')
            heads += _arrow(begin_x, begin_y, 1, 1.0, ' class="backward"')
        if edge.label:
            above = 3.0 + (edge.width / 2 if self.styled else 1.5)
            words = Words(edge.label, size=looks.EDGE_NUMBER)
            label = self._text(words, x - looks.ARROW - 2.0, y - above, "end")
        shown = "" if self.styled else f' style="--width:{width}"'
        return (
            f'<g id="{edge.id}" class="edge {edge.kind}"{shown}><path d="{path}"{style}/>{heads}{label}</g>'
        )

    def _frame(self, frame: Frame) -> str:
        outline = _outline(frame.x, frame.y, frame.width, frame.height, 8.0)
        style = self._style(fill="none", stroke=looks.NO_FLOW, stroke_width="1")
        title = self._text(frame.title, frame.x + 9.0, frame.y + 14.0, "start")
        return f'<g id="{frame.id}" class="frame"><path d="{outline}"{style}/>{title}</g>'


def _outline(x: float, y: float, width: float, height: float, r: float, right: bool = True) -> str:
    """A box with round corners, the right ones only if asked for."""
    r = min(r, width / 2, height / 2)
    q = r if right else 0.0
    corner = f"A{q:g} {q:g} 0 0 1 " if q else "L"
    return (
        f"M{x + r:.1f} {y:.1f}H{x + width - q:.1f}{corner}{x + width:.1f} {y + q:.1f}V{y + height - q:.1f}"
        f"{corner}{x + width - q:.1f} {y + height:.1f}H{x + r:.1f}"
        f"A{r:g} {r:g} 0 0 1 {x:.1f} {y + height - r:.1f}"
        f"V{y + r:.1f}A{r:g} {r:g} 0 0 1 {x + r:.1f} {y:.1f}Z"
    )


def _arrow(x: float, y: float, way: int, width: float, attributes: str) -> str:
    """A level arrowhead, its tip here; `way` is -1 if the line comes from the left."""
    half, back = ARROW_WIDTH + width / 3, x + way * looks.ARROW
    points = f"{x:.1f},{y:.1f} {back:.1f},{y - half:.1f} {back:.1f},{y + half:.1f}"
    return f'<polygon points="{points}"{attributes}/>'


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _legend(sheet: Sheet) -> Iterator[str]:
    for k, line in enumerate(sheet.legend, start=1):
        y = sheet.height + looks.LEGEND_GAP + looks.LEGEND_LINE * k
        spans = "".join(f'<tspan fill="{color}">{escape(text)}</tspan>' for text, color in line)
        yield f'<text class="legend" x="0" y="{y:.1f}" font-size="{looks.LEGEND_SIZE:g}">{spans}</text>'
