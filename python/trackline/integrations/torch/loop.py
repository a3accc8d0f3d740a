"""A training loop that the user wrote: which run it belongs to, at which step it is, and what is known of its metrics."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _budget, _config, _ending, _observed, _runs
from trackline._native import LoopPace, StepGate
from trackline.integrations import _session
from trackline.integrations.torch import training
from trackline.integrations.torch.epoch import Epochs, Pass
from trackline.integrations.torch.step import Step
from trackline.integrations._scalar import Scalars

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "torch.loop"
GRADIENT_NORM = "grad_norm"
"""A metric of which an epoch has no mean."""
ALL = 1000
"""So many steps are looked at whatever their pace, as the turns of other loops are."""
APART = 0.01
"""Seconds: those that come after are looked at if they are that far apart."""

gate = StepGate()
"""What the hooks of a step go through. It follows the loop of the latest step, until something may have changed."""


class Loop:
    """The loop whose steps go into one run."""

    def __init__(self, run: ActiveRun) -> None:
        self.run = run
        self.pace = LoopPace(ALL, APART)
        self.scalars = Scalars()
        self.epochs = Epochs(self.log)
        self.searches = False
        """Whether an optimizer evaluates the loss for itself, as often as it likes: the first of these is that of its step."""
        self.described: set[str] = set()
        """What has been told of it that is told once."""
        self._handle = run.handle.with_source(SOURCE)
        self._under_way = Step(self._made)

    @property
    def step(self) -> int:
        """The steps that were made."""
        return self.pace.step

    def saw(self, name: str, tensor: Any) -> None:
        """A loss, or another number, of the step that is under way."""
        step = self._under_way
        if not (self.searches and step.has(name)) and not self.scalars.read(tensor, step.expects(name)):
            step.lost()

    def stepped(self, also: dict[str, float]) -> None:
        """An optimizer has made the step `self.step`; `also` are metrics of it."""
        self.searches = False
        self.scalars.arrived()
        step, self._under_way = self._under_way, Step(self._made)
        step.made(self.step, self.step if self.epochs.axis is None else self.epochs.axis, also)

    def _made(self, step: Step, values: dict[str, float]) -> None:
        self.epochs.add(step.number, {name: value for name, value in values.items() if name != GRADIENT_NORM})
        if known := values | step.also:
            self._handle.log_metrics(list(known.items()), step.axis)

    def looked(self) -> None:
        """The step that is under way was looked at."""
        if self.pace.looked():
            self.pace.thin(_budget.allows("steps", self.run))
        self.pace.of_these_one = self.epochs.apart

    def log(self, name: str, value: float, step: int) -> None:
        """Logs a metric."""
        self._handle.log_metric(name, value, step)

    def tell_once(self, params: dict[str, Any], source: str) -> None:
        """Logs params that the program may come by again and again."""
        new = {key: value for key, value in params.items() if key not in self.described and value is not None}
        if new:
            self.described |= new.keys()
            _observed.params(self.run, new, source=source)

    def close(self) -> None:
        """Logs what is still on its way."""
        self.scalars.arrived(wait=True)
        self.epochs.close()


_loops: dict[str, Loop] = {}
waiting: deque[Pass] = deque(maxlen=8)
"""Passes over data before the first step: which run they belong to is not known yet."""
_latest: tuple[Any, Loop] | None = None


def current() -> Loop | None:
    """The loop of this thread or task, begun if there is none. None inside a fit that is recorded, and in the other
    ranks of a distributed training."""
    global _latest
    config = _config.of("torch")
    if config is None or _session.inside():
        return None
    stack = _runs._stack.get()
    if _latest is not None and _latest[0] is stack and _latest[1].run.is_open and not training.is_new():
        gate.follow(_latest[1].pace)
        return _latest[1]
    if config.exclusive and _runs.current() is not None:
        return None
    if training.is_new():
        before = _ambient.run()
        training.begin()
        if before is not None and before is not _ambient.run():
            ends(before)
    if training.is_beyond():
        return None
    run = _ambient.run(start=True)
    if run is None or run.handle.is_attended:
        return None
    loop = _loops.get(run.id)
    if loop is None:
        loop = _loops[run.id] = Loop(run)
        training.goes_into(run)
        while waiting:
            loop.epochs.begins(waiting.popleft())
    _latest = (stack, loop)
    gate.follow(loop.pace)
    return loop


def forget(optimizer: int) -> None:
    """An optimizer is gone, of which this was the `id`."""
    for loop in list(_loops.values()):
        loop.pace.forget(optimizer)


def known() -> Loop | None:
    """The loop of this thread or task if it has begun."""
    run = None if _session.inside() or training.is_new() or training.is_beyond() else _ambient.run()
    return None if run is None else _loops.get(run.id)


def ends(run: ActiveRun) -> None:
    """A run is about to end, or another training begins: its loop is over."""
    global _latest
    gate.open()
    loop = _loops.pop(run.id, None)
    if loop is not None:
        loop.close()
        if _latest is not None and _latest[1] is loop:
            _latest = None


def end_all() -> None:
    """All loops are over."""
    for loop in list(_loops.values()):
        ends(loop.run)
    waiting.clear()
    training.end_all(_ending.of(_ending.of_program()))
