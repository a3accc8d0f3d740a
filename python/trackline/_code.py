"""The code that a run ran: the script, the modules of the project that it imported, the cells of a notebook."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from trackline import _notebook, _own_modules, _process, _project, _switches
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
        new = [(path, file) for path, file in _local().items() if path not in kept]
        kept.update(path for path, _ in new)
        cells = _cells()
        if new or cells:
            run.handle.log_code(new, [("cells.py", cells)] if cells else [])


def _local() -> dict[str, str]:
    """Paths and files of the script and of the modules beside or below it, below the working directory or in their project; in
    the order of their import."""
    script, roots = _program_file(), _roots(_process.working_folder())
    found: dict[str, str] = {}
    for file in [*([script] if script else []), *_own_modules.files().values()]:
        path = _below(file, roots)
        if path is not None and len(found) < MOST_FILES:
            found.setdefault(path, os.path.abspath(file))
    return found


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
    if not file.endswith(".py") or not _own_modules.is_own(file):
        return None
    file = os.path.abspath(file)
    for root in roots:
        if file.startswith(root + os.sep):
            path = file[len(root) + 1 :]
            return None if any(part.startswith(".") for part in path.split(os.sep)) else path
    return None


def _cells() -> str:
    return "\n".join(f"# In [{number}]\n{cell.rstrip()}\n" for number, cell in _notebook.cells())
