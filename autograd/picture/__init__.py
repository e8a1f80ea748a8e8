"""The picture of a graph, and of the gradients in it.

`grouping` finds the parts of a model in a graph, `folding` closes them. `scene` says what there is
to be seen; `arrangement` says where, with the algorithm of `layered`, on a `sheet`; `svg` and `dot` write
the sheet, and `rendering` has Graphviz make a PNG or a PDF of the DOT. `picture` is what `drawing`
(a graph) and `network` (a whole network as its layers) return.

    item     a gate, or a closed group, which is drawn as one gate
    box      what shows a value, or the results of a closed group, with the item that made them
    mark     the item as it stands in its box
    edge     from a box to another that is made from it; a wire on the sheet
    group    a part of a model, in one of its calls; open ones have a frame, also called cluster
    bundle   leaves that share a box
    chip     a small box that shows once more what another one shows
    lane     the way of a long edge past a column
"""
