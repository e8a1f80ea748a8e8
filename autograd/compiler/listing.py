"""A recording, written for people: a line for every gate, and a line for every edge back.

>>> from autograd import Value
>>> from autograd.compiler.tracing import record
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
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from autograd.compiler.recording import Instruction, Recording
from autograd.fused import FusedGate
from autograd.typesetting.formulas import piece, text
from autograd.typesetting.gate_formulas import LONGEST_SUM, default_constants, formulas_of, put_in
from autograd.typesetting.notation import PRODUCT
from autograd.typesetting.text import Text

Line = tuple[str, str]
"""A target, g7 or ∂g6, and what becomes of it: `= 1 + g6`, `+= ∂g7`."""

_LONGEST_LIST = 8  # names of inputs or parameters


def listing(recording: Recording) -> str:
    """The recording as aligned text."""
    names, per_sample, flows = recording.names, recording.per_sample, recording.flows
    once = [i for i in recording.instructions if not per_sample[i.output]]
    each = [i for i in recording.instructions if per_sample[i.output]]
    when = (", once for all samples", ", for each sample") if once and each else ("", "")

    lines = [
        *_names("inputs", names[: recording.first_parameter]),
        *_names("parameters", names[recording.first_parameter : recording.first_constant]),
    ]
    for title, part in zip(when, (once, each), strict=True):
        lines += _section(f"forward{title}", (_forward(i, recording) for i in part))
    for title, part in zip(reversed(when), (each, once), strict=True):
        outputs = {i.output for i in part}
        seeds = [f"∂{names[slot]} = 1" for slot in recording.outputs if slot in outputs and flows[slot]]
        start = f"{title and ','} from {', '.join(dict.fromkeys(seeds))}" if seeds else ""
        back = (line for i in reversed(part) for line in _backward(i, recording))
        lines += _section(f"backward{title}{start}", back)
    return "\n".join(lines)


def _names(title: str, names: Sequence[str]) -> list[str]:
    if len(names) > _LONGEST_LIST:
        names = [*names[: _LONGEST_LIST // 2], "…", f"{names[-1]} ({len(names)} in all)"]
    return [f"{title:<11} {', '.join(names)}"] if names else []


def _section(title: str, lines: Iterable[Line]) -> list[str]:
    """A title and the lines under it, their signs in one column; nothing if there are no lines."""
    lines = list(lines)
    width = max((len(target) for target, _ in lines), default=0)
    return [title, *(f"  {target:<{width}} {rest}".rstrip() for target, rest in lines)] if lines else []


def _forward(instruction: Instruction, recording: Recording) -> Line:
    formulas = formulas_of(instruction.gate, len(instruction.arguments))
    names, constants = _arguments(instruction, recording, formulas.parameters)
    return recording.names[instruction.output], f"= {text(put_in(formulas.output, constants), names)}"


def _backward(instruction: Instruction, recording: Recording) -> Iterator[Line]:
    """What the instruction adds to the gradients of its inputs: upstream gradient · local gradient."""
    if not recording.flows[instruction.output]:
        return
    formulas = formulas_of(instruction.gate, len(instruction.arguments))
    names, constants = _arguments(instruction, recording, formulas.parameters)
    upstream = f"∂{recording.names[instruction.output]}"
    for place in _shown(instruction, recording):
        if place is None:
            yield "…", ""
            continue
        local = piece(put_in(formulas.local[place], constants), names, Text())
        fenced = local.negative or local.level < PRODUCT
        factor = f" · ({local.written})" if fenced else f" · {local.written}"
        sign = "-=" if local.written == "-1" else "+="
        yield (
            f"∂{recording.names[instruction.inputs[place]]}",
            f"{sign} {upstream}{'' if local.written in ('1', '-1') else factor}",
        )


def _shown(instruction: Instruction, recording: Recording) -> Iterator[int | None]:
    """The places of the inputs that a gradient flows to; None for some that are left out.

    Long sums show only the terms that their shortened formula shows.
    """
    gate, flows = instruction.gate, recording.flows
    places = range(len(instruction.inputs))
    columns: list[Sequence[int]] = [places]
    if isinstance(gate, FusedGate):
        terms, start = gate.columns(places)
        columns = [*terms, start]
    for column in columns:
        flowing = [place for place in column if flows[instruction.inputs[place]]]
        if len(flowing) > LONGEST_SUM:
            yield from (*flowing[: LONGEST_SUM - 3], None, flowing[-1])
        else:
            yield from flowing


def _arguments(
    instruction: Instruction, recording: Recording, parameters: Sequence[str]
) -> tuple[dict[str, str], dict[str, float]]:
    """The names and the plain numbers that stand for the parameters of the gate's formulas."""
    names: dict[str, str] = {}
    constants = dict(default_constants(instruction.gate))
    for parameter, slot in zip(parameters, instruction.arguments, strict=False):
        if recording.first_constant <= slot < recording.first_result:
            constants[parameter] = recording.constants[slot - recording.first_constant]
        else:
            names[parameter] = recording.names[slot]
    return names, constants
