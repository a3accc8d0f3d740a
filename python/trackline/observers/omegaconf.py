"""Configurations of Hydra and OmegaConf."""

from __future__ import annotations

from collections.abc import Generator
from types import ModuleType
from typing import Any

from trackline import _ambient, _observed
from trackline._patch import Call, Outcome, Patches
from trackline.observers import _caller

_patches = Patches()
unpatch = _patches.undo
_library: Any = None


def patch() -> None:
    """Sees configurations that are loaded or composed."""
    _patches.on_import("omegaconf", _watch)
    _patches.on_import("hydra.core.utils", _watch_hydra)


def _watch(omegaconf: ModuleType) -> None:
    global _library
    _library = omegaconf.OmegaConf
    for name in ("load", "merge", "from_cli", "structured"):
        _patches.wrap(omegaconf.OmegaConf, name, make)


def _watch_hydra(utils: ModuleType) -> None:
    _patches.wrap_functions([utils.run_job], run_job)


def make(call: Call) -> Generator[None, Outcome, None]:
    """The script loads or merges configurations."""
    outcome = yield
    if outcome.error is None and _caller.is_user("omegaconf"):
        _record(outcome.value, "omegaconf")


def run_job(call: Call) -> Generator[None, Outcome, None]:
    """Hydra calls the script's function with what it has composed."""
    config = call.kwargs.get("config", call.args[1] if len(call.args) > 1 else None)
    _record(config, "hydra")
    yield


def _record(config: Any, source: str) -> None:
    if _library.is_dict(config):
        values = {key: _resolved(config, key) for key in config if key != "hydra"}
        _ambient.later(lambda run: _observed.params(run, values, source=source))


def _resolved(config: Any, key: Any) -> Any:
    """One entry: others, and Hydra's own, may refer to what is not there yet."""
    try:
        value = config[key]
        return _library.to_container(value, resolve=True) if _library.is_config(value) else value
    except Exception:  # noqa: BLE001 - such a reference
        return _library.to_container(config, resolve=False)[key]
