"""joblib: the work it hands to other threads and processes stays inside the fit that handed it over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _curve, _session
from trackline.integrations.sklearn import search

Task = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


class Inside:
    """A function that joblib calls, somewhere, for a fit that is being recorded here. Pickles with the function."""

    def __init__(self, function: Callable[..., Any], fold: search.Fold | None) -> None:
        self.function = function
        self.fold = fold

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _session.recording():
            result = self.function(*args, **kwargs)
        ended = time.time()
        if self.fold is None or not isinstance(result, dict):
            return result
        with guard("sklearn.search"):
            estimator = args[0] if args else kwargs.get("estimator")
            kept = search.FoldResult(result, ended, list(_curve.of_fitted(estimator)))
            self.fold.log(kept)
            return kept
        return result


def parallel(call: Call) -> Any:
    """`joblib.Parallel.__call__`."""
    folds = search.folds()
    if not _session.inside() or (folds is None and call.args[0].n_jobs == 1) or not _is_local(call.args[0]):
        yield  # One job runs in this very thread, which is inside already.
        return
    tasks = _inside(call.args[1], folds)
    # joblib tells the length in its messages.
    call.args = (call.args[0], list(tasks) if hasattr(call.args[1], "__len__") else tasks, *call.args[2:])
    outcome = yield
    if folds is not None:
        folds.finish(outcome)


def _is_local(parallel: Any) -> bool:
    """Other backends than joblib's own may work on machines where Trackline is not installed."""
    return type(getattr(parallel, "_backend", None)).__module__.startswith("joblib.")


def quiet(call: Call) -> Any:
    """`cross_val_predict` and its like: their fits are many and short-lived, and make no runs."""
    with _session.recording():
        yield


def _inside(tasks: Iterable[Task], folds: search.Folds | None) -> Iterator[Task]:
    for function, args, kwargs in tasks:
        fold = None
        if folds is not None:
            with guard("sklearn.search"):
                fold = folds.begin(kwargs)
        yield Inside(function, fold), args, kwargs
