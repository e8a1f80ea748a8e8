"""Any label: text that nobody expects is shown as text, and breaks nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import Value
from tests.tally import tried

HOSTILE_TEXT = (
    *("", " ", "\n", "\0", "\x1b[2J", "\ud800", "\u202etxet", "\u200b", "𝒘", "١", "²", "w1", "relu", "nan"),
    *("<script>alert(1)</script>", "</script>", "<!--", "&amp;", "]]>", '"', "'", "\\", "%", "$x$"),
    *("\\input{etc}", "{", "}", "a|b", "`", "#", "_", "^", "->", "digraph{", "\\N", "\\l", "x=1;"),
)

labels = (
    st.sampled_from(HOSTILE_TEXT)
    | st.text(max_size=12)
    | st.text(
        alphabet="<>&\"'\\{}|`$#_^%~[]()-+/*=;:.,\n\t\r\0\x1b\u202e\u2028\ud800 aw1₂²\u0302", max_size=12
    )
)

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def labelled(first: str, second: str, third: str) -> Value:
    x, w = Value(2.0, first), Value(-0.5, second)
    root = autograd.dot([x, w], [w, x], 1.0).tanh() * x
    root.label = third
    root.backward()
    return root


class Page(HTMLParser):
    """The tags of a page that are open at its end."""

    VOID = frozenset(("meta", "link", "input", "br", "hr", "img"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def shapes(root: Value) -> list[str | None]:
    svg = ElementTree.fromstring(autograd.draw(root).svg)
    return [element.get("id") for element in svg.iter() if element.get("id")]


@given(labels, labels, labels)
def test_any_labels_are_walked_drawn_and_played_well_formed(first: str, second: str, third: str) -> None:
    tried("graphs with hostile labels")
    root, usual = labelled(first, second, third), labelled("x", "w", "y")
    walk, usual_walk = autograd.walk(root), autograd.walk(usual)
    for written, expected in ((str(walk), str(usual_walk)), (walk.markdown(), usual_walk.markdown())):
        assert not STEERING.search(written)
        assert len(written.splitlines()) == len(expected.splitlines())
        written.encode()
    assert not STEERING.search(autograd.draw(root).svg)
    assert shapes(root) == shapes(usual)
    page = Page()
    page.feed(autograd.player(root, parameters=()).html)
    page.close()
    assert page.open == []
