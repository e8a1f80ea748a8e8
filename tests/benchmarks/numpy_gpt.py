"""The language model of `nn.CharacterGPT` in NumPy: its gradients derived by hand, and Adam."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograd import Value
from nn import CharacterGPT

Matrices = dict[str, np.ndarray]
"""By name, as attributes of the model; a row for each token, place or neuron."""


def matrices(model: CharacterGPT, number: Callable[[Value], float] = lambda p: p.data) -> Matrices:
    """A number of each parameter, such as its gradient."""
    embeddings = {"tokens": model.tokens.rows, "positions": model.positions.rows}
    layers = ("query", "key", "value", "mix", "widen", "narrow", "logits")
    rows = embeddings | {name: [neuron.w for neuron in getattr(model, name).neurons] for name in layers}
    return {name: np.array([[number(p) for p in row] for row in table]) for name, table in rows.items()}


def loss_and_gradients(w: Matrices, word: Sequence[int], heads: int = 4) -> tuple[float, Matrices]:
    """The loss of a word, all its tokens at once, and its gradients, derived on paper."""
    read, targets = np.array(word[:-1]), np.array(word[1:])
    n, width = len(read), w["tokens"].shape[1]
    x0 = w["tokens"][read] + w["positions"][:n]
    x1, s0 = _norm(x0)
    x2, s1 = _norm(x1)
    q, k, v = (_heads(x2 @ w[name].T, heads) for name in ("query", "key", "value"))
    size = width // heads
    scores = q @ k.transpose(0, 2, 1) / size**0.5
    scores[:, ~np.tri(n, dtype=bool)] = -np.inf
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares /= shares.sum(axis=-1, keepdims=True)
    attended = (shares @ v).transpose(1, 0, 2).reshape(n, width)
    x3 = attended @ w["mix"].T + x1
    x4, s3 = _norm(x3)
    h = np.maximum(x4 @ w["widen"].T, 0.0)
    x5 = h @ w["narrow"].T + x3
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
    g["narrow"] = dx5.T @ h
    dh = (dx5 @ w["narrow"]) * (h > 0.0)
    g["widen"] = dh.T @ x4
    dx3 = dx5 + _norm_back(dh @ w["widen"], x3, s3)
    g["mix"] = dx3.T @ attended
    do = _heads(dx3 @ w["mix"], heads)
    dshares = do @ v.transpose(0, 2, 1)
    dscores = shares * (dshares - (dshares * shares).sum(axis=-1, keepdims=True)) / size**0.5
    dq, dk, dv = dscores @ k, dscores.transpose(0, 2, 1) @ q, shares.transpose(0, 2, 1) @ do
    dx2 = np.zeros_like(x2)
    for name, d in (("query", dq), ("key", dk), ("value", dv)):
        flat = d.transpose(1, 0, 2).reshape(n, width)
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
    return scale * dy - x * scale**3 * (dy * x).mean(axis=-1, keepdims=True)


def _heads(x: np.ndarray, heads: int) -> np.ndarray:
    return x.reshape(len(x), heads, -1).transpose(1, 0, 2)


class Adam:
    """w ← w - η·m̂/√(ŝ + ε), with the moving means of the gradients and of their squares in m and s."""

    def __init__(
        self, weights: Matrices, rate: float, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        self.weights, self.settings, self.steps = weights, (rate, beta1, beta2, epsilon), 0
        self.means, self.squares = ({k: np.zeros_like(w) for k, w in weights.items()} for _ in range(2))

    def step(self, gradients: Matrices) -> None:
        rate, beta1, beta2, epsilon = self.settings
        self.steps += 1
        for name, g in gradients.items():
            m, s = self.means[name], self.squares[name]
            m += (1.0 - beta1) * (g - m)
            s += (1.0 - beta2) * (g * g - s)
            corrected = s / (1.0 - beta2**self.steps) + epsilon
            self.weights[name] -= rate / (1.0 - beta1**self.steps) * m / np.sqrt(corrected)
