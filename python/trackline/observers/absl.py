"""Flags that a script defines with absl."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from types import ModuleType

from trackline._patch import Call, Outcome, Patches
from trackline._script import frames
from trackline.observers import argparse

SOURCE = "absl.flags"

_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Sees flags that are parsed."""
    _patches.on_import("absl.flags", _watch)


def _watch(flags: ModuleType) -> None:
    _patches.wrap(type(flags.FLAGS), "__call__", parse)


def parse(call: Call) -> Generator[None, Outcome, None]:
    """Libraries define flags too; those of the user's own modules count."""
    outcome = yield
    if outcome.error is None:
        flags = call.args[0]
        of_user = [flag for module, defined in flags.flags_by_module_dict().items() if _is_own(module) for flag in defined]
        values = {flag.name: flag.value for flag in of_user}
        argparse.record(values, {flag.name: flag.default for flag in of_user}, SOURCE)


def _is_own(module: str) -> bool:
    # The script goes by its path.
    file = getattr(sys.modules.get(module), "__file__", None) or (module if os.path.isfile(module) else None)
    return file is not None and frames.is_own_file(file)
