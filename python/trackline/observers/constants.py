"""Constants of the script, of the modules of settings that it imports, and of the cells of a notebook."""

from __future__ import annotations

import ast
import functools
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _at_exit, _notebook, _observed, _own_modules
from trackline._script import choices, constants, frames, syntax
from trackline._script.constants import Constant
from trackline._script.uses import Uses
from trackline.observers import _beginnings

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "constants"

_read: dict[str, list[Constant]] = {}
"""The constants of each file, in the order of its text."""
_chosen: set[tuple[ast.Module | None, str]] = set()
"""Names that branches have decided, with the texts that they are in."""


def patch() -> None:
    """Reads the script now, what it has set anew when a fit begins, and what else there is when the program ends."""
    _record_script()
    _ambient.watch(_ends)
    _ambient.on_fit(_fits)
    _beginnings.watch(_record_chosen)
    _at_exit.add(_record_all, SOURCE)


def unpatch() -> None:
    """Reads nothing more."""
    _ambient.unwatch(_ends)
    _ambient.off_fit(_fits)
    _beginnings.unwatch(_record_chosen)
    _at_exit.remove(_record_all)
    _read.clear()
    _chosen.clear()


def _ends(run: ActiveRun) -> None:
    """Each run of a notebook has what the cells until then have set, as it was set last."""
    if run is _ambient.run():
        _write(run, _of_cells(tuple(text for _, text in _notebook.cells())))


@functools.lru_cache(maxsize=1)
def _of_cells(texts: tuple[str, ...]) -> list[Constant]:
    """What the cells of a notebook set, as it was set last. The runs of one cell all ask for the same."""
    cells = [cell for text in texts if (cell := _cell(text)) is not None]
    uses = Uses(*cells)
    return list({constant.key: constant for cell in cells for constant in constants.constants(cell, uses=uses)}.values())


@functools.lru_cache(maxsize=1000)
def _cell(text: str) -> ast.Module | None:
    return syntax.parsed(text)


def _record_all() -> None:
    if (run := _ambient.run()) is not None and run.is_open:
        _ends(run)
    _record_script()
    _choose(syntax.script(), constants.TOP, lambda: vars(sys.modules["__main__"]))
    for name, file in _own_modules.files().items():
        last = name.rpartition(".")[2]
        if constants.is_settings_name(last):
            _record(file)
        elif last == "constants":  # Of all that a project may need, it is settings what the script reads.
            _record(file, _read_by_script())


def _read_by_script() -> set[str]:
    """The names that the text of the script reads, and does not set itself."""
    script = syntax.script()
    nodes = [] if script is None else list(ast.walk(script))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    return {syntax.called(node) for node in nodes if isinstance(node, ast.Name | ast.Attribute)} - stored


def _record_script() -> None:
    script = syntax.script_file()
    if script.endswith(".py") and os.path.isfile(script) and frames.is_own_file(script):
        _record(script)


def key_of(file: str, name: str, value: Any) -> str:
    """What the constants of a file call an argument with this value: `load.n` where several functions have an `n`."""
    found = _read.get(os.path.abspath(file), [])
    return next((one.key for one in found if one.key == f"{one.scope}.{name}" and one.value == value), name)


def _record(file: str, names: set[str] | None = None) -> None:
    """The constants of a file, if they are not all, those of these names."""
    file = os.path.abspath(file)
    if file in _read:
        return
    module = syntax.tree(file)
    all_of_it = [] if module is None else constants.constants(module, file)
    found = _read[file] = [one for one in all_of_it if names is None or one.key in names]
    if found:
        _ambient.later(lambda run: _write(run, constants.first(found)))


def _fits(run: ActiveRun) -> None:
    lines: dict[str, dict[str, int]] = {}
    for frame in frames.own_frames(sys._getframe()):
        lines.setdefault(os.path.abspath(frame.f_code.co_filename), {}).setdefault(frame.f_code.co_name, frame.f_lineno)
    for file, at in lines.items():
        _write(run, constants.changed(_read.get(file, []), at))


def _record_chosen() -> None:
    """What the functions that the program is in have decided by now."""
    for frame in frames.own_frames(sys._getframe()):
        _choose(syntax.tree(frame.f_code.co_filename), frame.f_code.co_name, lambda frame=frame: frames.variables(frame))  # type: ignore[misc]


def _choose(module: ast.Module | None, scope: str, variables: Callable[[], Mapping[str, Any]]) -> None:
    names = {name for name in _choices(module).get(scope, ()) if (module, name) not in _chosen} if module is not None else set()
    if not names:
        return
    held = variables()
    found = {name: held[name] for name in names if constants.is_setting(held.get(name)) or isinstance(held.get(name), type)}
    _chosen.update((module, name) for name in found)
    if found:
        _ambient.later(lambda run: _observed.params(run, found, source=SOURCE, confidence=constants.QUITE_SURE))


@functools.lru_cache(maxsize=100)
def _choices(module: ast.Module) -> dict[str, frozenset[str]]:
    return choices.choices(module)


def _write(run: ActiveRun, found: list[Constant]) -> None:
    for confidence in sorted({constant.confidence for constant in found}):
        of_these = {constant.key: constant.value for constant in found if constant.confidence == confidence}
        _observed.params(run, of_these, source=SOURCE, confidence=confidence)
