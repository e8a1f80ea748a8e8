"""Recordings: a function, called with Values, becomes a list of instructions that knows nothing of objects.

    slot       one number of a recording: an input, a parameter, a constant or a gate's output
    run        instructions that run as one: many times one gate, or the neurons of a layer

`tracing` calls a function and makes a `recording` of it (meanwhile `garbage` is not collected), `fold_sums`
folds sums of products, `schedule` sorts the instructions into runs, `listing` prints them, and `batches`
brings a user's inputs into rows. The bridges turn a recording into PyTorch or JAX, the compiler into native
code.
"""
