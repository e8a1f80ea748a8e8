"""A program as a `torch.nn.Module`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from autograd.bridges.array_gates import DIFFERENTIATED_ONCE, ArrayGates
from autograd.bridges.parameter_arrays import ParameterArray, Shape
from autograd.bridges.steps import Plan
from autograd.function_source import MATHEMATICS
from autograd.recording.recording import Recording


class TorchProgram(torch.nn.Module):
    """A recorded function over a batch: every gate is computed for all samples at once, by PyTorch.

    Call it as the program is called: a batch has one more axis than the example. Its parameters have the
    names of `parameter_arrays`. Where a program refuses a number as undefined, it is infinite or NaN here.
    In training each sample has draws of its own (of dropout, of noise); after `eval()` their means.
    """

    def __init__(self, recording: Recording, arrays: Sequence[ParameterArray]) -> None:
        super().__init__()
        for array in arrays:
            numbers = torch.tensor(array.numbers, dtype=torch.float64).reshape(array.shape)
            _register(self, array.name, torch.nn.Parameter(numbers))
        self._plan = Plan(recording, arrays)
        constants = torch.tensor(recording.constants, dtype=torch.float64)[:, None]
        self._constants: torch.Tensor
        self.register_buffer("_constants", constants, persistent=False)
        for i, rows in enumerate(self._plan.tables):
            self.register_buffer(f"_table_{i}", torch.tensor(rows), persistent=False)
        self._functions = self._plan.functions(GATES)

    def forward(self, *inputs: Any) -> Any:
        """The outputs, in the shape of what the recorded function returned; a batch comes first.

        Raises ValueError for shapes other than the example's.
        """
        like, plan = self._constants, self._plan
        rows, size = plan.rows(inputs, lambda x: torch.as_tensor(x, dtype=like.dtype, device=like.device))
        if plan.recording.draws:
            rows.append(self._draws(size or 1))
        tables = [self.get_buffer(f"_table_{i}") for i in range(len(plan.tables))]
        parameters = {name: self.get_parameter(name) for name in (*plan.alone, *plan.matrices)}
        return plan.run(TorchArrays, self._functions, tables, rows, size, like, parameters)

    def _draws(self, samples: int) -> torch.Tensor:
        draws, like = self._plan.recording.draws, self._constants
        if self.training:
            return like.new_tensor([[draw.distribution() for _ in range(samples)] for draw in draws])
        return like.new_tensor([draw.mean for draw in draws])[:, None].expand(-1, samples)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_functions": None}  # translated again when it is loaded

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._functions = self._plan.functions(GATES)


def _register(module: torch.nn.Module, name: str, parameter: torch.nn.Parameter) -> None:
    """Register a parameter under a dotted name, in modules within the module."""
    *path, last = name.split(".")
    try:
        for part in path:
            inner = module._modules.get(part)
            if inner is None:
                module.add_module(part, inner := torch.nn.Module())
            module = inner
        module.register_parameter(last, parameter)
    except KeyError as error:
        raise ValueError(
            f"a PyTorch module has no room for a parameter named {name}: {error.args[0]}. Name it otherwise"
        ) from None


class TorchArrays:
    """PyTorch's tensors, as the steps of a plan use them: see `steps.Arrays`."""

    joined = staticmethod(torch.cat)
    stacked = staticmethod(torch.stack)
    widened = staticmethod(torch.Tensor.expand)
    added = staticmethod(partial(torch.sum, dim=1, keepdim=True))
    largest = staticmethod(partial(torch.amax, dim=1, keepdim=True))

    @staticmethod
    def rows(array: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return array.index_select(0, places)

    @staticmethod
    def taken(array: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        return torch.take_along_dim(array, places.long(), 1)

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        if isinstance(condition, bool):
            return a if condition else b
        if not torch.is_tensor(a) and not torch.is_tensor(b):
            a = torch.tensor(a, dtype=torch.float64)  # two numbers alone would lose half of their digits
        return torch.where(condition, a, b)

    @staticmethod
    def with_gradient(function: Callable[..., Any]) -> Callable[..., torch.Tensor]:
        class GateFunction(torch.autograd.Function):
            @staticmethod
            def forward(context: Any, *arguments: torch.Tensor) -> torch.Tensor:
                output, local = function(*arguments)
                like = arguments[0]
                output, *local = (
                    torch.as_tensor(x, dtype=like.dtype, device=like.device) for x in (output, *local)
                )
                context.save_for_backward(*local)
                context.shapes = [argument.shape for argument in arguments]
                return output

            @staticmethod
            def backward(context: Any, upstream: torch.Tensor) -> Any:
                if torch.is_grad_enabled():  # as for create_graph=True
                    raise RuntimeError(f"a program in PyTorch {DIFFERENTIATED_ONCE}")
                local = [*context.saved_tensors, *[None] * len(context.shapes)]  # constants have none
                edges = zip(context.needs_input_grad, local, context.shapes, strict=False)
                return tuple(
                    contribution(x, upstream, shape) if needed else None for needed, x, shape in edges
                )

        return GateFunction.apply


def contribution(local: torch.Tensor, upstream: torch.Tensor, shape: Shape) -> torch.Tensor:
    """Local gradient · upstream gradient, for an input of this shape: the chain rule on one edge."""
    added = torch.where(upstream == 0.0, 0.0, local * upstream)
    return (added + added.new_zeros(shape)).sum_to_size(shape)


def _for_tensors(name: str) -> Callable[..., Any]:
    """A function of `math` for tensors and numbers."""
    of_tensors, of_numbers = getattr(torch, {"fabs": "abs"}.get(name, name)), getattr(math, name)

    def function(*arguments: Any) -> Any:
        like = next((x for x in arguments if torch.is_tensor(x)), None)
        if like is None:
            return of_numbers(*arguments)
        return of_tensors(*(x if torch.is_tensor(x) else torch.full_like(like, x) for x in arguments))

    return function


for _name in MATHEMATICS - {"cbrt"}:  # PyTorch has no cube root
    setattr(TorchArrays, _name, staticmethod(_for_tensors(_name)))

GATES = ArrayGates(TorchArrays)
