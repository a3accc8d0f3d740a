"""Serves `import mlflow`, and what is below it, from Trackline: for `trackline run --mlflow`."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class _Finder:
    """Finds `mlflow.x` if there is a `trackline.x`."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        top, dot, rest = name.partition(".")
        if top != "mlflow":
            return None
        ours = f"trackline{dot}{rest}"
        if importlib.util.find_spec(ours) is None:
            return None
        return ModuleSpec(name, _Loader(ours), is_package=True)


class _Loader(Loader):
    """Gives the module of ours itself, under the other name."""

    def __init__(self, ours: str) -> None:
        self.ours = ours
        self.spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self.ours)
        self.spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec  # The import has put the other name there.


def install() -> None:
    """From now on `import mlflow` gives Trackline, unless MLflow is imported already."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
