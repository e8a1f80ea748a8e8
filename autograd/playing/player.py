"""The player: one web page that computes a graph, forward, backward and on with the update.

Python says what the graph is and draws it; the page computes every number that it shows, so that every
number can be changed. It needs no network and no server, and opens from disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from autograd.arguments import (
    boolean,
    file_path,
    one_of,
    positive,
    require_root,
    too_large,
    values,
    whole_number,
)
from autograd.files import write_whole
from autograd.graph import leaves, topological_order
from autograd.languages import PAGES
from autograd.playing.assembly import page
from autograd.playing.graph_data import GraphData
from autograd.playing.view_data import view_data
from autograd.playing.views import View, Views
from autograd.typesetting.labels import Subscripted
from autograd.value import Value

LARGEST_GRAPH = 5_000
"""So many values may be in all of a graph, most of them in closed layers."""

MOST_VIEWS = 80

HEIGHT = 780
"""Of a player in a notebook, in pixels."""

ALL_DECIMALS = 17


def player(
    root: Value,
    *,
    model: Any = None,
    parameters: Iterable[Value] | None = None,
    learning_rate: float = 0.001,
    keep_fused: bool = False,
    limit: int = 500,
    decimals: int | None = 4,
    language: str = "en",
    about: Any = None,
) -> Player:
    """A page that plays the computation of `root`, its backward pass, and steps of descent.

    On the page every leaf's number, every constant and the learning rate can be changed, and all
    numbers follow. A notebook shows it, `save` writes it.

    model          anything with `named_parameters()`: its layers and neurons can be opened and
                   closed, layers closed at first; in a layer of a hundred neurons not each can
    parameters     the leaves that take steps of gradient descent; by default the model's parameters;
                   without a model, leaves whose labels look like parameters (w, W, θ, weight, bias,
                   b beside one of these). On the page others can be chosen
    learning_rate  η, to begin with
    keep_fused     begin with fused gates closed; else with them open
    limit          how many boxes may be in the first picture
    decimals       of numbers, 2 or 4, or None for all
    language       of the page: en, or zh-TW
    about          where the graph comes from: anything with a title, source, remarks, printed numbers
                   and errata, such as a lecture's example

    Raises TypeError for anything but a Value, ValueError if the graph is too large or a parameter is
    not a leaf of it.

    >>> x = Value(3.0, "x")
    >>> page = player(x * x)
    >>> page
    <player of v1: 2 values>
    >>> len(page.html) < 200_000
    True
    """
    require_root("player", root)
    limit, keep_fused = whole_number("limit", limit), boolean("keep_fused", keep_fused)
    learning_rate = positive("learning_rate", learning_rate)
    if decimals is not None:
        decimals = whole_number("decimals", decimals, 1, ALL_DECIMALS)
    language = one_of("language", language, PAGES)
    count, most = len(topological_order(root)), limit if model is None else LARGEST_GRAPH
    if count > most:
        raise ValueError(_too_large(count, most, model))
    ways = Views(root, model, keep_fused)
    shown = ways.within(limit, MOST_VIEWS)
    first = next(iter(ways))
    if first.size > limit:
        raise ValueError(_too_large(first.size, limit, model, keeping=bool(shown)))
    learning = _parameters(root, model) if parameters is None else _leaves_of(root, parameters)
    graph = GraphData(ways.expansion)
    places = {leaf: k for k, leaf in enumerate(graph.leaves)}
    views = [view_data(view, graph) for view in shown]  # first: a closed fused gate is one more gate
    data = graph.data | {
        "views": views,
        "parameters": [places[parameter] for parameter in dict.fromkeys(learning)],
        "eta": learning_rate,
        "decimals": decimals,
        "language": language,
        "about": about and _about(about),
        "withoutMistakes": _without_mistakes(graph, shown),
    }
    name = graph.names[graph.root]
    return Player(name, len(graph.order), page(name, data, graph.script))


def _too_large(count: int, limit: int, model: Any, keeping: bool = True) -> str:
    advice = ["play a part of the graph, that is one of the Values inside"]
    if model is not None:
        advice += ["play fewer samples", "draw it with gradient_flow"]
    else:
        advice += ["close its layers with model=…"]
        advice += ["keep its fused gates closed with keep_fused=True"] if keeping else []
    return too_large("player", count, limit, *advice)


def _without_mistakes(graph: GraphData, shown: list[View]) -> str:
    """Why no mistake can be played; empty if all can."""
    if not graph.gates:
        return "mistakes need a gate"
    return "mistakes need it whole" if all(view.folded.closed for view in shown) else ""


def _leaves_of(root: Value, parameters: Iterable[Value]) -> list[Value]:
    known = set(leaves(root))
    listed = values("parameters", parameters)
    for parameter in listed:
        if parameter not in known:
            raise ValueError(f"parameters are leaves of the graph; {parameter!r} is not one of them")
    return listed


def _parameters(root: Value, model: Any) -> list[Value]:
    """The leaves that look like parameters: a lone b may be anything, beside a w it is a bias.

    >>> w, x, b = Value(1.0, "w1"), Value(2.0, "x"), Value(3.0, "b")
    >>> [p.label for p in _parameters(w * x + b, None)], _parameters(x * b, None)
    (['w1', 'b'], [])
    """
    in_graph = leaves(root)
    if model is not None:
        known = set(in_graph)
        return [parameter for _, parameter in model.named_parameters() if parameter in known]
    bases = {leaf: symbol.base for leaf in in_graph if (symbol := Subscripted.read(leaf.label))}
    weights = {leaf for leaf, base in bases.items() if base in ("w", "W", "θ", "weight", "weights")}
    biases = {leaf for leaf, base in bases.items() if base == "bias" or (base == "b" and weights)}
    return [leaf for leaf in in_graph if leaf in weights | biases]


@dataclass(frozen=True, repr=False)
class Player:
    """One self-contained web page. A notebook shows it in a frame of its own.

    name  what the graph's root is called
    size  how many values the graph has
    html  the page, as the text of an HTML file
    """

    name: str
    size: int
    html: str

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file that ends in .html, and return its path.

        Raises ValueError for any other ending, OSError if it cannot be written; an older file is
        then left as it was.
        """
        path = file_path("path", path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"{os.fspath(path)!r}: a player is a web page, saved as .html")
        write_whole(path, self.html.encode())
        return path

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.name)}" style="width:100%;height:{HEIGHT}px;border:0" '
            f'sandbox="allow-scripts" allow="fullscreen; clipboard-write" '
            f'srcdoc="{escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<player of {self.name}: {self.size} values>"


def _about(about: Any) -> dict[str, Any]:
    """Where a lecture's example comes from, and what the lecture printed wrongly of it."""
    return {
        "title": about.title,
        "source": about.source,
        "remarks": list(about.remarks),
        "errata": [
            {"place": f"{x.place}, {x.where}", "printed": x.printed, "correct": x.correct, "why": x.why}
            for x in about.errata
        ],
        "slips": [
            {"kind": x.kind, "label": x.label, "of": x.of, "printed": x.number, "because": x.because}
            for x in about.printed
            if x.erratum
        ],
    }
