"""The integrations that there are, and what each brings to the suite."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import trackline.integrations

CASES = Path(__file__).parent / "cases"
NAMES = sorted(m.name for m in pkgutil.iter_modules(trackline.integrations.__path__) if not m.name.startswith("_"))


def load(name: str) -> ModuleType:
    """What the integration brings; an integration cannot stay out."""
    path = CASES / f"{name}.py"
    assert path.exists(), f"integration {name} has to bring {path}"
    spec = importlib.util.spec_from_file_location(f"case_of_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def found(public: str) -> Any:
    """The object behind `module:Class.method`, as it stands in its module or class."""
    module_name, _, path = public.partition(":")
    owner: Any = importlib.import_module(module_name)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    return vars(owner)[name]
