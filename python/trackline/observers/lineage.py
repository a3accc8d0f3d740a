"""The steps that data goes through on its way to a model: reads, generated data, splits and transformers."""

from __future__ import annotations

import functools
import os
from collections.abc import Generator
from contextlib import nullcontext
from typing import Any

from trackline import _lineage
from trackline._patch import Call, Hook, Outcome, Patches
from trackline.integrations import _preparation, _session
from trackline.observers import _data_settings

READERS = {
    "pandas": "read_csv read_table read_fwf read_excel read_json read_parquet read_feather read_pickle read_sql read_sql_query read_sql_table read_hdf read_orc",
    "polars": "read_csv read_parquet read_ipc read_json read_ndjson read_avro read_excel read_database",
    "numpy": "load loadtxt genfromtxt fromfile",
    "seaborn": "load_dataset",
    "joblib": "load",
}
"""Functions that read data, by module; the first argument says from where."""
TRANSFORMERS = (
    "sklearn.base",
    "sklearn.preprocessing",
    "sklearn.impute",
    "sklearn.impute._iterative",
    "sklearn.feature_extraction",
    "sklearn.feature_extraction.text",
    "sklearn.feature_selection",
    "sklearn.decomposition",
    "sklearn.compose",
    "sklearn.random_projection",
    "sklearn.kernel_approximation",
    "imblearn.base",
)
RESULTS = ("transform", "fit_transform", "fit_resample")

_patches = Patches()


def patch() -> None:
    """Watches what makes data."""
    _data_settings.patch()
    for module, names in READERS.items():
        _patches.on_import(module, functools.partial(_watch, names.split(), read))
    _patches.on_import("sklearn.datasets", _watch_datasets)
    _patches.on_import("sklearn.model_selection._split", _watch_splits)
    for module in TRANSFORMERS:
        _patches.on_import(module, _watch_transformers)


def unpatch() -> None:
    """Leaves it alone again."""
    _patches.undo()
    _data_settings.unpatch()
    _lineage.forget()


def read(call: Call) -> Generator[None, Outcome, None]:
    """A file, a query or a well-known dataset is read."""
    outcome = yield
    if outcome.error is None:
        source = next(iter([*call.args, *call.kwargs.values()]), None)
        named = {"source": os.fsdecode(source)} if isinstance(source, str | bytes | os.PathLike) else {}
        _lineage.made(outcome.value, _name(call), named)


def generate(call: Call) -> Generator[None, Outcome, None]:
    """`load_…`, `fetch_…` and `make_…` of `sklearn.datasets`."""
    outcome = yield
    if outcome.error is None:
        settings = {name: value for name, value in call.kwargs.items() if isinstance(value, int | float | str)}
        _lineage.made(outcome.value, _name(call), settings)
        if call.original.__name__.startswith("make_"):
            _data_settings.tell(call.original.__name__, call.kwargs)


def split(call: Call) -> Generator[None, Outcome, None]:
    """`train_test_split(*arrays)`: the parts of one array are the train part and the test part. How it was done is a
    setting of the experiment."""
    with _session.recording():  # It uses a splitter of its own.
        outcome = yield
    if outcome.error is not None:
        return
    stratified = call.kwargs.get("stratify") is not None
    chosen = ("test_size", "train_size", "random_state", "shuffle")
    detail = {name: call.kwargs[name] for name in chosen if call.kwargs.get(name) is not None}
    found = _lineage.resolve(call.args)
    for part, values in (("train", outcome.value[::2]), ("test", outcome.value[1::2])):
        _lineage.made(values, "train_test_split", {"part": part, **detail, "stratified": stratified}, found)
    _data_settings.tell("train_test_split", detail)


def folds(call: Call) -> Generator[None, Outcome, None]:
    """`KFold(…).split(X)` and the like: into how many parts, and what else is not as it is by default."""
    _data_settings.tell_made(call.args[0])
    yield


def transform(call: Call) -> Generator[None, Outcome, None]:
    """A transformer makes data of data, as it was told to. So does a sampler, and the neighbours that it fits are no model."""
    estimator, around = call.args[0], _session.subject()
    if around is not None and not (isinstance(around, _preparation.Preparing) and around.estimator is estimator):
        yield
        return
    resamples = call.original.__name__ == "fit_resample"
    with _session.recording(_preparation.Preparing(estimator)) if resamples else nullcontext():
        outcome = yield
    if outcome.error is None:
        given = [*call.args[1:], *call.kwargs.values()]
        what = f"{type(estimator).__name__}.{call.original.__name__}"
        # What the user could set; not by the estimator's own text, which takes milliseconds.
        settings = {name: value for name, value in vars(estimator).items() if not name.startswith("_") and name[-1] != "_"}
        detail = {name: value for name, value in settings.items() if isinstance(value, int | float | str)}
        _lineage.made(outcome.value, what, detail, _lineage.resolve(given[:1]))
        if resamples or _preparation.prepares(type(estimator)):
            _data_settings.tell_made(estimator)


def _name(call: Call) -> str:
    return f"{call.original.__module__.partition('.')[0]}.{call.original.__name__}"


def _watch(names: list[str], hook: Hook, module: Any) -> None:
    _patches.wrap_functions([vars(module)[name] for name in names if name in vars(module)], hook, _session.inside)


def _watch_splits(module: Any) -> None:
    _watch(["train_test_split"], split, module)
    for kind in [value for value in vars(module).values() if isinstance(value, type)]:
        if kind.__module__ == module.__name__ and "split" in vars(kind):
            _patches.wrap(kind, "split", folds, _session.inside)


def _watch_datasets(module: Any) -> None:
    names = [name for name in module.__all__ if name.startswith(("load_", "fetch_", "make_"))]
    _watch(names, generate, module)


def _watch_transformers(module: Any) -> None:
    for kind in [value for value in vars(module).values() if isinstance(value, type)]:
        if kind.__module__.startswith(module.__name__):
            for name in RESULTS:
                if name in vars(kind):
                    _patches.wrap(kind, name, transform)
