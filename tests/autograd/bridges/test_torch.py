"""Programs in PyTorch: outputs and gradients are those of the eager engine, kinks included; and back."""

from __future__ import annotations

import copy
import doctest
import pickle
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

import nn
from autograd import Draw, Program, Value, compile, exp, gate, gradients  # noqa: A004  as the field calls it
from tests.autograd.bridges.cases import BridgeTests, attention, program_of


def tensor(numbers: Any) -> torch.Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


class TestTorch(BridgeTests):
    def gradients(self, program: Program, model: Any, batch: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
        module = program.to_torch(model)
        outputs = module(*batch)
        if outputs.requires_grad:
            outputs.mean().backward()
        found = dict(module.named_parameters())
        return outputs, {k: torch.zeros_like(p) if p.grad is None else p.grad for k, p in found.items()}

    def slopes(self, program: Program, batch: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        columns = [tensor(column).requires_grad_() for column in batch]
        outputs = program.to_torch()(*columns)
        return outputs, torch.autograd.grad(outputs.sum(), columns)


# ── names, shapes and kinds ─────────────────────────────────────────────────────────────


def network(output: str = "linear", sizes: Sequence[int] = (4, 2)) -> tuple[nn.MLP, Program]:
    model = nn.MLP(3, sizes, "tanh", output, rng=0)
    return model, program_of(model, [0.1, 0.2, 0.3])


def test_layers_are_matrices_with_the_names_of_the_model() -> None:
    model, program = network()
    state = program.to_torch(model).state_dict()
    assert {name: tuple(array.shape) for name, array in state.items()} == {
        "layers.0.w": (4, 3),
        "layers.0.b": (4,),
        "layers.1.w": (2, 4),
        "layers.1.b": (2,),
    }
    ours = model.state_dict()
    assert state["layers.0.w"][3, 1].item() == ours["layers.0.neurons.3.w.1"]
    assert state["layers.1.b"][0].item() == ours["layers.1.neurons.0.b"]


def test_without_a_model_parameters_have_their_labels() -> None:
    w, b = Value(2.0, "w11(1)"), Value(1.0)
    module = program_of(lambda x: w * x + b, 0.0).to_torch()
    assert {name: p.item() for name, p in module.named_parameters()} == {"w11(1)": 2.0, "v1": 1.0}


def test_parameters_that_the_program_does_not_reach_go_along() -> None:
    model = nn.CharacterGPT(rng=0)
    module = program_of(model.loss, model.encode("ada")).to_torch(model)
    assert sum(p.numel() for p in module.parameters()) == model.parameter_count
    assert module.state_dict()["positions.rows"].shape == (16, 16)


def test_names_that_cannot_be_kept_apart_are_refused() -> None:
    a, b = Value(1.0, "forward"), Value(2.0, "layers.0.neurons.0.w.0")
    with pytest.raises(ValueError, match="no room for a parameter named forward"):
        program_of(lambda x: a * x, 0.0).to_torch()
    model = nn.MLP(1, [1], rng=0)
    with pytest.raises(ValueError, match=r"two parameters have the name layers\.0\.neurons\.0\.w\.0"):
        program_of(lambda x: model(x) * b, 0.0).to_torch(model)


def test_one_sample_or_a_batch_in_the_shape_of_the_result() -> None:
    w = Value(2.0, "w")

    def function(x: Any, pair: Any) -> Any:
        return {"a": w * x, "b": [[pair[0][0], w], [pair[1] * x, 1.0]], "c": ([w, [x]], 3.0)}

    program = program_of(function, 0.0, ([0.0, 0.0], 0.0))
    module = program.to_torch()
    one = module(3.0, ([1.0, 2.0], 5.0))
    assert (one["a"].item(), one["b"].tolist()) == (6.0, [[1.0, 2.0], [15.0, 1.0]])
    many = module([3.0, 4.0], ([[1.0, 2.0], [7.0, 8.0]], [5.0, 6.0]))
    assert many["a"].tolist() == [6.0, 8.0]
    assert many["b"].tolist() == [[[1.0, 2.0], [15.0, 1.0]], [[7.0, 2.0], [24.0, 1.0]]]
    (first, second), third = many["c"]
    assert (first.tolist(), second.tolist(), third.tolist()) == ([2.0, 2.0], [[3.0], [4.0]], [3.0, 3.0])
    with pytest.raises(ValueError, match=r"x has the shape \(1, 2\); one sample has \(\), a batch"):
        module([[1.0, 2.0]], ([0.0, 0.0], 0.0))
    with pytest.raises(ValueError, match="an empty batch"):
        module([], (torch.empty(0, 2), []))


def test_other_precisions_copies_and_files(tmp_path: Path) -> None:
    model, program = network("sigmoid")
    module = program.to_torch(model)
    batch = torch.randn(5, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    expected = module(batch)
    for same in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(same(batch), expected)
    single = copy.deepcopy(module).float()(batch)
    assert single.dtype == torch.float32
    assert torch.allclose(single.double(), expected, atol=1e-6)
    torch.save(module.state_dict(), tmp_path / "weights.pt")
    program.from_torch(torch.load(tmp_path / "weights.pt"), model)


def test_draws_are_fresh_in_training_and_their_means_in_evaluation() -> None:
    numbers = iter(range(1, 100))
    w = Value(10.0, "w")
    module = program_of(
        lambda x: w * x + Draw(lambda: next(numbers), mean=0.5, label="noise"), 1.0
    ).to_torch()
    drawn = module([1.0, 2.0, 3.0]) - tensor([10.0, 20.0, 30.0])
    assert drawn.diff().tolist() == [1.0, 1.0]
    assert module.eval()([1.0, 2.0]).tolist() == [10.5, 20.5]


def test_what_a_gate_refuses_is_infinite_or_nan() -> None:
    w = Value(1.0, "w")
    module = program_of(lambda x: w / x + x**0.5 + exp(x), 1.0).to_torch()
    assert module([0.0]).item() == float("inf")
    assert module([-4.0]).isnan().item()


def test_no_sample_is_computed_alone() -> None:
    """A batch of 1000 runs as many operations as one of 2."""
    case = attention()
    module = program_of(case.function, *case.samples[0]).to_torch(case.model)

    class Counted(TorchDispatchMode):
        count = 0

        def __torch_dispatch__(
            self, function: Any, types: Any, arguments: Any = (), named: Any = None
        ) -> Any:
            self.count += 1
            return function(*arguments, **(named or {}))

    def operations(size: int) -> int:
        with Counted() as counted:
            module(torch.tensor([*case.samples[0]] * size)).mean().backward()
        return counted.count

    assert 100 < operations(2) == operations(1000) < 1000


def test_second_derivatives_are_refused_and_can_be_recorded() -> None:
    w = Value(3.0, "w")
    module = program_of(lambda x: (w * x).tanh(), 1.0).to_torch()
    with pytest.raises(RuntimeError, match=r"is differentiated once\. For second derivatives record them"):
        torch.autograd.grad(module(0.5), module.parameters(), create_graph=True)

    def slope_of_w(x: Any) -> Any:
        return gradients((w * x).tanh(), [w])[0]

    recorded = program_of(slope_of_w, 1.0).to_torch()
    recorded(0.5).backward()
    slope_of_w(Value(0.5)).backward()
    assert recorded.get_parameter("w").grad.item() == pytest.approx(w.grad, rel=1e-12)


@gate(symbol="?", formula="something of x", local=("its slope",))
def unreadable(x: float) -> Any:
    return float(str(x)), (1.0,)


def test_a_gate_that_cannot_be_translated_is_named() -> None:
    with pytest.raises(TypeError, match=r"gate unreadable .* arrays: .*str.* and in its formulas"):
        program_of(lambda x: unreadable(x), 1.0).to_torch()


# ── there and back ──────────────────────────────────────────────────────────────────────


def test_weights_come_back() -> None:
    model, program = network()
    module = program.to_torch(model)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(2.0)
    before = model.state_dict()
    program.from_torch(module, model)
    assert model.state_dict() == {name: 2.0 * x for name, x in before.items()}
    program.from_torch({name: x / 2.0 for name, x in module.state_dict().items()}, model)
    assert model.state_dict() == before


def test_weights_that_do_not_fit_change_nothing() -> None:
    model, program = network()
    before = model.state_dict()
    state = program.to_torch(model).state_dict()
    state["layers.9.w"] = state.pop("layers.1.b")
    state["layers.0.w"] = state["layers.0.w"].T
    state["layers.0.b"][0] = float("nan")
    with pytest.raises(ValueError, match="nothing was changed") as caught:
        program.from_torch(state, model)
    assert str(caught.value).splitlines()[1:] == [
        "  missing: layers.1.b",
        "  unexpected: layers.9.w",
        "  of another shape: layers.0.w ((3, 4) where (4, 3) is expected)",
        "  not finite: layers.0.b",
    ]
    assert model.state_dict() == before


def test_the_readmes_example() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```pycon\n(.*?)^```", readme, re.M | re.S)
    X, y = nn.moons(100, noise=0.1, rng=0, labels=(-1, 1))
    names = {"nn": nn, "compile": compile, "X": X, "y": y, "model": nn.MLP(2, [16, 16, 1], rng=0)}
    test = doctest.DocTestParser().get_doctest(example, names, "README.md", None, None)
    assert doctest.DocTestRunner().run(test) == (0, 5)


def test_it_is_exported_for_batches_of_any_size() -> None:
    model, program = network()
    module = program.to_torch(model).eval()
    batch = torch.ones(5, 3, dtype=torch.float64)
    size = torch.export.Dim("size")
    exported = torch.export.export(module, (batch,), dynamic_shapes={"inputs": ({0: size},)}).module()
    assert torch.equal(exported(batch[:2]), module(batch[:2]))


@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")  # by PyTorch itself
def test_it_is_compiled_in_one_piece() -> None:
    """Without the last step, PyTorch's own code generator, which needs a C++ compiler."""
    model, program = network()
    module = program.to_torch(model)
    batch = torch.ones(5, 3, dtype=torch.float64)
    weights = list(module.parameters())
    expected = torch.autograd.grad(module(batch).sum(), weights)
    compiled = torch.compile(module, backend="aot_eager", fullgraph=True)
    found = torch.autograd.grad(compiled(batch).sum(), weights)
    assert all(torch.allclose(a, b, rtol=1e-12, atol=1e-14) for a, b in zip(found, expected, strict=True))


def test_without_pytorch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="to_torch needs PyTorch: python -m pip install torch"):
        network()[1].to_torch()
