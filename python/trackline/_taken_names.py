"""Names that modules have taken of a function, by `from library import function`: they follow when it is wrapped, and when it
is put back."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from trackline._import_hook import is_being_imported

# The functions to be renamed at the end of the outermost `at_once`; None outside of one.
_renamed: dict[Any, Any] | None = None


@contextmanager
def at_once() -> Iterator[None]:
    """Looks through the modules for names only once, at the end of the block, whatever is patched in it."""
    global _renamed
    if _renamed is not None:
        yield
        return
    _renamed = {}
    try:
        yield
    finally:
        renamed, _renamed = _renamed, None
        for before, after in renamed.items():
            while after in renamed:  # Wrapped twice in the block.
                after = renamed[after]
            renamed[before] = after
        _rebind(renamed)


def rename(renamed: dict[Any, Any]) -> None:
    """Puts the values in the place of the keys, wherever a module has them under any name."""
    if _renamed is None:
        _rebind(renamed)
    else:
        _renamed.update(renamed)


def _rebind(renamed: dict[Any, Any]) -> None:
    by_id = {id(before): after for before, after in renamed.items()}
    if not by_id:
        return
    ids = by_id.keys()
    for module in _takers({before.__module__ for before in renamed}):
        names = vars(module)
        # The copy is one step for the interpreter, so other threads may go on importing.
        if ids.isdisjoint(map(id, list(names.values()))):
            continue
        for key, value in list(names.items()):
            if id(value) in by_id:
                names[key] = by_id[id(value)]


def _takers(owners: set[str]) -> Iterator[types.ModuleType]:
    """The modules that may have taken names of these. While the owners are being imported that is who came after them, and
    who is being imported itself: looking into all of thousands of modules takes a while. Else it may be any."""
    roots = {_under_way(owner) for owner in owners}
    later = None in roots
    for name, module in list(sys.modules.items()):
        later = later or name in roots
        foreign = isinstance(module, types.ModuleType) and name.partition(".")[0] not in sys.stdlib_module_names
        if foreign and (later or is_being_imported(sys.modules.get(name))):
            yield module


def _under_way(owner: str) -> str | None:
    """The outermost of a module and the packages around it that is being imported."""
    parts = owner.split(".")
    names = (".".join(parts[: count + 1]) for count in range(len(parts)))
    return next((name for name in names if is_being_imported(sys.modules.get(name))), None)
