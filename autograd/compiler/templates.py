"""The source of native code: templates of loops over lanes, around the gate functions.

A kernel is made by putting a gate's own function, compiled as it stands by numba, into one
of the templates. It has both passes, so that one address is enough:

    kernel(backward, data, grad, operands, count, lanes) -> how many outputs are not finite

`data` and `grad` are the program's memory, `operands` the offsets into it: the output's,
then those of the arguments. A lane is one sample: an operand that differs from sample to
sample has a row of `lanes` numbers at its offset, one that does not has a single number.

An optimizer's rule is put into `update` in the same way.
"""

from __future__ import annotations

import math
from typing import Any

from numba import carray, types
from numba.cpython.unsafe.tuple import tuple_setitem

from autograd.compiler.products import behind, sum_in_any_order
from autograd.compiler.signatures import FLOAT, FLOATS, INTEGER, INTEGERS, NUMBERS, Table

_TYPES = {
    INTEGER: types.int64,
    FLOAT: types.float64,
    INTEGERS: types.CPointer(types.int64),
    FLOATS: types.CPointer(types.float64),
}


def numba_signature(table: Table, number: Any) -> Any:
    """Numba's signature of a native function: it returns an integer.

    number  the type of a program's own numbers
    """
    kinds = _TYPES | {NUMBERS: types.CPointer(number)}
    return types.int64(*(kinds[kind] for kind in table.values()))


NAN = math.nan
LARGEST = 1.7976931348623157e308  # the largest float: beyond it are the infinities, and NaN compares false
NOTHING = -0.0  # what a sum begins with: it leaves every number that is added as it is


def identity(x):
    """What a fused gate does to its terms, or to their sum, if it does nothing."""
    return x, (1.0,)


# What a template is specialised by: stand-ins that `compiled` replaces.
contribution: Any = None  # that of `autograd.graph`
gate: Any = identity  # a gate's function, or an optimizer's rule
finish: Any = identity
norm: Any = None
ZEROS: tuple[float, ...] = ()  # one 0.0 for each argument of the gate
ROW: tuple[int, ...] = ()  # for each argument: 1 where it has a number per lane
INPUTS = 1  # how many of the arguments take a gradient; constants follow them
STATES = 0  # how many numbers an update rule remembers of a parameter
WIDTH = 1  # how many inputs a term of a fused gate has
SHIFTED = CLIPPED = False


# ── kernels of gates ────────────────────────────────────────────────────────────────────


def elementary(backward, data, grad, operands, count, lanes):
    """One gate, applied `count` times. operands: the outputs, then for each argument as many."""
    not_finite = 0
    for k in range(count):
        out = operands[k]
        sums = ZEROS
        for lane in range(lanes):
            x = ZEROS
            for i in range(len(ZEROS)):
                x = tuple_setitem(x, i, data[operands[k + (1 + i) * count] + lane * ROW[i]])
            y, local_grads = gate(*x)
            if not backward:
                data[out + lane] = y
                not_finite += not abs(data[out + lane]) <= LARGEST
            else:
                upstream = grad[out + lane]
                for i in range(INPUTS):
                    if ROW[i]:
                        grad[operands[k + (1 + i) * count] + lane] += contribution(local_grads[i], upstream)
                    else:
                        sums = tuple_setitem(
                            sums, i, sum_in_any_order(sums[i], contribution(local_grads[i], upstream))
                        )
        if backward:
            for i in range(INPUTS):
                if not ROW[i]:
                    grad[operands[k + (1 + i) * count]] += sums[i]
    return not_finite


def place(arguments, k, count, lane):
    """Where argument k has its number. arguments: `count` offsets, then for each 1 if it has a row."""
    return arguments[k] + lane * arguments[count + k]


def term(data, arguments, k, count, lane, shift):
    """The inputs of term k of a fused gate, less the shift; infinity less infinity is 0."""
    x = ZEROS
    for i in range(WIDTH):
        number = data[place(arguments, k + i * (count // WIDTH), count, lane)]
        x = tuple_setitem(x, i, number - shift if not SHIFTED or number != shift else 0.0)
    return x


def fold(backward, data, grad, operands, count, lanes):
    """finish(start + Σ gate(term)), for any mixture of operands.

    operands: the output, a row for the sum, a row for the shift, the arguments, and for
    each argument 1 if it has a number per lane.
    """
    out, sums, shifts, arguments = operands[0], operands[1], operands[2], behind(operands, 3)
    terms = count // WIDTH
    has_start = count > terms * WIDTH
    not_finite = 0
    for lane in range(lanes):
        start = place(arguments, count - 1, count, lane)
        shift = 0.0
        if not backward:
            if SHIFTED:
                shift = data[place(arguments, 0, count, lane)]
                for k in range(1, terms):
                    x = data[place(arguments, k, count, lane)]
                    if x > shift:
                        shift = x
                data[shifts + lane] = shift
            y = data[start] if has_start else NOTHING
            for k in range(terms):
                y += gate(*term(data, arguments, k, count, lane, shift))[0]
            data[sums + lane] = y
            not_finite += not abs(data[sums + lane]) <= LARGEST
            data[out + lane] = finish(y)[0] + shift if SHIFTED else finish(y)[0]
            not_finite += not abs(data[out + lane]) <= LARGEST
        else:
            if SHIFTED:
                shift = data[shifts + lane]
            upstream, slope = grad[out + lane], finish(data[sums + lane])[1][0]
            if has_start:
                grad[start] += contribution(slope, upstream)
            for k in range(terms):
                local_grads = gate(*term(data, arguments, k, count, lane, shift))[1]
                for i in range(WIDTH):
                    at = place(arguments, k + i * terms, count, lane)
                    grad[at] += contribution(slope * local_grads[i], upstream)
    return not_finite


def choice(backward, data, grad, operands, count, lanes):
    """values[index]: the chosen one is read, and gets the gradient. All others are left alone.

    operands: the output, the index, the values, and for each argument 1 if it has a number per lane.
    """
    out, arguments = operands[0], behind(operands, 1)
    not_finite = 0
    for lane in range(lanes):
        index = data[place(arguments, 0, count, lane)]
        if not 0.0 <= index < count - 1.0 or index != int(index):
            data[out + lane] = NAN
            not_finite += 1
            continue
        at = place(arguments, 1 + int(index), count, lane)
        if backward:
            grad[at] += grad[out + lane]
        else:
            data[out + lane] = data[at]
            not_finite += not abs(data[at]) <= LARGEST
    return not_finite


# ── optimizers ──────────────────────────────────────────────────────────────────────────


def update(numbers, new_numbers, gradients, settings, largest_norm, count, row):
    """Apply an optimizer's rule to every parameter. Returns 0 if all numbers are finite, before and after."""
    for k in range(count):
        if not abs(gradients[k]) <= LARGEST:
            return 1
    factor = 1.0
    if CLIPPED:
        length = norm(carray(gradients, count))
        if not length <= LARGEST:
            return 1
        if length > largest_norm:
            factor = largest_norm / length
    not_finite = 0
    for k in range(count):
        x = ZEROS
        x = tuple_setitem(x, 0, numbers[k])
        x = tuple_setitem(x, 1, gradients[k] * factor)
        for i in range(STATES):
            x = tuple_setitem(x, 2 + i, numbers[row + i * count + k])
        for i in range(2 + STATES, len(ZEROS)):
            x = tuple_setitem(x, i, settings[i - 2 - STATES])
        new = gate(*x)
        for i in range(1 + STATES):
            new_numbers[k if i == 0 else row + (i - 1) * count + k] = new[i]
            not_finite += not abs(new[i]) <= LARGEST
    return not_finite
