"""The drivers: native loops over a program's instructions, each a kernel called by its address.

`forward` and `backward` run some of the instructions, `descend` trains: batch after batch
forward, backward and an update.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from autograd.compiler.products import behind
from autograd.compiler.signatures import DESCEND, KERNEL, PASS, TRAINED, UPDATE, Table
from autograd.compiler.templates import LARGEST, NAN, numba_signature


def _calling(table: Table) -> Any:
    """A function that calls native code: its address comes first, then a tuple of its arguments."""
    signature = numba_signature(table)

    @intrinsic
    def call(typing_context, address, arguments):
        def generate(context, builder, _, given):
            kinds = [context.get_value_type(kind) for kind in signature.args]
            kind = ir.FunctionType(context.get_value_type(signature.return_type), kinds)
            function = builder.inttoptr(given[0], kind.as_pointer())
            unpacked = [builder.extract_value(given[1], i) for i in range(len(kinds))]
            return builder.call(function, unpacked)

        return signature.return_type(address, arguments), generate

    return call


_call_kernel, _call_update = _calling(KERNEL), _calling(UPDATE)


def _reading(table: Table) -> Any:
    """A function that reads a row of integers as what its table says: some are addresses."""
    kinds = numba_signature(table).args

    @intrinsic
    def read(typing_context, row):
        def generate(context, builder, signature, arguments):
            fields = []
            for i, kind in enumerate(kinds):
                field = builder.load(builder.gep(arguments[0], [ir.Constant(ir.IntType(64), i)]))
                native = context.get_value_type(kind)
                fields.append(
                    builder.inttoptr(field, native) if isinstance(native, ir.PointerType) else field
                )
            return context.make_tuple(builder, signature.return_type, fields)

        return types.Tuple(kinds)(row), generate

    return read


_trained = _reading(TRAINED)
COLUMNS = len(TRAINED)


def forward(kernels, starts, counts, flows, operands, data, grad, first, last, lanes):
    """Run instructions first … last-1 forward; the index of one with an infinity or NaN, or -1."""
    for i in range(first, last):
        if _call_kernel(kernels[i], (0, data, grad, behind(operands, starts[i]), counts[i], lanes)):
            return i
    return -1


def backward(kernels, starts, counts, flows, operands, data, grad, first, last, lanes):
    """Run instructions last-1 … first backward; the index of one that raised, or -1."""
    for i in range(last - 1, first - 1, -1):
        arguments = (1, data, grad, behind(operands, starts[i]), counts[i], lanes)
        if flows[i] and _call_kernel(kernels[i], arguments):
            return i
    return -1


def share(
    kernels, starts, counts, flows, operands, data, grad, last, shared, first_row, size, inputs, at_once,
    outputs, is_row, output_count, samples, places, order, begin, end, batch_size, numbers, leaves, gradients,
):  # fmt: skip
    """Add a program's share of a mini-batch, the samples begin … end-1, to the gradients.

    Returns the sum of the first output over them; NaN if a number is not finite or something raises.
    """
    place = places[0]
    side_by_side = place >= 0 and places[leaves - 1] - place == leaves - 1  # places ascend
    if side_by_side:
        for k in range(leaves):
            data[place + k] = numbers[k]
    else:
        for k in range(leaves):
            if places[k] >= 0:
                data[places[k]] = numbers[k]
    if forward(kernels, starts, counts, flows, operands, data, grad, 0, shared, 1) >= 0:
        return NAN
    for i in range(first_row):
        grad[i] = 0.0
    summed = 0.0
    first = begin
    while first < end:  # range(begin, end, at_once) may raise, and so would need numba's runtime
        lanes = min(at_once, end - first)
        for i in range(inputs):
            row = first_row + i * at_once
            for lane in range(lanes):
                data[row + lane] = samples[order[first + lane] * inputs + i]
        if forward(kernels, starts, counts, flows, operands, data, grad, shared, last, lanes) >= 0:
            return NAN
        for lane in range(lanes):
            summed += data[outputs[0] + lane * is_row[0]]
        for i in range(first_row + inputs * at_once, size):
            grad[i] = 0.0
        for k in range(output_count):
            if is_row[k]:
                for lane in range(lanes):
                    grad[outputs[k] + lane] += 1.0 / batch_size
        if backward(kernels, starts, counts, flows, operands, data, grad, shared, last, lanes) >= 0:
            return NAN
        first += lanes
    for k in range(output_count):
        if not is_row[k]:
            if not abs(data[outputs[k]]) <= LARGEST:
                return NAN
            grad[outputs[k]] += (end - begin) / batch_size
    if backward(kernels, starts, counts, flows, operands, data, grad, 0, shared, 1) >= 0:
        return NAN
    if side_by_side:
        for k in range(leaves):
            gradients[k] += grad[place + k]
    else:
        for k in range(leaves):
            if places[k] >= 0:
                gradients[k] += grad[places[k]]
    return summed


def descend(
    programs, parts, stops, order, ends, batches, update, leaves, parameters, numbers, gradients,
    states, state_count, settings, setting_count, largest_norm, saved, sums,
):  # fmt: skip
    """One update for each mini-batch; how many there were. `signatures` says what the arguments are.

    Stops before a mini-batch in which a number is not finite or something raises, with the
    parameters and states of the last good update.
    """
    part = 0
    begin = 0
    for batch in range(batches):
        batch_size = stops[ends[batch] - 1] - begin
        for k in range(leaves):
            gradients[k] = 0.0
        summed = 0.0
        while part < ends[batch]:
            span = order, begin, stops[part], batch_size
            program = _trained(behind(programs, parts[part] * COLUMNS))
            summed += share(*program, *span, numbers, leaves, gradients)  # type: ignore[call-arg]
            begin = stops[part]
            part += 1
        if not abs(summed) <= LARGEST:
            return batch
        for k in range(parameters):
            saved[k] = numbers[k]
        for k in range(state_count * parameters):
            saved[parameters + k] = states[k]
        row_of_settings = behind(settings, batch * setting_count)
        if _call_update(update, (numbers, gradients, states, row_of_settings, largest_norm, parameters)):
            for k in range(parameters):
                numbers[k] = saved[k]
            for k in range(state_count * parameters):
                states[k] = saved[parameters + k]
            return batch
        sums[batch] = summed
    return batches


DRIVERS: dict[str, tuple[Any, Table]] = {
    "forward": (forward, PASS),
    "backward": (backward, PASS),
    "descend": (descend, DESCEND),
}
"""Each driver with its parameters."""
