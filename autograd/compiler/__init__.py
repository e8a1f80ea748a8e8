"""The compiler: a recording, replayed as native code.

The words of this package, beside those of `autograd.recording`:

    lane       one sample of a batch; a run computes many lanes at once
    row        in memory, the numbers of one slot, one for each lane; a slot that is the same
               for all samples is shared, and has a single number
    place      where a slot stands: which of the shared numbers, or which of the rows, it is
    operand    an integer that a kernel is given: where a number or a row is, or a step to the next
    kernel     native code that runs one kind of run, forward and backward
    template   the Python function that a kernel is compiled from, with stand-ins for the gate
    driver     native code that calls kernels, run after run
    flows      whether a gradient is wanted: the slot depends on a parameter

What to run: `layout` gives every slot of a recording its place. How kernels are made: `templates` and
`products` are the loops around the gates' own functions, `drivers` those over the runs, `signatures` has
the parameters of both; `native` compiles them, `fingerprints` name them, `machine_code` keeps them on
disk, `kernels` calls them. Running: `execution` runs a recording, `descent` trains with it, and `program`
is what `compile` gives a user.
"""
