r"""LaTeX, for notebooks and papers.

>>> notation = Latex()
>>> print(notation.finished(notation.quotient(notation.name("w11(2)"), notation.number(2.0))))
\frac{w_{11}^{(2)}}{2}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import starmap

from autograd.typesetting.labels import ACCENTS, GREEK, Subscripted
from autograd.typesetting.notation import CONDITION, POWER, SUM, Notation, Piece

LETTERS = {letter: rf"\{name}" for name, letter in GREEK.items()} | {"ο": "o"}
LETTERS |= {
    GREEK[name].upper(): rf"\{name.capitalize()}"
    for name in ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")
}
SIGNS = {"×": r"\times", "·": r"\cdot", "≥": r"\geq", "≤": r"\leq", "≠": r"\neq", "→": r"\to"}
FUNCTIONS = {"σ": r"\sigma", "∂": r"\partial", "…": r"\cdots"} | {
    name: rf"\{name}" for name in ("log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min")
}
# Written so that LaTeX, MathJax and KaTeX read them alike, which inside \text they would not.
SPECIALS = {c: rf"\{c}" for c in "#$%&_{}"} | {
    "\\": r"\backslash ",
    "~": r"{\sim}",
    "^": r"{\wedge}",
    "<": "{<}",
    ">": "{>}",
    "|": r"\vert ",
}


class Latex(Notation):
    r"""LaTeX for math mode, within what MathJax and KaTeX know: -\frac{g_{1}}{g_{7}^{2}}."""

    def words(self, text: str) -> Piece:
        return Piece(_text(text), SUM)

    def root(self, x: Piece) -> Piece:
        return Piece(rf"\sqrt{{{x.written}}}")

    def bars(self, x: Piece) -> Piece:
        return Piece(rf"\left|{x.written}\right|")

    def fenced(self, x: Piece) -> Piece:
        tall = any(sign in x.written for sign in (r"\frac", r"\begin", "^"))
        return Piece(rf"\left({x.written}\right)" if tall else f"({x.written})", closed=True)

    def quotient(self, numerator: Piece, denominator: Piece) -> Piece:
        return Piece(rf"\frac{{{numerator.written}}}{{{denominator.written}}}", POWER)

    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        def row(x: Piece, when: Piece | None) -> str:
            if when is None:
                return rf"{x.written} & \text{{{self.said('otherwise')}}}"
            return rf"{x.written} & \text{{{self.said('if')} }} {{{when.written}}}"

        return Piece(r"\begin{cases} " + r" \\ ".join(starmap(row, rows)) + r" \end{cases}", CONDITION)

    def _positive(self, number: str) -> str:
        mantissa, _, exponent = number.partition("e")
        if exponent:
            return rf"{mantissa} \times 10^{{{exponent}}}"
        return {"∞": r"\infty", "NaN": r"\mathrm{NaN}"}.get(number, number)

    def _infix(self, sign: str, *pieces: Piece) -> str:
        between = {"": " ", ",": ", "}.get(sign, f" {SIGNS.get(sign, sign)} ")
        return between.join(x.written for x in pieces)

    def _raised(self, base: str, exponent: Piece) -> str:
        return f"{base}^{{{exponent.written}}}"

    def _function(self, name: str) -> str:
        plain = name.replace("_", r"\_")
        return FUNCTIONS.get(name) or rf"\operatorname{{{plain}}}"

    def _named(self, label: str, words: Sequence[Subscripted]) -> str:
        if not words:
            return _text(label)
        return "".join(
            _subscripted(word) + (" " if word.base in FUNCTIONS else r"\ ") for word in words[:-1]
        ) + _subscripted(words[-1])


def _subscripted(word: Subscripted) -> str:
    base = FUNCTIONS.get(word.base) or _word(word.base)
    written = rf"\{ACCENTS[word.accent][0]}{{{base}}}" if word.accent else base
    if word.below:
        written += f"_{{{_word(word.below)}}}"
    if word.above:
        above = word.above.replace("′", r"\prime ").strip()
        written += f"^{{{above}}}"
    return written


def _word(word: str) -> str:
    """A letter or a number as it is, several letters upright."""
    if len(word) > 1 and not word[0].isdigit():
        return rf"\mathrm{{{word}}}"
    return LETTERS.get(word, word)


def _text(text: str) -> str:
    r"""Any text, for math mode: what LaTeX would take for a command stands outside \text."""
    runs = re.findall(r"[^#$%&_{}\\~^<>|]+|.", text)
    return "".join(SPECIALS.get(run) or rf"\text{{{run}}}" for run in runs)
