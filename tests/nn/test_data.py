"""Splitting, standardising, mini-batches and one-hot targets."""

import math
import random
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from nn import minibatches, one_hot, split, standardize

# ── split ───────────────────────────────────────────────────────────────────────────────


def test_split_gives_every_sample_to_one_part_with_its_target_at_random():
    X = [[float(i), -float(i)] for i in range(100)]
    y = [10 * i for i in range(100)]
    parts = split(X, y, rng=0)
    assert [len(part_y) for _, part_y in parts] == [60, 20, 20]
    for part_X, part_y in parts:
        assert [10 * row[0] for row in part_X] == part_y
    labels = [label for _, part_y in parts for label in part_y]
    assert sorted(labels) == y != labels
    assert split(X, y, rng=random.Random(0)) == parts != split(X, y, rng=1)
    assert split(y, rng=1, stratify=[0] * 100) != split(y, rng=2, stratify=[0] * 100)


def test_split_of_one_table_into_other_parts():
    train, test = split(list(range(10)), rng=0, fractions=(0.75, 0.25))
    assert (len(train), sorted(train + test)) == (8, list(range(10)))
    assert list(map(len, split(list(range(10)), fractions=(1.0,)))) == [10]


def test_a_stratified_split_keeps_the_classes_in_proportion_in_random_order():
    labels = ["a"] * 100 + ["b"] * 50 + ["c"] * 10
    for seed in range(5):
        parts = split(labels, rng=seed, stratify=labels)
        assert [len(part) for part in parts] == [96, 32, 32]
        other = {"a": 20, "b": 10, "c": 2}
        assert [Counter(part) for part in parts] == [{"a": 60, "b": 30, "c": 6}, other, other]
    train = split([0, 1] * 50, rng=0, stratify=[0, 1] * 50)[0]
    assert train[0::2] != [train[0]] * 30


def frame(array):
    """As much of a pandas object as matters here."""
    return SimpleNamespace(to_numpy=lambda: array)


@pytest.mark.parametrize("kind", [np.asarray, frame])
def test_split_keeps_arrays_and_reads_pandas(kind):
    X, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    (train, labels), _, _ = split(kind(X), kind(y), rng=0, stratify=kind(y % 2))
    assert isinstance(train, np.ndarray)
    assert train.shape == (6, 2)
    assert (train[:, 0] == 2 * labels).all()
    assert sum(labels % 2) == 3


@pytest.mark.parametrize(
    ("tables", "settings", "message"),
    [
        (([1, 2, 3], [1, 2]), {}, "every table has one entry for each sample; got 3 and 2"),
        ((range(10),), {"stratify": [0] * 9}, "every table has one entry for each sample; got 10 and 9"),
        (([],), {}, "there are no samples"),
        (([1, 2, 3],), {}, r"3 samples are too few for parts of .* one would be empty"),
        *(
            ((range(10),), {"fractions": fractions}, "fractions are above 0 and add up to 1, got")
            for fractions in ((0.5, 0.4), (1.2, -0.2), (1.0, 0.0), (math.nan, 1.0), ())
        ),
    ],
)
def test_a_bad_split_is_refused(tables, settings, message):
    with pytest.raises(ValueError, match=message):
        split(*tables, rng=0, **settings)


# ── standardize ─────────────────────────────────────────────────────────────────────────


def test_standardize_by_hand():
    # column 0: μ = 4, σ² = (9 + 1 + 1 + 9)/4 = 5; column 1: μ = 0, σ = 2
    train = [[1.0, -2.0], [3.0, 2.0], [5.0, -2.0], [7.0, 2.0]]
    scaled, other = standardize(train, [[4.0, 6.0]])
    root = math.sqrt(5.0)
    assert scaled == [[-3 / root, -1.0], [-1 / root, 1.0], [1 / root, -1.0], [3 / root, 1.0]]
    assert other == [[0.0, 3.0]]
    assert train[0] == [1.0, -2.0]


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e300, -7.3])
def test_a_constant_column_survives(constant):
    # 0.1 three times does not average to 0.1 in floats, and its σ is not quite 0
    train, other = standardize([[constant, 1.0], [constant, 2.0], [constant, 3.0]], [[constant + 1.0, 2.0]])
    assert [row[0] for row in train] == [0.0, 0.0, 0.0]
    assert other[0][0] == constant + 1.0 - constant


def test_standardize_keeps_arrays():
    rng = np.random.default_rng(0)
    train, other = rng.normal(3.0, 2.0, (50, 4)), rng.normal(size=(5, 4))
    scaled, scaled_other = standardize(train, other)
    assert isinstance(scaled, np.ndarray)
    np.testing.assert_allclose(scaled, (train - train.mean(0)) / train.std(0), rtol=1e-12)
    np.testing.assert_allclose(scaled_other, (other - train.mean(0)) / train.std(0), rtol=1e-12)
    np.testing.assert_allclose(standardize(train[:, 0]), scaled[:, 0], rtol=1e-15)
    as_lists = standardize(train.tolist())
    assert isinstance(as_lists, list)
    np.testing.assert_allclose(as_lists, scaled, rtol=1e-15)


@pytest.mark.parametrize("size", [1e200, 1e-200, 8e307, 5e-324, 3.0])
def test_numbers_of_any_size_are_standardized(size):
    # (0, 1, 2) has the mean 1 and the variance 2/3
    train, other = standardize([[0.0], [size], [2.0 * size]], [[size]])
    assert [x for (x,) in train] == pytest.approx([-math.sqrt(1.5), 0.0, math.sqrt(1.5)], abs=1e-15)
    assert other == [[0.0]]


def test_standardizing_in_another_unit_changes_no_digit():
    rng = random.Random(0)
    for _ in range(100):
        column = [rng.gauss(rng.gauss(0.0, 1e3), rng.lognormvariate(0.0, 3.0)) for _ in range(7)]
        mean = math.fsum(column) / 7
        deviation = math.sqrt(math.fsum((x - mean) * (x - mean) for x in column) / 7)
        assert standardize(column) == [(x - mean) / deviation for x in column]


def test_what_cannot_be_standardized_is_refused():
    with pytest.raises(ValueError, match="every row needs 2 columns, as the first one has; got 3"):
        standardize([[1.0, 2.0]], [[1.0, 2.0, 3.0]])
    with pytest.raises(TypeError, match="expected one real number, got str: 'b'"):
        standardize([[1.0, "b"]])
    with pytest.raises(TypeError, match="a table is a list or an array with one entry for each sample, got"):
        standardize({"a": [1.0]})
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="column 1 of the training part is not finite"):
            standardize([[1.0, 2.0], [1.0, bad]])
    with pytest.raises(ValueError, match="there are no samples"):
        standardize([], [[1.0]])


@pytest.mark.parametrize("dtype", [float, int])
def test_a_table_without_samples_may_be_standardized_beside_another(dtype):
    train, none = standardize(np.eye(2), np.empty((0, 2), dtype=dtype))
    assert (train.tolist(), none.shape, none.dtype) == ([[1.0, -1.0], [-1.0, 1.0]], (0, 2), float)
    assert standardize([1.0, 3.0], []) == ([-1.0, 1.0], [])


# ── mini-batches ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("batch_size", "sizes"), [(4, [4, 4, 2]), (5, [5, 5]), (99, [10])])
@pytest.mark.parametrize("kind", [list, np.array])
def test_every_sample_comes_once_in_an_epoch(kind, batch_size, sizes):
    X, y = kind([[float(i)] for i in range(10)]), kind(list(range(10)))
    batches = list(minibatches(X, y, batch_size=batch_size, rng=0))
    assert [len(batch_X) for batch_X, _ in batches] == sizes
    for batch_X, batch_y in batches:
        assert type(batch_X) is type(X)
        assert [x for (x,) in batch_X] == list(batch_y)
    assert sorted(label for _, batch_y in batches for label in batch_y) == list(range(10))


def test_the_next_epoch_has_another_order():
    rng = random.Random(0)
    first, second = (list(minibatches(list(range(20)), batch_size=20, rng=rng)) for _ in range(2))
    assert first != second
    assert first == list(minibatches(list(range(20)), batch_size=20, rng=0))


def test_bad_minibatches_are_refused_at_once():
    with pytest.raises(ValueError, match="batch_size is a whole number of at least 1, got 0"):
        minibatches([1, 2, 3], batch_size=0, rng=0)
    with pytest.raises(ValueError, match="every table has one entry for each sample; got 3 and 2"):
        minibatches([1, 2, 3], [1, 2], batch_size=2, rng=0)


# ── one-hot ─────────────────────────────────────────────────────────────────────────────


def test_one_hot():
    assert one_hot([1, 0]) == [[0.0, 1.0], [1.0, 0.0]]
    assert one_hot([1, 0], classes=3) == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    assert one_hot(np.array([0, 1]), classes=2) == [[1.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize("label", [-1, 3, 0.5, math.nan, "a"])
def test_a_label_without_a_place_is_refused(label):
    with pytest.raises(TypeError if label == "a" else ValueError, match="whole number from 0 to 2, got"):
        one_hot([0, label], classes=3)
