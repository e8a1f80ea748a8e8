"""What a player shows of a mistaken backward pass: each edge, and where the numbers go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from autograd.passes import close, passes
from autograd.picture.folding import Folded
from autograd.picture.looks import direction, stroke_width
from autograd.picture.scene import sign
from autograd.playing.frames import BACKWARD, LONGEST_TABLE, Frame, board, table
from autograd.playing.mistakes import Mistake, WrongEdge
from autograd.stepping.walk import Walk
from autograd.typesetting.numbers import decimal
from autograd.value import Value


class MistakePlayback:
    """Makes the frames of one mistaken pass, in the view of the whole graph."""

    def __init__(self, mistake: Mistake, walk: Walk, folded: Folded, strongest: float) -> None:
        self.mistake = mistake
        self.walk = walk
        self.folded = folded
        self.strongest = strongest
        self.right: dict[Value, float] = {walk.root: 1.0}
        self.right |= {step.input: step.after for step in walk.backward}
        self.sizes = passes(walk.root).sizes

    def frames(self) -> list[Frame]:
        """The start, every edge, and the verdict."""
        edges = list(self.mistake.replay(self.walk))
        gradients = self.mistake.start(self.walk) | {edge.step.input: edge.after for edge in edges}
        wrong = [node for node in self.folded.order if not self._is_right(node, gradients[node])]
        return [self._start(bool(wrong)), *map(self._edge, edges), self._verdict(gradients, wrong)]

    def _start(self, goes_wrong: bool) -> Frame:
        frame = Frame("backward", BACKWARD, self.mistake.title)
        frame.panel = [
            ("the mistake", f"<code>{escape(self.mistake.written)}</code>"),
            ("as it should be", f"<code>{escape(self.mistake.right)}</code>"),
        ]
        frame.role = self.mistake.lesson
        if not goes_wrong:
            frame.notes = [self._harmless()]
        frame.numbers = {self._box(step.node): decimal(step.result) for step in self.walk.forward}
        frame.numbers |= {self._box(given.node): decimal(given.number) for given in self.walk.given}
        start = self.mistake.start(self.walk)
        kept = [given.node for given in self.walk.given if not self.mistake.forgets]
        frame.gradients = {self._box(node): as_shown(start[node]) for node in [*kept, self.walk.root]}
        frame.locals = [self.folded.mark_id(step.node) for step in self.walk.forward]
        return frame

    def _harmless(self) -> tuple[str, str]:
        return "hint", f"In this graph it changes nothing: {self.mistake.harmless}."

    def _edge(self, edge: WrongEdge) -> Frame:
        step, box = edge.step, self._box(edge.step.input)
        gate, line = self.folded.mark_id(step.node), self.folded.edge_id(step.node, step.input, step.position)
        frame = Frame("backward", BACKWARD, f"{step.name} hands back to {step.input_name}")
        product = f"{decimal(edge.upstream)} × {decimal(step.local_gradient)}"
        sum_so_far = f"{decimal(edge.before)} + " if self.mistake.keeps_sum and edge.before else ""
        frame.line = (f"{step.input_name}.grad = {sum_so_far}{product} =", decimal(edge.after))
        handed = board(
            (None, decimal(edge.upstream), "upstream"),
            "×",
            (None, decimal(step.local_gradient), "local gradient"),
            "=",
            (None, decimal(edge.contribution), "contribution"),
        )
        frame.panel = [("handed back", handed)]
        if self.mistake.keeps_sum and edge.before:
            added = board(
                (None, decimal(edge.before), "was there"),
                "+",
                (None, decimal(edge.contribution), "contribution"),
                "=",
                (None, decimal(edge.after), f"{step.input_name}.grad"),
            )
            frame.panel.append(("added", added))
        frame.notes = [("mistake", sentence) for sentence in self._wrong_with(edge)]
        frame.active, frame.focus = [gate, line, box, self._box(step.node)], box
        frame.gradients = {box: as_shown(edge.after)}
        output = self.folded.output_id(step.node)
        frame.flows = [self._flow(line, edge.contribution), self._flow(output, edge.upstream)]
        return frame

    def _flow(self, line: str, gradient: float) -> list[Any]:
        """How an edge looks: its id, direction and width."""
        return [line, direction([gradient]), round(stroke_width(abs(gradient), self.strongest), 2)]

    def _wrong_with(self, edge: WrongEdge) -> list[str]:
        step, said = edge.step, []
        if not self._is_right(step.node, edge.upstream):
            arrived = f"{step.name} has {decimal(edge.upstream)} here"
            said.append(f"{arrived}; its gradient should be {decimal(step.upstream)}")
        if not self.mistake.keeps_sum and edge.before != 0.0:
            said.append(f"the {decimal(edge.before)} that was there is overwritten, and lost")
        if not self.mistake.forgets and edge.before != step.before:
            said.append(f"{decimal(edge.before)} was left there, where {decimal(step.before)} should be")
        return said

    def _verdict(self, gradients: Mapping[Value, float], wrong: list[Value]) -> Frame:
        frame = Frame(
            "backward", BACKWARD + 1.0, "What has gone wrong" if wrong else "Nothing has gone wrong"
        )
        if wrong:
            shown = wrong[:LONGEST_TABLE]
            rows = [(self.walk.names[x], decimal(gradients[x]), decimal(self.right[x])) for x in shown]
            caption = f"{len(wrong)} of {len(gradients)} gradients are wrong"
            frame.panel = [(caption, table(("", "got", "right"), rows, len(wrong)))]
        else:
            frame.notes = [self._harmless()]
        frame.role = self.mistake.lesson
        frame.wrong = {self._box(node): decimal(self.right[node]) for node in wrong}
        return frame

    def _is_right(self, node: Value, gradient: float) -> bool:
        return close(gradient, self.right[node], self.sizes[node])

    def _box(self, node: Value) -> str:
        return self.folded.box_id(node)


def as_shown(gradient: float) -> tuple[str, int]:
    """A gradient as a box shows it."""
    return decimal(gradient), sign([gradient])
