"""The drivers: native loops over a program's instructions, each a kernel called by its address.

`forward` and `backward` run some of the instructions, `descend` trains: batch after batch
forward, backward and an update.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from autograd.compiler.templates import FLOATS, INTEGER, INTEGERS, KERNEL, LARGEST, UPDATE


def _calling(signature: Any) -> Any:
    """A function that calls native code of a signature: its address comes first, then its arguments."""

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
    """Run instructions last-1 … first backward."""
    for i in range(last - 1, first - 1, -1):
        if flows[i]:
            _call_kernel(kernels[i], (1, data, grad, _behind(operands, starts[i]), counts[i], lanes))
    return 0


def descend(
    kernels, starts, counts, flows, operands, data, grad, last, shared, first_row, size, inputs, at_once,
    outputs, is_row, output_count, samples, order, ends, batches,
    update, places, parameters, numbers, gradients, states, state_count, settings, setting_count,
    largest_norm, saved, sums,
):  # fmt: skip
    """One update for each mini-batch; how many were made.

    last       how many instructions there are, the first `shared` of them for all samples
    size       how many numbers `data` and `grad` have; the rows begin at `first_row`
    at_once    how many lanes are run at once
    outputs    the offset of each of the program's outputs, whose means add up to the cost;
               `is_row` tells those that differ from sample to sample
    order      the numbers of the samples, mini-batch after mini-batch
    ends       where in `order` each mini-batch ends
    update     the address of the update kernel; `settings` has a row for each mini-batch
    places     for each of the updated parameters its place in the program's memory, or -1
    gradients  room for as many numbers; `saved` for as many, and for their states
    sums       receives for each mini-batch the sum of the first output over its samples

    Stops before a mini-batch in which a number is not finite, with numbers and states as the
    last good update left them.
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
            backward(kernels, starts, counts, flows, operands, data, grad, shared, last, lanes)
            first += lanes
        if not abs(summed) <= LARGEST:
            return batch
        for k in range(output_count):
            if not is_row[k]:
                if not abs(data[outputs[k]]) <= LARGEST:
                    return batch
                grad[outputs[k]] += 1.0
        backward(kernels, starts, counts, flows, operands, data, grad, 0, shared, 1)
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


_PROGRAM = [INTEGERS, INTEGERS, INTEGERS, INTEGERS, INTEGERS, FLOATS, FLOATS]
_SPAN = [INTEGER] * 3

DRIVERS = {
    "forward": (forward, INTEGER(*_PROGRAM, *_SPAN)),
    "backward": (backward, INTEGER(*_PROGRAM, *_SPAN)),
    "descend": (
        descend,
        INTEGER(
            *_PROGRAM, *[INTEGER] * 6,
            INTEGERS, INTEGERS, INTEGER, FLOATS, INTEGERS, INTEGERS, INTEGER,
            INTEGER, INTEGERS, INTEGER, FLOATS, FLOATS, FLOATS, INTEGER, FLOATS, INTEGER,
            types.float64, FLOATS, FLOATS,
        ),
    ),
}  # fmt: skip
"""Each driver with its signature."""
