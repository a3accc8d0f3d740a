"""Waiting for modules that the user may import later."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from trackline._guard import guard

_waiting: dict[str, list[Callable[[Any], None]]] = {}
_looking: list[Callable[[Any], None]] = []
_whole: list[str] = []
"""Modules whose code has run, while Python still counts them among those that are being imported."""


class _Finder:
    """Finds nothing itself: it lets the other finders find a module and runs what waits for it after its import."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name not in _waiting and not _looking:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not _Finder else None
            if spec is not None:
                if name in _waiting:
                    _after_exec(name, spec.loader)
                for then in _looking:
                    with guard("import hook", charged=False):
                        then(spec)
                return spec
        return None


def _after_exec(name: str, loader: Any) -> None:
    # Set on the loader itself, and taken off again, so that the imported module keeps its own loader and spec.
    if loader is None or isinstance(loader, type) or not hasattr(loader, "exec_module"):
        return

    def exec_module(module: Any) -> None:
        vars(loader).pop("exec_module", None)
        loader.exec_module(module)
        if module.__name__ == name:
            _imported(name, module)

    with guard("import hook", charged=False):
        loader.exec_module = exec_module


def _imported(name: str, module: Any) -> None:
    _whole.append(name)
    for then in list(_waiting.get(name, ())):
        with guard(f"import of {name}", charged=False):
            then(module)
    _whole.remove(name)


def on_found(then: Callable[[Any], None]) -> None:
    """Calls `then(spec)` for each module that is found from now on, before it is loaded."""
    _looking.append(then)
    _look()


def _look() -> None:
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)


def is_being_imported(module: Any) -> bool:
    """Whether parts of a module are missing still."""
    return getattr(getattr(module, "__spec__", None), "_initializing", False) is True


def on_import(name: str, then: Callable[[Any], None]) -> Callable[[], None]:
    """Calls `then(module)` after each import of the module, and now if it is there as a whole. Gives what cancels that."""
    waiting = _waiting.setdefault(name, [])
    waiting.append(then)
    _look()
    if (module := sys.modules.get(name)) is not None and (name in _whole or not is_being_imported(module)):
        with guard(f"import of {name}", charged=False):
            then(module)

    def cancel() -> None:
        if then in waiting:
            waiting.remove(then)
        if not waiting and _waiting.get(name) is waiting:
            del _waiting[name]
        if not _waiting and not _looking and _Finder in sys.meta_path:
            sys.meta_path.remove(_Finder)

    return cancel
