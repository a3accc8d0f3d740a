"""Constants of the script, of the modules of settings that it imports, and of the cells of a notebook."""

from __future__ import annotations

import functools
import os
import sys
from typing import TYPE_CHECKING

from trackline import _ambient, _at_exit, _notebook, _observed, _own_modules
from trackline._script import constants, frames, syntax
from trackline._script.constants import Constant

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "constants"

_read: dict[str, list[Constant]] = {}
"""The constants of each file, in the order of its text."""


def patch() -> None:
    """Reads the script now, what it has set anew when a fit begins, and what else there is when the program ends."""
    _record_script()
    _ambient.watch(_ends)
    _ambient.on_fit(_fits)
    _at_exit.add(_record_all, SOURCE)


def unpatch() -> None:
    """Reads nothing more."""
    _ambient.unwatch(_ends)
    _ambient.off_fit(_fits)
    _at_exit.remove(_record_all)
    _read.clear()


def _ends(run: ActiveRun) -> None:
    """Each run of a notebook has what the cells until then have set, as it was set last."""
    if run is _ambient.run():
        latest = {constant.key: constant for _, cell in _notebook.cells() for constant in _of_cell(cell)}
        _write(run, list(latest.values()))


@functools.lru_cache(maxsize=1000)
def _of_cell(text: str) -> list[Constant]:
    module = syntax.parsed(text)
    return [] if module is None else constants.constants(module)


def _record_all() -> None:
    if (run := _ambient.run()) is not None and run.is_open:
        _ends(run)
    _record_script()
    for name, file in _own_modules.files().items():
        last = name.rpartition(".")[2]
        if constants.is_settings_name(last) or last == "constants":
            _record(file)


def _record_script() -> None:
    # Under `trackline run` this is before the script is `__main__`.
    script = getattr(sys.modules.get("__main__"), "__file__", None) or (sys.argv[0] if sys.argv else "")
    if script.endswith(".py") and os.path.isfile(script) and frames.is_own_file(script):
        _record(script)


def _record(file: str) -> None:
    file = os.path.abspath(file)
    if file in _read:
        return
    module = syntax.tree(file)
    found = _read[file] = [] if module is None else constants.constants(module, file)
    if found:
        _ambient.later(lambda run: _write(run, constants.first(found)))


def _fits(run: ActiveRun) -> None:
    lines: dict[str, dict[str, int]] = {}
    for frame in frames.own_frames(sys._getframe()):
        lines.setdefault(os.path.abspath(frame.f_code.co_filename), {}).setdefault(frame.f_code.co_name, frame.f_lineno)
    for file, at in lines.items():
        _write(run, constants.changed(_read.get(file, []), at))


def _write(run: ActiveRun, found: list[Constant]) -> None:
    for confidence in sorted({constant.confidence for constant in found}):
        of_these = {constant.key: constant.value for constant in found if constant.confidence == confidence}
        _observed.params(run, of_these, source=SOURCE, confidence=confidence)
