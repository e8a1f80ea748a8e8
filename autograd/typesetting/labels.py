"""Labels: any text that a user chose, and the letter with subscripts that many of them spell."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
GREEK = dict(zip(_GREEK_NAMES, "αβγδεζηθικλμνξοπρστυφχψω", strict=True))
"""Greek letters by their names, as formulas spell them: alpha for α."""

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_FROM_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
ACCENTS = {"\u0302": ("hat", "^"), "\u0303": ("tilde", "~"), "\u0304": ("bar", "¯"), "\u0307": ("dot", "˙")}
"""What may stand on a letter: its name in LaTeX, and its sign."""

_PATTERN = re.compile(
    r"""(?P<base>[^\W\d_⁰¹²³⁴-⁹₀-₉]+) (?P<accent>[\u0302\u0303\u0304\u0307]?)
        (?: (?P<index>\d+(?:,\d+)*|[₀-₉]+) | _(?P<suffix>[^\W_]+) )?
        (?P<above>\(\d+\)|\[\d+\]|[⁰¹²³⁴-⁹]+)?
        (?P<primes>['′]*)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Subscripted:
    """A letter or word with what stands at it: w11(2) is w with 11 below and (2) above."""

    base: str
    accent: str = ""
    below: str = ""
    above: str = ""

    @staticmethod
    def read(word: str) -> Subscripted | None:
        """Read a word such as w11(2), θ_1 or ŷ; None if it follows no pattern known here.

        >>> Subscripted.read("w11(2)")
        Subscripted(base='w', accent='', below='11', above='(2)')
        >>> Subscripted.read("50%")
        """
        match = _PATTERN.fullmatch(unicodedata.normalize("NFD", word))
        if match is None:
            return None
        below = (match["index"] or match["suffix"] or "").translate(_SUBSCRIPTS)
        above = (match["above"] or "").translate(_FROM_SUPERSCRIPTS) + "′" * len(match["primes"])
        return Subscripted(unicodedata.normalize("NFC", match["base"]), match["accent"], below, above)


def layer_of(label: str) -> int:
    """The layer in a label such as w11(2) or W[2]; 0 if it names none.

    >>> [layer_of(label) for label in ("x1", "w11(2)", "W[3]")]
    [0, 2, 3]
    """
    word = Subscripted.read(label)
    number = word.above.strip("()[]′") if word and word.above[:1] in "([" else ""
    return int(number or 0)


_INVISIBLE = {"Cc", "Cs", "Cn"}
"""The categories of control characters, of halves of characters, and of what is no character."""

_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""The classes of characters that turn the direction of the text after them."""


def printable(label: str) -> str:
    """A label on one line, with � for characters that steer a terminal or spoil a web page."""

    def harmless(c: str) -> bool:
        return unicodedata.category(c) not in _INVISIBLE and unicodedata.bidirectional(c) not in _TURNING

    return "".join(c if harmless(c) else "\ufffd" for c in " ".join(label.split()))


def distinct(labels: Iterable[str]) -> list[str]:
    """Names that differ: the labels, v1, v2, … where one is empty, x#2 for the second x.

    >>> distinct(["x", "", "x"])
    ['x', 'v1', 'x#2']
    """
    labels = [printable(label) for label in labels]
    taken = set(labels)
    stand_ins = (f"v{i}" for i in itertools.count(1) if f"v{i}" not in taken)
    used: Counter[str] = Counter()
    names = []
    for label in labels:
        name = label or next(stand_ins)
        used[name] += 1
        if used[name] > 1:
            while f"{name}#{used[name]}" in taken:
                used[name] += 1
            name = f"{name}#{used[name]}"
        names.append(name)
    return names
