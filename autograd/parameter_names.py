"""How a parameter's name is read: `layers.0.neurons.3.w.1` is weight 2 of neuron 4 of layer 1.

A name is the way from the model to the parameter, taken apart at its dots. Words name
attributes, numbers are places in a list, counted from 0; people count from 1.

>>> weight = path_of("layers.0.neurons.3.w.1")
>>> part = part_of(weight)
>>> part, title_of(part)
(('layers', '0', 'neurons', '3'), 'layer 1 neuron 4')
>>> layer_and_unit(weight)
(('layers', '0'), ('layers', '0', 'neurons', '3'))
>>> label_of("w", weight), label_of("h", part)
('w42(1)', 'h4(1)')
"""

from __future__ import annotations

Path = tuple[str, ...]
"""The name of a parameter or of a part, taken apart at its dots."""


def path_of(name: str) -> Path:
    """A name, taken apart at its dots."""
    return tuple(name.split("."))


def part_of(parameter: Path) -> Path:
    """The part that a parameter belongs to: its path without its own name and its place in a list.

    >>> part_of(("blocks", "1", "2", "gain")), part_of(("w", "0"))
    (('blocks', '1', '2'), ())
    """
    end = len(parameter) - len(indices_of(parameter))
    return parameter[: max(end - 1, 0)]


def indices_of(parameter: Path) -> Path:
    """The numbers that a path ends in: a parameter's place in a list, or in lists of lists."""
    end = len(parameter)
    while end and parameter[end - 1].isdecimal():
        end -= 1
    return parameter[end:]


def layer_and_unit(parameter: Path) -> tuple[Path, Path]:
    """The layer and the neuron that a parameter is in; outside of neurons, its part and ().

    The pieces of a maxout are within their neuron.

    >>> layer_and_unit(path_of("neurons.2.pieces.1.b"))
    ((), ('neurons', '2'))
    >>> layer_and_unit(path_of("encoder.gain"))
    (('encoder',), ())
    """
    for i in range(len(parameter) - 2, -1, -1):
        if parameter[i] == "neurons" and parameter[i + 1].isdecimal():
            return parameter[:i], parameter[: i + 2]
    return part_of(parameter), ()


def levels_of(path: Path) -> list[Path]:
    """The parts that a part is within, and itself, the largest first.

    >>> levels_of(("layers", "0", "neurons", "3"))
    [('layers', '0'), ('layers', '0', 'neurons', '3')]
    """
    ends = [i for i in range(1, len(path)) if not path[i].isdecimal()]  # a part ends before a word
    return [path[:end] for end in (*ends, len(path))]


def title_of(path: Path) -> str:
    """The name of a part as people say it, counted from 1."""
    words: list[str] = []
    for name in path:
        if name.isdecimal() and words:
            words[-1] = words[-1].removesuffix("s")
            words.append(str(int(name) + 1))
        else:
            words.append(name)
    return " ".join(words)


def label_of(letter: str, path: Path) -> str:
    """The lecture's label for what stands at a path: indices below, the layer in parentheses.

    A comma stands between indices where one of them has two digits.

    >>> label_of("w", path_of("layers.0.neurons.10.w.1")), label_of("w", path_of("neurons.2.w.1"))
    ('w11,2(1)', 'w32')
    """
    indices = [str(int(name) + 1) for name in path if name.isdecimal()]
    layer = f"({indices.pop(0)})" if path[:1] == ("layers",) and indices else ""
    comma = "," if any(len(index) > 1 for index in indices) else ""
    return f"{letter}{comma.join(indices)}{layer}"
