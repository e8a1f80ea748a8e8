"""Optimizers: many parameters, and what one update rule remembers of each.

`Optimizer` applies any rule of `nn.update_rules`, or one of the reader's own; SGD, Momentum,
RMSProp, Adam and AdamW are optimizers of the lecture's rules and of one more, with settings
that are checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any

from autograd import GateError, Value
from autograd.arguments import as_list, nonnegative, positive, real_number
from autograd.reals import is_finite, kind, shortened
from nn.module import counted
from nn.schedules import Schedule
from nn.update_rules import Rule, adam, adamw, declared, momentum, norm, rmsprop, rule_name, sgd

_SHOWN = 20  # how many misfits an error lists


class Optimizer:
    """Applies one update rule to many parameters.

    parameters       the Values to update, each a leaf
    rule             the update rule
    lr               the learning rate, or a schedule: updates made so far -> learning rate
    clip_norm        where given, gradients whose common norm is larger are scaled down to
                     it (PyTorch divides by the norm + 1e-6)
    hyperparameters  the rule's own, by name

    It keeps

    state            for each of `state_names` a list with one number for each parameter
    settings         the hyperparameters by name, in the order of `hyperparameter_names`
    step_count       the updates made so far

    Like `lr` and `clip_norm`, these may be read and assigned between steps.

    Raises TypeError for parameters that are not Values and for a function that is no rule,
    ValueError for no parameters, for one that is given twice or was made by a gate, and for
    a learning rate or hyperparameter that is missing, unknown or out of range.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        rule: Rule,
        lr: float | Schedule,
        *,
        clip_norm: float | None = None,
        **hyperparameters: float,
    ) -> None:
        self.rule = rule
        self.state_names, self.hyperparameter_names = declared(rule)
        unknown = sorted(hyperparameters.keys() ^ set(self.hyperparameter_names))
        if unknown:
            names = ", ".join(self.hyperparameter_names) or "none"
            wrong = f"missing or unknown: {', '.join(unknown)}"
            raise ValueError(f"the hyperparameters of {rule_name(rule)}: {names}; {wrong}")
        self.parameters = _checked_parameters(parameters)
        self.lr = lr
        self.clip_norm = clip_norm
        self.settings = {name: real_number(name, hyperparameters[name]) for name in self.hyperparameter_names}
        self.state = [[0.0] * len(self.parameters) for _ in self.state_names]
        self.step_count = 0
        self._check_rule()

    @property
    def clip_norm(self) -> float | None:
        """The norm to clip gradients to; None for no clipping. What is assigned is checked."""
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, clip_norm: float | None) -> None:
        self._clip_norm = None if clip_norm is None else positive("clip_norm", clip_norm)

    def hyperparameters(self, updates: int | None = None) -> tuple[float, ...]:
        """The rule's arguments after `step`: the learning rate, then the hyperparameters.

        They are those of the update that follows `updates` others, by default of the next.

        Raises ValueError where the learning rate is negative or not finite, TypeError where it
        is no number.
        """
        if not callable(self.lr):
            rate = nonnegative("a learning rate", self.lr)
        else:
            made = self.step_count if updates is None else updates
            after = f"the schedule's learning rate after {counted(made, 'update')}"
            rate = nonnegative(after, self.lr(made))
        return (rate, *(self.settings[name] for name in self.hyperparameter_names))

    def gradients(self) -> list[float]:
        """The gradient of every parameter as the rule will see it: finite, and clipped.

        Raises GateError where one is not finite, naming the parameter, and where they are to
        be clipped and their norm is not.
        """
        gradients = [parameter.grad or 0.0 for parameter in self.parameters]  # PyTorch's zero_grad sets None
        self._require_finite("gradient", gradients)
        if self.clip_norm is not None:
            length = norm(gradients)
            if not length < math.inf:
                raise GateError(
                    "the norm of all gradients together is too large for a float, and clipping cannot "
                    "scale them: nothing was updated. A smaller learning rate may help"
                )
            if length > self.clip_norm:
                gradients = [gradient * (self.clip_norm / length) for gradient in gradients]
        return gradients

    def step(self) -> None:
        """Update every parameter once, from its gradient.

        Raises GateError, before anything is changed, where a gradient is not finite or an
        update would not be, naming the parameter. An interrupt leaves all updated or none.
        """
        gradients = self.gradients()
        numbers = [parameter.data for parameter in self.parameters]
        step = self.step_count + 1
        same_for_all = map(repeat, (step, *self.hyperparameters()))
        updates = map(self.rule, numbers, gradients, *self.state, *same_for_all)
        numbers, *state = map(list, zip(*updates, strict=True))
        self.assign(numbers, state, step)

    def snapshot(self) -> tuple[list[float], list[list[float]], int]:
        """Where the parameters and the optimizer are now, for `assign` to go back to."""
        numbers = [parameter.data for parameter in self.parameters]
        return numbers, [list(slot) for slot in self.state], self.step_count

    def assign(self, numbers: list[float], state: list[list[float]], step_count: int) -> None:
        """Take over what a step, or many of them made elsewhere, arrived at: all of it or nothing.

        numbers  one for each parameter
        state    a list of as many for each of `state_names`

        Raises ValueError where there are more or fewer, and GateError where a number is not
        finite, before anything is changed.
        """
        lengths = [len(numbers), *map(len, state)]
        if lengths != [len(self.parameters)] * (1 + len(self.state_names)):
            raise ValueError(
                f"{rule_name(self.rule)} gives {self._row()} for each of "
                f"{counted(len(self.parameters), 'parameter')}; got rows of {lengths}"
            )
        self._require_finite("update", numbers)
        for name, slot in zip(self.state_names, state, strict=True):
            self._require_finite(f"new {name}", slot)
        try:
            self._assign(numbers, state, step_count)
        except BaseException:
            self._assign(numbers, state, step_count)  # assigning twice is assigning once
            raise

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0, where the next pass adds to it."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, Any]:
        """What steps change, in numbers and text alone: rule, step count and state.

        Learning rate and hyperparameters are not in it; they belong to the program.

        >>> w = Value(1.0, "w")
        >>> Momentum([w], lr=0.1).state_dict()
        {'rule': 'momentum', 'step_count': 0, 'velocity': [0.0]}
        """
        slots = zip(self.state_names, self.state, strict=True)
        return {"rule": rule_name(self.rule), "step_count": self.step_count} | {n: list(s) for n, s in slots}

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue where `state_dict()` was taken.

        Raises ValueError that lists all that does not fit, before anything is changed, and
        TypeError where `saved` is no mapping.
        """
        if not isinstance(saved, Mapping):
            raise TypeError(f"a state is a dict from state_dict(), got {type(saved).__name__}")
        expected = self.state_dict()
        wrong = [f"unexpected {shortened(key)}" for key in saved if key not in expected]
        wrong += [f"missing {key!r}" for key in expected if key not in saved]
        if "rule" in saved and saved["rule"] != expected["rule"]:
            wrong.append(f"the rule is {expected['rule']!r}, not {shortened(saved['rule'])}")
        count = saved.get("step_count", 0)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            wrong.append(f"'step_count' is an int of at least 0, not {shortened(count)}")
        for name in self.state_names:
            if name in saved:
                wrong += _wrong_slot(name, saved[name], len(self.parameters))
        if wrong:
            more = f"; and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
            raise ValueError(f"the state does not fit {self!r}: {'; '.join(wrong[:_SHOWN])}{more}")
        self.state = [list(map(float, saved[name])) for name in self.state_names]
        self.step_count = count

    def _assign(self, numbers: list[float], state: list[list[float]], step_count: int) -> None:
        for parameter, number in zip(self.parameters, numbers, strict=True):
            parameter.data = number
        self.state, self.step_count = state, step_count

    def _check_rule(self) -> None:
        """Raise TypeError where the rule gives something else than its signature says."""
        remembered = [0.0] * len(self.state_names)
        settings = self.hyperparameters()  # a learning rate that is wrong from the start is found here
        try:
            given = self.rule(self.parameters[0].data, 1.0, *remembered, 1, *settings)
        except Exception:  # of these numbers: no step was asked for yet
            return
        if not isinstance(given, tuple) or [*map(type, given)] != [float] * (1 + len(remembered)):
            raise TypeError(
                f"{rule_name(self.rule)} gives a tuple of floats, {self._row()}; got {kind(given)}"
            )

    def _row(self) -> str:
        return f"({', '.join(('parameter', *self.state_names))}{'' if self.state_names else ','})"

    def _require_finite(self, what: str, numbers: Sequence[float]) -> None:
        if not all(map(math.isfinite, numbers)):
            i = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
            raise GateError(
                f"the {what} of {_name(i, self.parameters[i])} is {numbers[i]!r}: nothing was updated. "
                "A smaller learning rate or clip_norm may help"
            )

    def __repr__(self) -> str:
        settings = [f"lr={'schedule' if callable(self.lr) else self.lr}"]
        settings += [f"{name}={number}" for name, number in self.settings.items()]
        if self.clip_norm is not None:
            settings.append(f"clip_norm={self.clip_norm}")
        name = type(self).__name__ if type(self) is not Optimizer else f"Optimizer {rule_name(self.rule)}"
        size = f"{counted(len(self.parameters), 'parameter')}, {counted(self.step_count, 'step')}"
        return f"{name}({', '.join(settings)}; {size})"


class SGD(Optimizer):
    """Gradient descent: batch, mini-batch or stochastic, as the gradients are.

    w ← w - α·dw                                                          (the lecture)

    The same as PyTorch's SGD without momentum.

    >>> w = Value(2.0, "w")
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    1.6
    """

    def __init__(
        self, parameters: Iterable[Value], lr: float | Schedule, *, clip_norm: float | None = None
    ) -> None:
        super().__init__(parameters, sgd, lr, clip_norm=clip_norm)


class Momentum(Optimizer):
    """Gradient descent along a running average of the gradients.

    V ← βV + (1-β)·dw,  w ← w - α·V                                       (the lecture)

    PyTorch's SGD keeps the sum V ← βV + dw: `SGD(lr=α·(1-β), momentum=β)` there takes
    the same steps as `Momentum(lr=α, beta=β)` here.

    >>> w = Value(2.0, "w")
    >>> optimizer = Momentum([w], lr=0.5, beta=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data, optimizer.state
    (1.0, [[2.0]])
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule,
        beta: float = 0.9,
        *,
        clip_norm: float | None = None,
    ) -> None:
        super().__init__(parameters, momentum, lr, clip_norm=clip_norm, beta=_decay("beta", beta))


class RMSProp(Optimizer):
    """Each step divided by the root of a running average of the squared gradient.

    S ← βS + (1-β)·dw²,  w ← w - α·dw/√(S+ε)                              (the lecture)

    ε is inside the root, so that it acts as √ε = 1e-4 on the root itself; PyTorch has it
    outside, √S + ε. PyTorch calls β alpha, with 0.99 as its default.

    >>> w = Value(2.0, "w")
    >>> optimizer = RMSProp([w], lr=0.5, beta=0.75)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6), optimizer.state
    (1.0, [[4.0]])
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        beta: float = 0.9,
        epsilon: float = 1e-8,
        *,
        clip_norm: float | None = None,
    ) -> None:
        super().__init__(
            parameters,
            rmsprop,
            lr,
            clip_norm=clip_norm,
            beta=_decay("beta", beta),
            epsilon=positive("epsilon", epsilon),
        )


class Adam(Optimizer):
    """Momentum and RMSProp together, each freed of the bias of starting from 0.

    V ← β1·V + (1-β1)·dw,   V̂ = V/(1-β1^t)
    S ← β2·S + (1-β2)·dw²,  Ŝ = S/(1-β2^t)
    w ← w - α·V̂/√(Ŝ+ε)                                                    (the lecture)

    t is the number of the step, from 1. ε is inside the root, so that it acts as √ε = 1e-4
    on the root itself; PyTorch, and Kingma and Ba (2015), have it outside, √Ŝ + ε.

    >>> w = Value(2.0, "w")
    >>> optimizer = Adam([w], lr=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    1.5
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        clip_norm: float | None = None,
    ) -> None:
        super().__init__(
            parameters,
            adam,
            lr,
            clip_norm=clip_norm,
            beta1=_decay("beta1", beta1),
            beta2=_decay("beta2", beta2),
            epsilon=positive("epsilon", epsilon),
        )


class AdamW(Optimizer):
    """Adam that also pulls every parameter towards 0, apart from the gradient.

    w ← w - α·(V̂/√(Ŝ+ε) + λw)

    V̂ and Ŝ are those of `Adam`, ε inside the root here too, where PyTorch has it outside. λ
    decays every parameter it is given, biases as well, as PyTorch's does.
    Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).

    >>> w = Value(2.0, "w")
    >>> optimizer = AdamW([w], lr=0.5, weight_decay=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> round(w.data, 6)
    1.4
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
        *,
        clip_norm: float | None = None,
    ) -> None:
        super().__init__(
            parameters,
            adamw,
            lr,
            clip_norm=clip_norm,
            beta1=_decay("beta1", beta1),
            beta2=_decay("beta2", beta2),
            epsilon=positive("epsilon", epsilon),
            weight_decay=nonnegative("weight_decay", weight_decay),
        )


# ── what was given ──────────────────────────────────────────────────────────────────────


def _checked_parameters(parameters: Iterable[Value]) -> list[Value]:
    if hasattr(parameters, "parameters"):
        raise TypeError(
            f"parameters are the Values of a model, model.parameters(); got {kind(parameters)} itself"
        )
    checked: list[Value] = []
    for parameter in as_list("parameters", parameters, "Values"):
        if not isinstance(parameter, Value):
            raise TypeError(f"parameters are Values, got {kind(parameter)}")
        name = _name(len(checked), parameter)
        if parameter.gate is not None:
            raise ValueError(f"{name} was made by gate {parameter.gate.name}; parameters are leaves")
        checked.append(parameter)
    if not checked:
        raise ValueError("there are no parameters to optimize")
    if len(set(checked)) < len(checked):
        again = next(i for i, parameter in enumerate(checked) if parameter in checked[:i])
        raise ValueError(f"{_name(again, checked[again])} is given twice")
    return checked


def _name(i: int, parameter: Value) -> str:
    return f"parameter {i} ({parameter.label})" if parameter.label else f"parameter {i}"


def _decay(name: str, beta: float) -> float:
    return real_number(name, beta, "at least 0 and less than 1", lambda beta: 0.0 <= beta < 1.0)


def _wrong_slot(name: str, slot: Any, length: int) -> list[str]:
    if not isinstance(slot, (list, tuple)):
        return [f"{name!r} is a list of numbers, not {type(slot).__name__}"]
    if len(slot) != length:
        return [f"{name!r} has {len(slot)} entries for {length} parameters"]
    return [f"{name!r}[{i}] is {shortened(number)}" for i, number in enumerate(slot) if not is_finite(number)]
