"""The picture of a graph, and of the gradients in it.

`grouping` finds the parts of a model in a graph, `folding` closes them; `scene` says what is to
be seen, `drawing` writes it for Graphviz, `rendering` calls Graphviz. `network` draws a whole
network as its layers.
"""
