"""The parameters of every native function: one table each, from a name to a kind, in order.

numba's signatures, those of ctypes and the order of a call's arguments are made from these
tables, so that a parameter is named in its table and in its function alone.
"""

from __future__ import annotations

INTEGER, FLOAT = "integer", "float"
INTEGERS, FLOATS = "integers", "floats"  # the address of the first of many

Table = dict[str, str]

KERNEL: Table = {
    "backward": INTEGER,  # 0 for the forward pass, 1 for the backward pass
    "data": FLOATS,  # the program's memory
    "grad": FLOATS,  # as much memory for the gradients
    "operands": INTEGERS,  # offsets into both: the output's, then those of the arguments
    "count": INTEGER,  # of an elementary gate how many times it is applied, of a fused one its arguments
    "lanes": INTEGER,
}

UPDATE: Table = {
    "numbers": FLOATS,  # the parameters
    "gradients": FLOATS,
    "states": FLOATS,  # for each state of the rule a row with a number for each parameter
    "settings": FLOATS,  # the rule's arguments after the states, the same for all parameters
    "largest_norm": FLOAT,
    "count": INTEGER,  # how many parameters there are
}

PROGRAM: Table = {
    "kernels": INTEGERS,  # for each instruction the address of its kernel
    "starts": INTEGERS,  # where its operands begin
    "counts": INTEGERS,  # how many arguments it has
    "flows": INTEGERS,  # whether a gradient flows through it
    "operands": INTEGERS,
    "data": FLOATS,
    "grad": FLOATS,
}

PASS: Table = PROGRAM | {"first": INTEGER, "last": INTEGER, "lanes": INTEGER}

TRAINED: Table = PROGRAM | {
    "last": INTEGER,  # how many instructions there are
    "shared": INTEGER,  # how many of them, from the first, all samples share
    "first_row": INTEGER,  # where in memory the rows begin
    "size": INTEGER,  # how many numbers `data` and `grad` have
    "inputs": INTEGER,  # how many numbers one sample has
    "at_once": INTEGER,  # how many lanes run at once
    "outputs": INTEGERS,  # the offset of each output; their means add up to the cost
    "is_row": INTEGERS,  # whether an output differs from sample to sample
    "output_count": INTEGER,
    "samples": FLOATS,  # those of this program's shape, one after the other
    "places": INTEGERS,  # for each leaf its offset in memory, or -1
}
"""What `descend` needs of a program, as a row of integers, addresses among them."""

DESCEND: Table = {
    "programs": INTEGERS,  # a row of `TRAINED` for each program
    "parts": INTEGERS,  # the program of each part: samples of one shape in one mini-batch
    "stops": INTEGERS,  # where in `order` each part ends
    "order": INTEGERS,  # the samples by their place among those of their shape, part after part
    "ends": INTEGERS,  # where in `parts` each mini-batch ends
    "batches": INTEGER,  # how many mini-batches there are
    "update": INTEGER,  # the address of the update kernel
    "leaves": INTEGER,  # how many leaves the programs have in common memory: `numbers`
    "parameters": INTEGER,  # how many of them, from the first, are updated
    "numbers": FLOATS,  # the leaves
    "gradients": FLOATS,  # receives the gradients of the last mini-batch, of each leaf
    "states": FLOATS,  # as for an update kernel
    "state_count": INTEGER,
    "settings": FLOATS,  # a row for each mini-batch
    "setting_count": INTEGER,
    "largest_norm": FLOAT,
    "saved": FLOATS,  # room for the parameters and their states
    "sums": FLOATS,  # receives for each mini-batch the sum of the first output over its samples
}

ANY_WAY, ALL_NEURONS, NEURON_BY_NEURON = range(3)
"""How the terms of a layer are multiplied: `products.layer` says what each means."""
