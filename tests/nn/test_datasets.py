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
def test_classes_have_equally_many_points_in_random_order(make, classes):
    X, y = make(100, rng=0)
    assert len(X) == len(y) == 100
    assert all(type(row) is list and list(map(type, row)) == [float, float] for row in X)
    counts = Counter(y)
    assert sorted(counts) == list(range(classes))
    assert max(counts.values()) - min(counts.values()) <= 1
    assert y != sorted(y)


@pytest.mark.parametrize(("make", "classes"), SETS)
def test_a_seed_repeats_a_set(make, classes):
    assert make(30, rng=1) == make(30, rng=1) == make(30, rng=random.Random(1))
    assert make(30, rng=1) != make(30, rng=2)


@pytest.mark.parametrize(("make", "classes"), SETS)
def test_labels_of_ones_own(make, classes):
    names = ["a", "b", "c"][:classes]
    X, y = make(30, rng=1, labels=names)
    assert (X, y) == (make(30, rng=1)[0], [names[label] for label in make(30, rng=1)[1]])
    with pytest.raises(ValueError, match=f"there are {classes} classes, but 1 labels"):
        make(30, rng=1, labels=[0])


@pytest.mark.parametrize(("make", "classes"), SETS)
def test_fewer_points_than_classes_are_refused(make, classes):
    assert Counter(make(classes, rng=0)[1]) == Counter(range(classes))
    with pytest.raises(ValueError, match=f"{classes - 1} points are too few for {classes} classes"):
        make(classes - 1, rng=0)


@pytest.mark.parametrize("make", [moons, circles, xor, blobs, spirals])
@pytest.mark.parametrize("noise", [-0.1, math.inf, math.nan])
def test_a_bad_noise_is_refused(make, noise):
    with pytest.raises(ValueError, match="noise is a finite number of at least 0, got"):
        make(30, noise=noise, rng=0)


def test_noise_is_the_standard_deviation_of_each_coordinate():
    X, _ = blobs(20_000, centers=[(3.0, -1.0)], noise=0.5, rng=0)
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


def test_xor_is_the_truth_table():
    X, y = xor(8, rng=0)
    assert Counter((x1, x2, label) for (x1, x2), label in zip(X, y, strict=True)) == {
        (-1.0, -1.0, 0): 2,
        (1.0, 1.0, 0): 2,
        (1.0, -1.0, 1): 2,
        (-1.0, 1.0, 1): 2,
    }


def test_blobs_lie_around_the_unit_circle_or_where_they_are_put():
    X, y = blobs(4, centers=4, noise=0.0, rng=0)
    expected = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]
    assert [row for _, row in sorted(zip(y, X, strict=True))] == [
        pytest.approx(point, abs=1e-15) for point in expected
    ]
    assert sorted(zip(*blobs(2, centers=[(1.0, 2.0), (3.0, 4.0)], noise=0.0, rng=0), strict=True)) == [
        ([1.0, 2.0], 0),
        ([3.0, 4.0], 1),
    ]


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


def test_yin_yang_by_its_landmarks():
    assert yin_yang_class(0.0, 0.9) == 0
    assert yin_yang_class(0.0, -0.9) == 1
    assert yin_yang_class(-0.5, -0.3) == 0  # the lobe of the left reaches below
    assert yin_yang_class(0.5, 0.3) == 1  # and that of the right above
    assert yin_yang_class(-0.5, 0.1) == yin_yang_class(0.5, -0.1) == 2
    assert yin_yang_class(0.8, 0.7) is None


def test_yin_yang_turned_by_half_a_turn_swaps_the_halves():
    rng = random.Random(0)
    for _ in range(1000):
        x1, x2 = rng.uniform(-1, 1), rng.uniform(-1, 1)
        turned = yin_yang_class(-x1, -x2)
        assert turned == {0: 1, 1: 0, 2: 2, None: None}[yin_yang_class(x1, x2)]


def test_yin_yang_points_have_the_class_of_their_place():
    X, y = yin_yang(300, rng=0)
    assert [yin_yang_class(*row) for row in X] == y


@pytest.mark.parametrize("make", [moons, circles, xor, blobs, spirals, yin_yang])
def test_a_set_needs_no_arguments_and_is_another_each_time(make):
    (X, y), (again, _) = make(), make()
    assert len(X) == len(y) == (4 if make is xor else 100)
    assert again != X or make is xor


def test_names_are_words_of_small_letters_each_there_once():
    everyone = names(rng=0)
    assert len(everyone) == 1850
    assert all(re.fullmatch("[a-z]{2,15}", name) for name in everyone)
    assert len(set(everyone)) == len(everyone)
    assert {len(name) for name in everyone} == set(range(2, 16))
    assert set("".join(everyone)) == set(ascii_lowercase)
    assert everyone == names(rng=random.Random(0)) != sorted(everyone) == sorted(names(rng=1)) != names(rng=1)
