"""The modules of the user's own that the program has imported."""

from __future__ import annotations

import os
import sys

from trackline import _process

_looked_at: set[str] = set()
"""By name: a program has thousands of them, and each is looked at once."""
_files: dict[str, str] = {}
_installed: set[str] = set()
"""Packages: whatever is in them is installed too."""


def files() -> dict[str, str]:
    """Their files by their names, in the order of their import; without `__main__`, which may become another."""
    _looked_at.intersection_update(sys.modules)
    for name in [name for name in list(sys.modules) if name not in _looked_at]:
        _looked_at.add(name)
        if name.partition(".")[0] not in _installed and name != "__main__":
            _look_at(name)
    return {name: file for name, file in _files.copy().items() if name in _looked_at}


def _look_at(name: str) -> None:
    _files.pop(name, None)
    file = getattr(sys.modules.get(name), "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return
    if is_own(file):
        _files[name] = os.path.abspath(file)
    elif "." not in name:
        _installed.add(name)


def is_own(file: str) -> bool:
    """Whether a file is neither of the interpreter nor of a package, nor of ours."""
    # Nearly all are, and thousands of paths take their time to be made whole.
    return not _process.is_installed(file) and not _process.is_installed(os.path.abspath(file))
