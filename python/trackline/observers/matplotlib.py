"""Matplotlib, and seaborn and pandas through it: figures that are saved, shown, or left open at the end."""

from __future__ import annotations

import io
import os
import sys
import weakref
from collections.abc import Generator
from typing import Any

from trackline import _at_exit
from trackline._log.pictures import Drawing
from trackline._patch import Call, Outcome, Patches
from trackline.observers import _figures, _pictures
from trackline.observers._figures import Figure

MOST_DRAWN = 50
"""So many figures that are not saved are kept of a process."""
RAW = ("raw", "rgba")
"""Formats of single frames of a film."""

_patches = Patches()
# What each figure held when it was last kept, shown or logged.
_seen: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
# Shown and not saved so far: if it is saved yet, under the name of a file, that is the one to keep.
_shown: list[tuple[weakref.ref[Any], Figure]] = []
_values: weakref.WeakKeyDictionary[Any, dict[str, Any]] = weakref.WeakKeyDictionary()
_drawn = 0


def patch() -> None:
    """Watches every figure from now on."""
    bases = sys.modules["matplotlib.backend_bases"]
    _pictures.begin()
    _patches.wrap(bases.FigureCanvasBase, "print_figure", save)
    _patches.wrap(bases.FigureManagerBase, "__init__", manage)
    # After Matplotlib's own handler, which closes all figures, so that it runs before that one.
    _at_exit.add(_finish, "figures")


def unpatch() -> None:
    """Leaves figures alone again."""
    _patches.undo()
    _at_exit.remove(_finish)
    _shown.clear()
    _figures.forget()


def save(call: Call) -> Generator[None, Outcome, None]:
    """`print_figure`, which every way of saving comes to."""
    figure, to = call.args[0].figure, (call.args[1] if len(call.args) > 1 else call.kwargs.get("filename"))
    start = to.tell() if isinstance(to, io.BytesIO) else 0
    outcome = yield
    if outcome.error is not None:
        return
    if isinstance(to, Drawing):
        _seen[figure] = _content(figure)
        return
    ending = _ending(call, to)
    if ending in RAW:
        return
    _seen[figure] = _content(figure)
    _shown[:] = [(other, kept) for other, kept in _shown if other() is not figure]
    seen = Figure("matplotlib.savefig", ending, _title(figure), values=_values.get(figure))
    path = _figures.target(to)
    if path is not None:
        seen.file = path if os.path.splitext(path)[1] else f"{path.rstrip('.')}.{ending}"
    elif isinstance(to, io.BytesIO):
        seen.data = to.getvalue()[start:]
    if seen.file or seen.data:
        _figures.keep(seen)


def manage(call: Call) -> Generator[None, Outcome, None]:
    """A manager is made: of whatever backend, its way to show its figure is watched."""
    yield
    for cls in type(call.args[0]).__mro__:
        if "show" in vars(cls):
            _patches.wrap(cls, "show", show)


def show(call: Call) -> Generator[None, Outcome, None]:
    """A manager shows its figure: before, because the user may close and so empty it."""
    _flush()
    figure = call.args[0].canvas.figure
    if not sys.modules["matplotlib"].is_interactive():
        drawn = _draw(figure, "matplotlib.show")
        if drawn is not None:
            _shown.append((weakref.ref(figure), drawn))
    yield


def remember_values(figure: Any, values: dict[str, Any]) -> None:
    """The data that the figure shows, kept beside it."""
    _values[figure] = values


def _flush() -> None:
    kept = [figure for _, figure in _shown]
    _shown.clear()
    for figure in kept:
        _figures.keep(figure)


def _finish() -> None:
    """Keeps what was shown, and draws what was left open."""
    _flush()
    for manager in list(sys.modules["matplotlib._pylab_helpers"].Gcf.figs.values()):
        if manager.canvas.figure not in _seen:
            drawn = _draw(manager.canvas.figure, "matplotlib.open")
            if drawn is not None:
                _figures.keep(drawn)


def _draw(figure: Any, source: str) -> Figure | None:
    """The figure as a picture, unless it is empty or was seen as it is now."""
    global _drawn
    content = _content(figure)
    if _drawn >= MOST_DRAWN or _seen.get(figure) == content or not any(map(_has_content, figure.axes)):
        return None
    picture = _pictures.of(figure)
    if picture is None:
        return None
    _drawn += 1
    _seen[figure] = content
    ending, data = picture
    return Figure(source, ending, _title(figure), data=data, values=_values.get(figure))


def _ending(call: Call, to: Any) -> str:
    given = call.kwargs.get("format") or (call.args[6] if len(call.args) > 6 else None)
    path = _figures.target(to)
    given = given or (os.path.splitext(path)[1][1:] if path else None) or call.args[0].get_default_filetype()
    return str(given).lower()


def _content(figure: Any) -> int:
    """A number that differs when something was added to the figure or taken away."""
    parts: list[Any] = [tuple(map(id, figure.get_children()))]
    parts += ((id(axes), axes.get_title(), tuple(map(id, axes.get_children()))) for axes in figure.axes)
    return hash(tuple(parts))


def _has_content(axes: Any) -> bool:
    return bool(axes.has_data() or axes.texts or axes.tables)


def _title(figure: Any) -> str:
    suptitle = getattr(figure, "_suptitle", None)
    if suptitle is not None and suptitle.get_text():
        return str(suptitle.get_text())
    titles = (axes.get_title(loc) for axes in figure.axes for loc in ("center", "left", "right"))
    return next((title for title in titles if title), "")
