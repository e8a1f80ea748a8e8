"""The frames of one view: the steps of its walk, as far as they are in view, forward and backward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby

from autograd.graph import contribution
from autograd.picture.folding import Folded
from autograd.picture.grouping import Group
from autograd.picture.scene import sign, span
from autograd.playing.frames import (
    BACKWARD,
    FLAGS,
    LONGEST_TABLE,
    MATHML,
    MOST_EDGES,
    TEXT,
    Board,
    Frame,
    board,
    equation,
    line,
    question,
    table,
    told,
)
from autograd.playing.views import View
from autograd.stepping.steps import BackwardStep
from autograd.stepping.walk import Walk
from autograd.typesetting.notation import Notation, Piece
from autograd.typesetting.numbers import decimal
from autograd.value import Value


class Playback:
    """Makes the frames of one view from the walk of its graph."""

    def __init__(self, view: View, walk: Walk) -> None:
        self.view = view
        self.folded: Folded = view.folded
        self.walk = walk
        self.length = max(view.when.values()) + 2.0
        self.forward = {step.node: step for step in walk.forward}
        self.backward = {
            node: list(steps) for node, steps in groupby(walk.backward, key=lambda step: step.node)
        }
        self.items = self.folded.items()
        self.gradient_so_far: dict[Value, float] = {}
        self.times_used = Counter(
            x for node in self.folded.order for x in node.inputs if x not in self.folded.hidden
        )

    def frames(self) -> list[Frame]:
        """All frames, first to last."""
        made = [self._start(), *map(self._forward, (item for _, item in self.items))]
        if self.walk.backward:
            made += self._backward()
        return made

    def gradients(self) -> Mapping[Value, float | None]:
        """∂root/∂node for every node, by this walk; None before backward()."""
        if not self.walk.went_back:
            return dict.fromkeys(self.folded.order)
        found: dict[Value, float | None] = {self.walk.root: 1.0}
        found |= {given.node: given.gradient for given in self.walk.given}
        found |= {step.node: step.upstream for step in self.walk.backward}
        return found

    def when(self, item: Value | Group) -> float:
        last = item.nodes[-1] if isinstance(item, Group) else item
        return self.view.when[last] / self.length

    def derivative(self, name: str, notation: Notation = MATHML) -> Piece:
        return notation.derivative(notation.name(self.walk.name), notation.name(name))

    # ── forward ─────────────────────────────────────────────────────────────────────────

    def _start(self) -> Frame:
        given = [one for one in self.walk.given if one.node not in self.folded.hidden]
        numbers = {
            self.folded.box_id(one.node): span([x.data for x in self.folded.sharing_a_box(one.node)])
            for one in given
        }
        shown = given[:LONGEST_TABLE]
        formulas = " ".join(f"<span>{one.equation(MATHML)}</span>" for one in shown)
        more = f" <span>and {len(given) - len(shown)} more</span>" if len(given) > len(shown) else ""
        frame = Frame("start", -1.0, "What is given", panel=[("given", formulas + more)], numbers=numbers)
        if not self.walk.forward:
            frame.notes = [("hint", f"{self.walk.name} is a leaf: no gate made it")]
        elif not self.walk.went_back:
            hint = f"no gradients yet: call backward() on {self.walk.name}, then make the player again"
            frame.notes = [("hint", hint)]
        return frame

    def _forward(self, item: Value | Group) -> Frame:
        if isinstance(item, Group):
            return self._group_forward(item)
        step = self.forward[item]
        box, gate = self.folded.box_id(item), self.folded.mark_id(item)
        sides = step.sides(MATHML)
        frame = Frame(
            "forward", self.when(item), f"{step.name}: the gate {step.symbol}", line(step.sides(TEXT))
        )
        frame.panel = [("formula", equation(*sides))]
        backward = self.backward.get(item, [])
        for back in backward if len(backward) <= MOST_EDGES else []:
            frame.panel.append(("local gradient", _local(back)))
        frame.notes = told(step.notes)
        frame.active, frame.focus = [gate, box, *self.edges(item)], box
        frame.numbers = {box: decimal(step.result)}
        frame.locals = [gate]
        frame.question = question(step.result, MATHML.finished(sides[0]))
        return frame

    def edges(self, item: Value | Group) -> list[str]:
        folded = self.folded
        if isinstance(item, Group):
            edges = [folded.edge_id(item, way.x) for way in folded.entry_edges(item)]
        else:
            edges = [folded.edge_id(item, x, k) for k, x in enumerate(item.inputs)]
        return [*dict.fromkeys(edges), folded.output_id(item)]

    def _group_forward(self, group: Group) -> Frame:
        results = self.folded.results(group)
        box, mark = self.folded.box_id(results[0]), self.folded.mark_id(group)
        number = span([node.data for node in results])
        frame = Frame(
            "forward", self.when(group), f"Forward through {group.title}", (f"{group.title}:", number)
        )
        parts = self.parts(group)
        told_of = self._by_part(group)[:LONGEST_TABLE]
        rows = [(parts[node], decimal(node.data)) for node in told_of]
        frame.panel = [("results", f'<div class="answer">{table(("", "result"), rows, len(results))}</div>')]
        silent = sum(node.data == 0.0 for node in results)
        if silent and len(results) > 1:
            frame.notes = [("dead", f"{silent} of {len(results)} results are 0")]
        frame.active, frame.focus = [mark, box, *self.edges(group)], box
        frame.numbers = {box: number}
        return frame

    def parts(self, group: Group) -> dict[Value, str]:
        """The part of a group that every node is of, by title; else the node's own name."""
        names = {node: self.walk.names[node] for node in group.nodes}
        return names | {node: part.title for part in group.parts for node in part.nodes}

    def _by_part(self, group: Group) -> list[Value]:
        """The results of a group, in the order of its parts."""
        place = {node: i for i, part in enumerate(group.parts) for node in part.nodes}
        return sorted(self.folded.results(group), key=lambda node: place.get(node, 0))

    # ── backward ────────────────────────────────────────────────────────────────────────

    def _backward(self) -> Iterator[Frame]:
        root = self.walk.root
        self.gradient_so_far = dict.fromkeys(self.folded.order, 0.0)
        self.gradient_so_far[root] = 1.0
        box, name = self.folded.box_id(root), self.walk.name
        sides = (self.derivative(name), MATHML.number(1.0))
        yield Frame(
            "backward", BACKWARD, f"The way back begins at {name}",
            line((self.derivative(name, TEXT), TEXT.number(1.0))),
            [("gradient", MATHML.finished(MATHML.equation(*sides)))],
            f"{name} changes by as much as {name} does", active=[box], focus=box, gradients={box: ("1", 1)},
        )  # fmt: skip
        used: Counter[Value] = Counter()
        for _, item in sorted(self.items, key=lambda pair: -pair[0]):
            time = BACKWARD + 1.0 - self.when(item)
            if isinstance(item, Group):
                yield self._group_backward(item, time, used)
                continue
            steps = [self._as_seen(step, used) for step in self.backward[item]]
            if len(steps) > MOST_EDGES:
                yield self._edges_backward(steps, time)
            else:
                yield from (self._edge_backward(step, time) for step in steps)

    def _as_seen(self, step: BackwardStep, used: Counter[Value]) -> BackwardStep:
        """The step with the sum so far in the order of this view."""
        before = self.gradient_so_far[step.input]
        after = self.gradient_so_far[step.input] = before + step.contribution
        used[step.input] += 1
        uses = self.times_used[step.input]
        return replace(step, before=before, after=after, use=used[step.input], uses=uses)

    def _edge_backward(self, step: BackwardStep, time: float) -> Frame:
        folded = self.folded
        box, gate = folded.box_id(step.input), folded.mark_id(step.node)
        edge = folded.edge_id(step.node, step.input, step.position)
        frame = Frame("backward", time, f"{step.name} hands back to {step.input_name}")
        frame.line = line(self._sides(step))
        frame.panel = self._chain_rule(step)
        frame.role, frame.notes = str(step.role or ""), told(step.notes)
        frame.active = [gate, edge, box, folded.box_id(step.node)]
        frame.focus = box
        frame.gradients = {box: self._box_gradient(box, step.input)}
        frame.flows = [edge, folded.output_id(step.node)]
        signs = "".join(FLAGS.get(note.kind, "") for note in step.notes)
        frame.flags = {edge: signs} if signs else {}
        derivative = MATHML.finished(self.derivative(step.input_name))
        whole = step.uses == 1
        what = derivative if whole else f"this contribution to {derivative}"
        frame.question = question(step.contribution, what)
        return frame

    def _sides(self, step: BackwardStep) -> tuple[Piece, ...]:
        """The line of the walk; of one contribution among several it says so."""
        if step.uses == 1:
            return step.sides(TEXT)
        whole = self.derivative(step.input_name, TEXT)
        return TEXT.annotated(whole, f", part {step.use} of {step.uses}"), *step.sides(TEXT)

    def _edges_backward(self, steps: Sequence[BackwardStep], time: float) -> Frame:
        """All edges of a gate of many inputs in one frame."""
        folded, first = self.folded, steps[0]
        gate, output = folded.mark_id(first.node), folded.output_id(first.node)
        frame = Frame("backward", time, f"{first.name} hands back to its {len(steps)} inputs")
        rows = [
            (s.input_name, decimal(s.local_gradient), decimal(s.contribution)) for s in steps[:LONGEST_TABLE]
        ]
        upstream = (self.derivative(first.name), MATHML.number(first.upstream))
        frame.panel = [
            ("upstream", MATHML.finished(MATHML.equation(*upstream))),
            ("upstream × local", table(("to", "local gradient", "contribution"), rows, len(steps))),
        ]
        frame.line = (
            f"{first.name}:",
            f"{len(steps)} contributions, {span([s.contribution for s in steps])}",
        )
        boxes = {folded.box_id(step.input): step.input for step in steps}
        edges = dict.fromkeys(folded.edge_id(s.node, s.input, s.position) for s in steps)
        frame.active = [gate, *edges, *boxes, folded.box_id(first.node)]
        frame.focus = folded.box_id(first.node)
        frame.gradients = {box: self._box_gradient(box, x) for box, x in boxes.items()}
        frame.flows = [*edges, output]
        return frame

    def _chain_rule(self, step: BackwardStep) -> list[tuple[str, str | Board]]:
        number = MATHML.number
        into = self.derivative(step.input_name)
        if step.uses > 1:
            into = replace(into, written=f"<mrow><mtext>to&#xA0;</mtext>{into.written}</mrow>")
        product = board(
            (self.derivative(step.name), number(step.upstream), "upstream"),
            "×",
            (_by(step.name, step.input_name), number(step.local_gradient), "local gradient"),
            "=",
            (into, number(step.contribution), "contribution"),
        )
        local = _local(step)
        rows: list[tuple[str, str | Board]] = [("local gradient", local), ("chain rule", product)]
        if step.uses > 1:
            total = "sum" if step.use == step.uses else "sum so far"
            added = board(
                (None, number(step.before), "so far"),
                "+",
                (None, number(step.contribution), "contribution"),
                "=",
                (None, number(step.after), total),
            )
            rows.append((f"use {step.use} of {step.uses}", added))
        return rows

    def _box_gradient(self, box: str, x: Value) -> tuple[str, int]:
        """What a box shows of the gradient so far."""
        gradients = [self.gradient_so_far[node] for node in self.folded.sharing_a_box(x)]
        return span(gradients), sign(gradients)

    def _group_backward(self, group: Group, time: float, used: Counter[Value]) -> Frame:
        folded = self.folded
        results, mark = folded.results(group), folded.mark_id(group)
        box = folded.box_id(results[0])
        parts, told_of = self.parts(group), self._by_part(group)[:LONGEST_TABLE]
        rows = [(parts[x], decimal(self.gradient_so_far[x])) for x in told_of]
        gradients = self.gradients()
        frame = Frame("backward", time, f"Back through {group.title}")
        into: dict[str, Value] = {}
        for way in folded.entry_edges(group):
            arrived = gradients[way.node] or 0.0
            self.gradient_so_far[way.x] += contribution(way.local_gradient, arrived)
            used[way.x] += 1
            into[folded.box_id(way.x)] = way.x
        frame.panel = [("arrives", table(("", "upstream"), rows, len(results)))]
        of_parameters = [g for g in (gradients[x] for x in group.parameters) if g is not None]
        if of_parameters:
            silent = sum(g == 0.0 for g in of_parameters)
            frame.panel.append(
                ("for its parameters", f"{len(of_parameters)} gradients, {escape(span(of_parameters))}")
            )
            if silent:
                frame.notes = [("dead", f"{silent} of {len(of_parameters)} parameters get no gradient")]
        frame.line = (f"{group.title}:", f"{len(of_parameters)} parameters: {span(of_parameters)}")
        frame.active = [mark, box, *into, *self.edges(group)]
        frame.focus = next(iter(into), box)
        frame.gradients = {to: self._box_gradient(to, x) for to, x in into.items()}
        frame.flows = self.edges(group)
        return frame


def _by(of: str, by: str) -> Piece:
    return MATHML.derivative(MATHML.name(of), MATHML.name(by))


def _local(step: BackwardStep) -> str:
    """The local gradient; where its formula is a choice of cases, without the same cases in numbers."""
    derivative, *others, number = step.local_sides(MATHML)
    cases = [side for side in others if "<mtable>" in side.written]
    return MATHML.finished(MATHML.equation(derivative, *(cases[:1] or others), number))
