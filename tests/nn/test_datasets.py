"""The sets in the plane: where their points lie, how many, and that a seed repeats them."""

import math
import random
import re
from collections import Counter
from string import ascii_lowercase

import pytest

from nn import blobs, circles, moons, names, spirals, xor, yin_yang
from nn.datasets import yin_yang_class

SETS = [(moons, 2), (circles, 2), (xor, 2), (blobs, 3), (spirals, 2), (yin_yang, 3)]


@pytest.mark.parametrize(("make", "classes"), SETS)
def test_what_every_set_promises(make, classes):
    X, y = make(100, rng=1)
    assert len(X) == len(y) == 100
    assert all(type(row) is list and list(map(type, row)) == [float, float] for row in X)
    counts = Counter(y)
    assert sorted(counts) == list(range(classes))
    assert max(counts.values()) - min(counts.values()) <= 1
    assert y != sorted(y)
    assert make(100, rng=random.Random(1)) == (X, y) != make(100, rng=2)
    names = ["a", "b", "c"][:classes]
    assert make(100, rng=1, labels=names) == (X, [names[label] for label in y])
    with pytest.raises(ValueError, match=f"there are {classes} classes, but 1 labels"):
        make(30, rng=1, labels=[0])
    assert Counter(make(classes)[1]) == Counter(range(classes))
    with pytest.raises(ValueError, match=f"{classes - 1} points are too few for {classes} classes"):
        make(classes - 1)
    assert len(make()[0]) == (4 if make is xor else 100)
    assert make is xor or make() != make()
    if make is not yin_yang:
        with pytest.raises(ValueError, match="noise is a finite number of at least 0, got nan"):
            make(30, noise=math.nan)


def test_noise_is_the_standard_deviation_of_each_coordinate():
    X, _ = blobs(5_000, centers=[(3.0, -1.0)], noise=0.5, rng=0)
    for column, center in zip(zip(*X, strict=True), (3.0, -1.0), strict=False):
        mean = sum(column) / len(column)
        assert mean == pytest.approx(center, abs=0.02)
        assert math.sqrt(sum((x - mean) ** 2 for x in column) / len(column)) == pytest.approx(0.5, abs=0.01)


def test_moons_lie_on_two_half_circles():
    X, y = moons(101, noise=0.0, rng=0)
    for (x1, x2), label in zip(X, y, strict=True):
        if label == 0:
            assert math.hypot(x1, x2) == pytest.approx(1.0)
            assert x2 >= -1e-15
        else:
            assert math.hypot(x1 - 1.0, x2 - 0.5) == pytest.approx(1.0)
            assert x2 <= 0.5 + 1e-15
    ends = [min(X), max(X)]
    assert ends == [pytest.approx([-1.0, 0.0]), pytest.approx([2.0, 0.5])]


def test_circles_lie_on_two_circles():
    X, y = circles(40, inner=0.3, noise=0.0, rng=0)
    for (x1, x2), label in zip(X, y, strict=True):
        assert math.hypot(x1, x2) == pytest.approx(0.3 if label else 1.0)
    assert len({tuple(round(x, 9) for x in row) for row in X}) == 40
    for inner in (0.0, 1.0):
        with pytest.raises(ValueError, match="a radius above 0 and below 1, got"):
            circles(40, inner=inner, rng=0)


def test_blobs_lie_around_the_unit_circle_or_where_they_are_put():
    X, y = blobs(4, centers=4, noise=0.0, rng=0)
    expected = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]
    for point, (_, row) in zip(expected, sorted(zip(y, X, strict=True)), strict=True):
        assert row == pytest.approx(point, abs=1e-15)
    X, y = blobs(2, centers=[(1.0, 2.0), (3.0, 4.0)], noise=0.0, rng=0)
    assert sorted(zip(y, X, strict=True)) == [(0, [1.0, 2.0]), (1, [3.0, 4.0])]
    with pytest.raises(ValueError, match=r"a center has two coordinates, got \(1\.0,\)"):
        blobs(2, centers=[(1.0,)])


def test_spirals_wind_outward_by_so_many_turns():
    X, y = spirals(300, arms=3, turns=0.75, noise=0.0, rng=0)
    for (x1, x2), arm in zip(X, y, strict=True):
        radius = math.hypot(x1, x2)
        turn = arm / 3 + 0.75 * (radius - 0.1) / 0.9
        assert (x1, x2) == pytest.approx(
            (radius * math.cos(2 * math.pi * turn), radius * math.sin(2 * math.pi * turn)), abs=1e-12
        )
    radii = sorted(math.hypot(*row) for row in X)
    assert (radii[0], radii[-1]) == pytest.approx((0.1, 1.0))


def test_yin_yang_by_its_landmarks_and_turned_by_half_a_turn():
    assert yin_yang_class(0.0, 0.9) == 0
    assert yin_yang_class(-0.5, -0.3) == 0  # the lobe of the left reaches below
    assert yin_yang_class(-0.5, 0.1) == 2
    assert yin_yang_class(0.8, 0.7) is None
    rng = random.Random(0)
    for _ in range(1000):
        x1, x2 = rng.uniform(-1, 1), rng.uniform(-1, 1)
        assert yin_yang_class(-x1, -x2) == {0: 1, 1: 0, 2: 2, None: None}[yin_yang_class(x1, x2)]


def test_yin_yang_points_have_the_class_of_their_place():
    X, y = yin_yang(300, rng=0)
    assert [yin_yang_class(*row) for row in X] == y


def test_names_are_words_of_small_letters_each_there_once():
    everyone = names(rng=0)
    assert len(everyone) == 1850
    assert all(re.fullmatch("[a-z]{2,15}", name) for name in everyone)
    assert len(set(everyone)) == len(everyone)
    assert {len(name) for name in everyone} == set(range(2, 16))
    assert set("".join(everyone)) == set(ascii_lowercase)
    assert everyone == names(rng=random.Random(0)) != sorted(everyone) == sorted(names(rng=1)) != names(rng=1)
