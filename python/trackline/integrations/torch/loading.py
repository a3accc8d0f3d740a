"""`DataLoader`: its passes are the epochs of a loop."""

from __future__ import annotations

import re
import sys
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


def describe(found: Loop, one: Pass, split: str) -> None:
    """Logs what a loader reads, once a split: params, those of the training data without a prefix, and a dataset."""
    facts: dict[str, Any] = {f"{split}_samples": one.samples}
    if (loader := one.loader()) is not None and f"{split}_dataset" not in found.described:
        found.described.add(f"{split}_dataset")
        _torch_data.log(RunLog(found.run.handle.with_source(SOURCE)), loader, split, one.name)
    if split == "train":
        facts |= {"batch_size": one.batch_size, "num_workers": one.workers, "shuffle": _torch_data.shuffles(one.sampler)}
    found.tell_once(facts, SOURCE)


def _split(name: str | None) -> str:
    told = _HELD_OUT.search(name or "")
    return {"valid": "val", "validation": "val"}.get(told[0].lower(), told[0].lower()) if told else "eval"


def _epoch(frame: Any) -> int | None:
    named = turn.epoch(frame)
    if named is not None:
        return named
    counters = list(turn.counters(frame).values())
    return counters[-1] if counters else None
