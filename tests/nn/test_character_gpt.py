"""The language model against NumPy, with the gradients derived on paper; and its words."""

import random
from string import ascii_lowercase

import pytest

import nn
from nn import CharacterGPT, minimize
from tests.benchmarks import numpy_gpt

WORDS = ["ada", "mo", "alessandro"]


@pytest.fixture(scope="module")
def model():
    return CharacterGPT(rng=0)


def small(rng=0):
    return CharacterGPT("abc", width=4, heads=2, block=5, rng=rng)


def test_its_size(model):
    # tokens 27·16, positions 16·16, query, key, value and mix 4·16·16, two layers 2·16·64, logits 27·16
    assert model.parameter_count == 432 + 256 + 1024 + 2048 + 432 == 4192
    assert repr(small()) == "CharacterGPT(4 tokens → 4 dimensions, 2 heads, 244 parameters)"


def test_labels_say_which_matrix_a_number_is_in(model):
    assert [model.tokens.rows[2][0].label, model.query.neurons[0].w[15].label] == ["tokens31", "query1,16"]
    labels = [parameter.label for parameter in model.parameters()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", WORDS)
def test_loss_and_gradients_are_those_derived_on_paper(model, name):
    word = model.encode(name)
    loss, gradients = numpy_gpt.loss_and_gradients(numpy_gpt.matrices(model), word)
    model.zero_grad()
    found = model.loss(word)
    found.backward()
    assert found.data == pytest.approx(loss, rel=1e-12)
    ours = numpy_gpt.matrices(model, lambda parameter: parameter.grad)
    assert ours.keys() == gradients.keys()
    assert sum(g.size for g in ours.values()) == 4192
    for of, g in gradients.items():
        assert ours[of] == pytest.approx(g, rel=1e-9, abs=1e-12), of
        assert g.any()


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])
def test_training_lands_where_numpy_does(compiled):
    model = small()
    weights, words = numpy_gpt.matrices(model), [model.encode(name) for name in ("ab", "cab", "bcaa")]
    adam, losses = numpy_gpt.Adam(weights, rate=0.01), []
    for _ in range(4):
        each = [numpy_gpt.loss_and_gradients(weights, word, heads=2) for word in words]
        losses.append(sum(loss for loss, _ in each) / 3)
        adam.step({of: sum(gradients[of] for _, gradients in each) / 3 for of in weights})
    history = minimize(
        model.loss, words, optimizer=nn.Adam(model.parameters(), lr=0.01), steps=4, compiled=compiled
    )
    assert history.loss == pytest.approx(losses, rel=1e-10)
    for of, w in numpy_gpt.matrices(model).items():
        assert w == pytest.approx(weights[of], rel=1e-9, abs=1e-10), of


def test_no_token_sees_those_after_it(model):
    word = model.encode("ada")
    whole, beginning = model(word), model(word[:3])
    assert [[z.data for z in row] for row in whole[:3]] == [[z.data for z in row] for row in beginning]


def test_words_and_tokens(model):
    assert model.encode("abz") == [26, 0, 1, 25, 26]
    assert model.decode(model.encode("abz")) == "abz"
    assert model.encode("") == [26, 26]
    assert model.longest == 15
    with pytest.raises(ValueError, match="'é' in 'zoé' is not in the alphabet abc"):
        model.encode("zoé")
    with pytest.raises(ValueError, match="has 16 letters, and 15 fit"):
        model.encode("a" * 16)
    with pytest.raises(TypeError, match="a word is text, got int: 5"):
        model.encode(5)
    with pytest.raises(ValueError, match="3 heads do not divide 16 dimensions"):
        CharacterGPT(heads=3)


def test_samples_are_words_of_the_alphabet_and_a_seed_repeats_them(model):
    drawn = [model.sample(seed) for seed in range(3)]
    assert drawn[0] == model.sample(random.Random(0))
    assert len(set(drawn)) == 3
    assert all(set(word) <= set(ascii_lowercase) and len(word) <= 15 for word in drawn)
    with pytest.raises(ValueError, match="temperature is a number above 0"):
        model.sample(0, temperature=0.0)


def test_samples_follow_the_model():
    model = small()
    minimize(
        model.loss, [model.encode(word) for word in ("abc", "abca")], steps=120, progress=False,
        optimizer=nn.Adam(model.parameters(), lr=0.03),
    )  # fmt: skip
    # After a comes b and then c; whether the word ends after abc is a coin, which shows in the loss: log 2
    # at one of the 4 and 5 tokens, and almost nothing at the others.
    assert {model.sample(seed, temperature=0.2) for seed in range(20)} == {"abc", "abca"}
