"""Arguments and configurations that a script parses with jsonargparse; so does Lightning's command line."""

from __future__ import annotations

from collections.abc import Generator
from types import ModuleType

from trackline import _patch
from trackline.observers import _caller, argparse

SOURCE = "jsonargparse"
BUILT_ON_IT = ("jsonargparse", "lightning", "pytorch_lightning")

_patches = _patch.Patches()
unpatch = _patches.undo


def patch() -> None:
    """Sees what is parsed."""
    _patches.on_import("jsonargparse", _watch)


def _watch(jsonargparse: ModuleType) -> None:
    _patches.wrap(jsonargparse.ArgumentParser, "parse_args", parse)


def parse(call: _patch.Call) -> Generator[None, _patch.Outcome, None]:
    """Values are nested by the dots in their names."""
    outcome = yield
    if outcome.error is None and _caller.is_user(*BUILT_ON_IT):
        values = {name: value for name, value in outcome.value.as_flat().__dict__.items() if name not in ("config", "__path__")}
        defaults = vars(call.args[0].get_defaults(skip_validation=True).as_flat())
        argparse.record(values, defaults, SOURCE)
