"""The parameters of every native function: one table each, from a name to a kind, in order.

numba's signatures, those of ctypes and the order of a call's arguments are made from these
tables, so that a parameter is named in its table and in its function alone.
"""

from __future__ import annotations

INTEGER, FLOAT = "integer", "float"
INTEGERS, FLOATS = "integers", "floats"  # the address of the first of many
NUMBERS = "numbers"  # the same for a program's own numbers, which may be of less precision

Table = dict[str, str]

KERNEL: Table = {
    "backward": INTEGER,  # 0 for the forward pass, 1 for the backward pass
    "data": NUMBERS,  # the program's memory
    "grad": NUMBERS,  # as much memory for the gradients
    "operands": INTEGERS,  # offsets into both: the output's, then those of the arguments
    "count": INTEGER,  # of an elementary gate how many times it is applied, of a fused one its arguments
    "lanes": INTEGER,
}

UPDATE: Table = {
    "numbers": FLOATS,  # the parameters, and behind them a row of as many for each state of the rule
    "new_numbers": FLOATS,  # receives the same after the update
    "gradients": FLOATS,
    "settings": FLOATS,  # the rule's arguments after the states, the same for all parameters
    "largest_norm": FLOAT,
    "count": INTEGER,  # how many parameters there are
    "row": INTEGER,  # where the states begin, behind the parameters and other leaves
}

PROGRAM: Table = {
    "kernels": INTEGERS,  # for each run the address of its kernel
    "starts": INTEGERS,  # where its operands begin
    "counts": INTEGERS,  # how many arguments it has
    "flows": INTEGERS,  # whether a gradient flows through it
    "operands": INTEGERS,
    "data": NUMBERS,
    "grad": NUMBERS,
    "runs": INTEGER,  # how many there are
    "shared": INTEGER,  # how many of them, from the first, all samples share
    "first_row": INTEGER,  # where in memory the rows begin
    "size": INTEGER,  # how many numbers `data` and `grad` have
    "inputs": INTEGER,  # how many numbers one sample has
    "at_once": INTEGER,  # how many lanes run at once
    "outputs": INTEGERS,  # the offset of each output
    "is_row": INTEGERS,  # whether an output differs from sample to sample
    "output_count": INTEGER,
    "samples": FLOATS,
    "results": FLOATS,  # receives the outputs, a row for each sample
}
"""What drivers know of a program, as a row of integers, addresses among them."""

PASS: Table = {
    "program": INTEGER,  # the address of a row of `PROGRAM`
    "first": INTEGER,  # the runs to run: first … last-1
    "last": INTEGER,
    "lanes": INTEGER,
}

EVALUATE: Table = {
    "program": INTEGER,
    "order": INTEGERS,  # the samples to run, by their places
    "begin": INTEGER,  # which part of the order
    "end": INTEGER,
    "batch_size": INTEGER,  # how many samples the mean is taken over, or 0 for no gradients
    "start": INTEGER,  # the run to begin with
    "span": INTEGER,  # of how many samples the gradients are added up, or 0 for all of them
    "totals": FLOATS,  # receives for each span those of the numbers that samples share
}

DESCEND: Table = {
    "thread": INTEGER,  # which of the threads that descend together this one is
    "threads": INTEGER,
    "meeting": INTEGERS,  # where they meet: how often one arrived, and whether they stop
    "programs": INTEGERS,  # for each program the address of a row of `PROGRAM` for each thread
    "places": INTEGERS,  # for each program the offset of each leaf or -1, and whether these ascend by 1
    "parts": INTEGERS,  # the program of each part: samples of one shape in one mini-batch
    "stops": INTEGERS,  # where in `order` each part ends
    "order": INTEGERS,  # the samples by their place among those of their shape, part after part
    "ends": INTEGERS,  # where in `parts` each mini-batch ends
    "batches": INTEGER,  # how many mini-batches there are
    "update": INTEGER,  # the address of the update kernel
    "leaves": INTEGER,  # how many leaves the programs have in common memory
    "parameters": INTEGER,  # how many of them, from the first, are updated
    "numbers": FLOATS,  # two rows, before and after an update: the leaves, and the rule's states
    "number_count": INTEGER,  # how many numbers are in one of the rows
    "gradients": FLOATS,  # for each part of a mini-batch a row: the leaves', and the sum of the first output
    "settings": FLOATS,  # a row for each mini-batch
    "setting_count": INTEGER,
    "largest_norm": FLOAT,
    "sums": FLOATS,  # receives for each mini-batch the sum of the first output over its samples
}

TABLES: dict[str, Table] = {
    **dict.fromkeys(("elementary", "layer", "fold", "choice"), KERNEL),
    **dict.fromkeys(("forward", "backward"), PASS),
    "update": UPDATE,
    "evaluate": EVALUATE,
    "descend": DESCEND,
}
"""The templates and drivers by name, each with the parameters of what is made of it."""
