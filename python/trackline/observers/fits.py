"""What reaches a `fit` or `train` that the user wrote: data, and settings. Those of scikit-learn's protocol are recorded by its
integration, with the model."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _config, _observed
from trackline._guard import guard
from trackline._log import RunLog
from trackline._script import calls, constants, frames, given, looks
from trackline._script.place import Moment, Place
from trackline.integrations import _dataset, _session

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline.data.dataset import Dataset

SOURCE = "fit"
CONFIDENCE = 0.9
"""Of a setting: another call may have another one."""
MOST_LOOKS = 20
LIBRARIES = ("cudf", "jaxlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "torch")
"""Whose tables and arrays are looked at: of other objects the user's own code would be asked."""


def patch() -> None:
    """Looks at what fits are given from now on."""
    looks.add(Moment.BEGUN, _Given)


def unpatch() -> None:
    """Looks at nothing more."""
    looks.remove(Moment.BEGUN)


def _is_asked() -> bool:
    config = _config.of("fits")
    return config is not None and config.log_datasets


class _Given:
    """Looks at what one method is given: until it was data for once, and for settings in some more calls."""

    def __init__(self, place: Place) -> None:
        self._names = place.variables
        self._looks = 0
        self._is_described = False

    def see(self, _counter: object, *variables: object) -> bool:
        """Data, labels, and what else there is."""
        with guard(SOURCE):
            if _is_asked() and not _session.inside() and not _is_part(fit := sys._getframe(1)):
                self._looks += 1
                self._is_described = self._is_described or self._described(variables, fit)
                if not any(frames.loops(frame) for frame in frames.own_frames(fit.f_back)):
                    self._set(variables)
        return self._looks < MOST_LOOKS

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

    def _set(self, variables: Sequence[object]) -> None:
        """In a loop they are what it tries out, and no settings of the program."""
        named = zip(self._names, variables, strict=True)
        settings = {name: value for name, value in named if _is_scalar(value) and not calls.is_display(name)}
        if settings:
            _ambient.later(lambda run: _observed.params(run, settings, source=SOURCE, confidence=CONFIDENCE))


def _log(run: ActiveRun, dataset: Dataset) -> None:
    RunLog(run.handle.with_source(SOURCE)).log_input(dataset, "train")


def _is_data(value: Any) -> bool:
    if type(value) is list:
        return bool(value) and isinstance(value[0], int | float | str | list | tuple)
    return type(value).__module__.partition(".")[0] in LIBRARIES and hasattr(value, "shape")


def _is_scalar(value: object) -> bool:
    return type(value) in (bool, int, float, str) and constants.is_setting(value)


def _is_part(fit: FrameType) -> bool:
    """Whether another fit of the user calls this one, as one of an ensemble its members'."""
    return any(frame.f_code.co_name in given.FITS for frame in frames.own_frames(fit.f_back))
