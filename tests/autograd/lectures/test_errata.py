"""Every erratum by itself: what is printed is wrong, and what is called correct is right."""

import math
import re

import numpy as np
import pytest

from autograd import Value, exp, grad, log, logsumexp, relu, sigmoid, tanh
from autograd.lectures import errata, forward, logistic, two_layer


def test_every_erratum_has_its_test() -> None:
    tested = [re.match(r"test_(s\d)_(\d+)_", name) for name in globals()]
    places = [f"{found[1].upper()}:{found[2]}" for found in tested if found]
    assert places == [one.place for one in errata()]
    assert len(places) == 34


def test_errata_of_one_source_and_of_one_line() -> None:
    assert [one.place for one in errata("S1")] == [f"S1:{n}" for n in (74, 109, 133, 210, 234, 236, 258)]
    (one,) = errata("S2:168")
    assert (one.where, one.printed) == ("“Chain Rule”, “Most General Notation”", "D_x(f∘g) = Dg ∘ D_x g")
    assert one.transcriber
    assert str(one).endswith("f does not appear on the right; S2:201 has it. Perhaps the transcriber's slip.")
    with pytest.raises(ValueError, match="source is one of S1, S2, S3, S4, S5, got 'S6'"):
        errata("S6")
    with pytest.raises(TypeError, match="source is one of S1, S2, S3, S4, S5, got NoneType"):
        errata(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no erratum at S4:17; those of S4 are at S4:16, S4:77"):
        errata("S4:17")


def minus_log_likelihood(y: float, w: float, x: float) -> tuple[float, float]:
    """The gradient of the logistic loss by w, and the prediction."""
    weight = Value(w)
    p = sigmoid(weight * x)
    (-y * log(p) - (1 - y) * log(1 - p)).backward()
    return weight.grad, p.data


# ── S1 ──────────────────────────────────────────────────────────────────────────────────


def test_s1_74_softmax() -> None:
    z = [Value(1.0), Value(2.0), Value(3.0)]
    assert [round(exp(a - logsumexp(z)).data, 4) for a in z] == [0.09, 0.2447, 0.6652]


def test_s1_109_sizes_of_a_layer() -> None:
    W = np.ones((3, 5))
    assert (W @ np.ones((5, 1)) + np.ones((3, 1))).shape == (3, 1)
    with pytest.raises(ValueError, match="matmul"):
        W @ np.ones((3, 1))


def test_s1_133_a_step_starts_from_the_old_number() -> None:
    def loss(a0: float) -> float:
        return (3.0 - (2.0 * 1.0 + a0)) ** 2

    a0, slope = 0.0, -2.0
    assert loss(a0 - 0.1 * slope) < loss(a0)
    assert all(a != a - 0.1 * slope for a in (0.0, 1.0, 5.0))  # as printed, nothing but slope 0 fits


def test_s1_210_slope_of_the_sigmoid() -> None:
    def printed(z: float) -> float:
        return math.exp(-z) / (1 + math.exp(z)) ** 2

    def correct(z: float) -> float:
        return math.exp(-z) / (1 + math.exp(-z)) ** 2

    assert [round(printed(1.0), 4), round(correct(1.0), 4)] == [0.0266, 0.1966]
    assert printed(0.0) == correct(0.0) == 0.25
    assert correct(1.0) == pytest.approx(grad(sigmoid)(1.0))


def test_s1_234_half_a_square() -> None:
    error = np.array([1.0, -2.0])
    assert 0.5 * (error**2).sum() == 0.5 * error @ error != error @ error


def test_s1_236_which_y_has_the_minus() -> None:
    by_target, by_output = grad(lambda y, output: 0.5 * (y - output) ** 2)(3.0, 1.0)
    assert (by_target, by_output) == (2.0, -2.0)


def test_s1_258_probabilities_add_up() -> None:
    assert sum((0.002, 0.02, 0.98)) == pytest.approx(1.002)
    assert sum((0.002, 0.018, 0.98)) == pytest.approx(1.0)
    assert round(-math.log(0.98), 2) == 0.02


# ── S2 ──────────────────────────────────────────────────────────────────────────────────


def test_s2_117_cross_entropy_is_not_the_divergence() -> None:
    def difference(P: tuple[float, ...], Q: tuple[float, ...]) -> float:
        cross_entropy = -sum(p * math.log(q) for p, q in zip(P, Q, strict=True))
        return cross_entropy - sum(p * math.log(p / q) for p, q in zip(P, Q, strict=True) if p)

    assert difference((0.5, 0.5), (0.9, 0.1)) == pytest.approx(math.log(2.0))  # the entropy of P
    assert difference((1.0, 0.0), (0.9, 0.1)) == pytest.approx(0.0, abs=1e-15)


def test_s2_151_derivative_of_a_quadratic_form() -> None:
    w = np.array([1.0, 2.0])
    for A, symmetric in ((np.array([[1, 2], [2, 5]]), True), (np.array([[1, 4], [0, 5]]), False)):
        gradient = grad(lambda w, A=A: w @ A @ w)(w)
        assert gradient == pytest.approx(w @ (A + A.T))
        assert np.allclose(gradient, 2 * w @ A) == symmetric


def test_s2_168_the_derivative_of_a_composition() -> None:
    x = 0.7
    assert grad(lambda x: (x * x).sin())(x) == pytest.approx(math.cos(x * x) * 2 * x)
    assert math.cos(x * x) * 2 * x != pytest.approx(2 * x * 2 * x)


def test_s2_182_what_stands_in_the_exponent() -> None:
    w, x = np.array([1.0, -2.0]), np.array([3.0, 0.5])
    assert sigmoid(float(w @ x)) == pytest.approx(1 / (1 + math.exp(-2.0)))
    assert all(sigmoid(float(w @ x)) != pytest.approx(sigmoid(float(wi))) for wi in w)


def test_s2_186_sign_in_the_chain_rule_notes() -> None:
    gradient, p = minus_log_likelihood(1.0, 0.5, 2.0)
    assert gradient == pytest.approx(-1 / p * p * (1 - p) * 2.0)
    assert gradient == pytest.approx(-(1 - p) * 2.0)


# ── S3 ──────────────────────────────────────────────────────────────────────────────────


def test_s3_127_signs_in_the_slides_on_logistic_regression() -> None:
    for y in (0.0, 1.0):
        gradient, p = minus_log_likelihood(y, 0.5, -3.0)
        assert gradient == pytest.approx(3.0 * (y - p))
        assert gradient != pytest.approx(-3.0 * (y - p))


def test_s3_183_x4_of_the_forward_example() -> None:
    printed = forward(x=(1.0, -1.0, 3.0, -2.0))
    assert [printed[f"I{i}(1)"].data for i in (1, 2, 3)] == [4.0, 4.5, -1.0]
    assert [forward()[f"I{i}(1)"].data for i in (1, 2, 3)] == [4.0, 0.5, 1.0]


def test_s3_336_new_weights_of_the_logistic_example() -> None:
    exact = {c.quantity: c.exact for c in logistic().comparisons if c.printed.erratum}
    new = [exact[f"w{i} after the step"] for i in (0, 1)]
    assert new == pytest.approx([-2.99973, 1.99973], abs=5e-6)


def test_s3_342_f_of_the_new_weights_is_what_the_slipped_weights_give() -> None:
    assert round(logistic(w=(-2.9973, 1.9973, -3.00054))["g8"].data, 4) == 0.7323
    assert round(logistic(w=(-2.99973, 1.99973, -3.00054))["g8"].data, 4) == 0.7314


def test_s3_368_derivative_of_a_difference() -> None:
    assert grad(lambda x, y: x - y)(3.0, 2.0) == (1.0, -1.0)


def test_s3_452_the_second_gradient_of_g7_is_that_of_g8() -> None:
    example = two_layer()
    example.root.backward()
    assert [round(example[label].grad, 2) for label in ("g7", "g8")] == [0.53, -0.53]
    assert example["g10"].inputs == (example["w12(2)"], example["g8"])


def test_s3_519_each_class_has_its_own_probability() -> None:
    truth, estimate = (0, 1, 0), (0.25, 0.25, 0.5)
    assert -sum(t * math.log2(p) for t, p in zip(truth, estimate, strict=True)) == 2.0  # as line 523 has it


def test_s3_612_relu_and_its_derivative() -> None:
    assert relu(2.0) == 2.0
    assert grad(relu)(2.0) == 1.0
    assert grad(relu)(0.0) == grad(relu)(-1.0) == 0.0


@pytest.mark.torch
def test_s3_631_a_function_of_torch_has_static_methods() -> None:
    import torch

    class ReLU(torch.autograd.Function):  # type: ignore[name-defined,misc]
        def forward(self, x):  # type: ignore[no-untyped-def]
            return x.clamp(min=0)

    with (
        pytest.raises(RuntimeError, match="non-static forward"),
        pytest.warns(DeprecationWarning, match="static"),
    ):
        ReLU()(torch.tensor([1.0], requires_grad=True))


def test_s3_639_slope_of_the_printed_relu_at_0() -> None:
    x, grad_y = np.array([-1.0, 0.0, 1.0]), np.ones(3)
    printed, correct = grad_y.copy(), grad_y.copy()
    printed[x < 0] = 0
    correct[x <= 0] = 0
    assert (list(printed), list(correct)) == ([0.0, 1.0, 1.0], [0.0, 0.0, 1.0])


# ── S4 ──────────────────────────────────────────────────────────────────────────────────


def test_s4_16_an_activation_takes_z() -> None:
    W, x = np.ones((3, 2)), np.ones(3)  # n = 3 inputs, m = 2 units
    assert (W.T @ x).shape == (2,) != x.shape


def test_s4_77_the_output_of_tanh_lies_between() -> None:
    assert all(-1.0 < tanh(z) < 1.0 for z in (-5.0, -1.0, 0.0, 1.0, 5.0))


# ── S5 ──────────────────────────────────────────────────────────────────────────────────

n, p = 5, 3  # samples and features
X, dZ = np.arange(n * p, dtype=float).reshape(n, p), np.linspace(-1.0, 1.0, n).reshape(n, 1)  # noqa: N816


def test_s5_125_a_shape_is_one_argument() -> None:
    with pytest.raises(TypeError):
        np.zeros(3, 1)  # type: ignore[call-overload]
    assert np.zeros((3, 1)).shape == (3, 1)


def test_s5_143_rows_of_samples_stand_to_the_left() -> None:
    W = np.ones((1, p))
    with pytest.raises(ValueError, match="not aligned"):
        np.dot(W, X)
    assert np.dot(X, W.T).shape == (n, 1)


def test_s5_184_the_gradient_in_one_line_is_the_loop() -> None:
    loop = sum(x.reshape(p, 1) * dz for x, dz in zip(X, dZ, strict=True)) / n
    assert np.allclose(np.dot(X.T, dZ) / n, loop)


def test_s5_186_subtracting_the_negative_climbs() -> None:
    w, slope = 3.0, 2 * 3.0  # of w²
    assert (w - 0.1 * slope) ** 2 < w**2 < (w - -0.1 * slope) ** 2


def test_s5_194_the_second_layer_does_not_take_x() -> None:
    W2, x, A1 = np.ones((1, 4)), np.ones((3, 1)), np.ones((4, 1))
    with pytest.raises(ValueError, match="matmul"):
        W2 @ x
    assert (W2 @ A1).shape == (1, 1)


def test_s5_214_the_way_back_takes_the_transpose() -> None:
    W2, dZ2 = np.ones((1, 4)), np.ones((1, 1))
    assert (W2.T @ dZ2).shape == (4, 1)
    assert (dZ2 @ W2).shape == (1, 4)  # the one order in which W2 itself multiplies gives a row


def test_s5_218_weights_of_a_layer_take_its_inputs() -> None:
    A1, dZ2 = np.ones((n, 4)), np.ones((n, 1))
    assert (A1.T @ dZ2).shape == (4, 1)  # one number for each of the four weights of W[2]
    assert (X.T @ dZ2).shape == (p, 1)


def test_s5_220_biases_are_summed_over_samples_alone() -> None:
    dZ1 = np.arange(n * 4, dtype=float).reshape(n, 4)
    assert np.sum(dZ1).shape == ()
    assert np.sum(dZ1, axis=0).shape == (4,)


def test_s5_268_the_variance_stays_for_the_number_of_inputs() -> None:
    inputs, outputs = 100, 4
    assert inputs * (1 / inputs) == 1.0  # Var(z) for x of variance 1
    assert inputs * (1 / outputs) == 25.0


def test_s5_349_adam_estimates_moments() -> None:
    gradients, V, S = [1.0, 3.0], 0.0, 0.0
    for g in gradients:
        V, S = 0.999 * V + 0.001 * g, 0.999 * S + 0.001 * g * g
    correction = 1 - 0.999 ** len(gradients)
    assert V / correction == pytest.approx(2.0, rel=1e-3)  # the mean: the first moment
    assert S / correction == pytest.approx(5.0, rel=2e-3)  # the mean square: the second
