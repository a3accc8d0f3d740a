"""Environments that a program makes with Gymnasium: which, and with what settings. Their steps are left alone: what an episode comes to
is seen where the program sums it up."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from trackline import _ambient, _observed, _patch
from trackline._script.constants import is_setting
from trackline.observers import _caller

if TYPE_CHECKING:
    from types import ModuleType

SOURCE = "gymnasium.make"
SHOWN = ("disable_env_checker", "render_mode")
"""What an environment is told that is about what is seen of it."""

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Sees which environments are made."""
    _patches.on_import("gymnasium.envs.registration", _watch)


def _watch(registration: ModuleType) -> None:
    _patches.wrap_functions([registration.make, registration.make_vec], make)


def make(call: _patch.Call) -> Generator[None, _patch.Outcome, None]:
    """`gymnasium.make` and `make_vec`."""
    outcome = yield
    spec = getattr(outcome.value, "spec", None)
    if outcome.error is None and spec is not None and _caller.is_user():
        told = {f"env.{name}": value for name, value in call.kwargs.items() if name not in ("id", *SHOWN) and is_setting(value)}
        settings = {"env_id": str(spec.id), **told}
        _ambient.later(lambda run: _observed.params(run, settings, source=SOURCE))
