"""The step-through: the forward and the backward pass of a graph, one line at a time.

`steps` are the data; `applied_gate` is a gate with its arguments put in; `narration`
writes the steps as text and as Markdown; `walk` makes them from a graph.
"""
