"""Plotly: figures that are shown, as pages that a browser draws, and figures that are written to files."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Generator
from typing import Any

from trackline import _budget
from trackline._patch import Call, Outcome, Patches
from trackline.observers import _figures
from trackline.observers._figures import Figure

WRITERS = {"write_html": "html", "write_json": "json", "write_image": "png"}
"""What writes a figure to a file, and in which format if the name does not tell."""

_patches = Patches()
# Figures have no hash, so by identity.
_kept: dict[int, weakref.ref[Any]] = {}


def patch() -> None:
    """Watches `plotly.io`, which every method of a figure goes through."""
    for module in ("_renderers", "_html", "_json", "_kaleido"):
        _patches.on_import(f"plotly.io.{module}", _watch)


def unpatch() -> None:
    """Leaves figures alone again."""
    _patches.undo()
    _kept.clear()
    _figures.forget()


def _watch(module: Any) -> None:
    names = [name for name in ("show", *WRITERS) if getattr(vars(module).get(name), "__module__", "") == module.__name__]
    _patches.wrap_functions([vars(module)[name] for name in names if name != "show"], write)
    _patches.wrap_functions([vars(module)[name] for name in names if name == "show"], show)


def write(call: Call) -> Generator[None, Outcome, None]:
    """`write_html(figure, file)` and its kin."""
    outcome = yield
    figure, path = _argument(call, 0, "fig"), _figures.target(_argument(call, 1, "file"))
    if outcome.error is None and path is not None:
        ending = path.rpartition(".")[2] if "." in path else WRITERS[call.original.__name__]
        _remember(figure)
        _figures.keep(Figure("plotly.write", ending.lower(), _title(figure), file=path))


def show(call: Call) -> Generator[None, Outcome, None]:
    """`show(figure)`."""
    yield
    figure = _argument(call, 0, "fig")
    if not hasattr(figure, "to_plotly_json") or _is_kept(figure) or not _budget.allows("figures"):
        return
    _remember(figure)
    page = sys.modules["plotly.io"].to_html(figure, include_plotlyjs="cdn", validate=False)
    _figures.keep(Figure("plotly.show", "html", _title(figure), data=page.encode()))


def _argument(call: Call, place: int, name: str) -> Any:
    return call.args[place] if len(call.args) > place else call.kwargs.get(name)


def _is_kept(figure: Any) -> bool:
    known = _kept.get(id(figure))
    return known is not None and known() is figure


def _remember(figure: Any) -> None:
    key = id(figure)
    try:
        _kept[key] = weakref.ref(figure, lambda _: _kept.pop(key, None))
    except TypeError:
        return  # A dict, which `write_html` takes too.


def _title(figure: Any) -> str:
    layout = figure.get("layout", {}) if isinstance(figure, dict) else figure.layout
    title = layout["title"] if "title" in layout else None
    text = title if isinstance(title, str) or title is None else title["text"]
    return text or ""
