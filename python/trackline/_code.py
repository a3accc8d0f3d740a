"""The code that a run ran: the script, the modules of the project that it imported, the cells of a notebook."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING

from trackline import _notebook, _process, _project, _switches
from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

MOST_FILES = 1000

_kept: dict[ActiveRun, set[str]] = {}
"""The paths that each open run has."""


def begin(run: ActiveRun) -> None:
    """Keeps what is there when the run begins: it may be killed."""
    if _switches.on("code"):
        _kept[run] = set()
        _keep(run)


def end(run: ActiveRun) -> None:
    """Keeps what was imported and typed while the run was open."""
    if run in _kept and run.process_id == os.getpid():
        _keep(run)
    _kept.pop(run, None)


def end_all() -> None:
    """The program ends, and its open runs with it."""
    for run in list(_kept):
        end(run)


def _keep(run: ActiveRun) -> None:
    with guard("code"):
        kept = _kept[run]
        new = [(path, file) for path, file in _local(len(sys.modules), _process.working_folder()) if path not in kept]
        kept.update(path for path, _ in new)
        cells = _cells()
        if new or cells:
            run.handle.log_code(new, [("cells.py", cells)] if cells else [])


@functools.lru_cache(maxsize=1)
def _local(_modules: int, here: str) -> list[tuple[str, str]]:
    """Paths and files of the script and of the modules beside or below it, below the working directory or in their project; in
    the order of their import, as long as there are as many."""
    script, roots = _program_file(), _roots(here)
    found: dict[str, str] = {}
    if script and (path := _below(script, roots)) is not None:
        found[path] = os.path.abspath(script)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        path = _below(file, roots) if isinstance(file, str) else None
        if path is not None and len(found) < MOST_FILES:
            found.setdefault(path, os.path.abspath(str(file)))
    return list(found.items())


def is_of_project(file: str) -> bool:
    """Whether a file is the script, or one of the modules beside or below it, below the working directory or in their project."""
    return not _process.is_installed(file) and _below(file, _roots(_process.working_folder())) is not None


def _roots(here: str) -> list[str]:
    script = _program_file()
    roots = [here] if here not in ("", os.sep, os.path.expanduser("~")) else []
    roots += [os.path.dirname(os.path.abspath(script))] if script else []
    return roots + [found for folder in roots if (found := _project.root(folder)) is not None]


def _program_file() -> str | None:
    # Under `trackline run` this is before the script is `__main__`.
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if isinstance(file, str):
        return file
    program = sys.argv[0] if sys.argv else ""
    return program if os.path.isfile(program) else None


def _below(file: str, roots: list[str]) -> str | None:
    """The path of a file of the project; none for one that is installed, or hidden."""
    # Nearly all are, and thousands of paths take their time to be made whole.
    if not file.endswith(".py") or _process.is_installed(file):
        return None
    file = os.path.abspath(file)
    if _process.is_installed(file):
        return None
    for root in roots:
        if file.startswith(root + os.sep):
            path = file[len(root) + 1 :]
            return None if any(part.startswith(".") for part in path.split(os.sep)) else path
    return None


def _cells() -> str:
    return "\n".join(f"# In [{number}]\n{cell.rstrip()}\n" for number, cell in _notebook.cells())
