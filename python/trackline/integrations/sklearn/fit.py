"""`fit` of any scikit-learn estimator."""

from __future__ import annotations

import sys
from typing import Any

from trackline import _config, sklearn
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _arguments, _estimator, _fit, _inner, _params, _predictions, _preparation
from trackline.integrations import _session as session
from trackline.integrations.sklearn import kept, search
from trackline.observers import _data_settings

FLAVOR = "sklearn"
SOURCE = "sklearn.fit"
ELSEWHERE = ("lightgbm", "xgboost")
"""Frameworks whose estimators have an integration of their own."""
SPACES = ("param_grid", "param_distributions", "param_space", "search_spaces")


def fit(call: Call) -> Any:
    """`fit`, `fit_transform` and `fit_predict`."""
    config, estimator = _config.of(FLAVOR), call.args[0]
    outer = session.subject()
    if isinstance(outer, search.Search) and outer.owner is not estimator:
        # The best candidate is fitted again; the candidates of a search in a search are not those of the outer one.
        with session.recording(_inner.Inner(outer.log)):
            yield
        return
    if outer is None and _preparation.prepares(type(estimator)):
        with session.recording(_preparation.Preparing(estimator)):
            yield
        return
    node = None
    if config is not None and outer is None and is_recorded(type(estimator)):
        node = _fit.begin(FLAVOR, SOURCE, config)
    if node is None or config is None:
        yield
        return
    with node:
        given = _arguments.of_fit(call)
        recording = _estimator.Recording(node, FLAVOR, estimator, given, config)
        with guard("sklearn.params"):
            recording.before(_params.of(estimator, deep=not is_search(estimator)))
        candidates = None
        if is_search(estimator):
            candidates = search.Search(node, estimator, FLAVOR, recording.dataset, config.max_tuning_runs)
            with guard("sklearn.search"):
                _data_settings.tell_splits(getattr(estimator, "cv", None))
        with session.recording(candidates or _inner.Inner(node.log)):
            outcome = yield
        if candidates is not None:
            candidates.close()
        if not node.failed(outcome):
            _after(recording, candidates)


def _after(recording: _estimator.Recording, candidates: search.Search | None) -> None:
    if candidates is not None:
        with guard("sklearn.search"):
            recording.add_params(search.best_params(recording.estimator))
    fitted = recording.after(_writer)
    if candidates is None:
        with guard("sklearn.kept"):
            kept.log(recording.fit.log, recording.estimator)
        return
    best, best_id = getattr(recording.estimator, "best_estimator_", None), None
    if best is not None:
        # What the best estimator of a search predicts belongs to the search; it is kept as a model of its own.
        _predictions.remember_fit(best, fitted)
        if recording.config.log_models:
            with guard("sklearn.model"):
                best_id = recording.save(best, _writer, name="best_estimator")
    with guard("sklearn.search"):
        candidates.finish(recording.estimator, fitted.model_id, best_id)


def _writer(model: Any) -> Any:
    config = _config.of(FLAVOR)
    return sklearn.writer(model, config.serialization_format if config else None)


def is_recorded(kind: type) -> bool:
    """Whether the fit of such an estimator is a model of its own."""
    return not _preparation.prepares(kind) and not any(base.__module__.partition(".")[0] in ELSEWHERE for base in kind.__mro__)


def is_search(estimator: Any) -> bool:
    """Whether the estimator tries out candidates: scikit-learn's searches, those built on their base, and those of others
    that have an estimator and a space of its parameters."""
    module = sys.modules.get("sklearn.model_selection._search")
    if module is not None and isinstance(estimator, module.BaseSearchCV):
        return True
    base = getattr(estimator, "estimator", None)
    return hasattr(base, "get_params") and any(hasattr(estimator, name) for name in SPACES)
