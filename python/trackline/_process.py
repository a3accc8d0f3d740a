"""What only the interpreter knows of this process."""

from __future__ import annotations

import functools
import getpass
import platform
import sys
from typing import Any

from trackline._native import Packages


def source_name() -> str:
    """The script that runs, as it was called."""
    return (sys.argv[0] if sys.argv else "") or "<console>"


def user() -> str:
    """Who runs it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def packages() -> Packages:
    """What is installed, as it was when it was first asked for with this `sys.path`."""
    return _scan(tuple(sys.path))


@functools.lru_cache(maxsize=1)
def _scan(path: tuple[str, ...]) -> Packages:
    return Packages(list(path))


def environment() -> dict[str, Any]:
    """The interpreter, the command line and the packages."""
    return {
        "python": {
            "version": platform.python_version(),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
        },
        "argv": list(sys.orig_argv),
        "packages": packages().all(),
    }
