from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from trackline import _place, _tracker
from trackline._checkpoints import INDEX, Entry
from trackline._rank import rank
from trackline.entities import Run
from trackline.exceptions import MlflowException


def list_checkpoints(run: Run | str) -> list[Entry]:
    """The checkpoints that a run (or the run with this id) holds, in the order in which they were written: dicts with
    `path`, `kind`, `file`, `step`, `epoch`, `metrics`, `time`, `size` and `source`."""
    store = _tracker.store()
    place = _place.of_run(_id(run), INDEX, store)
    text = place.read(store) if place.exists(store) else None
    return [] if text is None else json.loads(text)


def load_checkpoint(run: Run | str, which: str | int = "latest", **options: Any) -> Any:
    """Reads a checkpoint of a run (or of the run with this id) as the library reads it that wrote it.

    `which`: `"latest"`; `"best"` by the metrics at that time; a step; or the name of its file. `options` go to the library's
    own function, such as `map_location` and `weights_only` of `torch.load`. Pickles run code: load only what you trust.
    Of a kind that is in no library, the path of a copy is given.
    """
    entry = _chosen(list_checkpoints(run), which, _id(run))
    store = _tracker.store()
    path = _place.of_run(_id(run), entry["path"], store).download(store, None)
    load = LOADERS.get(entry["kind"])
    return path if load is None else load(path, **options)


def _chosen(entries: list[Entry], which: str | int, run_id: str) -> Entry:
    found: list[Any] = []
    if which == "latest":
        found = entries
    elif which == "best":
        found = list(reversed(rank(entries)))
    else:
        found = [entry for entry in entries if which in (entry["step"], entry["path"], _name(entry))]
    if not found:
        there = ", ".join(f"{_name(entry)} at step {entry['step']}" for entry in entries) or "none"
        raise MlflowException(f"Run {run_id} has no checkpoint `{which}`; it has {there}.", "RESOURCE_DOES_NOT_EXIST")
    return dict(found[-1])


def _name(entry: Entry) -> str:
    return str(entry["path"]).rpartition("/")[2]


def _id(run: Run | str) -> str:
    return run if isinstance(run, str) else run.info.run_id


def _torch(path: str, **options: Any) -> Any:
    import torch

    if not torch.cuda.is_available():
        options.setdefault("map_location", "cpu")
    return torch.load(path, **options)


def _safetensors(path: str, **options: Any) -> Any:
    if "torch" in sys.modules:
        from safetensors.torch import load_file
    else:
        from safetensors.numpy import load_file
    return load_file(path, **options)


def _joblib(path: str, **options: Any) -> Any:
    import joblib

    return joblib.load(path, **options)


def _pickle(path: str, **options: Any) -> Any:
    import pickle

    with open(path, "rb") as file:
        return pickle.load(file, **options)


def _xgboost(path: str) -> Any:
    import xgboost

    return xgboost.Booster(model_file=path)


def _lightgbm(path: str) -> Any:
    import lightgbm

    return lightgbm.Booster(model_file=path)


def _catboost(path: str, **options: Any) -> Any:
    import catboost

    return catboost.CatBoost().load_model(path, **options)


def _keras(path: str, **options: Any) -> Any:
    import keras

    return keras.saving.load_model(path, **options)


def _numpy(path: str) -> Any:
    import numpy

    with numpy.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


LOADERS: dict[str, Callable[..., Any]] = {
    "torch": _torch,
    "safetensors": _safetensors,
    "joblib": _joblib,
    "pickle": _pickle,
    "xgboost": _xgboost,
    "lightgbm": _lightgbm,
    "catboost": _catboost,
    "keras": _keras,
    "numpy": _numpy,
}
"""How each kind of checkpoint is read."""
