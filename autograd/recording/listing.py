"""A recording, written for people: a line for every gate, and a line for every edge back.

>>> from autograd import Value
>>> from autograd.recording.tracing import record
>>> w, b = Value(2.0, "w"), Value(-1.0, "b")
>>> print(listing(record(lambda x: (b + w * x).tanh(), 3.0)))
inputs      x
parameters  w, b
forward
  v1 = w·x
  v2 = b + v1
  v3 = tanh(v2)
backward from ∂v3 = 1
  ∂v2 += ∂v3 · (1 - tanh(v2)²)
  ∂b  += ∂v2
  ∂v1 += ∂v2
  ∂w  += ∂v1 · x

∂w stands for the derivative of the result with respect to w. Gradients of inputs are not
computed (here x). What is the same for all samples runs once, and has a title of its own.

Many gates that run as one, a layer or one gate many times, are one line:

>>> from autograd import dot
>>> W = [[Value(0.5, f"w{i}{j}") for j in (1, 2)] for i in range(1, 9)]
>>> recording = record(lambda x: [dot(row, x).relu() for row in W], [1.0, 2.0])
>>> print(listing(recording))
inputs      x[0], x[1]
parameters  w11, w12, w21, w22, …, w82 (16 in all)
forward
  v1 … v8  = W·x, where W = w11 … w82 (8 × 2), x = x[0], x[1]
  v9 … v16 = max(0, v1 … v8)
backward from ∂v9 = 1, ∂v10 = 1, ∂v11 = 1, ∂v12 = 1, ∂v13 = 1, ∂v14 = 1, ∂v15 = 1, ∂v16 = 1
  ∂(v1 … v8)   += ∂(v9 … v16) · (1 if v1 … v8 > 0, else 0)
  ∂(w11 … w82) += ∂(v1 … v8)·xᵀ

`listing(recording, opened=True)` has their gates under that line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograd.declaration import Gate
from autograd.fused import FusedGate
from autograd.recording.recording import Instruction, Recording
from autograd.recording.schedule import Column, Run, runs
from autograd.typesetting.formulas import piece, text
from autograd.typesetting.gate_formulas import LONGEST_SUM, formulas_of, put_in
from autograd.typesetting.notation import PRODUCT
from autograd.typesetting.text import Text

Line = tuple[str, str]
"""A target, g7 or ∂g6, and what becomes of it: `= 1 + g6`, `+= ∂g7`."""

_LONGEST_LIST = 8  # names of inputs or parameters
_LONGEST_RUN = 6  # gates that run as one, and still have a line each


def listing(recording: Recording, opened: bool = False) -> str:
    """The recording as aligned text, in the order in which it runs.

    opened  whether the gates of a long run stand under its line
    """
    names, flows = recording.names, recording.flows
    found = _Runs(recording, opened)
    once, each = found.part(per_sample=False), found.part(per_sample=True)
    when = (", once for all samples", ", for each sample") if once and each else ("", "")

    lines = [
        *_names("inputs", names[: recording.first_parameter]),
        *_names("parameters", names[recording.first_parameter : recording.first_constant]),
    ]
    for title, part in zip(when, (once, each), strict=True):
        lines += _section(f"forward{title}", (line for run in part for line in found.forward(run)))
    for title, part in zip(reversed(when), (each, once), strict=True):
        outputs = {i.output for run in part for i in run.instructions}
        seeds = [f"∂{names[slot]} = 1" for slot in recording.outputs if slot in outputs and flows[slot]]
        start = f"{title and ','} from {_list(list(dict.fromkeys(seeds)))}" if seeds else ""
        back = (line for run in reversed(part) for line in found.backward(run))
        lines += _section(f"backward{title}{start}", back)
    return "\n".join(lines)


def _names(title: str, names: Sequence[str]) -> list[str]:
    return [f"{title:<11} {_list(names)}"] if names else []


def _list(names: Sequence[str]) -> str:
    if len(names) > _LONGEST_LIST:
        names = [*names[: _LONGEST_LIST // 2], "…", f"{names[-1]} ({len(names)} in all)"]
    return ", ".join(names)


def _section(title: str, lines: Iterable[Line]) -> list[str]:
    """A title and the lines under it, their signs in one column; nothing if there are no lines."""
    lines = list(lines)
    width = max((len(target) for target, _ in lines), default=0)
    return [title, *(f"  {target:<{width}} {rest}".rstrip() for target, rest in lines)] if lines else []


class _Runs:
    """The runs of a recording, and the lines of each."""

    def __init__(self, recording: Recording, opened: bool) -> None:
        self.recording, self._opened = recording, opened
        self._runs = runs(recording)
        # A sum, and before it the gates that are folded into it; both from the last.
        kept = {i.output for run in self._runs for i in run.instructions}
        sum_of: dict[int, int] = {}
        self._gates: dict[int, list[Instruction]] = {output: [] for output in kept}
        for instruction in reversed(recording.instructions):
            output = instruction.output
            owner = output if output in kept else sum_of[output]
            sum_of.update(dict.fromkeys(instruction.arguments, owner))
            self._gates[owner].append(instruction)

    def part(self, per_sample: bool) -> list[Run]:
        """The runs that differ from sample to sample, or those that do not."""
        is_row = self.recording.per_sample
        return [run for run in self._runs if is_row[run.instructions[0].output] == per_sample]

    def forward(self, run: Run) -> Iterator[Line]:
        """What a run computes."""
        gates = [gate for i in run.instructions for gate in reversed(self._gates[i.output])]
        yield from self._lines(run, [self._computed(run)], (self._computed(_alone(gate)) for gate in gates))

    def backward(self, run: Run) -> Iterator[Line]:
        """What a run adds to the gradients of its inputs."""
        gates = [gate for i in reversed(run.instructions) for gate in self._gates[i.output]]
        each = (line for gate in gates for line in self._added(_alone(gate)))
        if any(self.recording.flows[i.output] for i in run.instructions):
            yield from self._lines(run, self._added(run), each)

    def _lines(self, run: Run, together: Iterable[Line], each: Iterable[Line]) -> Iterator[Line]:
        if len(run.instructions) <= _LONGEST_RUN:
            yield from each
            return
        yield from together
        if self._opened:
            yield from ((f"  {target}", rest) for target, rest in each)

    # ── one line for a gate, or for a whole run ─────────────────────────────────────────

    def _computed(self, run: Run) -> Line:
        outputs = self._span([i.output for i in run.instructions])
        if _is_layer(run):
            weights, starts = _weights(run), _starts(run)
            size = f"{len(run.weights)} × {len(run.inputs)}"
            letters = f"W = {self._span(weights)} ({size}), x = {self._span(run.inputs)}"
            plus, biases = (" + b", f", b = {self._span(starts)}") if starts else ("", "")
            return outputs, f"= W·x{plus}, where {letters}{biases}"
        formulas = formulas_of(run.gate, len(run.instructions[0].arguments))
        names, constants = self._arguments(run, formulas.parameters)
        return outputs, f"= {text(put_in(formulas.output, constants), names)}"

    def _added(self, run: Run) -> Iterator[Line]:
        """Upstream gradient · local gradient, for every input that a gradient flows to."""
        upstream = self._gradient([i.output for i in run.instructions])
        if _is_layer(run):
            parts = (
                (_weights(run), f"{upstream}·xᵀ"),
                (run.inputs, f"Wᵀ·{upstream}"),
                (_starts(run), upstream),
            )
            for slots, added in parts:
                if any(self.recording.flows[slot] for slot in slots):
                    yield self._gradient(slots), f"+= {_sum_over(slots)}{added}"
            return
        formulas = formulas_of(run.gate, len(run.instructions[0].arguments))
        names, constants = self._arguments(run, formulas.parameters)
        for place in self._shown(run):
            if place is None:
                yield "…", ""
                continue
            local = piece(put_in(formulas.local[place], constants), names, Text())
            fenced = local.negative or local.level < PRODUCT
            factor = f" · ({local.written})" if fenced else f" · {local.written}"
            sign = "-=" if local.written == "-1" else "+="
            column = [i.arguments[place] for i in run.instructions]
            shown = "" if local.written in ("1", "-1") else factor
            yield self._gradient(column), f"{sign} {_sum_over(column)}{upstream}{shown}"

    def _shown(self, run: Run) -> Iterator[int | None]:
        """The places of the inputs that a gradient flows to; None for some that are left out.

        Long sums show only the terms that their shortened formula shows.
        """
        gate, flows = run.gate, self.recording.flows
        places = range(len(run.instructions[0].inputs))
        columns: list[Sequence[int]] = [places]
        if isinstance(gate, FusedGate):
            terms, start = gate.columns(places)
            columns = [*terms, start]
        for column in columns:
            flowing = [place for place in column if any(flows[i.arguments[place]] for i in run.instructions)]
            if len(flowing) > LONGEST_SUM:
                yield from (*flowing[: LONGEST_SUM - 3], None, flowing[-1])
            else:
                yield from flowing

    def _arguments(self, run: Run, parameters: Sequence[str]) -> tuple[dict[str, str], dict[str, float]]:
        """The names and the plain numbers that stand for the parameters of the gate's formulas."""
        recording = self.recording
        names: dict[str, str] = {}
        constants = dict(run.gate.defaults)
        columns = zip(*(i.arguments for i in run.instructions), strict=True)
        for parameter, column in zip(parameters, columns, strict=False):
            slot = column[0]
            is_constant = recording.first_constant <= slot < recording.first_result
            if is_constant and len(set(column)) == 1:
                constants[parameter] = recording.constants[slot - recording.first_constant]
            else:
                names[parameter] = self._span(column)
        return names, constants

    def _span(self, slots: Sequence[int]) -> str:
        """v1, or v1 … v8."""
        first, last = (self.recording.names[slots[place]] for place in (0, -1))
        return first if len(set(slots)) == 1 else f"{first}{', ' if len(slots) == 2 else ' … '}{last}"

    def _gradient(self, slots: Sequence[int]) -> str:
        """∂v1, or ∂(v1 … v8)."""
        span = self._span(slots)
        return f"∂{span}" if len(set(slots)) == 1 else f"∂({span})"


def _alone(instruction: Instruction) -> Run:
    return Run(instruction.gate, [instruction])


def _is_layer(run: Run) -> bool:
    return len(run.instructions) > 1 and not isinstance(run.gate, Gate)


def _weights(run: Run) -> Column:
    return tuple(slot for row in run.weights for slot in row)


def _starts(run: Run) -> Column:
    """The slots of the layer's biases; none if it has none."""
    return tuple(slot for i in run.instructions for slot in i.arguments[2 * len(run.inputs) :])


def _sum_over(slots: Sequence[int]) -> str:
    """A sign of summation if many have one input in common."""
    return "Σ " if len(slots) > len(set(slots)) == 1 else ""
