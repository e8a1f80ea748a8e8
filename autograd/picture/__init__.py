"""The picture of a graph, and of the gradients in it.

`grouping` finds the parts of a model in a graph, `folding` closes them. `scene` says what there is
to be seen, `chips` what is shown twice, `arrangement` where it stands on a `sheet`, with the columns
of `layered`, which Graphviz orders. `svg` and `dot` write the sheet, and `rendering` has Graphviz
make a PNG or a PDF of the DOT. `drawing` (a graph) and `network` (a whole network as its layers)
return a `picture`; `animation` fills one in step by step.

    item     a leaf, a gate, or a closed group, which is drawn as one gate
    box      what shows a value, or the results of a closed group, with what made them
    mark     the gate or the group as it stands in its box
    edge     from a box to another that is computed from it
    group    a part of a model, in one of its calls; an open one has a frame, or cluster
    bundle   leaves that share a box
    chip     a small box that shows once more what another one shows
    block    what stands in a column: a box, or a frame as a whole
    lane     the way of a long edge past a column
"""
