"""Mathematics on one line of Unicode text.

>>> text = Text()
>>> text.finished(text.quotient(text.name("g1"), text.power(text.name("g7"), text.number(2.0))))
'g1/g7²'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograd.typesetting.labels import Subscripted
from autograd.typesetting.notation import ATOM, CONDITION, POWER, QUOTIENT, SUM, Notation, Piece

SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Text(Notation):
    """One line of Unicode: -g1/g7², σ(z)(1 - σ(z)), e^x."""

    def words(self, text: str) -> Piece:
        return Piece(text, SUM)

    def exponential(self, exponent: Piece) -> Piece:
        return Piece(f"e^{self._exponent(exponent)}", POWER)

    def root(self, x: Piece) -> Piece:
        return Piece("√" + self._factor(x, level=ATOM).written, POWER)

    def bars(self, x: Piece) -> Piece:
        return Piece(f"|{x.written}|")

    def fenced(self, x: Piece) -> Piece:
        return Piece(f"({x.written})", closed=True)

    def quotient(self, numerator: Piece, denominator: Piece) -> Piece:
        above = self._factor(numerator, negative=True)
        below = self._factor(denominator, level=POWER)
        return Piece(f"{above.written}/{below.written}", QUOTIENT, above.negative, above.digit)

    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        if_, else_ = self.said("if"), self.said("else")
        cases = (f"{x.written} {if_} {when.written}" if when else f"{else_} {x.written}" for x, when in rows)
        return Piece(", ".join(cases), CONDITION)

    def side(self, x: Piece) -> Piece:
        return self.fenced(x) if x.level == CONDITION else x

    def _positive(self, number: str) -> str:
        return number

    def _infix(self, sign: str, *pieces: Piece) -> str:
        return {"": "", "·": "·", ",": ", "}.get(sign, f" {sign} ").join(x.written for x in pieces)

    def _exponent(self, exponent: Piece) -> str:
        return self._factor(exponent, level=ATOM, negative=exponent.level == ATOM).written

    def _raised(self, base: str, exponent: Piece) -> str:
        if exponent.number and re.fullmatch(r"-?\d+", exponent.written):
            return base + exponent.written.translate(SUPERSCRIPTS)
        return f"{base}^{self._exponent(exponent)}"

    def _function(self, name: str) -> str:
        return name

    def _named(self, label: str, words: Sequence[Subscripted]) -> str:
        return label
