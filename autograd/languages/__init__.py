"""The sentences of walk and page, one file for each language, read by key.

A short sentence is its own key, and its English: it stands in the files of the other languages alone.
Another language is another file in this folder, with the same names in it as traditional_chinese.py.

>>> said("nothing arrives", input="x")
'nothing arrives here, so nothing is handed on to x'
>>> Said.of("nothing arrives", input="x").to("zh-TW")
'沒有梯度傳到這裡，所以也沒有梯度傳給 x'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

LANGUAGES: Mapping[str, Any] = {
    language.CODE: language
    for language in sorted(
        (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)),
        key=lambda language: (language.CODE != "en", language.CODE),
    )
}
"""Every language: a file in this folder, found by its being there. English comes first."""


def _texts(table: str) -> Mapping[str, Mapping[str, str]]:
    """By language, then by key; a key that English does not have is its own English."""
    keys = {key: key for language in LANGUAGES.values() for key in getattr(language, table)}
    return {code: (keys if code == "en" else {}) | getattr(x, table) for code, x in LANGUAGES.items()}


SENTENCES, TITLES = _texts("SENTENCES"), _texts("TITLES")
"""Text in which names in braces stand for what differs; titles, in which # stands for a number."""

PAGES: Mapping[str, Mapping[str, Any]] = {
    code: {
        "name": language.NAME,
        "sentences": SENTENCES[code],
        "titles": TITLES[code],
        "keys": language.KEYS,
        "help": language.HELP,
        "gates": language.GATES,
    }
    for code, language in LANGUAGES.items()
}
"""By language, everything that the page says."""

OF_A_GATE = "of a gate"


def said(key: str, language: str = "en", **values: str | Said) -> str:
    """A sentence of the table, with values put in."""
    return Said.of(key, **values).to(language)


@dataclass(frozen=True)
class Said:
    """A sentence in no language yet: its key, and the values to put in."""

    key: str
    values: tuple[tuple[str, str | Said], ...] = ()

    @staticmethod
    def of(key: str, **values: str | Said) -> Said:
        """A sentence by its key, with values put in."""
        return Said(key, tuple(values.items()))

    @staticmethod
    def by_gate(text: str) -> Said:
        """What a gate's own author wrote about it, which a language may know."""
        return Said(OF_A_GATE, (("text", text),))

    def to(self, language: str) -> str:
        """The sentence for those who read that language."""
        values = {name: x.to(language) if isinstance(x, Said) else x for name, x in self.values}
        if self.key == OF_A_GATE:
            return str(LANGUAGES[language].GATES.get(values["text"], values["text"]))
        sentence = SENTENCES[language][self.key]
        return sentence.format(**values) if values else sentence

    def __str__(self) -> str:
        return self.to("en")


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"
