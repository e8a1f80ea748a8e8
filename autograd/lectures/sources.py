"""The five documents that together are called the lecture: S1 to S5.

They are by different hands and disagree in places: whether a squared error has its ½, what α of
a leaky ReLU and which base of the logarithm to take, Wx or Wᵀx, samples in rows or in columns, and
whether ŷ is the output or the target. A line number, as in S3:336, is one of the transcript.
"""

from __future__ import annotations

SOURCES = {
    "S1": "“Lecture 2”, by hand: activation functions, feed forward, back propagation, losses",
    "S2": "notes by hand: the artificial neuron, losses, derivatives of vectors, the chain rule",
    "S3": "slides, “Deep learning”, by Hung-Hsuan Chen, in part taken from Fei-Fei Li's",
    "S4": "“Lecture December 13”, by hand: “The mathematics of NN”",
    "S5": "notes by hand, “Feed forward Neural Network”: vectors, training, optimization",
}


def source_of(place: str) -> str:
    """The source in a place: S3 of S3:336."""
    return place.partition(":")[0]
