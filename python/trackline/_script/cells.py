"""The cells of a notebook, and what is typed into IPython, with the looks that a script gets (`trackline._script.instrument`).
Of Python before 3.12; of newer ones those whose text `trackline._script.monitoring` does not find."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from trackline import _notebook
from trackline._guard import guard
from trackline._script import frames, instrument

TIMED = "<timed exec>"
"""What `%%time` calls a cell, whose text it keeps nowhere."""

_compiler: Any = None
_kind: Any = None


def begin() -> None:
    """Looks into the cells that are compiled from now on."""
    global _compiler, _kind
    shell = _notebook.shell()
    if shell is None or _compiler is shell.compile:
        return
    _compiler, _kind = shell.compile, type(shell.compile)
    _compiler.__class__ = _looking(_kind)


def end() -> None:
    """Leaves the shell's compiler as it was."""
    global _compiler
    if _compiler is not None:
        _compiler.__class__ = _kind
        _compiler = None


def _looking(kind: Any) -> Any:
    """The compiler's class, with a `__call__` that gives other code of the same effect."""

    def compiled(self: Any, *given: Any, **options: Any) -> Any:
        code = kind.__call__(self, *given, **options)
        with guard("loops"):
            return _looked_into(code, given, self.flags) or code
        return code

    return type(kind.__name__, (kind,), {"__call__": compiled, "__module__": kind.__module__, "__doc__": kind.__doc__})


def _looked_into(code: Any, given: Any, flags: int) -> CodeType | None:
    if len(given) != 3 or given[2] != "exec" or sys.gettrace() is not None:
        return None
    if given[1] != TIMED and (sys.version_info >= (3, 12) or not frames.is_typed(given[1])):
        return None
    return instrument.part(given[0], code.co_filename, flags)
