"""Optimizers against steps worked out by hand, and on two functions with a known minimum."""

import inspect
import json
import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from autograd import GateError, Value
from nn import SGD, Adam, AdamW, Momentum, Neuron, Optimizer, RMSProp, gradient_norm, linear_schedule
from nn.update_rules import adam, adamw, momentum, norm, rmsprop, sgd

OPTIMIZERS = [SGD, Momentum, RMSProp, Adam, AdamW]

INFINITE = float("inf")  # another object than math.inf


def descend(optimizer: Optimizer, loss: Callable[[], Value], steps: int) -> list[list[float]]:
    """The parameters after each step."""
    path = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        path.append([parameter.data for parameter in optimizer.parameters])
    return path


def parameters(*numbers: float) -> list[Value]:
    return [Value(number, f"w{i}") for i, number in enumerate(numbers)]


# ── three steps on f(w) = w², dw = 2w, from w = 2 ───────────────────────────────────────


def three_steps(make: Callable[[list[Value]], Optimizer]) -> list[float]:
    [w] = parameters(2.0)
    return [number for [number] in descend(make([w]), lambda: w * w, 3)]


def test_sgd_by_hand():
    # dw = 4, 2, 1; each step takes a quarter of it
    assert three_steps(lambda w: SGD(w, lr=0.25)) == [1.0, 0.5, 0.25]


def test_momentum_by_hand():
    # dw = 4, V = ½·0 + ½·4 = 2, w = 2 - ½·2 = 1
    # dw = 2, V = ½·2 + ½·2 = 2, w = 1 - ½·2 = 0
    # dw = 0, V = ½·2 + ½·0 = 1, w = 0 - ½·1 = -½
    assert three_steps(lambda w: Momentum(w, lr=0.5, beta=0.5)) == [1.0, 0.0, -0.5]


def test_rmsprop_by_hand():
    # dw = 4, S = ¾·0 + ¼·16 = 4, √(4 + 5) = 3, w = 2 - ¾·4/3 = 1
    # dw = 2, S = ¾·4 + ¼·4 = 4, √(4 + 5) = 3, w = 1 - ¾·2/3 = ½
    # dw = 1, S = ¾·4 + ¼·1 = 3¼, √(3¼ + 5) = √(33/4), w = ½ - ¾/√(33/4) = ½ - 3/(2√33)
    expected = [1.0, 0.5, float(mpmath.mpf("0.5") - 3 / (2 * mpmath.sqrt(33)))]
    assert three_steps(lambda w: RMSProp(w, lr=0.75, beta=0.75, epsilon=5.0)) == pytest.approx(
        expected, rel=1e-15
    )


def test_adam_by_hand():
    # with β1 = ½, β2 = ¾, ε = 9, α = 5/8:
    # t = 1: dw = 4, V = 2, V̂ = 2/(1/2) = 4; S = 4, Ŝ = 4/(1/4) = 16; √25 = 5; w = 2 - 5/8·4/5 = 3/2
    # t = 2: dw = 3, V = 5/2, V̂ = (5/2)/(3/4) = 10/3; S = 3 + 9/4 = 21/4, Ŝ = (21/4)/(7/16) = 12;
    #        √21; w = 3/2 - 5/8·(10/3)/√21 = 3/2 - 25/(12√21)
    # t = 3: dw = 2w, V = 5/4 + w, V̂ = V/(7/8); S = 63/16 + w², Ŝ = S/(37/64)
    first = mpmath.mpf(3) / 2
    second = first - 25 / (12 * mpmath.sqrt(21))
    v_hat = (mpmath.mpf(5) / 4 + second) * 8 / 7
    s_hat = (mpmath.mpf(63) / 16 + second**2) * 64 / 37
    third = second - mpmath.mpf(5) / 8 * v_hat / mpmath.sqrt(s_hat + 9)
    expected = [float(first), float(second), float(third)]
    got = three_steps(lambda w: Adam(w, lr=0.625, beta1=0.5, beta2=0.75, epsilon=9.0))
    assert got == pytest.approx(expected, rel=1e-15)


def test_adamw_by_hand():
    # as Adam, and λ = ½ takes α·λ·w = 5/16·w off each time:
    # t = 1: w = 2 - 5/8·4/5 - 5/16·2 = 7/8
    # t = 2: dw = 7/4, V = 1 + 7/8 = 15/8, V̂ = (15/8)/(3/4) = 5/2; S = 3 + 49/64 = 241/64,
    #        Ŝ = (241/64)/(7/16) = 241/28; √(241/28 + 9) = √(493/28); w = 7/8·11/16 - 5/8·(5/2)/√(493/28)
    # t = 3: dw = 2w, V = 15/16 + w, V̂ = V/(7/8); S = 723/256 + w², Ŝ = S/(37/64)
    first = mpmath.mpf(7) / 8
    second = first * 11 / 16 - mpmath.mpf(25) / 16 / mpmath.sqrt(mpmath.mpf(493) / 28)
    v_hat = (mpmath.mpf(15) / 16 + second) * 8 / 7
    s_hat = (mpmath.mpf(723) / 256 + second**2) * 64 / 37
    third = second * 11 / 16 - mpmath.mpf(5) / 8 * v_hat / mpmath.sqrt(s_hat + 9)
    expected = [float(first), float(second), float(third)]
    got = three_steps(lambda w: AdamW(w, lr=0.625, beta1=0.5, beta2=0.75, epsilon=9.0, weight_decay=0.5))
    assert got == pytest.approx(expected, rel=1e-15)


def test_averages_that_forget_most():
    # β = ¼: dw = 4, V = ¾·4 = 3, V̂ = 3/(3/4) = 4; S = ¾·16 = 12, Ŝ = 12/(3/4) = 16
    assert momentum(2.0, 4.0, 0.0, 1, 0.5, 0.25) == (0.5, 3.0)
    assert rmsprop(2.0, 4.0, 0.0, 1, 0.75, 0.25, 4.0) == (1.25, 12.0)
    assert adam(2.0, 4.0, 0.0, 0.0, 1, 0.625, 0.25, 0.25, 9.0) == (1.5, 3.0, 12.0)
    assert adamw(2.0, 4.0, 0.0, 0.0, 1, 0.625, 0.25, 0.25, 9.0, 0.5) == (0.875, 3.0, 12.0)


def test_defaults_are_those_of_the_lecture_and_the_papers():
    w = parameters(1.0)
    assert Momentum(w, 0.1).hyperparameters() == (0.1, 0.9)
    assert RMSProp(w).hyperparameters() == (0.001, 0.9, 1e-8)
    assert Adam(w).hyperparameters() == (0.001, 0.9, 0.999, 1e-8)
    assert AdamW(w).hyperparameters() == (0.001, 0.9, 0.999, 1e-8, 0.01)


# ── minima ──────────────────────────────────────────────────────────────────────────────

SETTLING = [
    (SGD, {"lr": 0.1}, 1e-6),
    (Momentum, {"lr": 0.1}, 1e-6),
    (RMSProp, {"lr": linear_schedule(0.05, 0.0, 1000)}, 1e-3),
    (Adam, {"lr": 0.05}, 1e-6),
    (AdamW, {"lr": 0.05, "weight_decay": 0.0}, 1e-6),
]


@pytest.mark.parametrize(("make", "settings", "tolerance"), SETTLING)
def test_parabola(make, settings, tolerance):
    w, v = parameters(-4.0, 5.0)
    descend(make([w, v], **settings), lambda: (w - 3.0) ** 2 + 0.5 * (v + 1.0) ** 2, 1000)
    assert [w.data, v.data] == pytest.approx([3.0, -1.0], abs=tolerance)


ROSENBROCK = [
    (SGD, {"lr": 0.002}),
    (Momentum, {"lr": 0.005}),
    (RMSProp, {"lr": linear_schedule(0.01, 0.0, 6000)}),
    (Adam, {"lr": 0.02}),
    (AdamW, {"lr": 0.02, "weight_decay": 0.0}),
]


@pytest.mark.parametrize(("make", "settings"), ROSENBROCK)
def test_rosenbrock_valley(make, settings):
    # (1 - x)² + 100(y - x²)²: a curved valley, its floor falling slowly to (1, 1)
    x, y = parameters(-1.2, 1.0)
    descend(make([x, y], **settings), lambda: (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2, 6000)
    assert [x.data, y.data] == pytest.approx([1.0, 1.0], abs=0.02)


# ── rules are data ──────────────────────────────────────────────────────────────────────


ARGUMENTS = [
    (sgd, (2.0, -0.5, 3, 0.1)),
    (momentum, (2.0, -0.5, 0.3, 3, 0.1, 0.9)),
    (rmsprop, (2.0, -0.5, 0.2, 3, 0.1, 0.9, 1e-8)),
    (adam, (2.0, -0.5, 0.3, 0.2, 3, 0.1, 0.9, 0.99, 1e-8)),
    (adamw, (2.0, -0.5, 0.3, 0.2, 3, 0.1, 0.9, 0.99, 1e-8, 0.01)),
    (norm, (np.array([3.0, -4.0]),)),
    (norm, (np.array([0.0, 0.0]),)),
    (norm, (np.array([3e200, -4e200]),)),
    (norm, (np.array([math.nan]),)),
    (norm, (np.array([math.nan, 1.0]),)),
    (norm, (np.array([1.0, math.nan, 0.0]),)),
    (norm, (np.array([math.inf, 1.0]),)),
    (norm, (np.array([-math.inf, math.nan]),)),
]


@pytest.mark.parametrize(("function", "arguments"), ARGUMENTS)
def test_numba_compiles_the_rules_as_they_stand(function, arguments):
    native = pytest.importorskip("autograd.compiler.native")
    expected = pytest.approx(function(*arguments), rel=1e-14, nan_ok=True)
    assert native.native(function)(*arguments) == expected


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_an_optimizer_says_what_its_rule_takes(make):
    optimizer = make(parameters(1.0, 2.0), lr=0.1)
    names = list(inspect.signature(optimizer.rule).parameters)
    assert names == [
        "parameter",
        "gradient",
        *optimizer.state_names,
        "step",
        "learning_rate",
        *optimizer.hyperparameter_names,
    ]
    assert optimizer.state == [[0.0, 0.0] for _ in optimizer.state_names]
    assert optimizer.hyperparameters() == (0.1, *optimizer.settings.values())
    assert tuple(optimizer.settings) == optimizer.hyperparameter_names


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_a_step_is_the_rule_applied_to_every_parameter(make):
    optimizer = make(parameters(1.0, -2.0), lr=lambda updates: 0.1 / (updates + 1))
    for step in (1, 2):
        optimizer.parameters[0].grad, optimizer.parameters[1].grad = 0.5 * step, 3.0
        numbers = [parameter.data for parameter in optimizer.parameters]
        expected = [
            optimizer.rule(
                numbers[i],
                optimizer.parameters[i].grad,
                *[slot[i] for slot in optimizer.state],
                step,
                0.1 / step,
                *optimizer.settings.values(),
            )
            for i in range(2)
        ]
        optimizer.step()
        got = [(optimizer.parameters[i].data, *[slot[i] for slot in optimizer.state]) for i in range(2)]
        assert got == expected
        assert optimizer.step_count == step


def test_a_rule_of_ones_own():
    def nesterov(parameter, gradient, velocity, step, learning_rate, beta):
        velocity = beta * velocity + gradient
        return parameter - learning_rate * (gradient + beta * velocity), velocity

    # dw = 4, V = 4, w = 2 - ¼(4 + ½·4) = ½; dw = 1, V = 3, w = ½ - ¼(1 + ½·3) = -⅛
    # dw = -¼, V = 1¼, w = -⅛ - ¼(-¼ + ⅝) = -7/32
    assert three_steps(lambda w: Optimizer(w, nesterov, lr=0.25, beta=0.5)) == [0.5, -0.125, -0.21875]


def test_a_rule_with_other_names_is_refused():
    def rule(w, dw, lr):
        return (w - lr * dw,)

    with pytest.raises(
        TypeError, match=r"rule\(parameter, gradient, \*state, step, .* got rule\(w, dw, lr\)"
    ):
        Optimizer(parameters(1.0), rule, lr=0.1)

    def no_step(parameter, gradient, learning_rate):
        return (parameter - learning_rate * gradient,)

    with pytest.raises(TypeError, match="got no_step"):
        Optimizer(parameters(1.0), no_step, lr=0.1)

    def no_learning_rate(parameter, gradient, step, eta):
        return (parameter - eta * gradient,)

    with pytest.raises(TypeError, match="got no_learning_rate"):
        Optimizer(parameters(1.0), no_learning_rate, lr=0.1)

    def rate_elsewhere(parameter, gradient, step, beta, learning_rate):
        return (parameter - learning_rate * gradient,)

    with pytest.raises(TypeError, match="got rate_elsewhere"):
        Optimizer(parameters(1.0), rate_elsewhere, lr=0.1)

    def no_step_but_a_state(parameter, gradient, velocity, learning_rate):
        return (parameter - learning_rate * gradient, velocity)

    with pytest.raises(TypeError, match="got no_step_but_a_state"):
        Optimizer(parameters(1.0), no_step_but_a_state, lr=0.1)

    def rate_first(parameter, gradient, learning_rate, step):
        return (parameter - learning_rate * gradient,)

    with pytest.raises(TypeError, match="got rate_first"):
        Optimizer(parameters(1.0), rate_first, lr=0.1)

    def no_parameter(a, gradient, step, learning_rate):
        return (a - learning_rate * gradient,)

    with pytest.raises(TypeError, match="got no_parameter"):
        Optimizer(parameters(1.0), no_parameter, lr=0.1)

    with pytest.raises(TypeError, match=r"got max\(\)"):  # whose parameters cannot be told
        Optimizer(parameters(1.0), max, lr=0.1)

    def no_gradient(parameter, slope, step, learning_rate):
        return (parameter - learning_rate * slope,)

    with pytest.raises(TypeError, match="got no_gradient"):
        Optimizer(parameters(1.0), no_gradient, lr=0.1)


def test_a_rule_that_gives_another_number_of_numbers_changes_nothing():
    def wavering(parameter, gradient, velocity, step, learning_rate):
        return (parameter - learning_rate, velocity, gradient)[: 2 + (parameter > 1.5)]

    def forgetful_later(parameter, gradient, velocity, step, learning_rate):
        return (parameter - learning_rate, velocity)[: 2 - (gradient == 0.0)]

    for rule, told in [
        (wavering, "zip"),
        (
            forgetful_later,
            r"^forgetful_later gives \(parameter, velocity\) for each of 2 parameters; got rows of \[2\]",
        ),
    ]:
        chosen = parameters(1.0, 2.0)
        optimizer = Optimizer(chosen, rule, lr=0.1)
        with pytest.raises(ValueError, match=told):
            optimizer.step()
        assert ([w.data for w in chosen], optimizer.state, optimizer.step_count) == (
            [1.0, 2.0],
            [[0.0] * 2],
            0,
        )


def test_a_rule_gives_a_tuple_with_what_its_signature_says():
    def bare(parameter, gradient, step, learning_rate):
        return parameter - learning_rate * gradient

    def forgetful(parameter, gradient, velocity, step, learning_rate):
        return (parameter - learning_rate * gradient,)

    def talkative(parameter, gradient, step, learning_rate):
        return parameter - learning_rate * gradient, gradient

    def whole(parameter, gradient, step, learning_rate):
        return (int(parameter),)

    for rule, told in [
        (bare, r"^bare gives a tuple of floats, \(parameter,\); got float: 0\.5"),
        (forgetful, r"^forgetful gives a tuple of floats, \(parameter, velocity\); got tuple: \(0\.5,\)"),
        (talkative, r"^talkative gives a tuple of floats, \(parameter,\); got tuple: \(0\.5, 1\.0\)"),
        (whole, r"^whole gives a tuple of floats, \(parameter,\); got tuple: \(1,\)"),
    ]:
        with pytest.raises(TypeError, match=told):
            Optimizer(parameters(1.0, 2.0), rule, lr=0.5)


def test_a_rule_is_tried_once_when_its_optimizer_is_made():
    def noted(parameter, gradient, velocity, step, learning_rate, beta):
        met.append((parameter, gradient, velocity, step, learning_rate, beta))
        return parameter, velocity

    met = []
    optimizer = Optimizer(parameters(2.0, 3.0), noted, lr=0.5, beta=0.25)
    assert met == [(2.0, 1.0, 0.0, 1, 0.5, 0.25)]
    assert (optimizer.step_count, optimizer.state) == (0, [[0.0, 0.0]])


def test_a_rule_that_is_not_defined_everywhere_is_one():
    def rooted(parameter, gradient, sum_of_squares, step, learning_rate):
        scale = math.sqrt(sum_of_squares - gradient * gradient)  # which is 0, or not defined
        return parameter - learning_rate * gradient / scale, sum_of_squares

    optimizer = Optimizer(parameters(1.0), rooted, lr=0.5)
    optimizer.state = [[5.0]]
    optimizer.parameters[0].grad = 1.0
    optimizer.step()
    assert optimizer.parameters[0].data == 0.75


def test_hyperparameters_are_those_of_the_rule():
    with pytest.raises(ValueError, match="the hyperparameters of momentum: beta; missing or unknown: beta"):
        Optimizer(parameters(1.0), momentum, lr=0.1)
    with pytest.raises(ValueError, match="the hyperparameters of sgd: none; missing or unknown: beta, gamma"):
        Optimizer(parameters(1.0), sgd, lr=0.1, gamma=1.0, beta=0.5)


# ── learning rates ──────────────────────────────────────────────────────────────────────


def test_a_schedule_is_asked_with_the_updates_made_so_far():
    [w] = parameters(0.0)
    optimizer = SGD([w], lr=lambda updates: [1.0, 10.0, 100.0][updates])
    for _ in range(3):
        w.grad = -1.0
        optimizer.step()
    assert w.data == 111.0


def test_the_rate_of_any_step_can_be_asked():
    optimizer = Momentum(parameters(0.0), lr=linear_schedule(0.4, 0.0, 4), beta=0.5)
    optimizer.step_count = 2
    assert optimizer.hyperparameters() == (0.2, 0.5)
    assert optimizer.hyperparameters(updates=0) == (0.4, 0.5)
    assert optimizer.hyperparameters(updates=3) == pytest.approx((0.1, 0.5))


def test_a_rate_and_settings_assigned_between_steps_hold_from_the_next():
    [w] = parameters(0.0)
    optimizer = Momentum([w], lr=0.1, beta=0.0)
    optimizer.lr = 2.0
    optimizer.settings["beta"] = 0.5
    w.grad = 1.0
    optimizer.step()
    assert w.data == -1.0


@pytest.mark.parametrize(
    ("rate", "error"),
    [
        (-0.1, ValueError),
        (math.nan, ValueError),
        (INFINITE, ValueError),
        ("0.1", TypeError),
        (None, TypeError),
    ],
)
def test_a_bad_learning_rate_is_refused(rate, error):
    with pytest.raises(error, match=r"^a learning rate is a finite number of at least 0, got"):
        SGD(parameters(1.0), lr=rate)


def test_a_bad_rate_from_a_schedule_changes_nothing():
    [w] = parameters(1.0)
    optimizer = SGD([w], lr=lambda updates: 0.5 if updates < 1 else math.nan)
    w.grad = 1.0
    optimizer.step()
    told = "^the schedule's learning rate after 1 update is a finite number of at least 0, got nan"
    with pytest.raises(ValueError, match=told):
        optimizer.step()
    assert (w.data, optimizer.step_count) == (0.5, 1)


# ── clipping ────────────────────────────────────────────────────────────────────────────


def test_gradient_norm():
    assert gradient_norm([3.0, -4.0]) == 5.0
    assert repr(gradient_norm([])) == "0.0"
    assert gradient_norm([0.0, 0.0]) == 0.0
    assert gradient_norm([3e-200, 4e-200]) == pytest.approx(5e-200, rel=1e-15, abs=0.0)
    assert gradient_norm([3e200, 4e200]) == pytest.approx(5e200, rel=1e-15)


@pytest.mark.parametrize(
    "numbers", [[math.nan], [math.nan, 0.0], [0.0, math.nan], [2.0, math.nan], [math.inf, math.nan]]
)
def test_the_norm_of_what_is_not_a_number_is_none(numbers):
    assert math.isnan(gradient_norm(numbers))


@pytest.mark.parametrize("numbers", [[math.inf], [0.0, -math.inf], [-math.inf, 1e300], [1.5e308, 1.5e308]])
def test_the_norm_beyond_the_floats_is_infinite(numbers):
    assert gradient_norm(numbers) == math.inf


def test_clipping_scales_all_gradients_by_their_common_norm():
    w, v = parameters(0.0, 0.0)
    optimizer = SGD([w, v], lr=1.0, clip_norm=0.5)
    w.grad, v.grad = 3.0, -4.0
    optimizer.step()
    assert [w.data, v.data] == pytest.approx([-0.3, 0.4], rel=1e-15)
    assert [w.grad, v.grad] == [3.0, -4.0]


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("norm", [5.0, 500.0])
def test_gradients_within_the_norm_are_left_alone(make, norm):
    clipped, free = parameters(1.0, 2.0), parameters(1.0, 2.0)
    for chosen, clip_norm in ((clipped, norm), (free, None)):
        optimizer = make(chosen, lr=0.1, clip_norm=clip_norm)
        chosen[0].grad, chosen[1].grad = 3.0, 4.0
        optimizer.step()
    assert [w.data for w in clipped] == [w.data for w in free]


@pytest.mark.parametrize("clip_norm", [0.0, -1.0, INFINITE, math.nan])
def test_a_bad_norm_is_refused(clip_norm):
    with pytest.raises(ValueError, match="clip_norm is a finite number above 0, got"):
        SGD(parameters(1.0), lr=0.1, clip_norm=clip_norm)
    optimizer = SGD(parameters(1.0), lr=0.1, clip_norm=2.0)
    with pytest.raises(ValueError, match="clip_norm is a finite number above 0, got"):
        optimizer.clip_norm = clip_norm
    assert optimizer.clip_norm == 2.0


def test_a_norm_assigned_between_steps_holds_from_the_next():
    [w] = parameters(0.0)
    optimizer = SGD([w], lr=1.0)
    w.grad = 8.0
    for clip_norm, moved in ((2.0, -2.0), (None, -10.0)):
        optimizer.clip_norm = clip_norm
        optimizer.step()
        assert w.data == moved


def test_gradients_whose_norm_is_beyond_the_floats_are_not_clipped_to_nothing():
    w, v = parameters(1.0, 2.0)
    w.grad = v.grad = 1.5e308
    with pytest.raises(GateError, match="the norm of all gradients together is too large for a float"):
        SGD([w, v], lr=0.1, clip_norm=1.0).step()
    assert [w.data, v.data] == [1.0, 2.0]


# ── nothing is changed where something is wrong ─────────────────────────────────────────


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_is_refused_by_name(make, bad):
    chosen = parameters(1.0, 2.0)
    optimizer = make(chosen, lr=0.1, clip_norm=1.0)
    chosen[0].grad = 1.0
    optimizer.step()
    before = [w.data for w in chosen], optimizer.state_dict()
    chosen[1].grad = bad
    with pytest.raises(GateError, match=rf"the gradient of parameter 1 \(w1\) is {bad}: nothing was updated"):
        optimizer.step()
    assert ([w.data for w in chosen], optimizer.state_dict()) == before


def test_a_parameter_without_a_label_is_named_by_its_place():
    w = Value(1.0)
    optimizer = SGD([w], lr=0.1)
    w.grad = math.nan
    with pytest.raises(GateError, match="the gradient of parameter 0 is nan"):
        optimizer.step()


def test_an_update_that_would_overflow_is_refused():
    w, v = parameters(1.0, 1e308)
    optimizer = SGD([w, v], lr=1e10)
    w.grad, v.grad = 1.0, -1e308
    with pytest.raises(GateError, match=r"the update of parameter 1 \(w1\) is inf"):
        optimizer.step()
    assert [w.data, v.data, optimizer.step_count] == [1.0, 1e308, 0]


def test_a_state_that_would_overflow_is_refused():
    # dw² is beyond the floats, and S = ∞ would hold the parameter still for ever
    [w] = parameters(1.0)
    optimizer = RMSProp([w], lr=0.1)
    w.grad = 1e200
    with pytest.raises(GateError, match=r"the new mean_square of parameter 0 \(w0\) is inf"):
        optimizer.step()
    assert (w.data, optimizer.state, optimizer.step_count) == (1.0, [[0.0]], 0)


def test_steps_made_elsewhere_are_taken_over():
    chosen = parameters(1.0, 2.0)
    optimizer = Momentum(chosen, lr=0.1)
    optimizer.assign([3.0, 4.0], [[0.5, 0.25]], 7)
    assert [w.data for w in chosen] == [3.0, 4.0]
    assert optimizer.state_dict() == {"rule": "momentum", "step_count": 7, "velocity": [0.5, 0.25]}
    with pytest.raises(GateError, match=r"the new velocity of parameter 1 \(w1\) is nan"):
        optimizer.assign([5.0, 6.0], [[1.0, math.nan]], 8)
    for numbers, state in [
        ([5.0], [[1.0, 1.0]]),
        ([5.0, 6.0], [[1.0]]),
        ([5.0, 6.0], []),
        ([5.0, 6.0], [[1.0, 1.0]] * 2),
        ([5.0] * 3, [[1.0] * 3]),
    ]:
        with pytest.raises(
            ValueError, match=r"momentum gives \(parameter, velocity\) for each of 2 parameters"
        ):
            optimizer.assign(numbers, state, 8)
    assert [w.data for w in chosen] == [3.0, 4.0]


def test_a_snapshot_is_a_way_back():
    [w] = parameters(2.0)
    optimizer = Momentum([w], lr=0.1)
    descend(optimizer, lambda: w * w, 2)
    there, state = w.data, optimizer.state_dict()
    snapshot = optimizer.snapshot()
    descend(optimizer, lambda: w * w, 2)
    optimizer.assign(*snapshot)
    assert (w.data, optimizer.state_dict()) == (there, state)


class InterruptedOnce(Value):
    """A parameter during whose first assignment, after `armed` is set, Ctrl-C is pressed."""

    __slots__ = ("armed",)

    @property
    def data(self):
        return Value.data.__get__(self)

    @data.setter
    def data(self, number):
        if getattr(self, "armed", False):
            self.armed = False
            raise KeyboardInterrupt
        Value.data.__set__(self, number)


def test_an_interrupt_in_the_middle_of_a_step_leaves_a_whole_step():
    chosen = [Value(1.0), InterruptedOnce(2.0), Value(3.0)]
    optimizer = Momentum(chosen, lr=1.0, beta=0.5)
    for w in chosen:
        w.grad = 1.0
    chosen[1].armed = True
    with pytest.raises(KeyboardInterrupt):
        optimizer.step()
    assert [w.data for w in chosen] == [0.5, 1.5, 2.5]
    assert (optimizer.state, optimizer.step_count) == ([[0.5, 0.5, 0.5]], 1)


# ── parameters ──────────────────────────────────────────────────────────────────────────


def test_zero_grad():
    chosen = parameters(1.0, 2.0)
    for w in chosen:
        w.grad = 5.0
    SGD(chosen, lr=0.1).zero_grad()
    assert [w.grad for w in chosen] == [0.0, 0.0]


def test_parameters_may_come_one_by_one():
    assert len(SGD(iter(parameters(1.0, 2.0)), lr=0.1).parameters) == 2


def test_parameters_that_are_none_are_refused():
    [w] = parameters(1.0)
    with pytest.raises(TypeError, match=r"parameters are Values, got float: 1\.0"):
        SGD([1.0], lr=0.1)
    with pytest.raises(ValueError, match="there are no parameters to optimize"):
        SGD([], lr=0.1)
    with pytest.raises(ValueError, match=r"parameter 2 \(w0\) is given twice"):
        SGD([w, Value(1.0), w], lr=0.1)
    with pytest.raises(ValueError, match="parameter 1 was made by gate multiply; parameters are leaves"):
        SGD([w, w * w], lr=0.1)


@pytest.mark.parametrize("make", [Momentum, RMSProp])
@pytest.mark.parametrize("beta", [-0.1, 1.0, 1.5, math.nan])
def test_a_bad_decay_is_refused(make, beta):
    with pytest.raises(ValueError, match="beta is at least 0 and less than 1, got"):
        make(parameters(1.0), lr=0.1, beta=beta)


@pytest.mark.parametrize("make", [Adam, AdamW])
@pytest.mark.parametrize("name", ["beta1", "beta2"])
def test_a_bad_decay_of_adam_is_refused(make, name):
    for bad in (-0.1, 1.0, math.nan):
        with pytest.raises(ValueError, match=f"{name} is at least 0 and less than 1, got {bad}"):
            make(parameters(1.0), **{name: bad})
    make(parameters(1.0), **{name: 0.0})


@pytest.mark.parametrize("make", [RMSProp, Adam, AdamW])
@pytest.mark.parametrize("epsilon", [0.0, -1e-8, INFINITE, math.nan])
def test_a_bad_epsilon_is_refused(make, epsilon):
    with pytest.raises(ValueError, match="epsilon is a finite number above 0, got"):
        make(parameters(1.0), epsilon=epsilon)


@pytest.mark.parametrize("weight_decay", [-0.1, INFINITE, math.nan])
def test_a_bad_weight_decay_is_refused(weight_decay):
    with pytest.raises(ValueError, match="weight_decay is a finite number of at least 0, got"):
        AdamW(parameters(1.0), weight_decay=weight_decay)


def test_a_learning_rate_and_a_weight_decay_of_0_are_fine():
    assert AdamW(parameters(1.0), lr=0.0, weight_decay=0.0).hyperparameters()[0] == 0.0


def test_text_for_a_number_is_refused():
    with pytest.raises(TypeError, match=r"beta is at least 0 and less than 1, got str: '0\.9'"):
        Momentum(parameters(1.0), lr=0.1, beta="0.9")


def test_a_model_in_the_place_of_its_parameters_is_refused_with_the_remedy():
    with pytest.raises(TypeError, match=r"Values of a model, model\.parameters\(\); got Neuron: Neuron\(1 →"):
        SGD(Neuron(1, rng=0), lr=0.1)


def test_a_gradient_that_was_set_to_none_counts_as_0():
    w, b = parameters(1.0, 2.0)
    optimizer = Adam([w, b])
    w.grad, b.grad = None, 0.5
    optimizer.step()
    assert w.data == 1.0
    assert b.data < 2.0


def test_a_rule_needs_no_name():
    class Rule:
        def __call__(self, parameter, gradient, step, learning_rate):
            return (parameter - 2.0 * learning_rate * gradient,)

    (w,) = parameters(1.0)
    optimizer = Optimizer([w], Rule(), lr=0.1)
    w.grad = 1.0
    optimizer.step()
    assert w.data == 0.8
    assert repr(optimizer) == "Optimizer Rule(lr=0.1; 1 parameter, 1 step)"
    assert optimizer.state_dict()["rule"] == "Rule"


# ── saving and going on ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_training_goes_on_from_a_saved_state_as_if_never_stopped(make):
    w, v = parameters(2.0, -1.0)

    def loss() -> Value:
        return w * w + 3.0 * v * v

    optimizer = make([w, v], lr=0.05)
    descend(optimizer, loss, 3)
    numbers, saved = (w.data, v.data), optimizer.state_dict()
    expected = descend(optimizer, loss, 3)

    w.data, v.data = numbers
    again = make([w, v], lr=0.05)
    again.load_state_dict(saved)
    assert descend(again, loss, 3) == expected


def test_the_state_before_the_first_step_can_be_loaded():
    [w] = parameters(2.0)
    optimizer = Momentum([w], lr=0.1)
    fresh = optimizer.state_dict()
    descend(optimizer, lambda: w * w, 2)
    optimizer.load_state_dict(fresh)
    assert (optimizer.step_count, optimizer.state) == (0, [[0.0]])


def test_a_state_that_was_saved_does_not_change_later():
    [w] = parameters(2.0)
    optimizer = Momentum([w], lr=0.1)
    saved = optimizer.state_dict()
    descend(optimizer, lambda: w * w, 1)
    assert saved == {"rule": "momentum", "step_count": 0, "velocity": [0.0]}


def test_a_state_that_does_not_fit_is_refused_whole():
    optimizer = Adam(parameters(1.0, 2.0))
    before = optimizer.state_dict()
    with pytest.raises(ValueError, match="the state does not fit") as caught:
        optimizer.load_state_dict(
            {"rule": "sgd", "step_count": -1, "velocity": [1.0], "speed": [], "mean_square": [math.nan, "2"]}
        )
    told = str(caught.value)
    for part in (
        "unexpected 'speed'",
        "the rule is 'adam', not 'sgd'",
        "'step_count' is an int of at least 0, not -1",
        "'velocity' has 1 entries for 2 parameters",
        "'mean_square'[0] is nan",
        "'mean_square'[1] is '2'",
    ):
        assert part in told
    with pytest.raises(ValueError, match=r"'velocity'\[1\] is 1000"):
        optimizer.load_state_dict(before | {"velocity": [0.0, 10**400]})
    assert optimizer.state_dict() == before


def test_of_many_misfits_the_first_are_listed():
    optimizer = Momentum(parameters(*range(45)), lr=0.1)
    saved = {"rule": "momentum", "step_count": 0, "velocity": [math.nan] * 45}
    with pytest.raises(ValueError, match=r"'velocity'\[19\] is nan; and 25 more$"):
        optimizer.load_state_dict(saved)
    saved["velocity"] = [0.0] * 25 + [math.nan] * 20
    with pytest.raises(ValueError, match=r"'velocity'\[44\] is nan$"):
        optimizer.load_state_dict(saved)


def test_what_a_state_lacks_is_listed():
    lacks = r"missing 'rule'; missing 'step_count'; 'velocity' is a list of numbers, not dict$"
    with pytest.raises(ValueError, match=lacks):
        Momentum(parameters(1.0), lr=0.1).load_state_dict({"velocity": {}})


def test_a_state_of_adamw_is_not_one_of_adam():
    decayed = AdamW(parameters(1.0), weight_decay=0.5)
    assert decayed.state_dict()["rule"] == "adamw"
    with pytest.raises(ValueError, match="the rule is 'adam', not 'adamw'"):
        Adam(parameters(1.0)).load_state_dict(decayed.state_dict())


def test_a_state_of_another_rule_or_of_more_parameters_is_refused():
    optimizer = Momentum(parameters(1.0, 2.0), lr=0.1)
    for rule in ("adam", "sgd"):
        with pytest.raises(ValueError, match=f"the rule is 'momentum', not '{rule}'"):
            optimizer.load_state_dict({"rule": rule, "step_count": 0, "velocity": [0.0, 0.0]})
    with pytest.raises(ValueError, match="'velocity' has 3 entries for 2 parameters"):
        optimizer.load_state_dict({"rule": "momentum", "step_count": 0, "velocity": [0.0] * 3})


def test_hundreds_of_parameters_go_on_from_a_state_that_went_through_json():
    chosen = parameters(*range(400))
    optimizer = Momentum(chosen, lr=0.1)
    for w in chosen:
        w.grad = w.data
    optimizer.step()
    again = Momentum(chosen, lr=0.1)
    again.load_state_dict(json.loads(json.dumps(optimizer.state_dict())))
    assert again.state_dict() == optimizer.state_dict()


def test_a_state_is_a_mapping():
    with pytest.raises(TypeError, match=r"a state is a dict from state_dict\(\), got list"):
        SGD(parameters(1.0), lr=0.1).load_state_dict([("rule", "sgd")])


@pytest.mark.parametrize("count", [1.0, True, "1", None])
def test_a_step_count_is_a_whole_number(count):
    optimizer = SGD(parameters(1.0), lr=0.1)
    with pytest.raises(ValueError, match="'step_count' is an int of at least 0, not"):
        optimizer.load_state_dict({"rule": "sgd", "step_count": count})


def test_repr():
    optimizer = Adam(parameters(1.0, 2.0), lr=0.01, clip_norm=1.0)
    assert repr(optimizer) == (
        "Adam(lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-08, clip_norm=1.0; 2 parameters, 0 steps)"
    )
    assert repr(SGD(parameters(1.0), lambda updates: 1.0)) == "SGD(lr=schedule; 1 parameter, 0 steps)"
    assert repr(Optimizer(parameters(1.0), sgd, 1)) == "Optimizer sgd(lr=1; 1 parameter, 0 steps)"
