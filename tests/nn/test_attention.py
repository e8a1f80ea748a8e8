"""Attention and RMSNorm against numbers computed by hand."""

import math

import pytest

from autograd import dot, gradcheck
from nn import attention, rms_norm


def test_attention_is_a_mean_weighted_by_a_softmax_of_dot_products():
    # scores 2·log 3/√4 and 0: weights 3/4 and 1/4
    query, keys = [2.0, 0.0, 0.0, 0.0], [[math.log(3), 5.0, 5.0, 5.0], [0.0, 7.0, 7.0, 7.0]]
    assert attention(query, keys, [[8.0, 1.0, 0.0], [4.0, 1.0, -4.0]]) == pytest.approx([7.0, 1.0, -1.0])


def test_one_key_takes_everything():
    assert attention([3.0], [[-40.0]], [[2.0, 5.0]]) == [2.0, 5.0]


def test_rms_norm_gives_squares_of_mean_one():
    # 1, 7: the mean of 1 and 49 is 25
    assert rms_norm([1.0, -7.0]) == pytest.approx([0.2, -1.4], rel=1e-6)
    assert rms_norm([0.0, 0.0]) == [0.0, 0.0]
    tiny = rms_norm([1e-3])[0]  # ε is beside the mean of the squares, under the root
    assert tiny == pytest.approx(1e-3 / math.sqrt(1e-6 + 1e-5))


def test_their_gradients():
    query, keys = [0.9, -0.4], [[0.3, -1.0], [0.8, 0.1], [-0.2, 0.4]]
    values = [[1.0, 2.0], [0.5, -1.0], [-3.0, 0.7]]
    gradcheck(lambda q, k, v: dot([2.0, -1.0], attention(q, k, v)), [query, keys, values])
    gradcheck(lambda x: dot([1.0, -2.0, 0.5], rms_norm(x)), [[1.0, 0.2, -0.7]])


@pytest.mark.parametrize(
    ("query", "keys", "values", "words"),
    [
        ([1.0], [[1.0], [2.0]], [[1.0]], "each key has its value: got 2 keys and 1 values"),
        ([1.0], [], [], "got 0 keys and 0 values"),
        ([1.0], [[1.0, 2.0]], [[1.0]], "sequences of one length"),
    ],
)
def test_what_does_not_fit_is_refused(query, keys, values, words):
    with pytest.raises(ValueError, match=words):
        attention(query, keys, values)
