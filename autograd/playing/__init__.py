"""The player: one web page that plays backpropagation on a graph.

`views` are the ways to show the graph, each fused gate, layer and neuron open or closed;
`frames` are steps as the page shows them, `playback` makes those of the two passes,
`update_frames` those of the update. `mistakes` are backward passes gone wrong, `mistake_frames`
plays them. `player` puts it all into
`player.html`.
"""
