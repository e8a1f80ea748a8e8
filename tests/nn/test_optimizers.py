"""Optimizers against steps worked out by hand."""

import copy
import inspect
import json
import math
from collections.abc import Callable
from fractions import Fraction
from itertools import chain

import numpy as np
import pytest

from autograd import GateError, Value
from nn import SGD, Adam, AdamW, Momentum, Neuron, Optimizer, RMSProp, gradient_norm
from nn.update_rules import adam, adamw, momentum, rmsprop, sgd

OPTIMIZERS = [SGD, Momentum, RMSProp, Adam, AdamW]


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


# ── steps on f(w) = w², dw = 2w, from w = 2 ─────────────────────────────────────────────


def nesterov(parameter, gradient, velocity, step, learning_rate, beta=0.5):
    velocity = beta * velocity + gradient
    return parameter - learning_rate * (gradient + beta * velocity), velocity


BY_HAND = {
    # dw = 4, 2, 1; each step takes a quarter of it
    "SGD": (lambda w: SGD(w, lr=0.25), [1.0, 0.5, 0.25]),
    # dw = 4, V = ½·0 + ½·4 = 2, w = 2 - ½·2 = 1
    # dw = 2, V = ½·2 + ½·2 = 2, w = 1 - ½·2 = 0
    # dw = 0, V = ½·2 + ½·0 = 1, w = 0 - ½·1 = -½
    "Momentum": (lambda w: Momentum(w, lr=0.5, beta=0.5), [1.0, 0.0, -0.5]),
    # dw = 4, S = ¾·0 + ¼·16 = 4, √(4 + 5) = 3, w = 2 - ¾·4/3 = 1
    # dw = 2, S = ¾·4 + ¼·4 = 4, √(4 + 5) = 3, w = 1 - ¾·2/3 = ½
    # dw = 1, S = ¾·4 + ¼·1 = 3¼, √(3¼ + 5) = √(33/4), w = ½ - ¾/√(33/4) = ½ - 1½/√33
    "RMSProp": (lambda w: RMSProp(w, lr=0.75, beta=0.75, epsilon=5.0), [1.0, 0.5, 0.5 - 1.5 / math.sqrt(33)]),
    # with β1 = ½, β2 = ¾, ε = 9, α = 5/8:
    # t = 1: dw = 4, V = 2, V̂ = 2/(1/2) = 4; S = 4, Ŝ = 4/(1/4) = 16; √25 = 5; w = 2 - 5/8·4/5 = 3/2
    # t = 2: dw = 3, V = 5/2, V̂ = (5/2)/(3/4) = 10/3; S = 3 + 9/4 = 21/4, Ŝ = (21/4)/(7/16) = 12;
    #        √21; w = 3/2 - 5/8·(10/3)/√21 = 3/2 - 25/(12√21)
    "Adam": (
        lambda w: Adam(w, lr=0.625, beta1=0.5, beta2=0.75, epsilon=9.0),
        [1.5, 1.5 - 25 / (12 * math.sqrt(21))],
    ),
    # as Adam, and λ = ½ takes α·λ·w = 5/16·w off each time:
    # t = 1: w = 2 - 5/8·4/5 - 5/16·2 = 7/8
    # t = 2: dw = 7/4, V = 1 + 7/8 = 15/8, V̂ = (15/8)/(3/4) = 5/2; S = 3 + 49/64 = 241/64,
    #        Ŝ = (241/64)/(7/16) = 241/28; √(241/28 + 9) = √(493/28); w = 7/8·11/16 - 5/8·(5/2)/√(493/28)
    "AdamW": (
        lambda w: AdamW(w, lr=0.625, beta1=0.5, beta2=0.75, epsilon=9.0, weight_decay=0.5),
        [7 / 8, 7 / 8 * 11 / 16 - 25 / 16 / math.sqrt(493 / 28)],
    ),
    # dw = 4, V = 4, w = 2 - ¼(4 + ½·4) = ½; dw = 1, V = 3, w = ½ - ¼(1 + ½·3) = -⅛
    # dw = -¼, V = 1¼, w = -⅛ - ¼(-¼ + ⅝) = -7/32
    "a rule of one's own": (lambda w: Optimizer(w, nesterov, lr=0.25), [0.5, -0.125, -0.21875]),
    "and its hyperparameter": (lambda w: Optimizer(w, nesterov, 0.25, beta=0.0), [1.0, 0.5, 0.25]),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_steps_by_hand(name):
    make, expected = BY_HAND[name]
    [w] = parameters(2.0)
    path = descend(make([w]), lambda: w * w, len(expected))
    assert [number for [number] in path] == pytest.approx(expected, rel=1e-15)


def test_averages_that_forget_most():
    # β = ¼: dw = 4, V = ¾·4 = 3, V̂ = 3/(3/4) = 4; S = ¾·16 = 12, Ŝ = 12/(3/4) = 16
    assert momentum(2.0, 4.0, 0.0, 1, 0.5, 0.25) == (0.5, 3.0)
    assert rmsprop(2.0, 4.0, 0.0, 1, 0.75, 0.25, 4.0) == (1.25, 12.0)
    assert adam(2.0, 4.0, 0.0, 0.0, 1, 0.625, 0.25, 0.25, 9.0) == (1.5, 3.0, 12.0)
    assert adamw(2.0, 4.0, 0.0, 0.0, 1, 0.625, 0.25, 0.25, 9.0, 0.5) == (0.875, 3.0, 12.0)
    # at t = 2, V̂ = 3/(15/16) = 3.2 and Ŝ = 12/(15/16) = 12.8
    assert adam(2.0, 4.0, 0.0, 0.0, 2, 0.625, 0.25, 0.25, 3.2)[0] == pytest.approx(1.5, rel=1e-15)


def test_editors_and_help_show_the_defaults_and_the_formula():
    assert str(inspect.signature(Adam)) == (
        "(parameters, lr=0.001, *, beta1=0.9, beta2=0.999, epsilon=1e-08, clip_norm=None)"
    )
    assert str(inspect.signature(SGD)) == "(parameters, lr, *, clip_norm=None)"
    assert AdamW.__doc__.startswith("Adam with weight decay.")
    for make in OPTIMIZERS:
        assert inspect.cleandoc(make.rule.__doc__) in make.__doc__


# ── rules are data ──────────────────────────────────────────────────────────────────────


def test_a_rule_may_be_an_object_without_a_name_and_return_numbers_of_numpy():
    class Signs:
        def __call__(self, parameter, gradient, step, learning_rate=0.25):
            return (parameter - learning_rate * np.sign(gradient),)

    [w] = parameters(1.0)
    optimizer = Optimizer([w], Signs())
    w.grad = -7.0
    optimizer.step()
    assert repr(w.data) == "1.25"
    assert repr(optimizer) == "Optimizer Signs(lr=0.25; 1 parameter, 1 step)"
    assert optimizer.state_dict()["rule"] == "Signs"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("w, dw, lr: (0.0,)", r"rule\(parameter, gradient, \*state, step, .*<lambda>\(w, dw, lr\)"),
        ("parameter, gradient, step, eta: (0.0,)", r"<lambda>\(parameter, gradient, step, eta\)"),
        ("parameter, gradient, learning_rate, step: (0.0,)", r"\(parameter, gradient, learning_rate, step\)"),
        ("parameter, gradient, step, learning_rate, gain: (0.0,)", "Optimizer <lambda> needs gain"),
        ("parameter, gradient, step, learning_rate: 0.5", r"of numbers, \(parameter,\); got float: 0\.5"),
        ("parameter, gradient, step, learning_rate: ('1',)", r"\(parameter,\); got tuple: \('1',\)"),
        ("parameter, gradient, step, learning_rate: (0.5, 0.0)", r"got tuple: \(0\.5, 0\.0\)"),
        ("parameter, gradient, v, step, learning_rate: (0.5,)", r"\(parameter, v\); got tuple: \(0\.5,\)"),
    ],
)
def test_what_is_no_rule_is_refused(rule, words):
    with pytest.raises(TypeError, match=words):
        Optimizer(parameters(1.0), eval(f"lambda {rule}"), lr=0.1)


def test_a_rule_is_tried_as_at_a_first_step():
    tried = []

    def rule(parameter, gradient, velocity, step, learning_rate):
        tried.append((parameter, gradient, velocity, step, learning_rate))
        return parameter, velocity

    Optimizer(parameters(2.0, 3.0), rule, 0.5)
    assert tried == [(2.0, 1.0, 0.0, 1, 0.5)]


def test_a_rule_that_later_returns_too_much_changes_nothing():
    def rule(parameter, gradient, step, learning_rate):
        return (0.0,) * (2 if parameter == 3.0 else 1)

    chosen = parameters(2.0, 3.0)
    with pytest.raises(ValueError, match="longer"):
        Optimizer(chosen, rule, 0.5).step()
    assert [w.data for w in chosen] == [2.0, 3.0]


def test_a_rule_need_not_be_defined_before_the_first_step():
    def rooted(parameter, gradient, sum_of_squares, step, learning_rate):
        return parameter - learning_rate / math.sqrt(sum_of_squares - 1.0), sum_of_squares

    optimizer = Optimizer(parameters(1.0), rooted, lr=0.5)
    optimizer.state = [[5.0]]
    optimizer.step()
    assert optimizer.parameters[0].data == 0.75


# ── learning rates and hyperparameters ──────────────────────────────────────────────────


def test_a_schedule_is_asked_with_the_updates_made_so_far():
    [w] = parameters(0.0)
    optimizer = Momentum([w], lr=lambda updates: [1.0, 10.0, 100.0][updates], beta=0.0)
    assert optimizer.rule_arguments(updates=2) == (100.0, 0.0)
    for _ in range(3):
        w.grad = -1.0
        optimizer.step()
    assert w.data == 111.0


def test_settings_assigned_between_steps_hold_from_the_next():
    [w] = parameters(0.0)
    optimizer = Momentum([w], lr=0.1, beta=0.0)
    optimizer.lr = 2.0
    optimizer.hyperparameters = {"beta": 0.5}
    w.grad = 1.0
    optimizer.step()
    assert w.data == -1.0
    with pytest.raises(ValueError, match="beta is at least 0 and less than 1, got 1"):
        optimizer.hyperparameters = {"beta": 1.5}
    with pytest.raises(TypeError):
        optimizer.hyperparameters["beta"] = 2.0
    assert optimizer.hyperparameters == {"beta": 0.5}
    for name, words in (
        ("learning_rate", "^Momentum has no 'learning_rate': call it lr"),
        ("beta", "^Momentum: to change beta, assign a dict to hyperparameters"),
    ):
        with pytest.raises(AttributeError, match=words):
            setattr(optimizer, name, 0.5)


def test_a_class_of_ones_own_may_call_its_attributes_as_it_likes() -> None:
    class Decaying(SGD):
        __module__ = "models"

        def __init__(self, parameters: list[Value]) -> None:
            super().__init__(parameters, lr=0.5)
            self.decay = 0.25

        def step(self) -> None:
            super().step()
            self.lr *= self.decay

    w = Value(8.0)
    optimizer = Decaying([w])
    for _ in range(2):
        w.grad = 1.0
        optimizer.step()
    assert w.data == 8.0 - 0.5 - 0.125


@pytest.mark.parametrize(
    ("make", "settings", "error", "words"),
    [
        (SGD, {"lr": -0.1}, ValueError, "a learning rate is a finite number of at least 0, got -0.1"),
        (SGD, {}, TypeError, "SGD needs lr, a learning rate or a schedule"),
        (Momentum, {"lr": 0.1, "beta": 1.0}, ValueError, "beta is at least 0 and less than 1, got 1.0"),
        (RMSProp, {"beta": -0.1}, ValueError, "beta is at least 0 and less than 1, got -0.1"),
        (Adam, {"beta1": math.nan}, ValueError, "beta1 is at least 0 and less than 1, got nan"),
        (AdamW, {"beta2": 1.0}, ValueError, "beta2 is at least 0 and less than 1, got 1.0"),
        (Adam, {"epsilon": 0.0}, ValueError, "epsilon is a finite number above 0, got 0.0"),
        (AdamW, {"weight_decay": -0.1}, ValueError, "weight_decay is a finite number of at least 0"),
        (SGD, {"lr": 0.1, "clip_norm": 0.0}, ValueError, "clip_norm is a finite number above 0, got 0.0"),
        (Adam, {"betas": (0.9, 0.99)}, TypeError, "Adam has no 'betas': give beta1 and beta2"),
        (Adam, {"gamma": 0.1}, TypeError, "Adam has no 'gamma'$"),
    ],
)
def test_a_bad_setting_is_refused(make, settings, error, words):
    with pytest.raises(error, match=words):
        make(parameters(1.0), **settings)


def test_what_has_to_be_named_is_refused_without_a_name():
    with pytest.raises(TypeError, match=r"^SGD\(parameters, lr, \*, clip_norm=None\) takes two .* got 4"):
        SGD(parameters(1.0), 0.1, 0.9, 0.0)


def test_a_bad_rate_from_a_schedule_changes_nothing():
    [w] = parameters(1.0)
    optimizer = SGD([w], lr=lambda updates: 0.5 if updates < 1 else math.nan)
    w.grad = 1.0
    optimizer.step()
    words = "^the schedule's learning rate after 1 update is a finite number of at least 0, got nan"
    with pytest.raises(ValueError, match=words):
        optimizer.step()
    assert (w.data, optimizer.step_count) == (0.5, 1)


# ── clipping ────────────────────────────────────────────────────────────────────────────


def test_gradient_norm():
    assert gradient_norm([3.0, -4.0]) == 5.0
    assert repr(gradient_norm([])) == "0.0"
    assert gradient_norm([3e-200, 4e-200]) == pytest.approx(5e-200, rel=1e-15, abs=0.0)
    assert gradient_norm([3e200, 4e200]) == pytest.approx(5e200, rel=1e-15)
    for numbers in ([math.nan], [0.0, math.nan], [math.inf, math.nan]):
        assert math.isnan(gradient_norm(numbers))
    for numbers in ([0.0, -math.inf], [1.5e308, 1.5e308]):
        assert gradient_norm(numbers) == math.inf


def test_clipping_scales_all_gradients_by_their_common_norm():
    w, v = parameters(0.0, 0.0)
    optimizer = SGD([w, v], lr=1.0, clip_norm=0.5)
    w.grad, v.grad = 3.0, -4.0
    optimizer.step()
    assert [w.data, v.data] == pytest.approx([-0.3, 0.4], rel=1e-15)
    assert [w.grad, v.grad] == [3.0, -4.0]
    for clip_norm in (5.0, 10.0, None):
        optimizer.clip_norm = clip_norm
        assert optimizer.gradients() == [3.0, -4.0]


def test_gradients_whose_norm_is_beyond_the_floats_are_not_clipped_to_nothing():
    w, v = parameters(1.0, 2.0)
    w.grad = v.grad = 1.5e308
    with pytest.raises(GateError, match="the norm of all gradients together is too large for a float"):
        SGD([w, v], lr=0.1, clip_norm=1.0).step()
    assert [w.data, v.data] == [1.0, 2.0]


# ── nothing is changed if something is wrong ────────────────────────────────────────────


@pytest.mark.parametrize("make", OPTIMIZERS)
@pytest.mark.parametrize("bad", [math.nan, -math.inf])
def test_a_gradient_that_is_not_finite_is_refused_by_name(make, bad):
    chosen = [Value(1.0, "w0"), Value(2.0)]
    optimizer = make(chosen, lr=0.1, clip_norm=1.0)
    chosen[0].grad = 1.0
    optimizer.step()
    before = [w.data for w in chosen], optimizer.state_dict()
    for i, name in ((1, "parameter 1"), (0, r"parameter 0 \(w0\)")):
        chosen[i].grad = bad
        words = rf"the gradient of {name} is {bad}: .*first_not_finite\(loss\) says"
        with pytest.raises(GateError, match=words):
            optimizer.step()
    assert ([w.data for w in chosen], optimizer.state_dict()) == before


@pytest.mark.parametrize("others", [0, pytest.param(200, id="200, numba")])
def test_an_update_that_would_overflow_is_refused(others):
    if others:
        pytest.importorskip("numba")
        import autograd.compiler.execution  # noqa: F401  from then on many are updated natively
    w, v, *_ = chosen = parameters(1.0, 1e308, *[1.0] * others)
    optimizer = SGD(chosen, lr=1e10)
    w.grad, v.grad = 1.0, -1e308
    with pytest.raises(GateError, match=r"the update of parameter 1 \(w1\) is inf: .* smaller learning rate"):
        optimizer.step()
    assert [w.data, v.data, optimizer.step_count] == [1.0, 1e308, 0]


def test_a_state_that_would_overflow_is_refused():
    [w] = parameters(1.0)
    optimizer = RMSProp([w], lr=0.1)
    w.grad = 1e200  # its square, S = ∞, would hold the parameter still for ever
    with pytest.raises(GateError, match=r"the mean_square of parameter 0 \(w0\) is inf"):
        optimizer.step()
    assert (w.data, optimizer.state, optimizer.step_count) == (1.0, ((0.0,),), 0)


def test_steps_made_elsewhere_are_taken_over():
    chosen = parameters(1.0, 2.0)
    optimizer = Momentum(chosen, lr=0.1)
    optimizer.assign([3, np.float32(4.0)], np.array([[1, 0]]), 7)
    assert [repr(w.data) for w in chosen] == ["3.0", "4.0"]
    assert repr(optimizer.state) == "((1.0, 0.0),)"
    with pytest.raises(GateError, match=r"the velocity of parameter 1 \(w1\) is nan"):
        optimizer.assign([5.0, 6.0], [[1.0, math.nan]], 8)
    for numbers, state in [([5.0], [[1.0, 1.0]]), ([5.0] * 3, [[1.0, 1.0]]), ([5.0, 6.0], [[1.0]])]:
        with pytest.raises(ValueError, match=r"(update|velocity) has [13] entries for 2 parameters"):
            optimizer.assign(numbers, state, 8)
    for rows in ([], [[1.0, 1.0]] * 2):
        words = rf"momentum returns \(parameter, velocity\); got {len(rows)} rows of state"
        with pytest.raises(ValueError, match=words):
            optimizer.assign([5.0, 6.0], rows, 8)
    assert ([w.data for w in chosen], optimizer.step_count) == ([3.0, 4.0], 7)


@pytest.mark.parametrize("number", [1, True, np.float64(1.0), np.float32(1.0), np.int8(1), Fraction(1)])
def test_parameters_gradients_and_state_are_floats_whatever_was_assigned(number):
    [w] = parameters(0.0)
    optimizer = Momentum([w], lr=np.float64(0.5), beta=0.5)
    w.data, w.grad, optimizer.state = number, number, [[number]]
    optimizer.step()
    assert repr((w.data, optimizer.state)) == "(0.5, ((1.0,),))"
    with pytest.raises(TypeError, match="expected one real number, got NoneType"):
        optimizer.state = [[None]]
    with pytest.raises(TypeError, match="does not support item assignment"):
        optimizer.state[0][0] = 1.0


def test_an_optimizer_may_be_copied():
    [w] = parameters(2.0)
    again = copy.deepcopy(Adam([w], lr=0.1))
    descend(again, lambda: again.parameters[0] ** 2, 1)
    assert (w.data, again.parameters[0].data) == (2.0, pytest.approx(1.9))


# ── parameters ──────────────────────────────────────────────────────────────────────────


def test_zero_grad():
    chosen = parameters(1.0, 2.0)
    for w in chosen:
        w.grad = 5.0
    SGD(iter(chosen), lr=0.1).zero_grad()
    assert [w.grad for w in chosen] == [0.0, 0.0]


W = Value(1.0, "w0")


@pytest.mark.parametrize(
    ("chosen", "error", "words"),
    [
        ([1.0], TypeError, r"parameters are Values, got float: 1\.0"),
        ([], ValueError, "there are no parameters to optimize"),
        ([W, Value(1.0), W], ValueError, r"parameter 2 \(w0\) is given twice"),
        ([W, W * W], ValueError, "parameter 1 is the output of gate multiply; parameters are leaves"),
        (Neuron(1, rng=0), TypeError, r"are Values: write model\.parameters\(\), got Neuron: Neuron\(1 →"),
    ],
)
def test_wrong_parameters_are_refused(chosen, error, words):
    with pytest.raises(error, match=words):
        SGD(chosen, lr=0.1)


# ── saving and going on ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_training_goes_on_from_a_saved_state_as_if_never_stopped(make):
    w, v = parameters(2.0, -1.0)

    def loss() -> Value:
        return w * w + 3.0 * v * v

    optimizer = make([w, v], lr=0.05)
    fresh = optimizer.state_dict()
    descend(optimizer, loss, 3)
    numbers, saved = (w.data, v.data), json.loads(json.dumps(optimizer.state_dict()))
    snapshot = optimizer.snapshot()
    expected = descend(optimizer, loss, 3)
    optimizer.assign(*snapshot)
    assert ((w.data, v.data), optimizer.state_dict()) == (numbers, saved)
    again = make([w, v], lr=0.05)
    again.load_state_dict(saved)
    assert descend(again, loss, 3) == expected
    again.load_state_dict(fresh)
    assert (again.step_count, set(chain(*again.state))) in ((0, {0.0}), (0, set()))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "adamw"}, "the state does not fit Adam.*: the rule is 'adam', not 'adamw'"),
        ({"rule": "SGD"}, "the state does not fit Adam.*: the rule is 'adam', not 'SGD'"),
        ({"speed": []}, "the state does not fit Adam.*: unexpected 'speed'"),
        ({"velocity": ...}, "the state does not fit Adam.*: missing 'velocity'"),
        ({"step_count": -1}, "step_count is a whole number of at least 0, got -1"),
        ({"velocity": [1.0]}, "velocity has 1 entries for 2 parameters"),
        ({"mean_square": [0.0, math.nan]}, r"the mean_square of parameter 1 \(w1\) is nan"),
        ({"mean_square": [0.0, "2"]}, "expected one real number, got str: '2'"),
    ],
)
def test_a_state_that_does_not_fit_is_refused_whole(change, words):
    optimizer = Adam(parameters(1.0, 2.0))
    before = optimizer.state_dict()
    saved = before | {"velocity": [9.0, 9.0]} | change
    saved = {name: entry for name, entry in saved.items() if entry is not ...}
    with pytest.raises((ValueError, TypeError), match=words):
        optimizer.load_state_dict(saved)
    assert optimizer.state_dict() == before


def test_repr():
    optimizer = Adam(parameters(1.0, 2.0), lr=0.01, clip_norm=1.0)
    assert repr(optimizer) == (
        "Adam(lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-08, clip_norm=1.0; 2 parameters, 0 steps)"
    )
    assert repr(SGD(parameters(1.0), lambda updates: 1.0)) == "SGD(lr=schedule; 1 parameter, 0 steps)"
    assert repr(Optimizer(parameters(1.0), sgd, 1)) == "Optimizer sgd(lr=1; 1 parameter, 0 steps)"


# ── many parameters ─────────────────────────────────────────────────────────────────────


def test_a_rule_of_ones_own_reads_what_it_reads_in_every_step():
    pytest.importorskip("numba")
    import autograd.compiler.execution  # noqa: F401  from then on programs run in this process

    scale = 1.0

    def scaled(parameter, gradient, step, learning_rate):
        return (parameter - scale * learning_rate * gradient,)

    many = parameters(*range(150))
    optimizer = Optimizer(many, scaled, 0.5)
    for w in many:
        w.grad = 2.0
    for scale in (1.0, 0.0):  # noqa: B007
        optimizer.step()
    assert [w.data for w in many] == [number - 1.0 for number in range(150)]


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_natively_many_parameters_take_the_same_steps_bit_for_bit(make, monkeypatch):
    pytest.importorskip("numba")
    import autograd.compiler.execution  # noqa: F401  from then on programs run in this process
    from autograd.compiler import kernels

    calls = []
    call = kernels._call
    monkeypatch.setattr(kernels, "_call", lambda *given: calls.append(1) or call(*given))
    ends = []
    for count in (150, 50):  # natively all at once, and in Python in three parts
        parameters = [Value(math.cos(i)) for i in range(150)]
        optimizers = [make(parameters[i : i + count], lr=0.1) for i in range(0, 150, count)]
        for step in range(5):
            for i, parameter in enumerate(parameters):
                parameter.grad = math.sin(i + step)
            for optimizer in optimizers:
                optimizer.step()
        states = zip(*(optimizer.state for optimizer in optimizers), strict=True)
        ends.append(([p.data for p in parameters], [sum(rows, ()) for rows in states]))
    assert ends[0] == ends[1]
    assert len(calls) == 5
