r"""LaTeX, for notebooks and papers, and MathML, for web pages.

>>> notation = Latex()
>>> print(notation.finished(notation.quotient(notation.name("w11(2)"), notation.number(2.0))))
\frac{w_{11}^{(2)}}{2}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from autograd.typesetting.labels import ACCENTS, GREEK, Symbol
from autograd.typesetting.notation import CONDITION, POWER, SUM, Notation, Piece

_LATEX_LETTERS = {letter: rf"\{name}" for name, letter in GREEK.items()} | {"ο": "o"}
_LATEX_LETTERS |= {
    GREEK[name].upper(): rf"\{name.capitalize()}"
    for name in ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")
}
_LATEX_SIGNS = {
    "×": r"\times",
    "·": r"\cdot",
    "≥": r"\geq",
    "≤": r"\leq",
    "≠": r"\neq",
    "→": r"\to",
    "and": r"\text{ and }",
    "or": r"\text{ or }",
}
_LATEX_FUNCTIONS = {"σ": r"\sigma", "∂": r"\partial", "…": r"\cdots"} | {
    name: rf"\{name}" for name in ("log", "exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "max", "min")
}
# Written so that LaTeX, MathJax and KaTeX read them alike, which inside \text they would not.
_LATEX_SPECIALS = {c: rf"\{c}" for c in "#$%&_{}"} | {
    "\\": r"\backslash ",
    "~": r"{\sim}",
    "^": r"{\wedge}",
    "<": "{<}",
    ">": "{>}",
    "|": r"\vert ",
}


class Latex(Notation):
    r"""LaTeX for math mode, within what MathJax and KaTeX know: -\frac{g_{1}}{g_{7}^{2}}."""

    def finished(self, piece: Piece) -> str:
        return piece.written

    def words(self, text: str) -> Piece:
        return Piece(_latex_text(text), SUM)

    def exponential(self, exponent: Piece) -> Piece:
        return Piece(self._raised("e", exponent), POWER)

    def root(self, x: Piece) -> Piece:
        return Piece(rf"\sqrt{{{x.written}}}")

    def bars(self, x: Piece) -> Piece:
        return Piece(rf"\left|{x.written}\right|")

    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        lines = [
            rf"{x.written} & " + (rf"\text{{if }} {{{when.written}}}" if when else r"\text{otherwise}")
            for x, when in rows
        ]
        return Piece(r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}", CONDITION)

    def _positive(self, number: str) -> str:
        mantissa, _, exponent = number.partition("e")
        if exponent:
            return rf"{mantissa} \times 10^{{{exponent}}}"
        return {"∞": r"\infty", "NaN": r"\mathrm{NaN}"}.get(number, number)

    def _minus(self, written: str) -> str:
        return "-" + written

    def _infix(self, sign: str, *written: str) -> str:
        return {"": " ", ",": ", "}.get(sign, f" {_LATEX_SIGNS.get(sign, sign)} ").join(written)

    def _fenced(self, written: str) -> str:
        tall = "\\frac" in written or "\\begin" in written or "^" in written
        return rf"\left({written}\right)" if tall else f"({written})"

    def _over(self, numerator: Piece, denominator: Piece) -> Piece:
        return Piece(rf"\frac{{{numerator.written}}}{{{denominator.written}}}", POWER)

    def _raised(self, base: str, exponent: Piece) -> str:
        return f"{base}^{{{exponent.written}}}"

    def _function(self, name: str) -> str:
        plain = name.replace("_", r"\_")
        return _LATEX_FUNCTIONS.get(name) or rf"\operatorname{{{plain}}}"

    def _applied(self, function: str, argument: str, bare: bool = False) -> str:
        return f"{function} {argument}" if bare else function + argument

    def _named(self, label: str, symbols: Sequence[Symbol]) -> str:
        if not symbols:
            return _latex_text(label)
        return "".join(
            _latex_symbol(symbol) + (" " if symbol.base in _LATEX_FUNCTIONS else r"\ ")
            for symbol in symbols[:-1]
        ) + _latex_symbol(symbols[-1])


def _latex_symbol(symbol: Symbol) -> str:
    base = _LATEX_FUNCTIONS.get(symbol.base) or _latex_word(symbol.base)
    written = rf"\{ACCENTS[symbol.accent][0]}{{{base}}}" if symbol.accent else base
    if symbol.below:
        written += f"_{{{_latex_word(symbol.below)}}}"
    if symbol.above:
        above = symbol.above.replace("′", r"\prime ").strip()
        written += f"^{{{above}}}"
    return written


def _latex_word(word: str) -> str:
    """A letter or a number as it is, several letters upright."""
    if len(word) > 1 and not word[0].isdigit():
        return rf"\mathrm{{{word}}}"
    return _LATEX_LETTERS.get(word, word)


def _latex_text(text: str) -> str:
    r"""Any text, for math mode: what LaTeX would take for a command stands outside \text."""
    runs = re.findall(r"[^#$%&_{}\\~^<>|]+|.", text)
    return "".join(_LATEX_SPECIALS.get(run) or rf"\text{{{run}}}" for run in runs)


class MathML(Notation):
    """Presentation MathML, complete `<math>` elements for a web page."""

    def finished(self, piece: Piece) -> str:
        return f'<math displaystyle="true">{piece.written}</math>'

    def words(self, text: str) -> Piece:
        spaced = re.sub(r"^ | $", "\N{NO-BREAK SPACE}", text)  # else a browser would trim it
        return Piece(f"<mtext>{escape(spaced)}</mtext>", SUM)

    def exponential(self, exponent: Piece) -> Piece:
        return Piece(self._raised("<mi>e</mi>", exponent), POWER)

    def root(self, x: Piece) -> Piece:
        return Piece(f"<msqrt>{x.written}</msqrt>")

    def bars(self, x: Piece) -> Piece:
        return Piece(f"<mrow><mo>|</mo>{x.written}<mo>|</mo></mrow>")

    def cases(self, rows: Sequence[tuple[Piece, Piece | None]]) -> Piece:
        lines = (
            f'<mtr><mtd style="text-align: left">{x.written}</mtd><mtd style="text-align: left">'
            + (f"<mtext>if&#xA0;</mtext>{when.written}" if when else "<mtext>otherwise</mtext>")
            + "</mtd></mtr>"
            for x, when in rows
        )
        table = f"<mtable>{''.join(lines)}</mtable>"
        return Piece(f'<mrow><mo stretchy="true">{{</mo>{table}</mrow>', CONDITION)

    def _positive(self, number: str) -> str:
        mantissa, _, exponent = number.partition("e")
        if exponent:
            power = self._raised("<mn>10</mn>", self.number(float(exponent)))
            return f"<mrow><mn>{mantissa}</mn><mo>×</mo>{power}</mrow>"
        return f"<mn>{number}</mn>"

    def _minus(self, written: str) -> str:
        return f'<mrow><mo form="prefix">−</mo>{written}</mrow>'

    def _infix(self, sign: str, *written: str) -> str:
        sign = sign.replace("-", "−")
        if sign in ("and", "or"):
            between = f"<mtext>&#xA0;{sign}&#xA0;</mtext>"
        else:
            between = f"<mo>{escape(sign)}</mo>" if sign else ""
        return f"<mrow>{between.join(written)}</mrow>"

    def _fenced(self, written: str) -> str:
        return f"<mrow><mo>(</mo>{written}<mo>)</mo></mrow>"

    def _over(self, numerator: Piece, denominator: Piece) -> Piece:
        return Piece(f"<mfrac>{numerator.written}{denominator.written}</mfrac>", POWER)

    def _raised(self, base: str, exponent: Piece) -> str:
        return f"<msup>{base}{exponent.written}</msup>"

    def _function(self, name: str) -> str:
        return f"<mi>{escape(name)}</mi>"

    def _applied(self, function: str, argument: str, bare: bool = False) -> str:
        space = _MATHML_SPACE if bare else ""
        return f"<mrow>{function}<mo>&#x2061;</mo>{space}{argument}</mrow>"

    def _named(self, label: str, symbols: Sequence[Symbol]) -> str:
        if not symbols:
            return self.words(label).written
        written = list(map(_mathml_symbol, symbols))
        return written[0] if len(written) == 1 else f"<mrow>{_MATHML_SPACE.join(written)}</mrow>"


_MATHML_SPACE = '<mspace width="0.3em"/>'


def _mathml_symbol(symbol: Symbol) -> str:
    written = f"<mi>{escape(symbol.base)}</mi>"
    if symbol.accent:
        written = f'<mover accent="true">{written}<mo>{ACCENTS[symbol.accent][1]}</mo></mover>'
    element = "mn" if symbol.below[:1].isdigit() else "mi"
    below = f"<{element}>{escape(symbol.below)}</{element}>"
    above = f"<mtext>{escape(symbol.above)}</mtext>"
    if symbol.below and symbol.above:
        return f"<msubsup>{written}{below}{above}</msubsup>"
    if symbol.below:
        return f"<msub>{written}{below}</msub>"
    return f"<msup>{written}{above}</msup>" if symbol.above else written
