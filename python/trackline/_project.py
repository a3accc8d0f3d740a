"""The project that a script is part of."""

from __future__ import annotations

import functools
import os

MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")


@functools.lru_cache
def root(folder: str) -> str | None:
    """The nearest folder from this one upwards that holds a repository or a package; none above the user's own folders."""
    home = os.path.expanduser("~")
    folder = os.path.abspath(folder)
    while folder not in (home, os.path.dirname(folder)):
        if any(os.path.exists(os.path.join(folder, mark)) for mark in MARKS):
            return folder
        folder = os.path.dirname(folder)
    return None
