"""`fit` of CatBoost's estimators."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from trackline import _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.data.dataset import Dataset
from trackline.integrations import (
    _arguments,
    _boosting,
    _curve,
    _dataset,
    _estimator,
    _evaluation,
    _fit,
    _inner,
    _matrix,
    _params,
    _session,
)
from trackline.integrations._arguments import FitArguments
from trackline.integrations._boosting import Boosting
from trackline.integrations.catboost import left_behind

FLAVOR = "catboost"
IMPORTANCE = "PredictionValuesChange"
"""The kind of importance that takes no data."""
FIT_PARAMS = ("cat_features", "early_stopping_rounds", "embedding_features", "text_features", "use_best_model")
NOT_PARAMS = ("class_names", "pool_metainfo_options")
"""What CatBoost lists among its parameters, but read off the data."""


def fit(call: Call) -> Any:
    """`fit` of `CatBoost` and its subclasses. A callback of ours would cost as much as the training: CatBoost gives it
    the whole history after every iteration. The curve is what the model has kept."""
    config, model = _config.of(FLAVOR), call.args[0]
    if (inner := _inner.boosting()) is not None:
        with _session.recording():
            outcome = yield
        if outcome.error is None:
            _log_curve(inner, model)
        return
    node = None if config is None or _session.inside() else _fit.begin(FLAVOR, "catboost.fit", config)
    if node is None or config is None:
        yield
        return
    with node:
        given = _arguments.of_fit(call)
        recording = _estimator.Recording(node, FLAVOR, model, _unpacked(given), config)
        boosting = Boosting(node.log)
        with guard("catboost.params"):
            chosen = {key: call.kwargs[key] for key in FIT_PARAMS if call.kwargs.get(key) is not None}
            recording.before({**_params.of(model), **_params.texts(chosen)})
            recording.log_eval_sets(_eval_sets(call.kwargs))
        if recording.dataset is None and config.log_datasets and type(given.data).__name__ == "Pool":
            with guard("catboost.dataset"):
                recording.dataset = _of_first_rows(given.data)
                if recording.dataset is not None:
                    node.log.log_input(recording.dataset, "train")
        started = time.time()
        with _session.recording():
            outcome = yield
        if node.failed(outcome):
            with guard("catboost.curve"):
                for step, points in left_behind.points(model.get_params(), started):
                    boosting.curve.add(step, points)
        else:
            _after(recording, boosting)


def _after(recording: _estimator.Recording, boosting: Boosting) -> None:
    model = recording.estimator
    with guard("catboost.curve"):
        _log_curve(boosting, model)
    with guard("catboost.params"):
        known = recording.params.keys() | set(NOT_PARAMS)
        resolved = {key: value for key, value in model.get_all_params().items() if key not in known}
        recording.add_params(_params.texts(resolved))
    with guard("catboost.importance"):
        scores = model.get_feature_importance(type=IMPORTANCE).tolist()
        boosting.importance(IMPORTANCE, dict(zip(model.feature_names_, scores, strict=True)))
    parts = []
    with guard("catboost.structure"):
        facts = {"features": len(model.feature_names_)}
        parts.append(_boosting.tree_node("catboost.core", model.get_tree_leaf_counts().tolist(), facts))
    # The base class knows only its loss function, and a ranker cannot score without its groups.
    by_protocol = getattr(model, "_estimator_type", None) in ("classifier", "regressor")
    evaluate = None if by_protocol else lambda budget: _evaluation_of(recording, budget)
    boosting.link(recording.after(_writer, parts, evaluate).model_id)


def _log_curve(boosting: Boosting, model: Any) -> None:
    for step, points in _curve.of_fitted(model):
        boosting.curve.add(step, points)
    boosting.stopped(model.get_best_iteration(), boosting.curve.iteration)


def _evaluation_of(recording: _estimator.Recording, budget: float) -> _evaluation.Evaluation:
    model, given = recording.estimator, recording.given
    if given.data is None or given.labels is None:
        return _evaluation.Evaluation()
    loss = model.get_all_params()["loss_function"].partition(":")[0]
    if loss == "Logloss":
        return _boosting.training(model, lambda data: model.predict(data, "Probability")[:, 1], "positive", given, budget)
    if loss == "MultiClass":
        return _boosting.training(model, lambda data: model.predict(data, "Probability"), "probabilities", given, budget)
    if loss in ("RMSE", "MAE", "MAPE", "Huber", "Quantile", "Poisson", "Tweedie"):
        return _boosting.training(model, model.predict, "numbers", given, budget)
    return _evaluation.Evaluation()


def _unpacked(given: FitArguments) -> FitArguments:
    """What a Pool was made from; a path says nothing of what is in the file."""
    if isinstance(given.data, str):
        return FitArguments(None, None, None)
    if type(given.data).__name__ != "Pool":
        return given
    data = features(given.data)
    return FitArguments(data, None if data is None else given.data.get_label(), None)


def features(pool: Any) -> Any:
    """The data that a Pool was made from; where it is gone, the numbers in the Pool, which gives out no categories."""
    data = _matrix.data_of(pool)
    if data is not None or pool.num_row() * pool.num_col() > _matrix.LARGEST_COPY or pool.get_cat_feature_indices():
        return data
    return pool.get_features()


def _of_first_rows(pool: Any) -> Dataset | None:
    """What is known of a Pool whose data is gone and that gives out no categories."""
    rows = _matrix.first_rows_of(pool)
    if rows is None:
        return None
    return _dataset.describe(rows, pool.get_label()[: len(rows)], _matrix.name_of(pool), rows=pool.num_row())


def _eval_sets(given: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each evaluation set under the name it has in the curve."""
    sets = given.get("eval_set")
    if sets is None:
        return
    several = isinstance(sets, list) and len(sets) > 1
    for number, one in enumerate(sets if isinstance(sets, list) else [sets]):
        pair = FitArguments(one[0], one[1], None) if isinstance(one, tuple) else FitArguments(one, None, None)
        features, labels, _ = _unpacked(pair)
        if features is not None:
            yield (f"validation_{number}" if several else "validation"), features, labels


def _writer(model: Any) -> Any:
    from trackline.catboost import writer

    return writer(model)
