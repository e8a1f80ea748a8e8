"""Programs in PyTorch and JAX, whose arrays go to other devices and many machines.

A recording is sorted into `steps`, each of which is one operation on whole arrays: the neurons of a layer
as a matrix product, many applications of one gate at once. The gates are translated from their own
functions of floats, local gradients included (`array_gates`), so that kinks and ties are the same
everywhere. Parameters stand in arrays, under the names that the model gives them (`parameter_arrays`).
`to_torch` and `to_jax` return the result as a `torch.nn.Module` and as a function for JAX.
"""
