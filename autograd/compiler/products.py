"""Matrix products in vector registers, from which whole layers are made.

numba has no vectors, and loops over numbers reach a quarter of their speed. So the innermost
loops are written in LLVM's own instructions, on vectors of 64 bytes: `_rows_tile` and
`_dots_tile`. A matrix is the address of its first number and two strides.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

VECTOR = 64  # bytes: one register of AVX-512, two of AVX2
WIDE = 2 if llvm.get_host_cpu_features().get("avx512f") else 1  # vectors in a row of a tile
_INDEX = ir.IntType(64)


@intrinsic
def behind(typing_context, pointer, offset):
    """The pointer to the element at an offset."""

    def generate(context, builder, signature, arguments):
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, offset), generate


@intrinsic
def sum_in_any_order(typing_context, a, b):
    """The sum of two, as of many that may be added up in any order.

    It stands where a shared operand's contributions are summed over lanes: the freedom is
    what lets that run on vector registers. Outputs are summed in the order of the gates,
    and are bit for bit those of the eager engine.
    """

    def generate(context, builder, signature, arguments):
        return builder.fadd(*arguments, flags=("reassoc",))

    return types.float64(types.float64, types.float64), generate


def _at(builder: Any, pointer: Any, *offsets: Any) -> Any:
    """The address at a pointer plus i·stride for each pair of offsets."""
    for index, stride in offsets:
        pointer = builder.gep(pointer, [builder.mul(index, stride)])
    return pointer


def _vector(number: Any) -> Any:
    """The type of a vector of such numbers."""
    return ir.VectorType(number, VECTOR // (4 if isinstance(number, ir.FloatType) else 8))


def _load(builder: Any, pointer: Any) -> Any:
    vector = _vector(pointer.type.pointee)
    return builder.load(builder.bitcast(pointer, vector.as_pointer()), align=VECTOR // vector.count)


def _store(builder: Any, vector: Any, pointer: Any) -> None:
    builder.store(
        vector, builder.bitcast(pointer, vector.type.as_pointer()), align=VECTOR // vector.type.count
    )


def _everywhere(builder: Any, number: Any) -> Any:
    """A vector filled with one number."""
    vector = _vector(number.type)
    undefined = ir.Constant(vector, ir.Undefined)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    return builder.shuffle_vector(builder.insert_element(undefined, number, _INDEX(0)), undefined, mask)


@intrinsic
def in_a_vector(typing_context, pointer):
    """How many numbers of a pointer's type fill a vector."""

    def generate(context, builder, signature, arguments):
        return _INDEX(_vector(arguments[0].type.pointee).count)

    return types.int64(pointer), generate


def _loop(builder: Any, count: Any, step: int, sums: list[Any], body: Any) -> list[Any]:
    """`sums = body(i, sums)` for i = 0, step, … below count, which is at least 1."""
    before, inside = builder.block, builder.append_basic_block()
    after = builder.append_basic_block()
    builder.branch(inside)
    builder.position_at_end(inside)
    index = builder.phi(_INDEX)
    carried = [builder.phi(each.type) for each in sums]
    results: list[Any] = body(index, carried)
    following = builder.add(index, _INDEX(step))
    for phi, first, last in zip([index, *carried], [_INDEX(0), *sums], [following, *results], strict=True):
        phi.add_incoming(first, before)
        phi.add_incoming(last, inside)
    builder.cbranch(builder.icmp_signed("<", following, count), inside, after)
    builder.position_at_end(after)
    return results


def _rows_tile(rows: int, vectors: int) -> Any:
    """A function that adds Σ_r a[m, r]·b[r, n] to c[m, n] for some rows m and vectors of n, r after r."""

    @intrinsic
    def tile(typing_context, c, c_row, a, a_row, a_term, b, b_term, terms):
        def generate(context, builder, signature, arguments):
            c, c_row, a, a_row, a_term, b, b_term, terms = arguments
            across = [_INDEX(_vector(c.type.pointee).count * v) for v in range(vectors)]
            row = [_at(builder, a, (_INDEX(m), a_row)) for m in range(rows)]
            to = [builder.gep(_at(builder, c, (_INDEX(m), c_row)), [v]) for m in range(rows) for v in across]

            def body(r, sums):
                first = _at(builder, b, (r, b_term))
                numbers = [_load(builder, builder.gep(first, [v])) for v in across]
                factors = [
                    _everywhere(builder, builder.load(_at(builder, pointer, (r, a_term)))) for pointer in row
                ]
                products = [builder.fmul(factor, number) for factor in factors for number in numbers]
                return [builder.fadd(*both) for both in zip(sums, products, strict=True)]

            sums = _loop(builder, terms, 1, [_load(builder, pointer) for pointer in to], body)
            for total, pointer in zip(sums, to, strict=True):
                _store(builder, total, pointer)
            return context.get_dummy_value()

        return types.none(c, c_row, a, a_row, a_term, b, b_term, terms), generate

    return tile


def _dots_tile(rows: int, columns: int) -> Any:
    """A function that adds Σ_r a[m, r]·b[n, r] to c[m, n] for some m and n, r in eights and in any order."""
    free = ("contract", "reassoc")

    @intrinsic
    def tile(typing_context, c, c_row, c_column, a, a_row, b, b_row, terms):
        def generate(context, builder, signature, arguments):
            c, c_row, c_column, a, a_row, b, b_row, terms = arguments
            row = [_at(builder, a, (_INDEX(m), a_row)) for m in range(rows)]
            column = [_at(builder, b, (_INDEX(n), b_row)) for n in range(columns)]
            number = c.type.pointee
            vector = _vector(number)

            def body(r, sums):
                left = [_load(builder, builder.gep(pointer, [r])) for pointer in row]
                right = [_load(builder, builder.gep(pointer, [r])) for pointer in column]
                products = [builder.fmul(x, y, flags=free) for x in left for y in right]
                return [builder.fadd(s, p, flags=free) for s, p in zip(sums, products, strict=True)]

            zeros = [ir.Constant(vector, None)] * (rows * columns)
            sums = _loop(builder, terms, vector.count, zeros, body)
            name = f"llvm.vector.reduce.fadd.v{vector.count}f{8 * VECTOR // vector.count}"
            kind = ir.FunctionType(number, [number, vector])
            added = builder.module.declare_intrinsic(name, (), kind)
            for i, total in enumerate(sums):
                m, n = divmod(i, columns)
                pointer = _at(builder, c, (_INDEX(m), c_row), (_INDEX(n), c_column))
                before = builder.load(pointer)
                builder.store(builder.call(added, [before, total], fastmath=("reassoc",)), pointer)
            return context.get_dummy_value()

        return types.none(c, c_row, c_column, a, a_row, b, b_row, terms), generate

    return tile


_rows_4_wide, _rows_4_1, _rows_1_1 = _rows_tile(4, WIDE), _rows_tile(4, 1), _rows_tile(1, 1)
_dots_4_2, _dots_1_1 = _dots_tile(4, 2), _dots_tile(1, 1)


def add_product(
    c, c_row, c_column, a, a_row, a_term, b, b_column, b_term, rows, columns, terms, in_order
):  # fmt: skip
    """c[m, n] += Σ_r a[m, r]·b[r, n], in vectors if numbers of two of the three lie side by side.

    A matrix is given by its first number and two strides: c by those to the next row and column, a to the
    next row and term, b to the next column and term. For vectors no number may lie in c twice.
    in_order says that terms must be added one after the other.
    """
    if c_row == 1 and a_row == 1:
        c_row, c_column, rows, columns = c_column, c_row, columns, rows
        a, a_row, a_term, b, b_column, b_term = b, b_column, b_term, a, a_row, a_term
    n = r = 0  # how many columns and terms are done
    vector = in_a_vector(c)
    if c_column == 1 and b_column == 1 and columns >= vector:
        while n + vector <= columns:
            vectors = WIDE if n + WIDE * vector <= columns else 1
            for m in range(0, rows - 3, 4):
                to, left = behind(c, m * c_row + n), behind(a, m * a_row)
                if vectors == WIDE:
                    _rows_4_wide(to, c_row, left, a_row, a_term, behind(b, n), b_term, terms)
                else:
                    _rows_4_1(to, c_row, left, a_row, a_term, behind(b, n), b_term, terms)
            for m in range(rows // 4 * 4, rows):
                for k in range(n, n + vectors * vector, vector):
                    to, left = behind(c, m * c_row + k), behind(a, m * a_row)
                    _rows_1_1(to, c_row, left, a_row, a_term, behind(b, k), b_term, terms)
            n += vector * vectors
    elif a_term == 1 and b_term == 1 and not in_order and terms >= vector:
        r = terms // vector * vector
        for m in range(0, rows - 3, 4):
            for k in range(0, columns - 1, 2):
                to, left = behind(c, m * c_row + k * c_column), behind(a, m * a_row)
                _dots_4_2(to, c_row, c_column, left, a_row, behind(b, k * b_column), b_column, r)
        for m in range(rows):
            done = columns // 2 * 2 if m < rows // 4 * 4 else 0
            for k in range(done, columns):
                to, left = behind(c, m * c_row + k * c_column), behind(a, m * a_row)
                _dots_1_1(to, 0, 0, left, 0, behind(b, k * b_column), 0, r)
    for m in range(rows):
        for k in range(n, columns):
            total = c[m * c_row + k * c_column]
            for i in range(r, terms):
                total += a[m * a_row + i * a_term] * b[k * b_column + i * b_term]
            c[m * c_row + k * c_column] = total


# ── layers ──────────────────────────────────────────────────────────────────────────────


def layer(backward, data, grad, operands, count, lanes):
    """Neurons of one column of inputs: y[j] = start[j] + Σ_k w[j, k]·x[k], k in segments that lie evenly.

    operands: how many neurons, the first output and the step to the next (1 in memory with one
    lane, and for numbers that all samples share), whether there is a start, its place, the step
    to the next and whether it is a row; how many segments of terms, and for each segment how
    many terms, the first weight, the steps to the next neuron's and to the next term's, whether
    it is a row and whether a gradient flows to it, and the same for the first input.

    Weights that are shared and inputs that are rows are multiplied as matrices over lanes, and so
    is everything if there is one lane. If weights are rows and inputs are shared, they change
    places, neuron by neuron. All else is multiplied number by number.

    Outputs are those of the eager engine bit for bit: terms are added in their order.
    """
    neurons, out, step = operands[0], operands[1], operands[2]
    has_start, start, start_step, start_row = operands[3], operands[4], operands[5], operands[6]
    for j in range(neurons):
        if not backward:
            for lane in range(lanes):
                first = data[start + j * start_step + lane * start_row] if has_start else -0.0
                data[out + j * step + lane] = first  # -0.0 leaves every number that is added as it is
        elif has_start and start_row:
            for lane in range(lanes):
                grad[start + j * start_step + lane] += grad[out + j * step + lane]
        elif has_start:
            total = 0.0
            for lane in range(lanes):
                total = sum_in_any_order(total, grad[out + j * step + lane])
            grad[start + j * start_step] += total
    for i in range(operands[7]):
        segment = behind(operands, 8 + 10 * i)
        terms, w, w_neuron, w_term, w_row, w_flows, x, x_term, x_row, x_flows = unpacked(segment)
        # Vectors read and write many numbers at a time, so that none may lie in a matrix twice.
        apart = abs(w_neuron) >= terms * abs(w_term) or abs(w_term) >= neurons * abs(w_neuron)
        if apart and (step == 1 or x_row > w_row):
            weights, inputs = (w, w_neuron, w_term, w_flows), (x, x_term, x_flows)
            multiply(backward, data, grad, *weights, *inputs, terms, neurons, out, step, lanes)
        elif step > 1 and w_row > x_row:
            for j in range(neurons):
                weights, inputs = (x, 0, x_term, x_flows), (w + j * w_neuron, w_term, w_flows)
                multiply(backward, data, grad, *weights, *inputs, terms, 1, out + j * step, step, lanes)
        else:
            multiply_any_way(backward, data, grad, segment, neurons, out, step, lanes)
    return 0


def unpacked(segment):
    """The operands of one segment of a layer."""
    return (
        segment[0], segment[1], segment[2], segment[3], segment[4], segment[5], segment[6], segment[7],
        segment[8], segment[9],
    )  # fmt: skip


def multiply(
    backward, data, grad, w, w_neuron, w_term, w_flows, x, x_term, x_flows, terms, neurons, out, step, lanes
):  # fmt: skip
    """For one segment of terms y += w·x, or dx += wᵀ·g and dw += g·xᵀ, as matrix products over lanes."""
    width = 1 if step == 1 else -(-lanes // in_a_vector(data)) * in_a_vector(data)  # rows are as long as that
    ws, xs, g = behind(data, w), behind(data, x), behind(grad, out)
    if not backward:
        y = behind(data, out), step, 1
        add_product(*y, ws, w_neuron, w_term, xs, 1, x_term, neurons, width, terms, True)
    if backward and x_flows:
        dx = behind(grad, x), x_term, 1
        add_product(*dx, ws, w_term, w_neuron, g, 1, step, terms, width, neurons, False)
    if backward and w_flows:
        dw = behind(grad, w), w_term, w_neuron
        add_product(*dw, xs, x_term, 1, g, step, 1, terms, neurons, width, False)


def multiply_any_way(backward, data, grad, segment, neurons, out, step, lanes):
    """The same, number by number, wherever they lie, some of them perhaps twice."""
    terms, w, w_neuron, w_term, w_row, w_flows, x, x_term, x_row, x_flows = unpacked(segment)
    for j in range(neurons):
        for k in range(terms):
            for lane in range(lanes):
                weight, number = w + j * w_neuron + k * w_term + lane * w_row, x + k * x_term + lane * x_row
                y = out + j * step + lane
                if not backward:
                    data[y] += data[weight] * data[number]
                if backward and x_flows:
                    grad[number] += data[weight] * grad[y]
                if backward and w_flows:
                    grad[weight] += data[number] * grad[y]
