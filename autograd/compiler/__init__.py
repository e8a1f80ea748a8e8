"""The compiler: a function, recorded once as a list of instructions, replayed as native code.

`recording` makes the instructions, `listing` prints them, `fold_sums` folds sums of products,
`layout` gives every number its place in memory. `templates` are the loops around the gates'
own functions and `drivers` those over the instructions; `native` compiles them,
`fingerprints` name them, `machine_code` keeps them on disk, `kernels` calls them. `batches`
are a user's inputs as lanes; `execution` runs a recording natively, `descent` trains with it,
and `program` is what `compile` gives a user.
"""
