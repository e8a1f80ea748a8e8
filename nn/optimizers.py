"""Optimizers: many parameters, and what an update rule remembers of each.

`Optimizer` applies any rule of `nn.update_rules`, or one of your own. SGD, Momentum, RMSProp,
Adam and AdamW are optimizers of one rule each, which has their formula, source and defaults.
"""

from __future__ import annotations

import inspect
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from types import MappingProxyType
from typing import Any

from autograd.arguments import as_list, counted, nonnegative, positive, real_number, values, whole_number
from autograd.declaration import GateError
from autograd.reals import as_float, is_number, kind, shortened
from autograd.value import Value
from nn.foreign_words import OF_OPTIMIZER, refuse_word
from nn.schedules import Schedule
from nn.update_rules import RANGES, Rule, adam, adamw, declared, momentum, norm, rmsprop, rule_name, sgd

_MISSING = inspect.Parameter.empty  # a setting without a default
_MANY = 100  # parameters, from which on native code pays
_RULES = (sgd, momentum, rmsprop, adam, adamw)
_POSITIONAL, _KEYWORD = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY


class Optimizer:
    """Applies one update rule to many parameters.

    parameters       the Values to update, each a leaf
    rule             the update rule; those of `nn.update_rules` step as native code if there are many
                     parameters and programs run, one of your own in Python
    lr               the learning rate, or a schedule: updates so far -> learning rate
    clip_norm        if given, gradients whose common norm is larger are scaled down to it
                     (PyTorch divides by the norm + 1e-6)
    hyperparameters  the rule's own, by name

    All may be read, and lr, clip_norm and hyperparameters be assigned between steps, and so may

    state            for each of `state_names` a tuple with one number for each parameter
    step_count       the updates so far

    Raises TypeError for a learning rate or hyperparameter that is missing or unknown, ValueError
    for one out of range, and for a parameter that is given twice or is the output of a gate.
    """

    rule: Rule

    def __init__(
        self,
        parameters: Iterable[Value],
        rule: Rule,
        lr: float | Schedule | None = None,
        *,
        clip_norm: float | None = None,
        **hyperparameters: float,
    ) -> None:
        self.rule = rule
        self.state_names, self._defaults = declared(rule)
        default_lr = self._defaults.pop("learning_rate")
        self.hyperparameters = self._defaults | hyperparameters
        self.lr = default_lr if lr is None else lr
        if self.lr is _MISSING:
            raise TypeError(f"{self._name} needs lr, a learning rate or a schedule")
        self.clip_norm = clip_norm
        self.parameters = _checked_parameters(parameters)
        self.state = [[0.0] * len(self.parameters) for _ in self.state_names]
        self.step_count = 0
        self._try_rule()

    # ── settings ────────────────────────────────────────────────────────────────────────

    def __setattr__(self, name: str, given: Any) -> None:
        if type(self).__module__ == __name__:  # a class of your own may call its attributes as it likes
            if name in getattr(self, "_defaults", ()):
                raise AttributeError(f"{self._name}: to change {name}, assign a dict to hyperparameters")
            if name in OF_OPTIMIZER:
                refuse_word(self._name, name, OF_OPTIMIZER, AttributeError)
        super().__setattr__(name, given)

    @property
    def clip_norm(self) -> float | None:
        """The norm to clip gradients to; None for no clipping."""
        return self._clip_norm

    @clip_norm.setter
    def clip_norm(self, clip_norm: float | None) -> None:
        self._clip_norm = None if clip_norm is None else positive("clip_norm", clip_norm)

    @property
    def hyperparameters(self) -> Mapping[str, float]:
        """The rule's hyperparameters by name, in its order; assign a whole dict to change them."""
        return MappingProxyType(self._hyperparameters)

    @hyperparameters.setter
    def hyperparameters(self, given: Mapping[str, float]) -> None:
        for name in given:
            if name not in self._defaults:
                refuse_word(self._name, name, OF_OPTIMIZER, TypeError)
        missing = [name for name in self._defaults if given.get(name, _MISSING) is _MISSING]
        if missing:
            raise TypeError(f"{self._name} needs {', '.join(missing)}")
        self._hyperparameters = {
            name: RANGES.get(name, real_number)(name, given[name]) for name in self._defaults
        }

    @property
    def state(self) -> tuple[tuple[float, ...], ...]:
        """What the rule remembers: for each of `state_names`, one float for each parameter."""
        return self._state

    @state.setter
    def state(self, state: Iterable[Iterable[float]]) -> None:
        self._state = self._checked_state(state)

    def rule_arguments(self, updates: int | None = None) -> tuple[float, ...]:
        """The rule's arguments after `step`: the learning rate, then the hyperparameters.

        They are those of the update that follows `updates` others, by default of the next.
        """
        name, rate = "a learning rate", self.lr
        if callable(rate):
            updates = self.step_count if updates is None else updates
            name, rate = f"the schedule's learning rate after {counted(updates, 'update')}", rate(updates)
        return (nonnegative(name, rate), *self._hyperparameters.values())

    # ── steps ───────────────────────────────────────────────────────────────────────────

    def gradients(self) -> list[float]:
        """The gradient of every parameter as the rule will see it: finite, and clipped.

        Raises GateError, naming the parameter, if one is not finite, or if their norm is not.
        """
        gradients = [parameter._grad for parameter in self.parameters]
        self._require_finite("gradient", gradients, "autograd.first_not_finite(loss) says where that began")
        if self.clip_norm is not None:
            length = norm(gradients)
            if not length < math.inf:
                raise GateError(
                    "the norm of all gradients together is too large for a float, and clipping cannot "
                    "scale them: nothing was updated. Scale the loss down"
                )
            if length > self.clip_norm:
                gradients = [gradient * (self.clip_norm / length) for gradient in gradients]
        return gradients

    def step(self) -> None:
        """Update every parameter once, from its gradient.

        Raises GateError if a gradient, or what an update would give, is not finite, naming the
        parameter; nothing is changed then.
        """
        gradients = self.gradients()
        numbers = [parameter._data for parameter in self.parameters]
        step = self.step_count + 1
        arguments = (step, *self.rule_arguments())
        # Numba would freeze what a rule of your own reads, and is not imported for this alone.
        if len(numbers) >= _MANY and self.rule in _RULES and "autograd.compiler.execution" in sys.modules:
            from autograd.compiler.kernels import native_update

            native = native_update(self.rule, len(self._state), len(arguments))
            if new := native(numbers, gradients, self._state, arguments):
                for parameter, number in zip(self.parameters, new[0], strict=True):
                    parameter._data = number
                self._state, self.step_count = tuple(map(tuple, new[1])), step
                return
        updates = map(self.rule, numbers, gradients, *self._state, *map(repeat, arguments))
        updated, *state = zip(*updates, strict=True)
        self.assign(updated, state, step)

    def snapshot(self) -> tuple[Sequence[float], Sequence[Sequence[float]], int]:
        """Where the parameters and the optimizer are now, for `assign` to go back to."""
        return [parameter._data for parameter in self.parameters], self.state, self.step_count

    def assign(self, numbers: Iterable[float], state: Iterable[Iterable[float]], step_count: int) -> None:
        """Take over what a step, or many of them made elsewhere, arrived at: all of it or nothing.

        numbers  one for each parameter
        state    as many for each of `state_names`

        Raises ValueError if there are more or fewer, GateError if a number is not finite.
        """
        numbers, state = self._floats("update", numbers), self._checked_state(state)
        for parameter, number in zip(self.parameters, numbers, strict=True):
            parameter.data = number
        self._state, self.step_count = state, step_count

    def zero_grad(self) -> None:
        """Set every parameter's gradient to 0, to which the next backward pass adds."""
        for parameter in self.parameters:
            parameter._grad = 0.0

    # ── saving and going on ─────────────────────────────────────────────────────────────

    def state_dict(self) -> dict[str, Any]:
        """What steps change, in numbers and text alone: rule, step count and state.

        Learning rate and hyperparameters are not in it; they belong to the program.

        >>> w = Value(1.0, "w")
        >>> Momentum([w], lr=0.1).state_dict()
        {'rule': 'momentum', 'step_count': 0, 'velocity': [0.0]}
        """
        slots = zip(self.state_names, map(list, self.state), strict=True)
        return {"rule": rule_name(self.rule), "step_count": self.step_count} | dict(slots)

    def load_state_dict(self, saved: Mapping[str, Any]) -> None:
        """Continue where `saved` was taken by `state_dict()`.

        Raises ValueError or TypeError for anything that does not fit; nothing is changed then.
        """
        if not isinstance(saved, Mapping):
            raise TypeError(f"a state is a dict from state_dict(), got {type(saved).__name__}")
        expected, refused = self.state_dict(), f"the state does not fit {self!r}"
        misfits = [f"missing {key!r}" for key in expected if key not in saved]
        misfits += [f"unexpected {key!r}" for key in saved if key not in expected]
        if misfits:
            raise ValueError(f"{refused}: {', '.join(misfits)}")
        if saved["rule"] != expected["rule"]:
            raise ValueError(f"{refused}: the rule is {expected['rule']!r}, not {shortened(saved['rule'])}")
        step_count = whole_number("step_count", saved["step_count"])
        self.state, self.step_count = [saved[name] for name in self.state_names], step_count

    # ── checks ──────────────────────────────────────────────────────────────────────────

    @property
    def _name(self) -> str:
        return type(self).__name__ if type(self) is not Optimizer else f"Optimizer {rule_name(self.rule)}"

    def _try_rule(self) -> None:
        """Raise TypeError if the rule returns anything but what its signature says."""
        state, arguments = [0.0] * len(self.state_names), self.rule_arguments()  # checks the learning rate
        try:
            answer = self.rule(self.parameters[0].data, 1.0, *state, 1, *arguments)
        except Exception:  # undefined for these numbers perhaps, which no step has asked for yet
            return
        if not isinstance(answer, tuple) or [*map(is_number, answer)] != [True] * (1 + len(state)):
            raise TypeError(
                f"{rule_name(self.rule)} returns a tuple of numbers, {self._row()}; got {kind(answer)}"
            )

    def _checked_state(self, state: Iterable[Iterable[float]]) -> tuple[tuple[float, ...], ...]:
        slots = tuple(state)
        if len(slots) != len(self.state_names):
            raise ValueError(
                f"{rule_name(self.rule)} returns {self._row()}; got {counted(len(slots), 'row')} of state"
            )
        return tuple(self._floats(name, slot) for name, slot in zip(self.state_names, slots, strict=True))

    def _floats(self, what: str, numbers: Iterable[float]) -> tuple[float, ...]:
        """One finite float for each parameter."""
        floats = tuple(as_list(what, numbers, "numbers"))
        if len(floats) != len(self.parameters):
            raise ValueError(
                f"{what} has {len(floats)} entries for {counted(len(self.parameters), 'parameter')}"
            )
        if set(map(type, floats)) != {float}:
            floats = tuple(map(as_float, floats))
        self._require_finite(what, floats, "a smaller learning rate may help, or a loss scaled down")
        return floats

    def _require_finite(self, what: str, numbers: Sequence[float], remedy: str) -> None:
        if not all(map(math.isfinite, numbers)):
            i = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
            raise GateError(
                f"the {what} of {_named(self.parameters, i)} is {numbers[i]!r}: nothing was updated; {remedy}"
            )

    def _row(self) -> str:
        return f"({', '.join(('parameter', *self.state_names))}{'' if self.state_names else ','})"

    def __repr__(self) -> str:
        settings = {"lr": "schedule" if callable(self.lr) else self.lr, **self._hyperparameters}
        if self.clip_norm is not None:
            settings["clip_norm"] = self.clip_norm
        size = f"{counted(len(self.parameters), 'parameter')}, {counted(self.step_count, 'step')}"
        return f"{self._name}({', '.join(f'{name}={given}' for name, given in settings.items())}; {size})"


class _OfOneRule(Optimizer):
    """An optimizer whose class has the rule; its signature and half of its docstring are the rule's."""

    def __init_subclass__(cls, rule: Rule | None = None) -> None:
        if rule is None:  # a class of your own, made of one of these
            return
        cls.rule = staticmethod(rule)
        cls.__doc__ = f"{inspect.cleandoc(cls.__doc__ or '')}\n\n{inspect.cleandoc(rule.__doc__ or '')}"
        _, settings = declared(rule)
        named = {"parameters": _MISSING, "lr": settings.pop("learning_rate")}
        cls.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(name, _POSITIONAL, default=default) for name, default in named.items()]
            + [inspect.Parameter(name, _KEYWORD, default=default) for name, default in settings.items()]
            + [inspect.Parameter("clip_norm", _KEYWORD, default=None)]
        )

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float | Schedule | None = None,
        *others: Any,
        clip_norm: float | None = None,
        **hyperparameters: float,
    ) -> None:
        if others:
            signature = f"{self._name}{inspect.signature(type(self))}"
            raise TypeError(f"{signature} takes two arguments without a name, got {2 + len(others)}")
        super().__init__(parameters, type(self).rule, lr, clip_norm=clip_norm, **hyperparameters)


class SGD(_OfOneRule, rule=sgd):
    """The plainest rule: batch, mini-batch or stochastic, as the gradients are.

    >>> w = Value(2.0, "w")
    >>> optimizer = SGD([w], lr=0.1)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    1.6
    """


class Momentum(_OfOneRule, rule=momentum):
    """Gradient descent that keeps its direction.

    >>> Momentum([Value(2.0)], lr=0.1)
    Momentum(lr=0.1, beta=0.9; 1 parameter, 0 steps)
    """


class RMSProp(_OfOneRule, rule=rmsprop):
    """Steps of one size, whatever the size of the gradients.

    >>> RMSProp([Value(2.0)])
    RMSProp(lr=0.001, beta=0.9, epsilon=1e-08; 1 parameter, 0 steps)
    """


class Adam(_OfOneRule, rule=adam):
    """Along an average of the gradients, divided by their size.

    >>> Adam([Value(2.0)], lr=0.01)
    Adam(lr=0.01, beta1=0.9, beta2=0.999, epsilon=1e-08; 1 parameter, 0 steps)
    """


class AdamW(_OfOneRule, rule=adamw):
    """Adam with weight decay.

    >>> AdamW([Value(2.0)], weight_decay=0.1)
    AdamW(lr=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0.1; 1 parameter, 0 steps)
    """


def _checked_parameters(parameters: Iterable[Value]) -> list[Value]:
    if hasattr(parameters, "parameters"):
        raise TypeError(f"parameters are Values: write model.parameters(), got {kind(parameters)}")
    checked = values("parameters", parameters)
    met: set[Value] = set()
    for i, parameter in enumerate(checked):
        name = _named(checked, i)
        if parameter.gate is not None:
            raise ValueError(f"{name} is the output of gate {parameter.gate.name}; parameters are leaves")
        if parameter in met:
            raise ValueError(f"{name} is given twice")
        met.add(parameter)
    if not checked:
        raise ValueError("there are no parameters to optimize")
    return checked


def _named(parameters: Sequence[Value], i: int) -> str:
    label = parameters[i].label
    return f"parameter {i} ({label})" if label else f"parameter {i}"
