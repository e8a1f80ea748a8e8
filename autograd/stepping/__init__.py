"""The step-through: the forward and the backward pass of a graph, one line at a time.

`steps` are the data; `applied_gate` is a gate with its arguments put in; `narration` has the
walk, which is all steps, as text and as Markdown; `walk` makes it from a graph, and
`forward_walk` the steps of forward mode.
"""
