"""minimize: any loss, with any parameters, and `fit` as the case with pairs."""

from __future__ import annotations

from typing import Any

import pytest

import nn
from autograd import Draw, GateError, RecordingError, Value, log
from nn import SGD, Adam, fit, minimize

MODES = pytest.mark.parametrize("compiled", [False, True], ids=["eager", "compiled"])


@MODES
def test_a_loss_without_data(compiled: bool) -> None:
    # (x-3)² + (y+1)²: each step halves the distance, as 1 - 2·0.25 says
    x, y = Value(5.0, "x"), Value(1.0, "y")
    history = minimize(
        lambda: (x - 3.0) ** 2 + (y + 1.0) ** 2, optimizer=SGD([x, y], lr=0.25), steps=3, compiled=compiled
    )
    assert (x.data, y.data) == (3.25, -0.75)
    assert history.loss == [8.0, 2.0, 0.5]
    assert repr(history) == "History(3 steps: loss 8 → 0.5)"


@MODES
def test_all_data_in_every_step_by_default(compiled: bool) -> None:
    # the gradient of the mean of ½(m - y)² is m less the mean of the data
    m, data = Value(0.0), [1.0, 2.0, 6.0]
    optimizer = SGD([m], lr=1.0)
    history = minimize(
        lambda y: nn.squared_error(m, y), data, optimizer=optimizer, steps=2, compiled=compiled
    )
    assert m.data == pytest.approx(3.0)
    assert history.loss == pytest.approx([(1.0 + 4.0 + 36.0) / 6, (4.0 + 1.0 + 9.0) / 6])


@pytest.mark.parametrize("updated", [(0, 2), (0, 1, 2, 3)], ids=["every other parameter", "all"])
def test_parameters_are_used_in_any_order(updated: tuple[int, ...]) -> None:
    def trained(compiled: bool) -> list[float]:
        p = [Value(1.0), Value(2.0), Value(3.0), Value(4.0)]
        losses = {
            1: lambda x: (p[0] * x + p[1]) * p[2] * x + p[3],
            2: lambda x: (p[0] * x + p[2]) * p[1] * x + p[3],
        }
        optimizer = SGD([p[i] for i in updated], lr=0.01)
        data = [[1.0], [0.5, 2.0], [2.0]]
        minimize(lambda x: losses[len(x)](x[-1]), data, optimizer=optimizer, steps=5, compiled=compiled)
        return [parameter.data for parameter in p]

    assert trained(compiled=True) == pytest.approx(trained(compiled=False))


@MODES
def test_mini_batches_go_through_the_data_again_and_again(compiled: bool) -> None:
    m, data = Value(0.0), [1.0, 2.0, 4.0, 8.0, 16.0]
    history = minimize(
        lambda y: y + 0.0 * m, data, batch_size=2, optimizer=SGD([m], lr=1.0), steps=6, rng=0,
        compiled=compiled,
    )  # fmt: skip
    first, second = history.loss[:3], history.loss[3:]
    for epoch in (first, second):  # two mini-batches of two and one of one
        assert 2 * epoch[0] + 2 * epoch[1] + epoch[2] == sum(data)
    assert first != second


@MODES
def test_fit_is_the_case_with_pairs(compiled: bool) -> None:
    X, y = [[1.0, -0.5], [0.3, 2.0], [-1.0, 0.7], [0.1, 0.2]], [0.5, 2.3, -0.3, 0.3]
    one, same = nn.MLP(2, [3, 1], "tanh", rng=0), nn.MLP(2, [3, 1], "tanh", rng=0)
    settings: dict[str, Any] = {"batch_size": 2, "rng": 3, "compiled": compiled}
    fitted = fit(one, nn.squared_error, X, y, optimizer=Adam(one.parameters(), lr=0.05), epochs=5, **settings)
    history = minimize(
        lambda pair: nn.squared_error(same(pair[:2]), pair[2]),
        [[*x, target] for x, target in zip(X, y, strict=True)],
        optimizer=Adam(same.parameters(), lr=0.05), steps=10, **settings,
    )  # fmt: skip
    assert [p.data for p in same.parameters()] == pytest.approx([p.data for p in one.parameters()], rel=1e-12)
    assert [sum(history.loss[i : i + 2]) / 2 for i in range(0, 10, 2)] == pytest.approx(fitted.loss)


def recurrent(word: Any, w: Value, v: Value) -> Any:
    """The last state of h ← tanh(w·x + v·h), which reads a word of any length."""
    state: Any = 0.0
    for x in word:
        state = (w * x + v * state).tanh()
    return state


@pytest.mark.parametrize(("batch_size", "draws"), [(None, False), (1, True), (2, False), (3, True)])
def test_samples_of_any_length(batch_size: int | None, draws: bool) -> None:
    words = [[0.5], [1.0, -1.0], [0.3, 0.4, 0.5, 0.6], [-0.7], [0.1, 0.2], [1.0, 1.0, -1.0]]
    ends = []
    for compiled in (False, True):
        w, v = Value(0.5, "w"), Value(-0.3, "v")

        def loss(word: Any, w: Value = w, v: Value = v) -> Any:
            noise = Draw(lambda: 0.25, 0.0) if draws else 0.25  # drawn, and yet always the same
            return (recurrent(word, w, v) - 0.2 * word[0] + noise) ** 2

        history = minimize(
            loss, words, optimizer=Adam([w, v], lr=0.1, clip_norm=0.5), steps=20,
            batch_size=batch_size, rng=0, compiled=compiled,
        )  # fmt: skip
        ends.append(([w.data, v.data, w.grad, v.grad], history.loss))
    assert ends[1][0] == pytest.approx(ends[0][0], rel=1e-9)
    assert ends[1][1] == pytest.approx(ends[0][1], rel=1e-9)


def test_fit_with_samples_of_any_length_validates_on_lengths_it_has_not_met() -> None:
    class Reader(nn.Module):
        def __init__(self) -> None:
            self.w, self.v, self.out = Value(0.5), Value(-0.3), nn.Layer(1, 2, rng=0)

        def __call__(self, word: Any) -> Any:
            return self.out([recurrent(word, self.w, self.v)])

    X, y = [[1.0], [0.5, 0.5], [-1.0], [0.5, -0.5]], [0, 1, 0, 1]
    held_out = ([[1.0, 0.5, 0.2], [0.3], [0.1, 0.1]], [1, 0, 0])
    histories = []
    for compiled in (False, True):
        model = Reader()
        histories.append(
            fit(
                model, nn.softmax_cross_entropy, X, y, validation=held_out, metrics=[nn.accuracy],
                optimizer=Adam(model.parameters(), lr=0.05), epochs=4, batch_size=3, rng=1, compiled=compiled,
            )
        )  # fmt: skip
    assert histories[1].loss == pytest.approx(histories[0].loss, rel=1e-9)
    assert histories[1].validation_loss == pytest.approx(histories[0].validation_loss, rel=1e-9)
    assert histories[1].metrics == histories[0].metrics


@MODES
@pytest.mark.parametrize("data", [[[1.0], [2.0], [-3.0]], [[1.0], [2.0, 3.0], [1.0, -3.0]]])
def test_an_error_names_step_and_sample(data: Any, compiled: bool) -> None:
    m = Value(1.0)
    with pytest.raises(GateError, match=r"log\(.*\) is not defined: .*\(sample 2\)") as caught:
        minimize(lambda word: log(m * word[-1]), data, optimizer=SGD([m], lr=0.1), steps=7, compiled=compiled)
    assert caught.value.__notes__ == ["in step 1 of 7; History(0 steps) so far"]
    assert m.data == 1.0


def test_arguments_that_do_not_fit_are_refused() -> None:
    m = Value(1.0)
    good: dict[str, Any] = {"optimizer": SGD([m], lr=0.1), "steps": 1}
    with pytest.raises(TypeError, match=r"loss is a function, such as lambda sample: .* got float: 3\.0"):
        minimize(3.0, **good)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"optimizer is one of the parameters to change, .* got list"):
        minimize(lambda: m, **good | {"optimizer": [m]})
    with pytest.raises(ValueError, match="there are no data"):
        minimize(lambda y: m, [], **good)
    with pytest.raises(ValueError, match="steps is a whole number of at least 1, got 0"):
        minimize(lambda: m, **good | {"steps": 0})


@MODES
@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda m: None, "the loss is one number, .* got NoneType: None"),
        (lambda m: [m * m], r"the loss is one number, .* got list: \[Value"),
        (lambda m: 2.0, "the loss does not depend on the parameters that the optimizer updates"),
        (lambda m: Value(1.0) * 2.0, "the loss does not depend on the parameters that the optimizer updates"),
    ],
)
def test_a_loss_that_cannot_be_made_small_is_refused(loss: Any, message: str, compiled: bool) -> None:
    m = Value(1.0)
    with pytest.raises(TypeError, match=message):
        minimize(lambda y: loss(m), [1.0, 2.0], optimizer=SGD([m], lr=0.1), steps=1, compiled=compiled)
    assert m.data == 1.0


@MODES
def test_a_loss_that_was_computed_beforehand_is_refused(compiled: bool) -> None:
    w = Value(5.0, "w")
    loss = (w - 3.0) ** 2
    refused = RecordingError if compiled else ValueError
    with pytest.raises(refused, match=r"subtract\(w = .*, 3\.0\) was computed before the (recording|update)"):
        minimize(lambda: loss, optimizer=SGD([w], lr=0.1), steps=100, compiled=compiled)
    assert w.data == (5.0 if compiled else 5.0 - 0.1 * 4.0)
    cache = {}  # by the number, which is right after every update
    square = lambda: cache.setdefault(w.data, (w - 3.0) ** 2)  # noqa: E731
    if not compiled:
        minimize(square, optimizer=SGD([w], lr=0.25), steps=20)
        assert w.data == pytest.approx(3.0, abs=1e-4)


@MODES
@pytest.mark.parametrize("other", [lambda a: a, lambda a: 0.0])
@pytest.mark.parametrize(("batch_size", "steps", "end"), [(None, 1, 0.75), (1, 2, 0.5)])
def test_a_parameter_may_have_a_part_in_one_sample_alone(
    other: Any, batch_size: int | None, steps: int, end: float, compiled: bool
) -> None:
    a, b = Value(1.0), Value(1.0)
    minimize(
        lambda word: other(a) if len(word) == 1 else a + b, [[1.0], [1.0, 1.0]], batch_size=batch_size,
        optimizer=SGD([b], lr=0.5), steps=steps, compiled=compiled,
    )  # fmt: skip
    assert b.data == end  # the mean of the slopes 0 and 1, or each in its turn


@MODES
def test_gradients_are_of_the_last_update_and_those_of_other_leaves_add_up_but_for_compiled(
    compiled: bool,
) -> None:
    x, scale = Value(4.0), Value(1.0)
    minimize(lambda: scale * x, optimizer=SGD([x], lr=1.0), steps=3, compiled=compiled)  # x = 4, 3, 2
    assert (x.grad, scale.grad) == (1.0, 2.0 if compiled else 9.0)
