"""`DataLoader`: its passes are the epochs of a loop."""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

from trackline._log import RunLog
from trackline._patch import Call
from trackline._script import frames, turn
from trackline.integrations import _torch_data
from trackline.integrations.torch import loop, operand
from trackline.integrations.torch.epoch import Pass
from trackline.integrations.torch.loop import Loop

SOURCE = "torch.DataLoader"
_HELD_OUT = re.compile(r"(val|valid|validation|test|eval|dev)", re.IGNORECASE)

def iterated(call: Call) -> Any:
    """`DataLoader.__iter__`."""
    outcome = yield
    if outcome.error is not None:
        return
    frame = next(frames.own_frames(sys._getframe(1)), None)
    about = None if frame is None else operand.of(frame)
    begun = Pass(outcome.value, call.args[0], None if about is None else about.name, _epoch(frame))
    found = loop.known()
    if found is None:
        loop.waiting.append(begun)
        return
    for over in found.epochs.begins(begun):
        if not over.trains:
            describe(found, over, _split(over.name))


def describe(found: Loop, one: Pass, split: str, frame: FrameType | None = None) -> None:
    """Logs what a loader reads, once a split: params, those of the training data without a prefix, and a dataset, whose
    samples look as those that `frame` works on."""
    facts: dict[str, Any] = {f"{split}_samples": one.samples}
    loader, iterator = one.loader(), one.iterator()
    # A loader that is made in the head of the user's loop is gone, what it draws from is not.
    source = loader if loader is not None else getattr(iterator, "_dataset", None)
    if source is not None and f"{split}_dataset" not in found.described:
        found.described.add(f"{split}_dataset")
        log = _torch_data.log_dataset if loader is None else _torch_data.log
        log(RunLog(found.run.handle.with_source(SOURCE)), source, split, one.name, _batch(frame, one.batch_size))
    if split == "train":
        facts |= {"batch_size": one.batch_size, "num_workers": one.workers, "shuffle": _torch_data.shuffles(one.sampler)}
    found.tell_once(facts, SOURCE)


def _batch(frame: FrameType | None, size: int | None) -> Any | None:
    """The batch of so many samples that a loop of the user's gives out, or that a function of the user's is given."""
    for own in frames.own_frames(frame) if size is not None else ():
        given = frames.variables(own, own.f_code.co_varnames[: own.f_code.co_argcount])
        for value in (*frames.loop_variables(own).values(), *given.values()):
            if _torch_data.rows(value) == size:
                return value
    return None


def _split(name: str | None) -> str:
    told = _HELD_OUT.search(name or "")
    return {"valid": "val", "validation": "val"}.get(told[0].lower(), told[0].lower()) if told else "eval"


def _epoch(frame: Any) -> int | None:
    named = turn.epoch(frame)
    if named is not None:
        return named
    counters = list(turn.counters(frame).values())
    return counters[-1] if counters else None
