"""Hugging Face Evaluate: what its modules compute for the user's code, under the names that they give it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from trackline import _ambient, _observed, _patch
from trackline._patch import Call
from trackline._script import frames, turn
from trackline.integrations import _session

SOURCE = "evaluate"

_patches = _patch.Patches()
_calls: dict[tuple[str, str], int] = {}
"""How often a run was given a value of a name."""


def patch() -> None:
    """Records what is computed from now on. Imports nothing."""
    _patches.on_import("evaluate.module", _patch_module)


def unpatch() -> None:
    """Puts everything back."""
    _patches.undo()
    _calls.clear()


def _patch_module(module: ModuleType) -> None:
    _patches.wrap(module.EvaluationModule, "__init__", _made)


def _made(call: Call) -> Any:
    """Each module has a copy of `compute` of its own; what it calls is a method of its class."""
    outcome = yield
    kind = next((one for one in type(call.args[0]).__mro__ if "_compute" in vars(one)), None)
    if outcome.error is None and kind is not None:
        _patches.wrap(kind, "_compute", _computed, _session.inside)


def _computed(call: Call) -> Any:
    """What the module calls in turn, as of scikit-learn, is a part of it."""
    frame = frames.caller()
    with _session.recording():
        outcome = yield
    run = _ambient.run(start=True) if isinstance(outcome.value, dict) and frame is not None else None
    if run is None:
        return
    epoch = turn.epoch(frame)
    for name, value in outcome.value.items():
        if isinstance(value, float):
            count = _calls[run.id, name] = _calls.get((run.id, name), -1) + 1
            _observed.metric(run, str(name), value, count if epoch is None else epoch, source=SOURCE)
