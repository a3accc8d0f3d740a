"""Weights & Biases: what the script logs and configures there is in the run too, also when it is offline or disabled."""

from __future__ import annotations

import re
import weakref
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from trackline import _ambient, _observed
from trackline._guard import guard
from trackline._patch import Call, Outcome, Patches
from trackline.integrations import _session

SOURCE = "wandb"
_REFERENCE = re.compile(r"\$\{.*\}")
_patches = Patches()
_steps: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
"""How often each of its runs has logged without a step."""


def patch() -> None:
    """Watches its runs."""
    _patches.on_import("wandb.sdk.wandb_run", lambda module: _watch(module.Run))
    _patches.on_import("wandb.sdk.lib.noop_run", lambda module: _watch(module.NoopRun))


def unpatch() -> None:
    """Leaves them alone again."""
    _patches.undo()
    _steps.clear()


def _watch(kind: type) -> None:
    for name, hook, unless in (("log", log, _session.inside), ("finish", finish, lambda: False)):
        if name in vars(kind):
            _patches.wrap(kind, name, hook, unless)


def log(call: Call) -> Generator[None, Outcome, None]:
    """`run.log(data, step)`, which `wandb.log` is."""
    outcome = yield
    theirs = call.args[0]
    data = call.args[1] if len(call.args) > 1 else call.kwargs.get("data")
    step = call.args[2] if len(call.args) > 2 else call.kwargs.get("step")
    run = _ambient.run(start=True)
    if outcome.error is not None or run is None or not isinstance(data, Mapping):
        return
    if theirs not in _steps:
        _configure(theirs)
    counted = _steps.get(theirs, 0)
    commits = call.args[3] if len(call.args) > 3 else call.kwargs.get("commit")
    _steps[theirs] = counted if commits is False else counted + 1
    for key, value in _numbers(data, ""):
        _observed.metric(run, key, value, counted if step is None else int(step), source=SOURCE)


def finish(call: Call) -> Generator[None, Outcome, None]:
    """`run.finish()`: by then its configuration is whole."""
    with guard(SOURCE):
        _configure(call.args[0])
    yield


def _configure(theirs: Any) -> None:
    run = _ambient.run()
    if run is not None:
        config = {str(key): value for key, value in dict(theirs.config).items() if not str(key).startswith("_")}
        _observed.params(run, _told(config), source=f"{SOURCE}.config")


def _told(config: Mapping[str, Any]) -> dict[str, Any]:
    """Without references of OmegaConf, which the script has resolved elsewhere."""
    told = {key: _told(value) if isinstance(value, Mapping) else value for key, value in config.items()}
    return {key: value for key, value in told.items() if not (isinstance(value, str) and _REFERENCE.fullmatch(value))}


def _numbers(data: Mapping[Any, Any], prefix: str) -> Iterator[tuple[str, float]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{prefix}{name}.")
        elif isinstance(value, bool | int | float) or (_is_on_processor(value) and value.shape in ((), (1,))):
            yield f"{prefix}{name}", float(value)


def _is_on_processor(value: Any) -> bool:
    """An array, or a tensor that no device has to be asked for."""
    return hasattr(value, "shape") and str(getattr(value, "device", "cpu")) == "cpu" and hasattr(value, "__float__")
