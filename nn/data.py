"""From a table of samples to what training needs: parts, scale, mini-batches, one-hot targets.

Tables are lists, NumPy arrays or pandas objects with one entry or row for each sample. Lists
stay lists and arrays stay arrays. `rng` is a `random.Random`, an integer seed, or None for
another order each time.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from autograd.arguments import MOST, as_list, real_number, whole_number
from autograd.reals import as_float, kind
from nn.initializers import Rng, find_rng


def sample_count(*tables: Any) -> int:
    """How many samples the tables have.

    Raises ValueError if their lengths differ or are 0, TypeError for anything but a table.
    """
    for table in tables:
        _check_table(table)
    lengths = [len(table) for table in tables]
    if len(set(lengths)) > 1:
        raise ValueError(f"every table has one entry for each sample; got {' and '.join(map(str, lengths))}")
    if not lengths or not lengths[0]:
        raise ValueError("there are no samples")
    return lengths[0]


def _check_table(table: Any) -> None:
    """Raise TypeError for anything without entries in an order."""
    has_entries = hasattr(table, "__len__") and hasattr(table, "__getitem__")
    if not has_entries or isinstance(table, Mapping) or getattr(table, "ndim", 1) == 0:
        raise TypeError(f"a table is a list or an array with one entry for each sample, got {kind(table)}")


def split(
    *tables: Any,
    rng: Rng = None,
    fractions: Sequence[float] = (0.6, 0.2, 0.2),
    stratify: Sequence[Any] | None = None,
) -> tuple[Any, ...]:
    """Parts for training, validation and test: every sample is in exactly one, at random.

    Each part is a tuple with its share of each table, or of a single table the share itself.
    The lecture takes 60/20/20, and 98/1/1 of a million samples.

    stratify  the class of each sample: every part then has the classes in the proportions of
              the whole, up to rounding

    Raises ValueError if tables have different lengths, fractions do not add up to 1, or a part
    would be empty.

    >>> X, y = [[1.0], [2.0], [3.0], [4.0], [5.0]], [1, 2, 3, 4, 5]
    >>> (X_train, y_train), (X_validation, y_validation), (X_test, y_test) = split(X, y, rng=0)
    >>> len(y_train), sorted(y_train + y_validation + y_test)
    (3, [1, 2, 3, 4, 5])
    """
    tables = tuple(map(without_pandas, tables))
    count = sample_count(*tables)
    fractions = [as_float(fraction) for fraction in as_list("fractions", fractions, "numbers")]
    if not all(0.0 < fraction <= 1.0 for fraction in fractions) or abs(math.fsum(fractions) - 1.0) > 1e-9:
        raise ValueError(f"fractions are above 0 and add up to 1, got {tuple(fractions)}")
    cuts = [round(count * math.fsum(fractions[:i])) for i in range(len(fractions) + 1)]
    if len(set(cuts)) < len(cuts):
        raise ValueError(f"{count} samples are too few for parts of {tuple(fractions)}: one would be empty")
    rng = find_rng(rng)
    order = list(range(count))
    rng.shuffle(order)
    if stratify is not None:
        order = _spread_evenly(order, without_pandas(stratify))
    parts = [order[low:high] for low, high in pairwise(cuts)]
    for part in parts:
        rng.shuffle(part)
    return tuple(_select(tables, part) for part in parts)


def _spread_evenly(order: list[int], classes: Sequence[Any]) -> list[int]:
    """The same indices, so that every stretch of them holds the classes in proportion."""
    sample_count(order, classes)
    for name in classes:
        if not isinstance(name, Hashable) or isinstance(name, tuple):
            raise TypeError(f"stratify is the class of each sample, a number or a name; got {kind(name)}")
    members: dict[Any, list[int]] = {}
    for i in order:
        members.setdefault(classes[i], []).append(i)
    place = {i: (rank + 0.5) / len(group) for group in members.values() for rank, i in enumerate(group)}
    return sorted(order, key=place.__getitem__)


def minibatches(*tables: Any, batch_size: int, rng: Rng = None) -> Iterator[Any]:
    """One epoch: every sample once, in random order, `batch_size` at a time.

    Mini-batches are as the parts of `split`; the last one is smaller if the size does not divide the
    number of samples. Pass the same `random.Random` in every epoch for another order each time.

    >>> rng = random.Random(0)
    >>> [X for X, y in minibatches([1, 2, 3, 4, 5], "abcde", batch_size=2, rng=rng)]
    [[3, 2], [1, 5], [4]]
    """
    tables = tuple(map(without_pandas, tables))
    batches = shuffled_batches(sample_count(*tables), batch_size, find_rng(rng))
    return (_select(tables, batch) for batch in batches)


def shuffled_batches(count: int, batch_size: int, rng: random.Random) -> list[list[int]]:
    """The numbers from 0 to count - 1 in random order, `batch_size` at a time."""
    batch_size = whole_number("batch_size", batch_size, at_least=1)
    order = list(range(count))
    rng.shuffle(order)
    return [order[i : i + batch_size] for i in range(0, count, batch_size)]


def standardize(train: Any, *others: Any) -> Any:
    """(x - μ)/σ for each column, with μ and σ of the training part for every part.

    σ divides by n. A column that is constant in the training part is only shifted, to 0; one that is
    not finite is refused. A table of plain numbers counts as one column. To scale new samples in the
    same way later, standardize them together with the same training part.

    >>> standardize([[1.0, 5.0], [3.0, 5.0]], [[2.0, 6.0]])
    ([[-1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0]])
    """
    tables = tuple(map(without_pandas, (train, *others)))
    for table in tables:
        _check_table(table)
    sample_count(tables[0])
    flat = not hasattr(tables[0][0], "__len__")
    rows = [[_row_of_numbers([entry] if flat else entry) for entry in table] for table in tables]
    width = len(rows[0][0])
    for row in (row for part in rows for row in part):
        if len(row) != width:
            raise ValueError(f"every row needs {width} columns, as the first one has; got {len(row)}")
    scales = [_scale(i, column) for i, column in enumerate(zip(*rows[0], strict=True))]

    def scaled(table: Any, part: list[list[float]]) -> Any:
        numbers = [[scale(x) for scale, x in zip(scales, row, strict=True)] for row in part]
        entries = [row[0] for row in numbers] if flat else numbers
        if not hasattr(table, "__array__"):
            return entries
        filled = table.astype(float)
        if entries:
            filled[:] = entries
        return filled

    parts = tuple(map(scaled, tables, rows))
    return parts if others else parts[0]


def _scale(i: int, column: Sequence[float]) -> Callable[[float], float]:
    """What standardizes a number of column i."""
    if not all(map(math.isfinite, column)):
        raise ValueError(f"column {i} of the training part is not finite")
    if min(column) == max(column):
        return lambda x: x - column[0]
    unit = unit_of(column)
    measured = [x * unit for x in column]
    mean = math.fsum(measured) / len(measured)
    deviation = math.sqrt(math.fsum((x - mean) * (x - mean) for x in measured) / len(measured))
    return lambda x: (x * unit - mean) / deviation


def unit_of(numbers: Sequence[float]) -> float:
    """A factor that makes the largest number about 1: a power of 2, which changes no digit.

    Then the squares of 1e200 do not overflow, and those of 1e-200 do not underflow.
    """
    _, exponent = math.frexp(max(map(abs, numbers)))
    return math.ldexp(1.0, -max(exponent, -1000))


def _row_of_numbers(row: Any) -> list[float]:
    return [as_float(x) for x in as_list("a row", row, "numbers")]


def one_hot(labels: Sequence[int], classes: int | None = None) -> list[list[float]]:
    """For each label, a row of 0s with a 1 at the label's place.

    labels   class numbers from 0
    classes  the length of a row; by default one more than the largest label

    >>> one_hot([0, 2, 1])
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    sample_count(labels)
    most = MOST if classes is None else whole_number("classes", classes, 1, MOST)
    wanted = f"a whole number from 0 to {most - 1:,}"
    numbers = [
        int(real_number("a label", label, wanted, lambda x: x.is_integer() and 0.0 <= x < most))
        for label in labels
    ]
    places = range(max(numbers) + 1 if classes is None else classes)
    return [[1.0 if place == number else 0.0 for place in places] for number in numbers]


def without_pandas(table: Any) -> Any:
    """A pandas table as an array; anything else as it is."""
    return table.to_numpy() if hasattr(table, "to_numpy") else table


def _select(tables: tuple[Any, ...], indices: list[int]) -> Any:
    """The samples at these indices of each table; of a single table, without the tuple."""
    chosen = tuple(
        table[indices] if hasattr(table, "__array__") else [table[i] for i in indices] for table in tables
    )
    return chosen if len(chosen) > 1 else chosen[0]
