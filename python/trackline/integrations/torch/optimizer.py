"""Optimizers: what they are, and each step they make."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _names, _session
from trackline.integrations.torch import loop, model, ranks, training
from trackline.integrations.torch.loop import Loop

SOURCE = "torch.optimizer"
_FLAGS = {"foreach", "capturable", "differentiable", "fused", "maximize", "amsgrad", "nesterov", "decoupled_weight_decay"}
"""Told when they are on."""
_MOST_GROUPS = 8


class Known:
    """What is known of an optimizer."""

    def __init__(self, optimizer: Any, name: str | None) -> None:
        number = id(optimizer)
        self.optimizer = weakref.ref(optimizer, lambda _: _forget(number))
        _known[number] = self
        self.name = name
        self.prefixed = False
        """Whether another optimizer has the plain names."""
        self.rates: tuple[Any, ...] = ()
        self.given: dict[str, Any] = {}
        """What it was made with; schedulers change it."""
        self._schedules: list[tuple[weakref.ref[Any], dict[str, Any]]] = []
        self.told: str | None = None
        """The run that it was described in."""

    def scheduled(self, scheduler: Any, settings: dict[str, Any]) -> None:
        """It has got a scheduler. One made of others comes last, and stands for all of them."""
        others = [] if hasattr(scheduler, "_schedulers") else self._schedules
        self._schedules = [*(one for one in others if one[0]() is not None), (weakref.ref(scheduler), settings)]

    def schedule(self) -> Iterator[tuple[str, Any]]:
        """What its schedulers were made with; one that is gone was replaced by another."""
        alive = (settings for scheduler, settings in self._schedules if scheduler() is not None)
        for number, settings in enumerate(alive, 1):
            prefix = "lr_scheduler" if number == 1 else f"lr_scheduler_{number}"
            yield from ((f"{prefix}{key}", value) for key, value in settings.items())


_known: dict[int, Known] = {}
"""By `id`: the hook of each step looks here."""


def _forget(number: int) -> None:
    _known.pop(number, None)
    loop.forget(number)


def end_all() -> None:
    """No optimizer is known any more, and none tells when it is gone."""
    _known.clear()


def look_up(optimizer: Any) -> Known:
    """What is known of it from now on, if nothing is yet."""
    if id(optimizer) not in _known:  # Fabric and Accelerate put theirs around the user's.
        optimizer = getattr(optimizer, "optimizer", optimizer)
    return _known.get(id(optimizer)) or Known(optimizer, None)


def made(call: Call) -> Any:
    """`Optimizer.__init__`: the model is in reach of whoever makes its optimizer."""
    outcome = yield
    if outcome.error is not None or _session.inside():
        return
    optimizer = call.args[0]
    frame = next(frames.own_frames(sys._getframe(1)), None)
    known = Known(optimizer, None if frame is None else frames.assigned_name(frame))
    known.given = dict(_of_optimizer(optimizer))
    model.look_for(optimizer, frame)
    training.made(optimizer, model.of(optimizer))
    loop.gate.open()


def before_step(_optimizer: Any, _args: Any, _kwargs: Any) -> None:
    """PyTorch calls this before each step of each optimizer. There is nothing in it for `torch.compile`."""


def begins(call: Call) -> Any:
    """`before_step`."""
    _, args, kwargs = call.args
    yield
    if (len(args) > 1 or kwargs) and (found := loop.current()) is not None:
        found.searches = True


def after_step(_optimizer: Any, _args: Any, _kwargs: Any) -> None:
    """As `before_step`, after it."""


def stepped(call: Call) -> Any:
    """`after_step`."""
    yield
    _step(call.args[0])


def tried(call: Call) -> Any:
    """`GradScaler.step`. One that it leaves out, since the gradients are not finite, is a step of the user's loop all the same."""
    optimizer = call.args[1] if len(call.args) > 1 else call.kwargs["optimizer"]
    found = loop.current()
    before = None if found is None else found.pace.made(id(optimizer))
    outcome = yield
    if outcome.error is None and found is not None and found.pace.made(id(optimizer)) == before:
        _step(optimizer)


def _step(optimizer: Any) -> None:
    found = loop.current()
    if found is None:
        return
    known = look_up(optimizer)
    if known.told != found.run.id:
        _begin(found, optimizer, known)
    looked = found.pace.due
    if looked:
        found.looked()
    found.pace.stepped(id(optimizer))
    if looked:
        rates = tuple([group["lr"] for group in optimizer.param_groups if "lr" in group])
        changed = rates != known.rates
        known.rates = rates
        found.stepped(dict(_rates(known, rates)) if changed else {})


def _rates(known: Known, rates: tuple[Any, ...]) -> Iterator[tuple[str, float]]:
    name = f"{known.name}_lr" if known.name and known.prefixed else "lr"
    for number, rate in enumerate(rates):
        # A tensor on a device is not waited for.
        if isinstance(rate, int | float) and (number == 0 or rate != rates[0]):
            yield (name if number == 0 else f"{name}_group_{number}"), float(rate)


def _begin(found: Loop, optimizer: Any, known: Known) -> None:
    found.pace.begin(id(optimizer), _made_before(optimizer) if known.told is None else 0)
    known.told = found.run.id
    training.stepped(optimizer)
    known.name = known.name or _names.variable_of(optimizer)
    known.rates = ()
    known.prefixed = "optimizer_name" in found.described
    prefix = f"{known.name or 'optimizer_2'}." if known.prefixed else ""
    params = dict(_of_optimizer(optimizer))
    if known.given.get("param_groups") == params.get("param_groups"):
        params |= known.given
    params |= known.schedule()
    found.tell_once({prefix + key: value for key, value in params.items()}, SOURCE)
    if (processes := ranks.size()) > 1:
        found.tell_once({"world_size": processes}, "torch.distributed")
    with guard("torch.model"):
        model.describe(found, optimizer)


def _made_before(optimizer: Any) -> int:
    """The steps behind an optimizer before its first one here: those of the checkpoint that its state was loaded from."""
    made = [own["step"] for own in optimizer.state.values() if isinstance(own, dict) and "step" in own]
    here = [int(step) for step in made if isinstance(step, int | float) or getattr(step, "is_cpu", False)]
    return max(0, max(here, default=0) - 1)


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
    from torch.nn.parameter import is_lazy

    return sum(int(tensor.numel()) for tensor in group["params"] if not is_lazy(tensor))
