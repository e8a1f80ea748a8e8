"""How epochs are computed: `fit` keeps the books, a runner does the arithmetic.

`Runner` runs on Values, gate by gate; `nn.compiled_runner` runs the same as native code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from autograd.declaration import GateError
from autograd.fused import total
from autograd.grad_mode import enable_grad, no_grad
from autograd.not_finite import first_not_finite
from autograd.reals import as_float
from autograd.value import Value, gate_order
from nn.metrics import exact_sum
from nn.optimizers import Optimizer

Batches = Sequence[Sequence[int]]
"""Mini-batches, each the indices of its samples."""

Sample = tuple[Any, ...]
"""The arguments of a loss, such as (x, target)."""

Evaluate = Callable[..., tuple[Any, Any]]
"""The arguments in one sample -> (prediction, loss)."""


class Model(Protocol):
    """Anything that predicts from one sample and knows its parameters, such as a `Module`."""

    def __call__(self, x: Any, /) -> Any:
        """The prediction: a Value, or a list of them."""

    def parameters(self) -> Iterable[Value]:
        """The leaves that training may change."""


@dataclass(frozen=True)
class Task:
    """What to make small, over which samples, by which optimizer.

    parameters  whose gradients start at 0 in every update: the model's, and the optimizer's beside them
    penalty     a number to keep small beside the mean loss of a mini-batch, computed anew for each
    """

    evaluate: Evaluate
    samples: list[Sample]
    optimizer: Optimizer
    parameters: list[Value]
    penalty: Callable[[], Any] | None


class Runner:
    """Computes the epochs and evaluations of a task, gate by gate on Values."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._gates_before: set[Value] | None = None  # those of the first update, until the second

    def epochs(self, orders: Iterable[Batches], stop: Callable[[], bool], ahead: bool) -> Iterator[float]:
        """For each epoch, one update for each of its mini-batches, in their order.

        Yields for each epoch the mean of the losses of its samples, each loss from before the
        update of its mini-batch. Parameters and the optimizer are then as single steps would have
        left them; once the epochs end, the task's parameters have the gradients of the last mini-batch.

        stop   asked between updates; once it says yes, no further update is made and the epochs end
        ahead  whether a runner may be in a later epoch when it yields an earlier one
        """
        for batches in orders:
            losses: list[float] = []
            for batch in batches:
                if stop():
                    return
                losses += self.update(batch)
            yield exact_sum(losses) / len(losses)

    def evaluate(self, samples: list[Sample]) -> tuple[float, list[Any]]:
        """The mean loss over these samples, and the predictions as plain numbers; nothing is recorded."""
        part = "sample" if samples is self.task.samples else "validation sample"
        return mean_loss(self.task.evaluate, samples, part)

    def verify(self) -> None:
        """Raise RecordingError if the task is no longer the one that was recorded."""

    def update(self, batch: Sequence[int]) -> list[float]:
        """One update, and the losses from before it. Raises GateError, naming the sample, if it cannot be."""
        task = self.task
        for parameter in task.parameters:
            parameter._grad = 0.0
        with enable_grad():  # even if training itself stands inside a `no_grad`
            losses = [of_sample(task.evaluate, i, task.samples[i])[1] for i in batch]
            cost = total(losses) / len(losses)
            if task.penalty is not None:
                cost = cost + task.penalty()
        try:
            if isinstance(cost, Value):  # and not a number, of samples in which no parameter has a part
                self._refuse_stale(cost)
                cost.backward()
            task.optimizer.step()
        except GateError:
            for i, loss in zip(batch, losses, strict=True):
                if isinstance(loss, Value) and (began := first_not_finite(loss)):
                    raise GateError(f"training needs finite numbers: {began} (sample {i})") from None
            raise
        return list(map(as_numbers, losses))

    def _refuse_stale(self, cost: Value) -> None:
        """In the second update, raise ValueError for a gate of the first one: its number stands still."""
        if self._gates_before is None:
            self._gates_before = set(gate_order(cost))
        elif self._gates_before:
            moved = set(self.task.optimizer.parameters)
            for node in gate_order(cost):
                if node in self._gates_before and node.gate and not moved.isdisjoint(node.inputs):
                    raise ValueError(
                        f"{node.gate.applied_to(node.arguments)} was computed before the update, and keeps "
                        "its number: compute loss and penalty anew at each call"
                    )
            self._gates_before = set()


def of_sample(function: Callable[..., Any], i: int, sample: Sample, part: str = "sample") -> Any:
    """What a function gives for sample i; an error that it raises names the sample."""
    try:
        return function(*sample)
    except GateError as error:
        error.args = (f"{error} ({part} {i})",)
        raise
    except Exception as error:
        error.add_note(f"at {part} {i}")
        raise


def mean_loss(evaluate: Evaluate, samples: list[Sample], part: str = "sample") -> tuple[float, list[Any]]:
    """The mean loss over these samples, and the predictions as plain numbers. Records nothing."""
    with no_grad():
        outputs = [of_sample(evaluate, i, sample, part) for i, sample in enumerate(samples)]
    losses = [as_numbers(loss) for _, loss in outputs]
    return exact_sum(losses) / len(losses), [as_numbers(prediction) for prediction, _ in outputs]


def as_numbers(output: Any) -> Any:
    """A prediction without its graph: a float, or a list of them, nested like the prediction."""
    if isinstance(output, Value):
        return output.data
    if hasattr(output, "__iter__") and not isinstance(output, str):
        return [as_numbers(part) for part in output]
    return as_float(output)
