"""The drivers: native loops over a program's runs, each a kernel called by its address.

`forward` and `backward` run some of the runs, `evaluate` all of them over many samples, and
`descend` trains: batch after batch forward, backward and an update.
"""

from __future__ import annotations

import sys
from collections import namedtuple
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from autograd.compiler.products import behind
from autograd.compiler.signatures import PROGRAM
from autograd.compiler.templates import LARGEST, NAN, numba_signature


@intrinsic
def call(typing_context, address, arguments):
    """Call native code that returns an integer."""

    def generate(context, builder, signature, values):
        kinds = [context.get_value_type(kind) for kind in signature.args[1].types]
        kind = ir.FunctionType(ir.IntType(64), kinds)
        function = builder.inttoptr(values[0], kind.as_pointer())
        return builder.call(function, [builder.extract_value(values[1], i) for i in range(len(kinds))])

    return types.int64(address, arguments), generate


Fields = namedtuple("Fields", PROGRAM)  # type: ignore[misc]


@intrinsic
def fields(typing_context, address, number):
    """What a row of integers says of a program, whose numbers are of the type of `number`."""
    kinds = numba_signature(PROGRAM, number).args

    def generate(context, builder, signature, arguments):
        row = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        values = []
        for i, kind in enumerate(kinds):
            value = builder.load(builder.gep(row, [ir.IntType(64)(i)]))
            native = context.get_value_type(kind)
            values.append(builder.inttoptr(value, native) if isinstance(native, ir.PointerType) else value)
        return context.make_tuple(builder, signature.return_type, values)

    return types.NamedTuple(kinds, Fields)(address, number), generate


@intrinsic
def add(typing_context, count, number):
    """Add to a count that several threads share, and return what it was before."""

    def generate(context, builder, signature, arguments):
        return builder.atomic_rmw("add", *arguments, "seq_cst")

    return types.int64(count, number), generate


if sys.platform == "win32":

    def let_others_run():
        pass

else:
    let_others_run = types.ExternalFunction("sched_yield", types.int32())

ZERO: Any = 0.0  # a stand-in: one of the program's numbers


def forward(program, first, last, lanes):
    """Run runs first … last-1 forward. Returns the index of the first that met infinity or NaN, or -1."""
    p = fields(program, ZERO)
    for i in range(first, last):
        if call(p.kernels[i], (0, p.data, p.grad, behind(p.operands, p.starts[i]), p.counts[i], lanes)):
            return i
    return -1


def backward(program, first, last, lanes):
    """Run runs last-1 … first backward. Returns the index of the first that raised, or -1."""
    p = fields(program, ZERO)
    for i in range(last - 1, first - 1, -1):
        arguments = (1, p.data, p.grad, behind(p.operands, p.starts[i]), p.counts[i], lanes)
        if p.flows[i] and call(p.kernels[i], arguments):
            return i
    return -1


def evaluate(program, order, begin, end, batch_size, start, span, totals):
    """Run the samples begin … end-1, as many at once as there are lanes. Returns where it stopped.

    That is `end`, or the first of those samples whose gates met infinity or NaN, or raised; -1 if one
    raised in the backward pass. `start` is the first run of its own for each sample, or one past the last
    if the first lanes have run already. Gradients are those of the means of all outputs that differ
    from sample to sample, added to `grad`.
    """
    p = fields(program, ZERO)
    first = begin
    while first < end:  # range(begin, end, at_once) may raise, and so would need numba's runtime
        lanes = min(p.at_once, end - first, span - first % span if span else p.at_once)
        if start == p.shared:
            for eight in range(0, lanes, 8):
                for i in range(p.inputs):
                    row = p.first_row + i * p.at_once
                    for lane in range(eight, min(eight + 8, lanes)):
                        p.data[row + lane] = p.samples[order[first + lane] * p.inputs + i]
        if forward(program, start, p.runs, lanes) >= 0:
            return first
        start = p.shared
        for k in range(p.output_count):
            for lane in range(lanes):
                output = p.data[p.outputs[k] + lane * p.is_row[k]]
                p.results[(first - begin + lane) * p.output_count + k] = output
        if batch_size:
            for i in range(p.first_row + p.inputs * p.at_once, p.size):
                p.grad[i] = 0.0
            for k in range(p.output_count):
                if p.is_row[k]:
                    for lane in range(lanes):
                        p.grad[p.outputs[k] + lane] += 1.0 / batch_size
            if backward(program, p.shared, p.runs, lanes) >= 0:
                return -1
        first += lanes
        if span and (first % span == 0 or first == end):
            for i in range(p.first_row):
                totals[(first - 1) // span * p.first_row + i] = p.grad[i]
                p.grad[i] = 0.0
    return end


def share(program, places, order, begin, end, batch_size, numbers, leaves, gradients):
    """Write the gradients of a program's share of a mini-batch, the samples begin … end-1.

    Returns the sum of the first output over them; NaN if a number is not finite or something raises.
    """
    p = fields(program, ZERO)
    side_by_side, place = places[leaves], places[0]
    if side_by_side:
        for k in range(leaves):
            p.data[place + k] = numbers[k]
    else:
        for k in range(leaves):
            if places[k] >= 0:
                p.data[places[k]] = numbers[k]
    if forward(program, 0, p.shared, 1) >= 0:
        return NAN
    for i in range(p.first_row):
        p.grad[i] = 0.0
    if evaluate(program, order, begin, end, batch_size, p.shared, 0, gradients) != end:
        return NAN
    for k in range(p.output_count):
        if not p.is_row[k]:
            if not abs(p.data[p.outputs[k]]) <= LARGEST:
                return NAN
            p.grad[p.outputs[k]] += (end - begin) / batch_size
    if backward(program, 0, p.shared, 1) >= 0:
        return NAN
    if side_by_side:
        for k in range(leaves):
            gradients[k] = p.grad[place + k]
    else:
        for k in range(leaves):
            gradients[k] = p.grad[places[k]] if places[k] >= 0 else 0.0
    summed = 0.0
    for i in range(end - begin):
        summed += p.results[i * p.output_count]
    return summed


def meet(meeting, threads):
    """Wait until all threads are here."""
    if threads > 1:
        before = add(meeting, 1)
        while add(meeting, 0) < before - before % threads + threads:
            let_others_run()


def descend(
    thread, threads, meeting, programs, places, parts, stops, order, ends, batches, update, leaves,
    parameters, numbers, number_count, gradients, settings, setting_count, largest_norm, sums,
):  # fmt: skip
    """Make one update for each mini-batch. Returns how many; `signatures` says what the arguments are.

    Stops before a mini-batch in which a number is not finite or something raises: the last good
    update left its numbers in one of the two rows, which take turns.

    Several threads share the parts of a mini-batch; the first adds up what they found, in order.
    """
    first_part, width = 0, leaves + 1
    for batch in range(batches):
        now = behind(numbers, batch % 2 * number_count)
        begin = stops[first_part - 1] if first_part else 0
        batch_size = stops[ends[batch] - 1] - begin
        for part in range(first_part, ends[batch]):
            if part % threads == thread:
                start = stops[part - 1] if part else 0
                program, own = programs[parts[part] * threads + thread], behind(places, parts[part] * width)
                row = behind(gradients, (part - first_part) * width)
                row[leaves] = share(program, own, order, start, stops[part], batch_size, now, leaves, row)
        meet(meeting, threads)
        if thread == 0:
            for i in range(1, ends[batch] - first_part):
                for k in range(width):
                    gradients[k] += gradients[i * width + k]
            sums[batch] = gradients[leaves]
            new = behind(numbers, (batch + 1) % 2 * number_count)
            row_of_settings = behind(settings, batch * setting_count)
            arguments = (now, new, gradients, row_of_settings, largest_norm, parameters, leaves)
            if not abs(sums[batch]) <= LARGEST or call(update, arguments):
                meeting[1] = 1
        meet(meeting, threads)
        if meeting[1]:
            return batch
        first_part = ends[batch]
    return batches
