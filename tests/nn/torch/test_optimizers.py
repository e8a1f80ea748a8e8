"""The optimizers against torch.optim, where the formulas coincide."""

from collections.abc import Callable

import pytest
import torch

from autograd import Value
from nn import SGD, Adam, AdamW, Momentum, Optimizer, RMSProp

# With ε as good as absent it does not matter which side of the root it is on.
INSIDE, OUTSIDE = 1e-30, 1e-15

PAIRS: list[tuple[Callable[..., Optimizer], Callable[..., torch.optim.Optimizer]]] = [
    (lambda w: SGD(w, lr=0.003), lambda w: torch.optim.SGD(w, lr=0.003)),
    (
        lambda w: Momentum(w, lr=0.004, beta=0.75),
        lambda w: torch.optim.SGD(w, lr=0.004 * 0.25, momentum=0.75),
    ),
    (
        lambda w: RMSProp(w, lr=0.01, beta=0.8, epsilon=INSIDE),
        lambda w: torch.optim.RMSprop(w, lr=0.01, alpha=0.8, eps=OUTSIDE),
    ),
    (
        lambda w: Adam(w, lr=0.02, beta1=0.8, beta2=0.95, epsilon=INSIDE),
        lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.8, 0.95), eps=OUTSIDE),
    ),
    (
        lambda w: AdamW(w, lr=0.02, beta1=0.8, beta2=0.95, epsilon=INSIDE, weight_decay=0.1),
        lambda w: torch.optim.AdamW(w, lr=0.02, betas=(0.8, 0.95), eps=OUTSIDE, weight_decay=0.1),
    ),
]


@pytest.mark.parametrize(("make", "make_torch"), PAIRS)
def test_fifty_steps_down_rosenbrocks_valley(make, make_torch):
    start = (-1.2, 1.0)
    x, y = map(Value, start)
    u, v = (torch.tensor(number, dtype=torch.float64, requires_grad=True) for number in start)
    ours, theirs = make([x, y]), make_torch([u, v])
    for _ in range(50):
        ours.zero_grad()
        theirs.zero_grad()
        ((1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2).backward()
        ((1.0 - u) ** 2 + 100.0 * (v - u * u) ** 2).backward()
        ours.step()
        theirs.step()
        assert [x.data, y.data] == pytest.approx([u.item(), v.item()], rel=1e-10)
