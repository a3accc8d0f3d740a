"""What only the interpreter knows of this process."""

from __future__ import annotations

import functools
import getpass
import os
import platform
import sys
import sysconfig
from typing import Any

from trackline import _notebook
from trackline._native import Packages


def source_name() -> str:
    """The notebook, or the script that runs as it was called; of an installed program its name, since the work is not where
    that is."""
    if (notebook := _notebook.file()) is not None:
        return notebook
    program = (sys.argv[0] if sys.argv else "") or "<console>"
    file = os.path.normpath(os.path.join(working_folder(), program))
    return os.path.basename(program) if is_installed(file) else program


def working_folder() -> str:
    """Where the process works; empty if that folder is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def is_installed(file: str) -> bool:
    """Whether a file is of the interpreter, of a package (in `site-packages` or `dist-packages`), or of our own."""
    return "-packages/" in file or file.startswith(_installed())


@functools.cache
def _installed() -> tuple[str, ...]:
    folders = {*sysconfig.get_paths().values(), os.path.dirname(__file__)}
    return tuple(folder + os.sep for folder in folders)


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
