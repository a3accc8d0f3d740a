"""scikit-learn's `…Display` objects: the numbers that they draw, kept beside the figure."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from trackline._patch import Call, Outcome, Patches
from trackline.observers import matplotlib

MODULES = ("sklearn.metrics", "sklearn.inspection", "sklearn.model_selection", "sklearn.calibration")
LONGEST = 10_000
"""Arrays with more elements are not kept: nobody reads them, and the figure shows them."""

_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Watches the modules that have displays."""
    for module in MODULES:
        _patches.on_import(module, _watch)


def _watch(module: Any) -> None:
    for name, value in list(vars(module).items()):
        if name.endswith("Display") and isinstance(value, type) and "plot" in vars(value):
            _patches.wrap(value, "plot", plot)


def plot(call: Call) -> Generator[None, Outcome, None]:
    """`display.plot()`, which `from_estimator` and `from_predictions` come to."""
    outcome = yield
    display = call.args[0]
    if outcome.error is None and (figure := getattr(display, "figure_", None)) is not None:
        shown = {name: _plain(value) for name, value in vars(display).items() if not name.endswith("_")}
        values = {name: value for name, value in shown.items() if value is not None}
        if values:
            matplotlib.remember_values(figure, {"kind": type(display).__name__, **values})


def _plain(value: Any) -> Any:
    """Numbers, texts and small arrays of them; None for the rest."""
    if hasattr(value, "tolist") and getattr(value, "size", LONGEST + 1) <= LONGEST:
        value = value.tolist()
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return None if any(item is None for item in items) else items
    if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))):
        return str(value)
    return value if isinstance(value, str | int | float | bool) else None
