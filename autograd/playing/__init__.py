"""The player: one web page that computes a graph, and shows how.

Python says what the graph is: `graph_data` its leaves, gates and formulas, `translation` its gates'
functions, which `javascript` writes one by one, `views` and `view_data` the ways to show it, each fused
gate, layer and neuron open or closed, with a picture. `mistakes` are backward passes gone wrong.
`assembly` puts it together with the files in `page/`, which compute and show every number; `player` is
the door to it all.

    node      a value, by its place in the topological order of the graph with all fused gates open
    item      a gate in a view, or a closed group: a fused gate, a neuron, a layer
    view      which groups are open, with the picture of that
    given     the numbers that the page starts from: leaves', then constants'
    run       all numbers, local gradients and gradients that follow from them
    frame     one step as the page shows it; its time is the same in every view
    question  what Predict asks at a frame
"""
