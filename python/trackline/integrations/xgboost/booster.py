"""`xgboost.train` and `xgboost.cv`: a `Library`, as `_training` asks for it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from trackline import _config
from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call
from trackline.integrations._arguments import FitArguments
from trackline.integrations._boosting import Boosting
from trackline.integrations.xgboost import curve, matrix, params, score, trees

flavor, train_set = "xgboost", "dtrain"
scores, structure = score.training, trees.node


def begins(boosting: Boosting, call: Call) -> inspect.BoundArguments:
    """Logs the parameters and puts our callback into a copy of the user's list."""
    arguments = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    given = list(arguments.arguments.get("callbacks") or ())
    if arguments.arguments.get("evals") or call.original.__name__ == "cv":
        call.kwargs = {**call.kwargs, "callbacks": [curve.callback(boosting.curve), *given]}
    boosting.add_params(params.of_call(arguments))
    return arguments


def describe(boosting: Boosting, booster: Any) -> None:
    """Logs what the parameters that were not given came to, and how much each feature counts."""
    with guard("xgboost.params"):
        boosting.add_params(params.resolved(booster, boosting.params))
    config = _config.of(flavor)
    for kind in (config and config.importance_types) or ("weight",):
        with guard("xgboost.importance"):
            found = booster.get_score(importance_type=kind)
            # Linear boosters give each feature a list of coefficients.
            boosting.importance(kind, {key: float(one) for key, one in found.items() if not isinstance(one, list)})


def stopped(boosting: Boosting, booster: Any) -> None:
    """XGBoost counts iterations from 0."""
    best = booster.attr("best_iteration")
    boosting.stopped(None if best is None else int(best), boosting.curve.iteration)


def folded(boosting: Boosting, given: Mapping[str, Any], history: Any) -> None:
    """The history, a frame or a dict of lists, ends with the best iteration only where the folds may stop early."""
    rounds, callbacks = given.get("early_stopping_rounds"), given.get("callbacks") or ()
    if rounds or any(type(one).__name__ == "EarlyStopping" for one in callbacks):
        kept = len(next(iter(history.values()))) if isinstance(history, dict) else len(history)
        boosting.stopped(kept - 1, boosting.curve.iteration)


def writer(model: Any) -> Any:
    """What writes a booster, or a model of the scikit-learn API."""
    from trackline.xgboost import writer

    config = _config.of(flavor)
    return writer(model, config.model_format if config else "ubj")


def log_datasets(log: RunLog, given: Mapping[str, Any]) -> None:
    """The training data, and each evaluation set under the name it has in the curve."""
    if (dataset := matrix.describe(given[train_set])) is not None:
        log.log_input(dataset, "train")
    for data, name in given.get("evals") or ():
        if (dataset := matrix.describe(data, name)) is not None:
            log.log_input(dataset, "eval")


def eval_sets(_given: FitArguments, options: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What `fit` evaluates on, under the names it has in the curve."""
    for number, (data, labels) in enumerate(options.get("eval_set") or ()):
        yield f"validation_{number}", data, labels


def grown(model: Any) -> Any:
    """The booster of a fitted model."""
    return model.get_booster()
