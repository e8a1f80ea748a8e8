"""The lecture's numbers: exact to 1e-9, printed to the digits printed."""

from collections.abc import Callable

import mpmath
import pytest

from autograd.lectures import EXAMPLES, forward, logistic, two_layer
from autograd.lectures.example import Example

mp = mpmath.MPContext()  # of its own: what other tests set for theirs does not matter
mp.dps = 50
mpf = mp.mpf


def sigma(z: mpf) -> mpf:
    return 1 / (1 + mp.exp(-z))


def after_backward(build: Callable[[], Example]) -> Example:
    example = build()
    example.root.backward()
    return example


# ── the logistic example ────────────────────────────────────────────────────────────────


def logistic_by_hand() -> tuple[dict[str, mpf], dict[str, mpf]]:
    """Values and gradients from the closed forms, at 50 digits: ∂L/∂z = p - 1 for y = 1."""
    e, p = mp.exp(-1), sigma(mpf(1))
    values = {"g1": -2, "g2": 6, "g3": -5, "g4": 1, "g5": -1, "g6": e, "g7": 1 + e, "g8": p}
    values |= {"log g8": mp.log(p), "L": -mp.log(p)}
    gradients = {"L": 1, "log g8": -1, "g8": -1 / p, "g7": p, "g6": p, "g5": 1 - p}
    gradients |= dict.fromkeys(("g4", "g3", "g2", "g1", "w0"), p - 1)
    gradients |= {"w1": 1 - p, "w2": 2 * (1 - p), "x1": 2 * (p - 1), "x2": 3 * (1 - p)}
    return values, gradients


def test_logistic_values_and_gradients_are_exact() -> None:
    example = after_backward(logistic)
    values, gradients = logistic_by_hand()
    for label, value in values.items():
        assert example[label].data == pytest.approx(float(value), abs=1e-9), label
    for label, gradient in gradients.items():
        assert example[label].grad == pytest.approx(float(gradient), abs=1e-9), label
    assert set(gradients) == set(example.nodes)


def test_logistic_step_of_gradient_descent() -> None:
    example = after_backward(logistic)
    update = example.walk().update
    assert update is not None
    p, rate = sigma(mpf(1)), mpf("0.001")
    after = [-3 - rate * (p - 1), 2 - rate * (1 - p), -3 - rate * 2 * (1 - p)]
    assert [step.after for step in update.steps] == pytest.approx(list(map(float, after)), abs=1e-9)
    assert [round(step.after, 5) for step in update.steps] == [-2.99973, 1.99973, -3.00054]
    f = sigma(after[0] - after[1] - 2 * after[2])
    assert update.numbers[example["g8"]] == pytest.approx(float(f), abs=1e-9)
    assert (round(example["g8"].data, 4), round(update.numbers[example["g8"]], 4)) == (0.7311, 0.7314)


def test_the_walk_of_the_logistic_example_is_the_lectures_derivation() -> None:
    walked = after_backward(logistic).walk()
    assert [step.name for step in walked.forward] == [*(f"g{i}" for i in range(1, 9)), "log g8", "L"]
    equations = [step.equation() for step in walked.backward]
    assert len(equations) == 14
    assert equations[1] == "∂L/∂g8 = ∂L/∂(log g8) × ∂(log g8)/∂g8 = -1 × 1.3679 = -1.3679"
    assert equations[4] == "∂L/∂g5 = ∂L/∂g6 × ∂g6/∂g5 = 0.7311 × 0.3679 = 0.2689"
    assert equations[12] == "∂L/∂w2 = ∂L/∂g2 × ∂g2/∂w2 = -0.2689 × -2 = 0.5379"
    local = [step.local_equation() for step in walked.backward]
    assert local[2] == "∂g8/∂g7 = -1/g7² = -1/1.3679² = -0.5344"
    assert local[4] == "∂g6/∂g5 = e^g5 = e^-1 = 0.3679"


# ── the two-layer example ───────────────────────────────────────────────────────────────


def two_layer_by_hand() -> tuple[dict[str, mpf], dict[str, mpf], mpf]:
    """Backpropagation by its formulas, at 50 digits, from W(1)·x = (0.8, 0.3); then ŷ after the step."""
    x, W1, W2 = (3, 2), ((mpf("0.2"), mpf("0.1")), (mpf("-0.1"), mpf("0.3"))), (mpf(-1), mpf(1))
    z = [mpf("0.8"), mpf("0.3")]
    h = [sigma(a) for a in z]
    u = W2[0] * h[0] + W2[1] * h[1]
    p = sigma(u)
    back = p - 1  # ∂L/∂u for y = 1
    values = {"g5": z[0], "g6": z[1], "g7": h[0], "g8": h[1], "g11": u, "g12": p, "L": -mp.log(p)}
    gradients = {"g12": -1 / p, "g11": back, "g9": back, "g10": back, "g7": back * W2[0], "g8": back * W2[1]}
    dz = [back * W2[i] * h[i] * (1 - h[i]) for i in range(2)]
    gradients |= {"g5": dz[0], "g6": dz[1], "w11(2)": back * h[0], "w12(2)": back * h[1]}
    gradients |= {f"w{i + 1}{j + 1}(1)": dz[i] * x[j] for i in range(2) for j in range(2)}
    gradients |= {f"x{j + 1}": sum(dz[i] * W1[i][j] for i in range(2)) for j in range(2)}
    rate = mpf("0.001")
    new_z = [sum((W1[i][j] - rate * dz[i] * x[j]) * x[j] for j in range(2)) for i in range(2)]
    new_p = sigma(sum((W2[i] - rate * back * h[i]) * sigma(new_z[i]) for i in range(2)))
    return values, gradients, new_p


def test_two_layer_values_gradients_and_step_are_exact() -> None:
    example = after_backward(two_layer)
    values, gradients, new_p = two_layer_by_hand()
    for label, value in values.items():
        assert example[label].data == pytest.approx(float(value), abs=1e-9), label
    for label, gradient in gradients.items():
        assert example[label].grad == pytest.approx(float(gradient), abs=1e-9), label
    update = example.walk().update
    assert update is not None
    assert update.numbers[example["g12"]] == pytest.approx(float(new_p), abs=1e-9)


def test_nothing_printed_depends_on_our_choice_of_the_lost_weights() -> None:
    other = two_layer(W1=((0.0, 0.4), (0.1, 0.0)))
    assert [round(other[label].data, 12) for label in ("g5", "g6")] == [0.8, 0.3]
    chosen = two_layer()
    for ours, theirs in zip(chosen.comparisons, other.comparisons, strict=True):
        assert ours.exact == pytest.approx(theirs.exact, abs=1e-9), ours.quantity
    assert any("our choice" in remark for remark in chosen.remarks)


def test_early_roundings_are_what_the_reasons_say() -> None:
    reasons = {c.quantity: c.printed for c in two_layer().comparisons if c.printed.because}
    computed = {
        "L": -mp.log(mpf("0.47")),
        "∂L/∂g12": -1 / mpf("0.47"),
        "∂g12/∂g11": mpf("0.47") * mpf("0.53"),
        "∂L/∂w11(2)": mpf("-0.53") * mpf("0.69"),
        "∂L/∂w12(2)": mpf("-0.53") * mpf("0.57"),
    }
    assert set(reasons) == set(computed)
    for quantity, number in computed.items():
        assert not reasons[quantity].erratum
        assert float(reasons[quantity].number) == pytest.approx(float(number), abs=6e-4)


# ── the forward example ─────────────────────────────────────────────────────────────────


def test_forward_values_are_exact() -> None:
    example = forward()
    hidden = [sigma(mpf(4)), sigma(mpf("0.5")), sigma(mpf(1))]
    u = -hidden[0] + hidden[1] - hidden[2]
    labels = ("I1(1)", "I2(1)", "I3(1)", "O1(1)", "O2(1)", "O3(1)", "I(2)", "O(2)")
    expected = [4.0, 0.5, 1.0, *map(float, hidden), float(u), float(sigma(u))]
    assert [example[label].data for label in labels] == pytest.approx(expected, abs=1e-9)
    assert example.prediction is example["O(2)"]
    walked = example.walk()
    assert (walked.backward, walked.update) == ((), None)
    assert len(walked.forward) == 12 + 9 + 3 + 3 + 2 + 1


# ── printed numbers ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "count"), [("logistic", 22), ("two-layer", 24), ("forward", 12)])
def test_printed_numbers_agree_to_the_digits_printed_or_say_why_not(name: str, count: int) -> None:
    comparisons = EXAMPLES[name]().comparisons
    assert len(comparisons) == count  # a number that is taken out of the table would go unnoticed
    for comparison in comparisons:
        assert comparison.agrees == (not comparison.printed.because), comparison


def test_comparisons_do_not_depend_on_what_became_of_the_values() -> None:
    example = after_backward(logistic)
    before = logistic().comparisons
    example["w1"].data = 100.0
    assert example.comparisons == before
    assert logistic()["w1"].data == 2.0
