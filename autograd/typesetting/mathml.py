"""MathML, for web pages.

>>> notation = MathML()
>>> notation.finished(notation.name("x1"))
'<math displaystyle="true"><msub><mi>x</mi><mn>1</mn></msub></math>'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import starmap

from autograd.typesetting.labels import ACCENTS, Subscripted
from autograd.typesetting.notation import CONDITION, POWER, SUM, Notation, Piece

_SPACE = '<mspace width="0.3em"/>'


class MathML(Notation):
    """Presentation MathML, complete `<math>` elements for a web page."""

    def finished(self, piece: Piece) -> str:
        return f'<math displaystyle="true">{piece.written}</math>'

    def words(self, text: str) -> Piece:
        spaced = re.sub(r"^ | $", "\N{NO-BREAK SPACE}", text)  # else a browser would trim it
        return Piece(f"<mtext>{escape(spaced)}</mtext>", SUM)

    def root(self, x: Piece) -> Piece:
        return Piece(f"<msqrt>{x.written}</msqrt>")

    def bars(self, x: Piece) -> Piece:
        return Piece(f"<mrow><mo>|</mo>{x.written}<mo>|</mo></mrow>")

    def fenced(self, x: Piece) -> Piece:
        return Piece(f"<mrow><mo>(</mo>{x.written}<mo>)</mo></mrow>", closed=True)

    def quotient(self, numerator: Piece, denominator: Piece) -> Piece:
        return Piece(f"<mfrac>{numerator.written}{denominator.written}</mfrac>", POWER)

    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        def row(x: Piece, when: Piece | None) -> str:
            words = f"{self.said('if')}&#xA0;" if when else self.said("otherwise")
            condition = f"<mtext>{words}</mtext>{when.written if when else ''}"
            return f"<mtr>{_cell(x.written)}{_cell(condition)}</mtr>"

        table = f"<mtable>{''.join(starmap(row, rows))}</mtable>"
        return Piece(f'<mrow><mo stretchy="true">{{</mo>{table}</mrow>', CONDITION)

    def _positive(self, number: str) -> str:
        mantissa, _, exponent = number.partition("e")
        if exponent:
            power = self._raised("<mn>10</mn>", self.number(float(exponent)))
            return f"<mrow><mn>{mantissa}</mn><mo>×</mo>{power}</mrow>"
        return f"<mn>{number}</mn>"

    def _minus(self, written: str) -> str:
        return f'<mrow><mo form="prefix">−</mo>{written}</mrow>'

    def _infix(self, sign: str, *pieces: Piece) -> str:
        between = f"<mo>{escape(sign.replace('-', '−'))}</mo>" if sign else ""
        return f"<mrow>{between.join(x.written for x in pieces)}</mrow>"

    def _raised(self, base: str, exponent: Piece) -> str:
        return f"<msup>{base}{exponent.written}</msup>"

    def _function(self, name: str) -> str:
        return f"<mi>{escape(name)}</mi>"

    def _applied(self, function: str, argument: str, bare: bool = False) -> str:
        space = _SPACE if bare else ""
        return f"<mrow>{function}<mo>&#x2061;</mo>{space}{argument}</mrow>"

    def _named(self, label: str, words: Sequence[Subscripted]) -> str:
        if not words:
            return self.words(label).written
        written = list(map(_subscripted, words))
        return written[0] if len(written) == 1 else f"<mrow>{_SPACE.join(written)}</mrow>"


def _cell(written: str) -> str:
    return f'<mtd style="text-align: left">{written}</mtd>'


def _subscripted(word: Subscripted) -> str:
    written = f"<mi>{escape(word.base)}</mi>"
    if word.accent:
        written = f'<mover accent="true">{written}<mo>{ACCENTS[word.accent][1]}</mo></mover>'
    element = "mn" if word.below[:1].isdigit() else "mi"
    below = f"<{element}>{escape(word.below)}</{element}>"
    above = f"<mtext>{escape(word.above)}</mtext>"
    if word.below and word.above:
        return f"<msubsup>{written}{below}{above}</msubsup>"
    if word.below:
        return f"<msub>{written}{below}</msub>"
    return f"<msup>{written}{above}</msup>" if word.above else written
