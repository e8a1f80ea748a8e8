"""The five documents that together are called the lecture, and every place where they are wrong.

They are by different hands and disagree: whether a squared error has its ½, what α of a leaky ReLU
and which base of the logarithm to take, Wx or Wᵀx, samples in rows or in columns, and whether ŷ is
the output or the target. A line number, as in S3:336, is one of the transcript.

The errata stand in errata.txt, in the order of the sources and their lines, as they are printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from autograd.arguments import one_of

SOURCES = {
    "S1": "“Lecture 2”, by hand: activation functions, feed forward, back propagation, losses",
    "S2": "notes by hand: the artificial neuron, losses, derivatives of vectors, the chain rule",
    "S3": "slides, “Deep learning”, by Hung-Hsuan Chen, in part taken from Fei-Fei Li's",
    "S4": "“Lecture December 13”, by hand: “The mathematics of NN”",
    "S5": "notes by hand, “Feed forward Neural Network”: vectors, training, optimization",
}


@dataclass(frozen=True)
class Erratum:
    """A place where the lecture is wrong.

    place    the source and the line: S3:336
    where    what stands there, for a reader without line numbers
    printed  what it says
    correct  what it should say
    why      how we know, and whether it may be a slip of the transcript
    """

    place: str
    where: str
    printed: str
    correct: str
    why: str

    @property
    def source(self) -> str:
        """S3 of S3:336."""
        return self.place.partition(":")[0]

    @property
    def transcriber(self) -> bool:
        """Whether it may be a slip of the transcript, and not of the lecture."""
        return "transcriber" in self.why

    def __str__(self) -> str:
        head = f"{self.place}, {self.where}"
        return f"{head}\n  printed: {self.printed}\n  correct: {self.correct}\n  {self.why}"


def errata(source: str = "") -> tuple[Erratum, ...]:
    """The errata, in the order of the sources and their lines.

    source  S1 to S5 for those of one source, S3:336 for the one at a line; all by default

    Raises ValueError if there is no such source, or no erratum at the line.

    >>> print(*errata("S1:109"))
    S1:109, “Feed forward”, the sizes under z = wx + b, from five inputs to three
      printed: x is 3 × 1
      correct: x is 5 × 1
      x has five elements, and w is 3 × 5.
    """
    found = tuple(erratum for erratum in _all() if source in ("", erratum.source, erratum.place))
    if not found:
        named = source.partition(":")[0] if isinstance(source, str) else source
        document = one_of("source", named, SOURCES)
        places = ", ".join(erratum.place for erratum in _all() if erratum.source == document)
        raise ValueError(f"there is no erratum at {source}; those of {document} are at {places}")
    return found


@cache
def _all() -> list[Erratum]:
    text = files("autograd.lectures").joinpath("errata.txt").read_text(encoding="utf-8")
    return [_read(*entry.splitlines()) for entry in text.split("\n\n")]


def _read(head: str, printed: str, correct: str, why: str) -> Erratum:
    place, _, where = head.partition(", ")
    return Erratum(
        place, where, printed.removeprefix("  printed: "), correct.removeprefix("  correct: "), why.strip()
    )
