"""The modules of the user's own that the program has imported."""

from __future__ import annotations

import os
import sys

from trackline import _process

_looked_at: dict[str, int] = {}
"""By name, the `id` of the module: a program has thousands of them, and each is looked at once."""
_files: dict[str, str] = {}
_installed: set[str] = set()
"""Packages: whatever is in them is installed too."""


def files() -> dict[str, str]:
    """Their files by their names, in the order of their import; without `__main__`, which may become another."""
    for name, module in list(sys.modules.items()):
        if name == "__main__" or _looked_at.get(name) == id(module):
            continue
        _looked_at[name] = id(module)
        _files.pop(name, None)
        if name.partition(".")[0] in _installed:
            continue
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or not file.endswith(".py"):
            continue
        if is_own(file):
            _files[name] = os.path.abspath(file)
        elif "." not in name:
            _installed.add(name)
    return {name: file for name, file in _files.items() if name in sys.modules}


def is_own(file: str) -> bool:
    """Whether a file is neither of the interpreter nor of a package, nor of ours."""
    # Nearly all are, and thousands of paths take their time to be made whole.
    return not _process.is_installed(file) and not _process.is_installed(os.path.abspath(file))
