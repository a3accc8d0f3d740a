"""The curve of a training with Keras."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from trackline._guard import guard
from trackline.integrations import _curve


def callbacks(given: Any, curve: _curve.Curve) -> Any:
    """The user's callbacks with ours before them, since one that fails hides the rest; their list stays as it is."""
    if hasattr(given, "callbacks"):
        return given  # A CallbackList is the user's own, and cannot be copied.
    theirs = [] if given is None else list(given) if isinstance(given, list | tuple) else [given]
    return [_callback_class()(curve), *theirs]


def values(logs: Mapping[str, Any] | None, prefix: str = "") -> list[tuple[str, float]]:
    """Numbers of an epoch; Keras has brought them to the processor already."""
    found = []
    for key, value in (logs or {}).items():
        try:
            found.append((f"{prefix}{key}", float(value)))
        except (TypeError, ValueError):
            continue  # A metric of several values.
    return found


@functools.cache
def _callback_class() -> Any:
    import keras

    class Curve(keras.callbacks.Callback):  # type: ignore[misc]
        """Adds a point after every epoch."""

        def __init__(self, curve: _curve.Curve) -> None:
            super().__init__()
            self.curve = curve
            self.validation: list[tuple[str, float]] = []

        def on_test_end(self, logs: Any = None) -> None:
            self.validation = values(logs, "validation_")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            with guard("keras.curve"):
                rate = getattr(self.model.optimizer, "learning_rate", None)
                found = dict([*values(logs), *self.validation, *values({"learning_rate": rate})])
                self.curve.add(epoch, found.items())
                self.validation = []

    return Curve
