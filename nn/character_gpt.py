"""A language model to read whole: it continues a word, letter by letter, and is made of scalars.

>>> model = CharacterGPT(rng=0)
>>> model
CharacterGPT(27 tokens → 16 dimensions, 4 heads, 4192 parameters)
>>> word = model.encode("ada")
>>> word, model.decode(word)
([26, 0, 3, 0, 26], 'ada')
>>> round(model.loss(word).data, 1)  # it has learnt nothing yet, and a blind guess costs log 27 = 3.3
3.6
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from operator import add
from string import ascii_lowercase
from typing import Any

from autograd.arguments import MOST, counted, real_number, whole_number
from autograd.fused import total
from autograd.grad_mode import no_grad
from autograd.parameter_names import label_of, path_of
from autograd.reals import kind, shortened
from autograd.value import Value
from nn.activations import softmax
from nn.attention import attention, rms_norm
from nn.embedding import Embedding
from nn.initializers import Rng, find_rng
from nn.layers import Layer
from nn.losses import softmax_cross_entropy
from nn.module import Module

_DEVIATION = 0.08  # of all weights at the start


class CharacterGPT(Module):
    """A transformer of one block, which reads a word and predicts each next letter.

    A token is a letter, or the boundary, which begins and ends every word. A token and its
    position become a vector; each vector looks back at those before it and at itself, through
    a few heads of attention; what they hand on is added to it, and so is what two layers make
    of it. A last layer turns it into the logits of the next token. There are no biases.

    alphabet  the letters
    width     how many dimensions the vectors have
    heads     into how many equal parts attention divides them
    block     how many tokens it can read: words have fewer letters
    rng       a random.Random or an integer seed; None for other weights in every run

    Source: Radford et al. 2019 (GPT-2), with RMSNorm for LayerNorm and ReLU for GELU, as in
    Karpathy's microgpt.
    """

    def __init__(
        self,
        alphabet: str = ascii_lowercase,
        *,
        width: int = 16,
        heads: int = 4,
        block: int = 16,
        rng: Rng = None,
    ) -> None:
        self.alphabet, self.boundary = alphabet, len(alphabet)
        width, heads = whole_number("width", width, 1, MOST), whole_number("heads", heads, 1, MOST)
        if width % heads:
            raise ValueError(f"{heads} heads do not divide {width} dimensions into equal parts")
        size = width // heads
        self.heads = [slice(start, start + size) for start in range(0, width, size)]
        rng, tokens = find_rng(rng), self.boundary + 1
        self.tokens = Embedding(tokens, width, _DEVIATION, rng)
        self.positions = Embedding(block, width, _DEVIATION, rng)
        layer = partial(Layer, bias=False, init=lambda rng, n_in, n_out: rng.gauss(0.0, _DEVIATION), rng=rng)
        self.query, self.key, self.value, self.mix = (layer(width, width) for _ in range(4))
        self.widen, self.narrow = layer(width, 4 * width, "relu"), layer(4 * width, width)
        self.logits = layer(width, tokens)
        for name, parameter in self.named_parameters():  # a listing then says which matrix a number is in
            parameter.label = label_of(name.partition(".")[0], path_of(name))

    def __call__(self, word: Sequence[Any]) -> list[list[Value]]:
        """After each token of a word the logits of the next one."""
        keys: list[list[Value]] = []
        values: list[list[Value]] = []
        return [self.next_logits(token, place, keys, values) for place, token in enumerate(word)]

    def next_logits(self, token: Any, place: int, keys: list[Any], values: list[Any]) -> list[Value]:
        """The logits after one more token, whose key and value join those of the tokens before it."""
        x = rms_norm(_sum(self.tokens(token), self.positions(place)))

        normed = rms_norm(x)
        query = self.query(normed)
        keys.append(self.key(normed))
        values.append(self.value(normed))
        attended = []
        for head in self.heads:
            attended += attention(query[head], [k[head] for k in keys], [v[head] for v in values])
        x = _sum(x, self.mix(attended))

        x = _sum(x, self.narrow(self.widen(rms_norm(x))))
        return self.logits(x)

    def loss(self, word: Sequence[Any]) -> Value:
        """The mean of -log P(next token) over the tokens of a word, from `encode`: in nats per token."""
        losses = [softmax_cross_entropy(z, t) for z, t in zip(self(word[:-1]), word[1:], strict=True)]
        mean: Value = total(losses) / len(losses)
        return mean

    # ── words ───────────────────────────────────────────────────────────────────────────

    def encode(self, word: str) -> list[int]:
        """The tokens of a word, between two boundaries.

        Raises ValueError, naming it, for a letter that is not in the alphabet, and for a word that
        is too long.
        """
        if not isinstance(word, str):
            raise TypeError(f"a word is text, got {kind(word)}")
        strange = [letter for letter in word if letter not in self.alphabet]
        if strange:
            raise ValueError(f"{strange[0]!r} in {shortened(word)} is not in the alphabet {self.alphabet}")
        if len(word) > self.longest:
            raise ValueError(f"{shortened(word)} has {len(word)} letters, and {self.longest} fit")
        return [self.boundary, *map(self.alphabet.index, word), self.boundary]

    def decode(self, word: Sequence[int]) -> str:
        """The letters of tokens, without the boundaries."""
        return "".join(self.alphabet[token] for token in word if token != self.boundary)

    @property
    def longest(self) -> int:
        """How many letters a word can have."""
        return len(self.positions.rows) - 1

    def sample(self, rng: Rng = None, temperature: float = 1.0) -> str:
        """A new word: each token drawn from what the model predicts after those before it.

        temperature  divides the logits: below 1 likely letters become likelier

        A word that finds no end is cut after `longest` letters.
        """
        rng = find_rng(rng)
        temperature = real_number("temperature", temperature, "a number above 0", lambda t: t > 0.0)
        word = [self.boundary]
        with no_grad():
            while len(word) <= self.longest and (len(word) == 1 or word[-1] != self.boundary):
                shares = softmax([z.data / temperature for z in self(word)[-1]])
                word += rng.choices(range(len(shares)), shares)
        return self.decode(word)

    def _description(self) -> str:
        tokens, width = len(self.tokens.rows), len(self.tokens.rows[0])
        return f"{tokens} tokens → {width} dimensions, {counted(len(self.heads), 'head')}"


def _sum(a: Sequence[Value], b: Sequence[Value]) -> list[Value]:
    return list(map(add, a, b))
