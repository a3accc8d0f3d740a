"""Altair: charts that are saved, and charts that are shown, in the form that they are shown in."""

from __future__ import annotations

import json
import sys
import weakref
from collections.abc import Generator
from typing import Any

from trackline._patch import Call, Outcome, Patches
from trackline.observers import _figures
from trackline.observers._figures import Figure

_patches = Patches()
# Charts have no hash, so by identity.
_kept: dict[int, weakref.ref[Any]] = {}


def patch() -> None:
    """Watches every kind of chart."""
    charts = next(cls for cls in sys.modules["altair"].Chart.__mro__ if "save" in vars(cls))
    _patches.wrap(charts, "save", save)
    _patches.wrap(charts, "_repr_mimebundle_", show)


def unpatch() -> None:
    """Leaves charts alone again."""
    _patches.undo()
    _kept.clear()
    _figures.forget()


def save(call: Call) -> Generator[None, Outcome, None]:
    """`chart.save(file)`."""
    outcome = yield
    chart, to = call.args[0], call.args[1] if len(call.args) > 1 else call.kwargs.get("fp")
    path = _figures.target(to)
    if outcome.error is None and path is not None:
        _remember(chart)
        ending = call.kwargs.get("format") or path.rpartition(".")[2]
        _figures.keep(Figure("altair.save", str(ending).lower(), _title(chart), file=path))


def show(call: Call) -> Generator[None, Outcome, None]:
    """What a notebook, or `chart.show()`, shows: a page, or the Vega-Lite form of the chart."""
    outcome = yield
    chart = call.args[0]
    known = _kept.get(id(chart))
    if outcome.error is not None or (known is not None and known() is chart):
        return
    # A renderer gives the forms by their media types, and perhaps the metadata of each beside them.
    shown = outcome.value[0] if isinstance(outcome.value, tuple) else outcome.value
    forms = shown if isinstance(shown, dict) else {}
    vega = next((form for kind, form in forms.items() if kind.startswith("application/vnd.vega")), None)
    if vega is not None:
        seen = Figure("altair.show", "json", _title(chart), data=json.dumps(vega).encode())
    elif isinstance(forms.get("text/html"), str):
        seen = Figure("altair.show", "html", _title(chart), data=forms["text/html"].encode())
    else:
        return
    _remember(chart)
    _figures.keep(seen)


def _remember(chart: Any) -> None:
    key = id(chart)
    _kept[key] = weakref.ref(chart, lambda _: _kept.pop(key, None))


def _title(chart: Any) -> str:
    title = getattr(chart, "title", None)
    if isinstance(title, str):
        return title
    text = getattr(title, "text", None)
    return text if isinstance(text, str) else ""
