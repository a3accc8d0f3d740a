"""The curve of a training with Keras."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from trackline import _config
from trackline._guard import guard
from trackline.integrations import _curve


def callbacks(given: Any, curve: _curve.Curve) -> Any:
    """The user's callbacks with ours before them, since one that fails hides the rest; their list stays as it is."""
    if hasattr(given, "callbacks"):
        return given  # A CallbackList is the user's own, and cannot be copied.
    theirs = [] if given is None else list(given) if isinstance(given, list | tuple) else [given]
    config = _config.of("keras")
    every = None if config is None else config.log_every_n_steps
    epochs, steps = _classes()
    return [epochs(curve) if every is None else steps(curve, every), *theirs]


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
def _classes() -> tuple[Any, Any]:
    import keras

    class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
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
                self.add(epoch, dict([*values(logs), *self.validation, *values({"learning_rate": rate})]))
                self.validation = []

        def add(self, epoch: int, found: dict[str, float]) -> None:
            self.curve.add(epoch, found.items())

    class Steps(Epochs):
        """Adds a point after every so many steps. A class of its own, since Keras waits for each step where a callback has
        `on_train_batch_end`."""

        def __init__(self, curve: _curve.Curve, every: int) -> None:
            super().__init__(curve)
            self.every = every
            self.before = 0
            """Steps of the epochs before."""
            self.steps = 0

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.before = self.steps

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            last, self.steps = self.steps, self.before + batch + 1
            if self.steps // self.every > last // self.every:
                with guard("keras.curve"):
                    self.curve.add(self.steps, values(logs))

        def add(self, epoch: int, found: dict[str, float]) -> None:
            of_epoch = [(key, value) for key, value in found.items() if key.startswith("val") or key == "learning_rate"]
            self.curve.add(self.steps, of_epoch)

    return Epochs, Steps
