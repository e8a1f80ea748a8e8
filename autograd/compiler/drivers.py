"""The drivers: native loops over a program's instructions, each a kernel called by its address.

`forward` and `backward` run some of the instructions, `descend` trains: batch after batch
forward, backward and an update.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.extending import intrinsic

from autograd.compiler.signatures import DESCEND, KERNEL, PASS, UPDATE, Table
from autograd.compiler.templates import LARGEST, numba_signature


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


@intrinsic
def _behind(typing_context, pointer, offset):
    """The pointer to the element at an offset."""

    def generate(context, builder, signature, arguments):
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, offset), generate


def forward(kernels, starts, counts, flows, operands, data, grad, first, last, lanes):
    """Run instructions first … last-1 forward; the index of one with an infinity or NaN, or -1."""
    for i in range(first, last):
        if _call_kernel(kernels[i], (0, data, grad, _behind(operands, starts[i]), counts[i], lanes)):
            return i
    return -1


def backward(kernels, starts, counts, flows, operands, data, grad, first, last, lanes):
    """Run instructions last-1 … first backward; the index of one that raised, or -1."""
    for i in range(last - 1, first - 1, -1):
        arguments = (1, data, grad, _behind(operands, starts[i]), counts[i], lanes)
        if flows[i] and _call_kernel(kernels[i], arguments):
            return i
    return -1


def descend(
    kernels, starts, counts, flows, operands, data, grad, last, shared, first_row, size, inputs, at_once,
    outputs, is_row, output_count, samples, order, ends, batches,
    update, places, parameters, numbers, gradients, states, state_count, settings, setting_count,
    largest_norm, saved, sums,
):  # fmt: skip
    """One update for each mini-batch; how many there were. `signatures` says what the arguments are.

    Stops before a mini-batch in which a number is not finite or something raises, with the
    parameters and states of the last good update.
    """
    begin = 0
    for batch in range(batches):
        end = ends[batch]
        for k in range(parameters):
            if places[k] >= 0:
                data[places[k]] = numbers[k]
        if forward(kernels, starts, counts, flows, operands, data, grad, 0, shared, 1) >= 0:
            return batch
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
                return batch
            for lane in range(lanes):
                summed += data[outputs[0] + lane * is_row[0]]
            for i in range(first_row + inputs * at_once, size):
                grad[i] = 0.0
            for k in range(output_count):
                if is_row[k]:
                    for lane in range(lanes):
                        grad[outputs[k] + lane] += 1.0 / (end - begin)
            if backward(kernels, starts, counts, flows, operands, data, grad, shared, last, lanes) >= 0:
                return batch
            first += lanes
        if not abs(summed) <= LARGEST:
            return batch
        for k in range(output_count):
            if not is_row[k]:
                if not abs(data[outputs[k]]) <= LARGEST:
                    return batch
                grad[outputs[k]] += 1.0
        if backward(kernels, starts, counts, flows, operands, data, grad, 0, shared, 1) >= 0:
            return batch
        for k in range(parameters):
            gradients[k] = grad[places[k]] if places[k] >= 0 else 0.0
            saved[k] = numbers[k]
        for k in range(state_count * parameters):
            saved[parameters + k] = states[k]
        row_of_settings = _behind(settings, batch * setting_count)
        if _call_update(update, (numbers, gradients, states, row_of_settings, largest_norm, parameters)):
            for k in range(parameters):
                numbers[k] = saved[k]
            for k in range(state_count * parameters):
                states[k] = saved[parameters + k]
            return batch
        sums[batch] = summed
        begin = end
    return batches


DRIVERS: dict[str, tuple[Any, Table]] = {
    "forward": (forward, PASS),
    "backward": (backward, PASS),
    "descend": (descend, DESCEND),
}
"""Each driver with its parameters."""
