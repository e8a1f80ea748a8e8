"""A character-level GPT of 4,192 scalars: in plain lists of Values, and in NumPy with its gradients by hand.

One layer, 16 dimensions, 4 heads, words of up to 15 letters between two boundaries, RMSNorm and
ReLU, no biases. The model reads a word token by token and predicts each next one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import nn
from autograd import Value, dot, total

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOUNDARY = len(LETTERS)
TOKENS = BOUNDARY + 1
BLOCK, WIDTH, HEADS = 16, 16, 4
HEAD = WIDTH // HEADS

SHAPES = {
    "tokens": (TOKENS, WIDTH),
    "positions": (BLOCK, WIDTH),
    "queries": (WIDTH, WIDTH),
    "keys": (WIDTH, WIDTH),
    "values": (WIDTH, WIDTH),
    "mixed": (WIDTH, WIDTH),
    "hidden": (4 * WIDTH, WIDTH),
    "narrowed": (WIDTH, 4 * WIDTH),
    "logits": (TOKENS, WIDTH),
}
"""The matrices by name, a row for each output."""

Weights = dict[str, np.ndarray]


def weights(seed: int = 0) -> Weights:
    rng = np.random.default_rng(seed)
    return {name: rng.normal(scale=0.08, size=shape) for name, shape in SHAPES.items()}


def words(count: int, seed: int = 0) -> list[list[int]]:
    """Made-up words of 3 to 10 letters, as tokens between two boundaries."""
    rng = random.Random(seed)
    return [
        [BOUNDARY, *(rng.randrange(BOUNDARY) for _ in range(rng.randint(3, 10))), BOUNDARY]
        for _ in range(count)
    ]


# ── of scalars ──────────────────────────────────────────────────────────────────────────


class CharacterGPT(nn.Module):
    """The model in plain lists of Values.

    linear  what multiplies a matrix with a vector: fused dots, or elementary gates alone
    """

    def __init__(self, numbers: Weights, linear: Callable[..., Any] | None = None) -> None:
        self.linear = linear or (lambda rows, x: [dot(row, x) for row in rows])
        self.tokens = nn.Embedding(TOKENS, WIDTH, rng=0)
        self.tokens.rows = _values(numbers["tokens"])
        self.positions = _values(numbers["positions"])
        self.matrices = {
            name: _values(numbers[name]) for name in SHAPES if name not in ("tokens", "positions")
        }

    def __call__(self, word: Sequence[Any]) -> list[list[Value]]:
        """The logits of each next token, after each token of the word but the last."""
        keys: list[list[Value]] = []
        values: list[list[Value]] = []
        return [self._next(self.tokens(t), p, keys, values) for t, p in zip(word[:-1], self.positions)]  # noqa: B905

    def _next(self, token: list[Value], position: list[Value], keys: Any, values: Any) -> list[Value]:
        times = {name: lambda x, rows=rows: self.linear(rows, x) for name, rows in self.matrices.items()}
        x = normalized([a + b for a, b in zip(token, position, strict=True)])
        before, x = x, normalized(x)
        query = times["queries"](x)
        keys.append(times["keys"](x))
        values.append(times["values"](x))
        attended: list[Value] = []
        for head in range(0, WIDTH, HEAD):
            part = slice(head, head + HEAD)
            shares = nn.softmax([dot(query[part], key[part]) / HEAD**0.5 for key in keys])
            attended += [dot(shares, [value[j] for value in values]) for j in range(head, head + HEAD)]
        x = [a + b for a, b in zip(times["mixed"](attended), before, strict=True)]
        before, x = x, normalized(x)
        x = times["narrowed"]([h.relu() for h in times["hidden"](x)])
        return times["logits"]([a + b for a, b in zip(x, before, strict=True)])  # type: ignore[no-any-return]


def _values(table: np.ndarray) -> list[list[Value]]:
    return [[Value(x) for x in row] for row in table.tolist()]


def normalized(x: list[Value]) -> list[Value]:
    """RMSNorm: x divided by the root of the mean of its squares."""
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [v * scale for v in x]


def loss_of(model: CharacterGPT) -> Callable[[Sequence[Any]], Any]:
    """The mean cross-entropy of a word's tokens."""

    def loss(word: Sequence[Any]) -> Any:
        losses = [nn.softmax_cross_entropy(z, t) for z, t in zip(model(word), word[1:], strict=True)]
        return total(losses) / len(losses)

    return loss


# ── in NumPy ────────────────────────────────────────────────────────────────────────────


def loss_and_gradients(w: Weights, word: Sequence[int]) -> tuple[float, Weights]:
    """The same loss for a whole word at once, and its gradients, derived by hand."""
    read, targets = np.array(word[:-1]), np.array(word[1:])
    n = len(read)
    x0 = w["tokens"][read] + w["positions"][:n]
    x1, s0 = _norm(x0)
    x2, s1 = _norm(x1)
    q, k, v = (_heads(x2 @ w[name].T) for name in ("queries", "keys", "values"))
    scores = q @ k.transpose(0, 2, 1) / HEAD**0.5
    scores[:, ~np.tri(n, dtype=bool)] = -np.inf
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    attended = (shares @ v).transpose(1, 0, 2).reshape(n, WIDTH)
    x3 = attended @ w["mixed"].T + x1
    x4, s3 = _norm(x3)
    h = np.maximum(x4 @ w["hidden"].T, 0.0)
    x5 = h @ w["narrowed"].T + x3
    z = x5 @ w["logits"].T
    z -= z.max(axis=-1, keepdims=True)
    e = np.exp(z)
    sums = e.sum(axis=-1)
    loss = float((np.log(sums) - z[range(n), targets]).mean())

    dz = e / sums[:, None]
    dz[range(n), targets] -= 1.0
    dz /= n
    g = {"logits": dz.T @ x5}
    dx5 = dz @ w["logits"]
    g["narrowed"] = dx5.T @ h
    dh = (dx5 @ w["narrowed"]) * (h > 0.0)
    g["hidden"] = dh.T @ x4
    dx3 = dx5 + _norm_back(dh @ w["hidden"], x3, s3)
    g["mixed"] = dx3.T @ attended
    do = _heads(dx3 @ w["mixed"])
    dshares = do @ v.transpose(0, 2, 1)
    dscores = shares * (dshares - (dshares * shares).sum(axis=-1, keepdims=True)) / HEAD**0.5
    dq, dk, dv = dscores @ k, dscores.transpose(0, 2, 1) @ q, shares.transpose(0, 2, 1) @ do
    dx2 = np.zeros_like(x2)
    for name, d in (("queries", dq), ("keys", dk), ("values", dv)):
        flat = d.transpose(1, 0, 2).reshape(n, WIDTH)
        g[name] = flat.T @ x2
        dx2 += flat @ w[name]
    dx1 = dx3 + _norm_back(dx2, x1, s1)
    dx0 = _norm_back(dx1, x0, s0)
    g["tokens"], g["positions"] = np.zeros_like(w["tokens"]), np.zeros_like(w["positions"])
    np.add.at(g["tokens"], read, dx0)
    g["positions"][:n] = dx0
    return loss, g


def _norm(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = ((x * x).mean(axis=-1, keepdims=True) + 1e-5) ** -0.5
    return x * scale, scale


def _norm_back(dy: np.ndarray, x: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return scale * dy - x * scale**3 * (dy * x).mean(axis=-1, keepdims=True)  # type: ignore[no-any-return]


def _heads(x: np.ndarray) -> np.ndarray:
    return x.reshape(len(x), HEADS, HEAD).transpose(1, 0, 2)
