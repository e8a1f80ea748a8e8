"""The frames of an update: a step of gradient descent, and the forward pass with the new numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograd.picture.grouping import Group
from autograd.picture.scene import span
from autograd.playing.frames import (
    AGAIN,
    LONGEST_TABLE,
    MATHML,
    TEXT,
    UPDATE,
    Frame,
    board,
    line,
    question,
    table,
)
from autograd.playing.playback import Playback
from autograd.stepping.update import Recomputed, Update, UpdateStep
from autograd.typesetting.numbers import decimal
from autograd.value import Value


def update_frames(playback: Playback, update: Update) -> Iterator[Frame]:
    """The frames of an update in the view of a playback."""
    return _UpdatePlayback(playback, update).frames()


class _UpdatePlayback:
    def __init__(self, playback: Playback, update: Update) -> None:
        self.playback = playback
        self.folded = playback.folded
        self.update = update
        self.computed = {step.node: step for step in update.recomputed}

    def frames(self) -> Iterator[Frame]:
        """The parameters in view one by one, those of a closed group together; then gate by gate."""
        steps = {step.node: step for step in self.update.steps}
        for step in self.update.steps:
            if step.node not in self.folded.hidden and len(self.folded.sharing_a_box(step.node)) == 1:
                yield self._parameter(step)
        for bundle in self.folded.bundles:
            own = [steps[x] for x in bundle if x in steps]
            if own:
                yield self._parameters(self.folded.box_id(bundle[0]), "", own)
        for group in self.folded.closed:
            own = [steps.pop(x) for x in group.parameters if x in self.folded.hidden and x in steps]
            if own:
                yield self._parameters(self.folded.mark_id(group), f" of {group.title}", own)
        for _, item in self.playback.items:
            yield self._group(item) if isinstance(item, Group) else self._gate(item)

    def _parameter(self, step: UpdateStep) -> Frame:
        box, name = self.folded.box_id(step.node), MATHML.name(step.name)
        rule, numbers, after = step.sides(TEXT)
        told = (replace(rule, written=f"new {step.name} = {rule.written}"), numbers, after)
        frame = Frame("update", UPDATE, f"{step.name} takes a step downhill", line(told))
        new = replace(name, written=f"<mrow><mtext>new&#xA0;</mtext>{name.written}</mrow>")
        numbers_below = board(
            (name, MATHML.number(step.before), "old"),
            "−",
            (MATHML.name("η"), MATHML.number(step.learning_rate), "learning rate"),
            "×",
            (self.playback.derivative(step.name), MATHML.number(step.gradient), "gradient"),
            "=",
            (new, step.sides(MATHML)[-1], "new"),
        )
        frame.panel = [("gradient descent", numbers_below)]
        frame.active, frame.focus = [box], box
        frame.numbers = {box: TEXT.finished(after)}
        frame.question = question(step.after, f"the new {MATHML.finished(name)}")
        return frame

    def _parameters(self, at: str, of: str, steps: Sequence[UpdateStep]) -> Frame:
        """Many parameters in one frame, those of a box or of a closed group."""
        rows = [
            (step.name, decimal(step.before), decimal(step.gradient), TEXT.finished(step.sides(TEXT)[-1]))
            for step in steps[:LONGEST_TABLE]
        ]
        frame = Frame("update", UPDATE, f"{len(steps)} parameters{of} take a step downhill")
        caption = f"old − {decimal(self.update.learning_rate)} × gradient = new"
        frame.panel = [(caption, table(("", "old", "gradient", "new"), rows, len(steps)))]
        frame.active = [at]
        if at.startswith("values"):
            frame.focus, frame.numbers = at, {at: span([step.after for step in steps])}
        return frame

    def _gate(self, node: Value) -> Frame:
        step, forward = self.computed[node], self.playback.forward[node]
        box, name = self.folded.box_id(node), MATHML.name(step.name)
        frame = Frame("again", self._time(node), f"{step.name} again, with the new numbers")
        _, before, after = step.pieces(TEXT)
        frame.line = (f"{step.name} = {TEXT.finished(before)} →", TEXT.finished(after))
        formula = forward.formula.names_piece(MATHML)
        if formula.written != name.written:
            frame.panel = [("formula", MATHML.finished(MATHML.equation(name, formula)))]
        _, before, after = step.pieces(MATHML)
        frame.panel.append(("number", board((None, before, "before"), "→", (None, after, "now"))))
        if node is self.playback.walk.root:
            frame.role = _compared(step)
        frame.active = [self.folded.mark_id(node), box, *self.playback.edges(node)]
        frame.focus, frame.numbers = box, {box: frame.line[1]}
        frame.question = question(step.after, MATHML.finished(name))
        return frame

    def _group(self, group: Group) -> Frame:
        results = self.folded.results(group)
        box, parts = self.folded.box_id(results[0]), self.playback.parts(group)
        rows = [
            (parts[node], *(TEXT.finished(piece) for piece in self.computed[node].pieces(TEXT)[1:]))
            for node in results[:LONGEST_TABLE]
        ]
        number = span([self.computed[node].after for node in results])
        frame = Frame("again", self._time(group), f"{group.title} again, with the new numbers")
        frame.line = (f"{group.title}:", number)
        frame.panel = [("results", table(("", "before", "now"), rows, len(results)))]
        frame.active = [self.folded.mark_id(group), box, *self.playback.edges(group)]
        frame.focus, frame.numbers = box, {box: number}
        return frame

    def _time(self, item: Value | Group) -> float:
        return AGAIN + self.playback.when(item)


def _compared(step: Recomputed) -> str:
    """Whether the step downhill has led down."""
    change = step.after - step.before
    if change == 0.0:
        return f"{step.name} is the same"
    return f"{step.name} is {'smaller' if change < 0.0 else 'larger'} by {decimal(abs(change))}"
