"""The way on: a recorded program in PyTorch or JAX, where arrays go to other devices and many machines.

A recording is sorted into steps, each of which is one operation on whole arrays: the neurons of a layer
as a matrix product, many applications of one gate at once (`steps`). The gates are their own functions
of floats, translated to arrays (`array_gates`), with their own local gradients, so that kinks and ties
are as everywhere here. Parameters stand in arrays under the names that the model gives them
(`parameter_arrays`). `to_torch` and `to_jax` put this into a `torch.nn.Module` and a function for JAX.
"""
