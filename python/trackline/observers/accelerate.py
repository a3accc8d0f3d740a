"""Hugging Face Accelerate: what the script logs by it, and the states it saves. Its loop is one of plain PyTorch."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

from trackline import _ambient, _checkpoints, _observed
from trackline._patch import Call, Outcome, Patches
from trackline.integrations import _session

_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Watches the accelerator."""
    _patches.on_import("accelerate.accelerator", _watch)


def _watch(module: Any) -> None:
    _patches.wrap(module.Accelerator, "log", log, _session.inside)
    _patches.wrap(module.Accelerator, "save_state", save_state)


def log(call: Call) -> Generator[None, Outcome, None]:
    """`accelerator.log(values, step)`, with trackers or without."""
    outcome = yield
    accelerator = call.args[0]
    values = call.args[1] if len(call.args) > 1 else call.kwargs.get("values", {})
    step = call.args[2] if len(call.args) > 2 else call.kwargs.get("step")
    run = _ambient.run(start=True)
    if outcome.error is None and run is not None and accelerator.is_main_process:
        for key, value in values.items():
            if isinstance(value, int | float):
                _observed.metric(run, key, value, step or 0, source="accelerate.log")


def save_state(call: Call) -> Generator[None, Outcome, None]:
    """`accelerator.save_state(folder)` gives the folder that it wrote."""
    with _checkpoints.whole():
        outcome = yield
    if outcome.error is None and call.args[0].is_main_process and isinstance(outcome.value, str | os.PathLike):
        _checkpoints.record(outcome.value, "accelerate", source="accelerate.save_state")
