"""Small sets to train on: labelled points in the plane, which can be drawn, and given names.

Every set of points is a pair `X, y`: points `[x1, x2]` in random order, and their classes 0, 1, …, or
`labels` in their place, such as (-1, 1) for the hinge loss. The n points are shared evenly
among the classes; the first ones have one more if n is not a multiple of their number. `noise`
is the standard deviation of the noise on each coordinate. `rng` is an integer seed or a
`random.Random`, or None for other points each time.

>>> X, y = moons(200, rng=0)
>>> [round(x, 3) for x in X[0]], y[0]
([0.369, -0.432], 1)

All sets of points raise ValueError for fewer points than classes, and for more or fewer labels than classes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd.arguments import MOST, as_list, nonnegative, real_number, whole_number
from autograd.reals import is_number, shortened
from nn.initializers import Rng, find_rng

Point = tuple[float, float]
Samples = tuple[list[list[float]], list[Any]]


def moons(n: int = 100, *, noise: float = 0.1, rng: Rng = None, labels: Sequence[Any] = (0, 1)) -> Samples:
    """Two interlocking half circles of radius 1: class 0 above, class 1 below.

    >>> X, y = moons(100, rng=0, labels=(-1, 1))
    >>> len(X), sum(y)
    (100, 0)
    """
    above, below = ([_on_circle(1.0, along / 2.0) for along in _evenly(size)] for size in _sizes(n, 2))
    return _labelled([above, [(1.0 - x1, 0.5 - x2) for x1, x2 in below]], noise, rng, labels)


def circles(
    n: int = 100, *, inner: float = 0.5, noise: float = 0.1, rng: Rng = None, labels: Sequence[Any] = (0, 1)
) -> Samples:
    """A circle of radius 1, class 0, and one of radius `inner` within it, class 1.

    >>> X, y = circles(6, noise=0.0, rng=0)
    >>> sorted((round(math.hypot(*point), 9), label) for point, label in zip(X, y))
    [(0.5, 1), (0.5, 1), (0.5, 1), (1.0, 0), (1.0, 0), (1.0, 0)]
    """
    inner = real_number("inner", inner, "a radius above 0 and below 1", lambda radius: 0.0 < radius < 1.0)
    rings = [
        [_on_circle(radius, k / size) for k in range(size)]
        for radius, size in zip((1.0, inner), _sizes(n, 2), strict=True)
    ]
    return _labelled(rings, noise, rng, labels)


def xor(n: int = 4, *, noise: float = 0.0, rng: Rng = None, labels: Sequence[Any] = (0, 1)) -> Samples:
    """The corners (±1, ±1): class 0 where the signs agree, class 1 where they differ.

    >>> X, y = xor()
    >>> sorted(zip(X, y))
    [([-1.0, -1.0], 0), ([-1.0, 1.0], 1), ([1.0, -1.0], 1), ([1.0, 1.0], 0)]
    """
    agree, differ = _sizes(n, 2)
    alike, unlike = [(1.0, 1.0), (-1.0, -1.0)] * agree, [(1.0, -1.0), (-1.0, 1.0)] * differ
    return _labelled([alike[:agree], unlike[:differ]], noise, rng, labels)


def blobs(
    n: int = 100,
    *,
    centers: int | Sequence[Sequence[float]] = 3,
    noise: float = 0.2,
    rng: Rng = None,
    labels: Sequence[Any] | None = None,
) -> Samples:
    """Round clouds, each a class, around `centers`: points, or how many, spread over the unit circle.

    >>> blobs(2, centers=[(0.0, 0.0), (5.0, 5.0)], noise=0.0, rng=0)
    ([[0.0, 0.0], [5.0, 5.0]], [0, 1])
    """
    if is_number(centers):
        count = whole_number("centers", centers, 1, MOST)
        places = [_on_circle(1.0, k / count) for k in range(count)]
    else:
        places = [_point(center) for center in as_list("centers", centers, "points, or their number")]
    sizes = _sizes(n, len(places))
    clouds = [[place] * size for place, size in zip(places, sizes, strict=True)]
    return _labelled(clouds, noise, rng, range(len(places)) if labels is None else labels)


def spirals(
    n: int = 100,
    *,
    arms: int = 2,
    turns: float = 1.0,
    noise: float = 0.02,
    rng: Rng = None,
    labels: Sequence[Any] | None = None,
) -> Samples:
    """Arms, each a class, that wind out from near the center to radius 1 in `turns` turns.

    >>> X, y = spirals(9, arms=3, noise=0.0, rng=0)
    >>> sorted((round(math.hypot(*point), 9), label) for point, label in zip(X, y))[-3:]
    [(1.0, 0), (1.0, 1), (1.0, 2)]
    """
    sizes, turns = _sizes(n, whole_number("arms", arms, 1, MOST)), real_number("turns", turns)
    wound = [
        [_on_circle(0.1 + 0.9 * along, k / arms + turns * along) for along in _evenly(size)]
        for k, size in enumerate(sizes)
    ]
    return _labelled(wound, noise, rng, range(arms) if labels is None else labels)


def yin_yang(n: int = 100, *, rng: Rng = None, labels: Sequence[Any] = (0, 1, 2)) -> Samples:
    """The disk of radius 1 as the Chinese sign: two halves, classes 0 and 1, and their dots, class 2.

    Class 0 is the upper half, with the lobe of the left and without that of the right;
    class 1 is the rest of the disk, and the dots have radius 0.2 around (±0.5, 0).

    Source: Kriener, Göltz and Petrovici, "The Yin-Yang dataset" (2022), whose disk has
    radius 0.5.

    >>> X, y = yin_yang(6, rng=0)
    >>> sorted(y)
    [0, 0, 1, 1, 2, 2]
    """
    rng, sizes = find_rng(rng), _sizes(n, 3)
    classes: list[list[Point]] = [[], [], []]
    while list(map(len, classes)) != sizes:
        x1, x2 = rng.uniform(-1.0, 1.0), rng.uniform(-1.0, 1.0)
        label = yin_yang_class(x1, x2)
        if label is not None and len(classes[label]) < sizes[label]:
            classes[label].append((x1, x2))
    return _labelled(classes, 0.0, rng, labels)


def yin_yang_class(x1: float, x2: float) -> int | None:
    """The class of a point in `yin_yang`; None outside the disk."""
    if math.hypot(x1, x2) > 1.0:
        return None
    from_left, from_right = math.hypot(x1 + 0.5, x2), math.hypot(x1 - 0.5, x2)
    if min(from_left, from_right) < 0.2:
        return 2
    return 0 if from_left < 0.5 or (x2 > 0.0 and from_right > 0.5) else 1


def names(rng: Rng = None) -> list[str]:
    """Given names from many cultures, some 1,850, in random order: of 2 to 15 letters, a to z alone.

    Where a language has other letters, or none, a name is written as its passports write it.

    >>> names(rng=0)[:5]
    ['edith', 'akiko', 'emrys', 'cezar', 'zaw']
    """
    everyone = Path(__file__).with_name("names.txt").read_text(encoding="ascii").split()
    find_rng(rng).shuffle(everyone)
    return everyone


def _on_circle(radius: float, turn: float) -> Point:
    return radius * math.cos(2.0 * math.pi * turn), radius * math.sin(2.0 * math.pi * turn)


def _evenly(size: int) -> list[float]:
    """Evenly spaced numbers from 0 to 1."""
    return [k / (size - 1) for k in range(size)] if size > 1 else [0.5]


def _sizes(n: int, classes: int) -> list[int]:
    if not whole_number("n", n, 0, MOST) >= classes >= 1:
        raise ValueError(f"{n} points are too few for {classes} classes")
    return [n // classes + (label < n % classes) for label in range(classes)]


def _point(center: Any) -> Point:
    coordinates = [real_number("a coordinate", x) for x in as_list("a center", center, "two coordinates")]
    if len(coordinates) != 2:
        raise ValueError(f"a center has two coordinates, got {shortened(center)}")
    return coordinates[0], coordinates[1]


def _labelled(classes: list[list[Point]], noise: float, rng: Rng, labels: Sequence[Any]) -> Samples:
    """The points of all classes with their labels, noise added, in random order."""
    names = as_list("labels", labels, "one label for each class")
    if len(names) != len(classes):
        raise ValueError(
            f"there are {len(classes)} classes, but {len(names)} labels: {shortened(tuple(names))}"
        )
    noise, rng = nonnegative("noise", noise), find_rng(rng)
    samples = [
        ([x1 + rng.gauss(0.0, noise), x2 + rng.gauss(0.0, noise)], label)
        for label, points in zip(names, classes, strict=True)
        for x1, x2 in points
    ]
    rng.shuffle(samples)
    return [point for point, _ in samples], [label for _, label in samples]
