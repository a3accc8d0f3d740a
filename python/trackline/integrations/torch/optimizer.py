"""Optimizers and learning rate schedulers: what they are, and each step they make."""

from __future__ import annotations

import functools
import sys
import weakref
from collections.abc import Iterator
from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _names, _session
from trackline.integrations.torch import loop, model, state, training
from trackline.integrations.torch.loop import Loop

SOURCE = "torch.optimizer"
_FLAGS = {"foreach", "capturable", "differentiable", "fused", "maximize", "amsgrad", "nesterov", "decoupled_weight_decay"}
"""Told when they are on."""
_MOST_GROUPS = 8
_STATE = {"last_epoch", "verbose", "optimizer", "base_lrs", "best", "cooldown_counter", "num_bad_epochs", "mode_worse"}


class Known:
    """What is known of an optimizer."""

    def __init__(self, optimizer: Any, name: str | None) -> None:
        self.optimizer = weakref.ref(optimizer, lambda _: _known.pop(number, None))
        number = id(optimizer)
        _known[number] = self
        self.name = name
        self.prefixed = False
        """Whether another optimizer has the plain names."""
        self.steps = 0
        self.rates: tuple[Any, ...] = ()
        self.scheduler: weakref.ref[Any] | None = None
        self.told: str | None = None
        """The run that it was described in."""


_known: dict[int, Known] = {}
"""By `id`: the hook of each step looks here."""


def made(call: Call) -> Any:
    """`Optimizer.__init__`: the model is in reach of whoever makes its optimizer."""
    outcome = yield
    if outcome.error is not None or _session.inside():
        return
    optimizer = call.args[0]
    frame = next(frames.own_frames(sys._getframe(1)), None)
    Known(optimizer, None if frame is None else frames.assigned_name(frame))
    model.look_for(optimizer, frame)
    training.made(optimizer, model.of(optimizer))


def scheduled(call: Call) -> Any:
    """`__init__` of schedulers."""
    outcome = yield
    scheduler = call.args[0]
    optimizer = getattr(scheduler, "optimizer", None)
    if optimizer is not None and id(optimizer) not in _known:  # Fabric and Accelerate put theirs around the user's.
        optimizer = getattr(optimizer, "optimizer", optimizer)
    if outcome.error is None and optimizer is not None and not _session.inside():
        # One made of others comes last.
        (_known.get(id(optimizer)) or Known(optimizer, None)).scheduler = weakref.ref(scheduler)


def stepped(optimizer: Any, _args: Any, _kwargs: Any) -> None:
    """PyTorch calls this after each step of each optimizer."""
    try:
        if not state.is_compiling():
            _step(optimizer)
    except Exception as error:  # noqa: BLE001 - most steps only count, which takes less than the guard
        with guard("torch.optimizer"):
            raise error


def _step(optimizer: Any) -> None:
    found = loop.current()
    if found is None:
        return
    known = _known.get(id(optimizer)) or Known(optimizer, None)
    if known.told != found.run.id:
        _begin(found, optimizer, known)
    known.steps += 1
    found.step = max(found.step, known.steps)
    if found.due:
        with guard(SOURCE):
            rates = tuple([group["lr"] for group in optimizer.param_groups if "lr" in group])
            changed = rates != known.rates
            known.rates = rates
            found.stepped(dict(_rates(known, rates)) if changed else {})
            found.pace.looked()
    found.due = found.pace.is_due(known.steps, found.epochs.apart)


def _rates(known: Known, rates: tuple[Any, ...]) -> Iterator[tuple[str, float]]:
    name = f"{known.name}_lr" if known.name and known.prefixed else "lr"
    for number, rate in enumerate(rates):
        # A tensor on a device is not waited for.
        if isinstance(rate, int | float) and (number == 0 or rate != rates[0]):
            yield (name if number == 0 else f"{name}_group_{number}"), float(rate)


def _begin(found: Loop, optimizer: Any, known: Known) -> None:
    known.told = found.run.id
    training.stepped(optimizer)
    known.name = known.name or _names.variable_of(optimizer)
    known.steps = 0
    known.rates = ()
    known.prefixed = "optimizer_name" in found.described
    prefix = f"{known.name or 'optimizer_2'}." if known.prefixed else ""
    scheduler = None if known.scheduler is None else known.scheduler()
    params = dict(_of_optimizer(optimizer)) | ({} if scheduler is None else dict(_of_scheduler(scheduler)))
    found.tell_once({prefix + key: value for key, value in params.items()}, SOURCE)
    with guard("torch.model"):
        model.describe(found, optimizer)


def _of_optimizer(optimizer: Any) -> Iterator[tuple[str, Any]]:
    yield "optimizer_name", type(optimizer).__name__
    groups = optimizer.param_groups[:_MOST_GROUPS]
    # What most numbers have is the setting; biases are apart, whether they come first or last.
    main = max(range(len(groups)), key=lambda number: _size(groups[number]), default=0)
    for key, default in optimizer.defaults.items():
        # Groups are given what differs from the defaults, `weight_decay` above all. Their `lr` changes with a schedule.
        of_groups = {main: default} if key == "lr" else {number: group.get(key, default) for number, group in enumerate(groups)}
        for number, value in of_groups.items():
            if value is None or (key in _FLAGS and not value) or not isinstance(value, bool | int | float | str | tuple):
                continue
            if number == main:
                yield key, value
            elif value != of_groups[main]:
                yield f"{key}_group_{number}", value
    if len(optimizer.param_groups) > 1:
        yield "param_groups", len(optimizer.param_groups)


def _size(group: dict[str, Any]) -> int:
    return sum(int(tensor.numel()) for tensor in group["params"])


def _of_scheduler(scheduler: Any) -> Iterator[tuple[str, Any]]:
    yield "lr_scheduler", type(scheduler).__name__
    # Where a function is the schedule, what it is bound to, as those of Transformers are to their warm-up.
    functions = (each for each in getattr(scheduler, "lr_lambdas", ()) if isinstance(each, functools.partial))
    bound = next((function.keywords for function in functions), {})
    for key, value in {**vars(scheduler), **bound}.items():
        if key.startswith("_") or key in _STATE:
            continue
        if isinstance(value, bool | int | float | str):
            yield f"lr_scheduler.{key}", value
