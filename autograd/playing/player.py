"""The player: one web page that plays the forward pass, the backward pass and the update.

The picture is `draw`'s, the steps are `walk`'s. Every number on the page was computed in
Python; the page shows them one after the other, forward and back. It needs no network and
no server, and opens from disk.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from html import escape
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from autograd.arguments import as_list, boolean, file_path, whole_number
from autograd.declaration import GateError
from autograd.files import write_whole
from autograd.graph import leaves, topological_order
from autograd.picture.arrangement import fitted
from autograd.picture.scene import Box, Cluster, Scene, scene
from autograd.picture.svg import element
from autograd.playing.mistake_frames import MistakePlayback
from autograd.playing.mistakes import MISTAKES
from autograd.playing.playback import Playback
from autograd.playing.update_frames import update_frames
from autograd.playing.views import LARGEST_WHOLE, View, views
from autograd.stepping.walk import Walk, walk
from autograd.typesetting.labels import Subscripted
from autograd.typesetting.numbers import decimal
from autograd.value import Value

TEMPLATE = files(__package__).joinpath("player.html")

LARGEST_GRAPH = 5_000
"""So many values may be in all of a graph, most of them in closed layers."""

MOST_VIEWS = 80

MEANS_SOMETHING_IN_A_SCRIPT = re.compile(r"<(?=/?s|!)", re.IGNORECASE)
"""The < of </script, <script and <!--, which JSON can write in another way."""

STAGE = 2.8
"""How many times as wide as high the place for the picture is on a page."""

HEIGHT = 780
"""Of a player in a notebook, in pixels."""

PARAMETER_LETTERS = {"w", "W", "b", "θ"}
"""What the labels of parameters begin with, in the lecture and in `nn`."""


def player(
    root: Value,
    *,
    model: Any = None,
    update: Iterable[Value] | None = None,
    learning_rate: float = 0.001,
    keep_fused: bool = False,
    limit: int = 500,
) -> Player:
    """A page that plays the computation of `root`, its backward pass, and a step of descent.

    A notebook shows it, `save` writes it. Without `root.backward()` there is the forward
    pass alone.

    model          anything with `named_parameters()`: its layers and neurons can be opened
                   and closed, layers closed at first
    update         the parameters that take a step of gradient descent, as in `walk`; by default
                   the model's, without a model the leaves labelled w…, b… or θ…, as long as every
                   gate is defined after their step; () for none
    learning_rate  η of that step
    keep_fused     begin with fused gates closed; else with them open
    limit          how many boxes may be in the first picture

    Raises TypeError for anything but a Value, ValueError where the graph is too large, and
    what `walk` raises for `update`.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> page = player(y)
    >>> page
    <player of v1: 5 steps>
    >>> len(page.html) < 150_000
    True
    """
    if not isinstance(root, Value):
        raise TypeError(f"player needs the Value that a computation ends in, got {type(root).__name__}")
    limit, keep_fused = whole_number("limit", limit), boolean("keep_fused", keep_fused)
    count = len(topological_order(root))
    if count > (limit if model is None else LARGEST_GRAPH):
        raise ValueError(_too_large(count, limit if model is None else LARGEST_GRAPH, model))
    ways = views(root, model, keep_fused)
    first = next(ways)
    if first.size > limit:
        keeping = any(view.size <= limit for view in ways)
        raise ValueError(_too_large(first.size, limit, model, keeping))
    others = (view for view in ways if view.size <= limit)
    shown = [first, *islice(others, MOST_VIEWS - 1)]
    if update is not None:
        return Player(shown, as_list("update", update, "Values"), learning_rate)
    try:
        return Player(shown, _parameters(root, model) if root.grad is not None else [], learning_rate)
    except GateError as error:
        why = f"no update is shown, since with a learning rate of {decimal(learning_rate)} {error}"
        return Player(shown, [], learning_rate, f"{why}; a smaller learning_rate takes a shorter step")


def _too_large(count: int, limit: int, model: Any, keeping: bool = True) -> str:
    advice = ["play a part of the graph, that is one of the Values inside"]
    if model is None:
        advice += ["close its layers with model=…", "keep its fused gates closed with keep_fused=True"][
            : 1 + keeping
        ]
        advice.append(f"or raise the limit with limit={count}")
    else:
        advice.append("play fewer samples, or draw the network with gradient_flow(loss, model=model)")
    return f"a player of {count} values is too large to follow (limit {limit}): {'; '.join(advice)}"


def _parameters(root: Value, model: Any) -> list[Value]:
    """What takes a step of gradient descent where nothing was said."""
    in_graph = leaves(root)
    if model is not None:
        known = set(in_graph)
        return [parameter for _, parameter in model.named_parameters() if parameter in known]
    symbols = {leaf: Subscripted.read(leaf.label) for leaf in in_graph}
    return [leaf for leaf, symbol in symbols.items() if symbol and symbol.base in PARAMETER_LETTERS]


class Player:
    """One self-contained web page. A notebook shows it in a frame of its own.

    html  the page
    """

    def __init__(
        self, shown: Sequence[View], update: Sequence[Value], learning_rate: float, hint: str = ""
    ) -> None:
        self._views = shown
        self._update = update
        self._learning_rate = learning_rate
        self._hint = hint
        self._walks: dict[Value, Walk] = {}
        self._data = self._page_data()

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, and return its path.

        Raises ValueError for any ending but .html, OSError if the file cannot be written; an older one
        is then left as it was.
        """
        path = file_path("path", path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise ValueError(f"{os.fspath(path)!r}: a player is a web page, saved as .html")
        write_whole(path, self.html.encode())
        return path

    @cached_property
    def html(self) -> str:
        """The page, as the text of an HTML file."""
        data = json.dumps(self._data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        data = MEANS_SOMETHING_IN_A_SCRIPT.sub(r"\\u003c", data)
        title, page = escape(self._data["title"]), TEMPLATE.read_text(encoding="utf-8")
        before, _, after = page.partition("@data@")
        return before.replace("@title@", title) + data + after

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self._data["title"])}" style="width:100%;height:{HEIGHT}px;border:0" '
            f'sandbox="allow-scripts" srcdoc="{escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<player of {self._walk(self._views[0]).name}: {len(self._data['views'][0]['frames'])} steps>"

    # ── what is in the page ─────────────────────────────────────────────────────────────

    def _walk(self, view: View) -> Walk:
        """The walk of a view's graph, which several views share."""
        if view.root not in self._walks:
            self._walks[view.root] = walk(
                view.root, parameters=self._update, learning_rate=self._learning_rate,
                keep_fused=True, limit=len(view.folded.order),
            )  # fmt: skip
        return self._walks[view.root]

    def _page_data(self) -> dict[str, Any]:
        first = self._views[0]
        told = self._walk(first)
        whole = next((view for view in self._views if not view.folded.closed), None)
        return {
            "title": f"{told.name} = {decimal(first.root.data)}",
            "about": f"{len(told.given)} given, {len(told.forward)} gate{'s' * (len(told.forward) != 1)}",
            "views": [self._view_data(view, mistakes=view is whole) for view in self._views],
            "mistakes": [mistake.title for mistake in MISTAKES],
            "without_mistakes": self._without_mistakes(told, whole),
        }

    def _without_mistakes(self, told: Walk, whole: View | None) -> str:
        """Why no mistakes can be played, empty where they can."""
        if not told.backward:
            return f"there are no gradients; call backward() on {told.name} before the player is made"
        if whole is None:
            return f"they need everything open, which can be shown of up to {LARGEST_WHOLE} values"
        return ""

    def _view_data(self, view: View, mistakes: bool) -> dict[str, Any]:
        told = self._walk(view)
        playback = Playback(view, told)
        frames = [*playback.frames(), *(update_frames(playback, told.update) if told.update else ())]
        if self._hint:
            frames[-1].notes = [*frames[-1].notes, ("hint", self._hint)]
        picture = scene(
            view.folded, {x: x.data for x in view.folded.order}, playback.gradients(), told.names, view.framed
        )
        strongest = picture.strongest
        made: dict[str, Any] = {
            "key": view.key,
            "title": view.title,
            "parent": view.parent if any(other.key == view.parent for other in self._views) else "",
            "opens": {
                mark: key for mark, key in view.opens.items() if any(v.key == key for v in self._views)
            },
            "svg": element(fitted(_openable(picture, view), reserve=len("-0.0000"), aspect=STAGE)),
            "frames": [frame.data() for frame in frames],
        }
        if mistakes and told.backward:
            made["mistakes"] = [
                [frame.data() for frame in MistakePlayback(mistake, told, view.folded, strongest).frames()]
                for mistake in MISTAKES
            ]
        return made


def _openable(picture: Scene, view: View) -> Scene:
    """The scene with signs on what can be opened and closed."""
    boxes = [_with_sign(box, view) for box in picture.boxes]
    clusters = [_closable(cluster) for cluster in picture.clusters]
    return replace(picture, boxes=boxes, clusters=clusters)


def _with_sign(box: Box, view: View) -> Box:
    if box.mark is None or box.mark.id not in view.opens:
        return box
    return replace(box, mark=replace(box.mark, symbol=f"{box.mark.symbol} ⊕"))


def _closable(cluster: Cluster) -> Cluster:
    return replace(cluster, title=f"{cluster.title} ⊖", parts=tuple(map(_closable, cluster.parts)))
