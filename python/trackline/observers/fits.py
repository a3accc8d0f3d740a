"""Data that reaches a `fit` which the user wrote. Those of scikit-learn's protocol are recorded by its integration, with the model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from trackline import _ambient
from trackline._autolog import Config
from trackline._guard import guard
from trackline._log import RunLog
from trackline._script import frames, given, looks
from trackline._script.place import Moment, Place
from trackline.integrations import _dataset, _session

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline.data.dataset import Dataset

SOURCE = "fit"
LIBRARIES = ("cudf", "jaxlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "torch")
"""Whose tables and arrays are looked at: of other objects the user's own code would be asked."""

_on = False


def patch(config: Config) -> None:
    """Looks at what fits are given from now on."""
    global _on
    _on = config.log_datasets
    looks.add(Moment.BEGUN, _Given)


def unpatch() -> None:
    """Looks at nothing more."""
    global _on
    _on = False
    looks.remove(Moment.BEGUN)


class _Given:
    """Looks at what one method is given, until it was data for once."""

    def __init__(self, place: Place) -> None:
        self._names = place.variables

    def see(self, _counter: object, *variables: object) -> bool:
        """Data, and labels."""
        with guard(SOURCE):
            if _on and not _session.inside() and not _is_part(fit := sys._getframe(1)):
                return not self._described(variables, fit)
        return True

    def _described(self, variables: Sequence[object], fit: FrameType) -> bool:
        data, labels = [value if _is_data(value) else None for value in (*variables, None)][:2]
        if data is None:
            return False
        caller = next(frames.own_frames(fit.f_back), None)
        held = [] if caller is None else [*frames.variables(caller).items(), *caller.f_globals.copy().items()]
        name = next((name for name, value in held if value is data and not name.startswith("_")), self._names[0])
        dataset = _dataset.describe(data, labels, name)
        if dataset is not None:
            _ambient.later(lambda run: _log(run, dataset))
        return dataset is not None


def _log(run: ActiveRun, dataset: Dataset) -> None:
    RunLog(run.handle.with_source(SOURCE)).log_input(dataset, "train")


def _is_data(value: Any) -> bool:
    if type(value) is list:
        return bool(value) and isinstance(value[0], int | float | str | list | tuple)
    return type(value).__module__.partition(".")[0] in LIBRARIES and hasattr(value, "shape")


def _is_part(fit: FrameType) -> bool:
    """Whether another fit of the user calls this one, as one of an ensemble its members'."""
    return any(frame.f_code.co_name in given.FITS for frame in frames.own_frames(fit.f_back))
