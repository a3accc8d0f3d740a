"""Models that the program writes to files itself: pickled ones, boosters, Keras, TensorFlow and ONNX. Those of torch and of its
trainers are observed where these are."""

from __future__ import annotations

import glob
import os
import sys
import weakref
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _at_exit, _checkpoints
from trackline._patch import Call, Hook, Outcome, Patches

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

_patches = Patches()
_DEEPEST = 30
"""So many frames are looked at for one of ours."""


@dataclass
class _Pickled:
    """What was written to a file that is perhaps not closed yet, and the metrics as they stood."""

    path: str
    file: Any
    source: str
    metrics: dict[str, float] = field(default_factory=dict)
    step: int | None = None


_pickled: list[_Pickled] = []


def patch() -> None:
    """Watches the writers of models."""
    for module, function, source, kind in (
        ("xgboost.core", "Booster.save_model", "xgboost.save_model", "xgboost"),
        ("lightgbm.basic", "Booster.save_model", "lightgbm.save_model", "lightgbm"),
        ("catboost.core", "CatBoost.save_model", "catboost.save_model", "catboost"),
        ("keras.src.saving.saving_api", "save_model", "keras.save", "keras"),
        ("keras.src.saving.saving_api", "save_weights", "keras.save_weights", "keras_weights"),
        ("onnx", "save_model", "onnx.save", "onnx"),
    ):
        _patches.on_import(module, _watching(function, _saves(source, kind)))
    _patches.on_import("tensorflow.python.checkpoint.checkpoint", _watching("Checkpoint._write", save_checkpoint))
    _patches.on_import("tensorflow.python.saved_model.save", _watching("save", _saves("tf.saved_model.save", "tensorflow")))
    _patches.on_import("joblib.numpy_pickle", _watching("dump", dump_joblib))
    for module in ("pickle", "cloudpickle.cloudpickle", "dill._dill"):
        _patches.on_import(module, _watching("dump", dump_pickle))
    _ambient.watch(_ends, _record_pickled)
    _at_exit.add(_record_unclosed, "models")


def unpatch() -> None:
    """Leaves them alone again."""
    _patches.undo()
    _pickled.clear()
    _ambient.unwatch(_ends)
    _at_exit.remove(_record_unclosed)


def dump_joblib(call: Call) -> Generator[None, Outcome, None]:
    """`joblib.dump(value, filename)`."""
    ours = _is_ours()
    outcome = yield
    value, path = _argument(call, 0, "value"), _argument(call, 1, "filename")
    if outcome.error is None and not ours and isinstance(path, str | os.PathLike) and _is_model(value):
        _checkpoints.record(path, "joblib", source="joblib.dump")


def dump_pickle(call: Call) -> Generator[None, Outcome, None]:
    """`pickle.dump(obj, file)`: what was written is in the file when the user has closed it, so it is read later."""
    ours = _is_ours()
    outcome = yield
    file = _argument(call, 1, "file")
    path = getattr(file, "name", None)
    if outcome.error is None and not ours and isinstance(path, str) and _is_model(_argument(call, 0, "obj")):
        _record_pickled()
        source = f"{call.original.__module__.partition('.')[0].lstrip('_')}.dump"
        entry = _Pickled(os.path.abspath(path), weakref.ref(file), source)
        if (run := _ambient.run()) is not None:
            latest = run.handle.latest_metrics()
            entry.metrics = {key: value for key, value, _ in latest if not key.startswith("system/")}
            entry.step = max((step for key, _, step in latest if key in entry.metrics), default=None)
        _pickled.append(entry)


def save_checkpoint(call: Call) -> Generator[None, Outcome, None]:
    """`tf.train.Checkpoint`, by `save`, `write` or a manager: several files, whose names begin with what it returns."""
    ours = _is_ours()
    outcome = yield
    if outcome.error is None and not ours and isinstance(outcome.value, str):
        for path in sorted(glob.glob(f"{glob.escape(outcome.value)}.*")):
            _checkpoints.record(path, "tensorflow", source="tf.train.Checkpoint")


def _saves(source: str, kind: str) -> Hook:
    def save(call: Call) -> Generator[None, Outcome, None]:
        ours = _is_ours()
        outcome = yield
        # A method has the model before the path, and so have the functions.
        path = call.args[1] if len(call.args) > 1 else next(
            (call.kwargs[name] for name in ("fname", "filename", "filepath", "f", "export_dir") if name in call.kwargs), None
        )
        if outcome.error is None and not ours and isinstance(path, str | os.PathLike):
            _checkpoints.record(path, kind, source=source)

    return save


def _watching(function: str, hook: Hook) -> Callable[[Any], None]:
    def watch(module: Any) -> None:
        owner, _, name = function.rpartition(".")
        place = getattr(module, owner, None) if owner else module
        if place is None or name not in vars(place):
            return
        found = vars(place)[name]
        if owner or getattr(found, "__module__", None) != module.__name__:
            _patches.wrap(place, name, hook)
        else:
            _patches.wrap_functions([found], hook)

    return watch


def _is_ours() -> bool:
    """Whether it is Trackline that writes, to keep a model: then one of its frames is on the stack."""
    frame = sys._getframe(1)
    for _ in range(_DEEPEST):
        if frame.f_back is None:
            return False
        frame = frame.f_back
        name = frame.f_globals.get("__name__", "")
        if name.startswith("trackline.") and name != "trackline._patch":
            return True
    return False


def _is_model(value: Any) -> bool:
    """Something with `predict`, or a small collection with such a thing in it."""
    if isinstance(value, dict):
        value = list(value.values())
    parts = value[:20] if isinstance(value, list | tuple) else [value]
    return any(hasattr(type(part), "predict") and not isinstance(part, type) for part in parts)


def _argument(call: Call, place: int, name: str) -> Any:
    return call.args[place] if len(call.args) > place else call.kwargs.get(name)


def _record_pickled(at_end: bool = False) -> None:
    for entry in list(_pickled):
        file = entry.file()
        if at_end or file is None or file.closed:
            _pickled.remove(entry)
            _checkpoints.record(
                entry.path, "pickle", source=entry.source, step=entry.step, metrics=entry.metrics
            )


def _ends(run: ActiveRun) -> None:
    if not run.managed:
        _record_pickled()


def _record_unclosed() -> None:
    _record_pickled(at_end=True)
