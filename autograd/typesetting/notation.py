"""What all notations share: where parentheses and signs stand.

A notation knows how to write a number, a name, a fraction. It takes pieces and returns
pieces, each of which knows how tightly it binds, so that parentheses stand where they are
needed and nowhere else. `autograd.typesetting.formulas` walks a formula and asks a notation
at every step: `Text`, `Latex` or `MathML`, each in a file of its own.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from autograd.languages import Said, ordinal, said
from autograd.typesetting.labels import Subscripted, printable
from autograd.typesetting.numbers import decimal

CONDITION, COMPARISON, SUM, QUOTIENT, PRODUCT, POWER, ATOM = range(7)


@dataclass(frozen=True)
class Piece:
    """A part of a formula, and what one must know to join it to others.

    written   the text, LaTeX or MathML
    level     how tightly it binds, from CONDITION to ATOM
    negative  begins with a minus
    digit     begins with a digit: a factor before it is set off by ×, not by ·
    number    is one number and nothing else
    open      ends in an argument without parentheses (log x), which a factor after it would join
    closed    ends in a parenthesis, which another one may follow: σ(z)(1 - σ(z))
    """

    written: str
    level: int = ATOM
    negative: bool = False
    digit: bool = False
    number: bool = False
    open: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Notation(ABC):
    """A way to write mathematics.

    decimals  how far numbers are rounded
    language  of the few words among the signs: if, otherwise
    """

    decimals: int = 4
    language: str = "en"

    def said(self, key: str, **values: str | Said) -> str:
        """A sentence in the language of the formulas around it."""
        return said(key, self.language, **values)

    @abstractmethod
    def words(self, text: str) -> Piece:
        """Plain words, as they stand."""

    @abstractmethod
    def quotient(self, numerator: Piece, denominator: Piece) -> Piece:
        """Numerator over denominator."""

    @abstractmethod
    def root(self, x: Piece) -> Piece:
        """√x."""

    @abstractmethod
    def bars(self, x: Piece) -> Piece:
        """|x|."""

    @abstractmethod
    def fenced(self, x: Piece) -> Piece:
        """In parentheses."""

    @abstractmethod
    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        """A value for each condition, tried in this order; None stands for "otherwise"."""

    @abstractmethod
    def _positive(self, number: str) -> str: ...

    @abstractmethod
    def _infix(self, sign: str, *pieces: Piece) -> str:
        """Pieces with a sign between them; an empty sign sets them side by side."""

    @abstractmethod
    def _raised(self, base: str, exponent: Piece) -> str: ...

    @abstractmethod
    def _function(self, name: str) -> str: ...

    @abstractmethod
    def _named(self, label: str, words: Sequence[Subscripted]) -> str:
        """A label, and its words taken apart: empty unless every word can be."""

    # What stands on one line is written as here; MathML differs.

    def finished(self, piece: Piece) -> str:
        """The text of a complete formula."""
        return piece.written

    def _minus(self, written: str) -> str:
        return f"-{written}"

    def _applied(self, function: str, argument: str, bare: bool = False) -> str:
        """A function before its argument, which has its parentheses unless it is bare."""
        return f"{function} {argument}" if bare else f"{function}{argument}"

    # ── written alike in all of them ────────────────────────────────────────────────────

    def name(self, label: str) -> Piece:
        """A label, which may be any text that a user chose: `a + b` binds as a sum does."""
        label = printable(label)
        words = [Subscripted.read(word) for word in label.split(" ")]
        known = [word for word in words if word and all(words)]
        written = self._named(label, known)
        if len(known) == 1:
            return Piece(written, POWER if known[0].above else ATOM)
        if known:
            return Piece(written, PRODUCT, open=True)
        return Piece(written, ATOM if re.fullmatch(r"[\w.,#\[\]'′]+", label) else SUM)

    def _factor(self, x: Piece, *, level: int = PRODUCT, negative: bool = False, open: bool = False) -> Piece:  # noqa: A002
        """A piece, in parentheses if it binds less than `level` or is of a kind not allowed here."""
        loose = x.level < level or (x.negative and not negative) or (x.open and not open)
        return self.fenced(x) if loose else x

    def number(self, x: float) -> Piece:
        """A number, rounded."""
        written = decimal(x, self.decimals)
        digits = written.removeprefix("-")
        negative = digits != written
        shown = self._positive(digits)
        level = PRODUCT if "e" in digits else ATOM
        return Piece(
            self._minus(shown) if negative else shown, level, negative, digit=not negative, number=True
        )

    def sum(self, left: Piece, sign: str, right: Piece) -> Piece:
        """Left + right, or left - right."""
        left = self._factor(left, level=SUM, negative=True, open=True)
        right = self._factor(right, level=SUM if sign == "+" else QUOTIENT, open=True)
        return Piece(self._infix(sign, left, right), SUM, left.negative, left.digit)

    def product(self, left: Piece, right: Piece) -> Piece:
        """Left · right, with × before a number."""
        left = self._factor(left, negative=True)
        right = self._factor(right, negative=right.number, open=True)
        beside = "" if left.closed and right.closed else "·"
        sign = "×" if right.digit or right.number else beside
        written = self._infix(sign, left, right)
        return Piece(written, PRODUCT, left.negative, left.digit, open=right.open, closed=right.closed)

    def negative(self, x: Piece) -> Piece:
        """-x."""
        x = self._factor(x, level=QUOTIENT, open=True)
        return Piece(self._minus(x.written), x.level, True, number=x.number, open=x.open)

    def power(self, base: Piece, exponent: Piece) -> Piece:
        """The base raised to the exponent."""
        base = self._factor(base, level=ATOM)
        return Piece(self._raised(base.written, exponent), POWER, digit=base.digit)

    def exponential(self, exponent: Piece) -> Piece:
        """e^x."""
        return Piece(self._raised(self.name("e").written, exponent), POWER)

    def call(self, function: str, *arguments: Piece) -> Piece:
        """function(a, b)."""
        inside = self._infix(",", *(self._factor(x, level=SUM, negative=True, open=True) for x in arguments))
        fenced = self.fenced(Piece(inside)).written
        return Piece(self._applied(self._function(function), fenced), closed=True)

    def logarithm(self, x: Piece) -> Piece:
        """Log x as lectures write it, without parentheses around one name or number."""
        if x.level < POWER or x.negative or x.closed:
            return self.call("log", x)
        return Piece(self._applied(self._function("log"), x.written, bare=True), PRODUCT, open=True)

    def dots(self) -> Piece:
        """The dots in the middle of a long sum."""
        return Piece(self._function("…"))

    def compared(self, left: Piece, sign: str, right: Piece) -> Piece:
        """A comparison such as a ≥ b, or conditions joined by `and` or `or`."""
        if sign in ("and", "or"):
            return Piece(self._infix("", left, self.words(f" {self.said(sign)} "), right), COMPARISON)
        return Piece(self._infix(sign, left, right), COMPARISON)

    def side(self, x: Piece) -> Piece:
        """A piece as one side of an equation."""
        return x

    def equation(self, *sides: Piece) -> Piece:
        """Sides with = between them: a = b = c."""
        return Piece(self._infix("=", *sides), COMPARISON)

    def times(self, *factors: Piece) -> Piece:
        """Upstream × local, as lectures print the chain rule: without parentheses around negative numbers."""
        return Piece(self._infix("×", *factors), PRODUCT, factors[0].negative)

    def derivative(self, of: Piece, by: Piece) -> Piece:
        """∂of/∂by."""
        return self.quotient(self._partial(of), self._partial(by))

    def _partial(self, x: Piece) -> Piece:
        return Piece(self._infix("", Piece(self._function("∂")), self._factor(x, level=POWER)))

    def slot(self, n: int, x: Piece) -> Piece:
        """The n-th of several inputs of a gate that are all x: 1st x."""
        words = self.words(self.said("slot", ordinal=ordinal(n), number=str(n)))
        return Piece(self._infix("", words, x), SUM)

    def annotated(self, x: Piece, text: str) -> Piece:
        """A piece, and words after it."""
        return Piece(self._infix("", x, self.words(text)), CONDITION)
