"""Epochs of a loop: told by the passes over a DataLoader, else by the variables of the user's own loops."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from time import perf_counter
from types import FrameType
from typing import Any

from trackline._script import frames, turn
from trackline.integrations import _torch_data


FEWEST_LOOKS = 8
"""Of a pass at least so many steps are looked at, so that each epoch has its mean."""


class Pass:
    """One pass over a DataLoader."""

    def __init__(self, iterator: Any, loader: Any, name: str | None, epoch: int | None) -> None:
        self.iterator = weakref.ref(iterator)
        # Not held by its iterator: one that is made in the head of the user's loop is gone at once.
        self.loader = weakref.ref(loader)
        self.name = name
        self.epoch = epoch
        self.batch_size = _torch_data.batch_size(loader)
        self.workers = loader.num_workers
        self.sampler = type(getattr(loader, "sampler", None)).__name__
        self.samples = _torch_data.length(loader.dataset)
        self.trains = False
        self.began = perf_counter()
        self._batches = _torch_data.length(loader)
        self.apart = None if self._batches is None else max(1, self._batches // FEWEST_LOOKS)
        self._drawn = None if self.batch_size is None else _torch_data.length(getattr(loader, "sampler", None))
        """So many samples are all that come: the last batch may be a part of one."""
        self._sizes: list[int] = []
        self._taken = 0
        self._seconds = 0.0

    def look(self, frame: FrameType) -> None:
        """A step of training is looked at: how far the pass is."""
        iterator = self.iterator()
        if iterator is None:
            return
        self._taken, self._seconds = iterator._num_yielded, perf_counter() - self.began
        if self._drawn is None and (size := _torch_data.rows(list(frames.loop_variables(frame).values()))) is not None:
            self._sizes.append(size)

    @property
    def samples_per_second(self) -> float | None:
        """Until the latest look. Where nothing tells how many samples a batch has, by the batches that were looked at."""
        size = sum(self._sizes) / len(self._sizes) if self._sizes else self.batch_size
        if size is None or not self._taken or not self._seconds:
            return None
        samples = self._taken * size
        return (samples if self._drawn is None else min(samples, self._drawn)) / self._seconds

    def is_of_the_loader_of(self, other: Pass) -> bool:
        """Whether both are passes over the same loader."""
        loader = self.loader()
        return loader is not None and loader is other.loader()

    @property
    def is_over(self) -> bool:
        """Whether all batches were taken, or the user's loop was left before."""
        iterator = self.iterator()
        return iterator is None or (self._batches is not None and iterator._num_yielded >= self._batches)


class Epochs:
    """Means over each epoch, logged when something comes after the last batch."""

    def __init__(self, log: Callable[[str, float, int], None]) -> None:
        self._log = log
        self._passes: list[Pass] = []
        self._number: int | None = None
        self._finished = 0
        self._sums: dict[str, tuple[float, int]] = {}
        self._first_step: int | None = None
        self._last_step = 0
        self.axis: int | None = None
        """What the user's code counts the steps by: a variable of its own, or that of a loop where nothing else is a loop."""

    def begins(self, begun: Pass) -> list[Pass]:
        """A pass over a DataLoader; what it is for is not known yet. Gives the passes that are over."""
        over = [one for one in self._passes if one.is_over or one.is_of_the_loader_of(begun)]
        self._passes = [*(one for one in self._passes if one not in over), begun]
        for one in over:
            if one.trains:
                self._finish(one)
        return over

    def trains(self) -> Pass | None:
        """A step of training is made. Gives the pass if this shows that it is one for training."""
        while self._passes and self._passes[-1].iterator() is None:
            over = self._passes.pop()
            if over.trains:
                self._finish(over)
        if not self._passes or self._passes[-1].trains:
            return None
        self._passes[-1].trains = True
        return self._passes[-1]

    @property
    def apart(self) -> int | None:
        """How many steps at most may be between two that are looked at; None if nothing tells how long an epoch is."""
        return self._passes[-1].apart if self._passes else None

    def look(self, frame: FrameType) -> None:
        """A step is looked at. Where no DataLoader tells, the variables of the user's loops do."""
        self.axis = turn.step(frame)
        if self._passes:
            self._passes[-1].look(frame)
            return
        counters = turn.counters(frame)
        alone = len(counters) == 1 and turn.has_number(frame)
        if alone and self.axis is None:
            self.axis = next(iter(counters.values()))
        if counters and not alone:
            number = next((value for name, value in counters.items() if turn.names_epoch(name)), None)
            number = turn.epoch(frame) if number is None else number
            number = next(iter(counters.values())) if number is None else number
            if self._number is not None and number != self._number:
                self._finish(None)
            self._number = number

    def add(self, step: int, values: dict[str, float]) -> None:
        """What is known of a step."""
        for name, value in values.items():
            total, count = self._sums.get(name, (0.0, 0))
            self._sums[name] = total + value, count + 1
        if self._first_step is None:
            self._first_step = step
        self._last_step = step

    def close(self) -> None:
        """No more steps come."""
        training = [one for one in self._passes if one.trains]
        if training or self._number is not None:
            self._finish(training[-1] if training else None)
        self._passes.clear()

    def _finish(self, over: Pass | None) -> None:
        epoch = self._number if over is None else over.epoch
        epoch = self._finished if epoch is None else epoch
        if self._first_step is not None and self._last_step > self._first_step:
            for name, (total, count) in self._sums.items():
                self._log(f"{name}_epoch", total / count, epoch)
        if over is not None and (rate := over.samples_per_second) is not None:
            self._log("samples_per_second", rate, epoch)
        self._finished += 1
        self._sums = {}
        self._first_step = None
