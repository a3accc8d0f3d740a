"""`lightgbm.train` and `lightgbm.cv`: a `Library`, as `_training` asks for it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call
from trackline.integrations import _boosting, _evaluation, _matrix, _params
from trackline.integrations._arguments import FitArguments
from trackline.integrations._boosting import Boosting
from trackline.integrations.lightgbm import curve

flavor, train_set = "lightgbm", "train_set"
NOT_PARAMS = {"callbacks", "eval_train_metric", "feval", "folds", "fpreproc", "init_model", "params", "train_set"}
NOT_PARAMS |= {"valid_names", "valid_sets"}
STOPPING = ("stopping_rounds", "first_metric_only", "min_delta")
IMPORTANCE = ("split", "gain")
NUMBERS = ("regression", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie")


def begins(boosting: Boosting, call: Call) -> inspect.BoundArguments:
    """Logs the parameters and puts our callback into a copy of the user's list."""
    arguments = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    arguments.apply_defaults()
    given = arguments.arguments
    # In front, so that the numbers which LightGBM gives to the user's callbacks are those without ours.
    callbacks = [curve.Callback(boosting.curve), *(given.get("callbacks") or ())]
    call.kwargs = {**call.kwargs, "callbacks": callbacks}
    own = {key: value for key, value in given.items() if key not in NOT_PARAMS}
    if (categories := given["train_set"].categorical_feature) != "auto":
        own["categorical_feature"] = categories
    params = {**(given["params"] or {}), **own, **_early_stopping(given.get("callbacks") or ())}
    boosting.add_params(_params.texts({key: value for key, value in params.items() if value is not None}))
    return arguments


def _early_stopping(callbacks: Iterable[Any]) -> dict[str, Any]:
    """What `lightgbm.early_stopping(…)` was told; its class has no public name."""
    found = [vars(one) for one in callbacks if type(one).__name__ == "_EarlyStoppingCallback"]
    return {name: told.get(name) for told in found for name in STOPPING}


def describe(boosting: Boosting, booster: Any) -> None:
    """Logs where the training stopped and how much each feature counts."""
    names = booster.feature_name()
    for kind in IMPORTANCE:
        with guard("lightgbm.importance"):
            values = booster.feature_importance(importance_type=kind).tolist()
            boosting.importance(kind, dict(zip(names, values, strict=True)))


def stopped(boosting: Boosting, booster: Any) -> None:
    """LightGBM counts iterations from 1, and the best one is 0 where none could be."""
    last = boosting.curve.iteration
    if booster.best_iteration > 0 and last is not None:
        boosting.stopped(booster.best_iteration, last + 1)


def scores(booster: Any, data: Any, budget: float) -> _evaluation.Evaluation:
    """Scores on the training data, where that is still there."""
    rows, predicts = _matrix.data_of(data), _predicts(booster)
    if rows is None or data.label is None or predicts is None:
        return _evaluation.Evaluation()
    return _boosting.training(booster, booster.predict, predicts, FitArguments(rows, data.label, data.weight), budget)


def folded(boosting: Boosting, _given: Mapping[str, Any], history: Any) -> None:
    """The history is cut after the best iteration."""
    if boosting.curve.iteration is not None:
        rounds, run = len(next(iter(history.values()))), boosting.curve.iteration + 1
        if rounds < run:
            boosting.stopped(rounds, run)


def writer(model: Any) -> Any:
    """What writes a booster, or a model of the scikit-learn API."""
    from trackline.lightgbm import writer

    return writer(model)


def structure(booster: Any) -> dict[str, Any]:
    """The node of a booster in the document `structure`."""
    leaves = [int(count) for count in re.findall(r"^num_leaves=(\d+)", booster.model_to_string(), re.MULTILINE)]
    return _boosting.tree_node("lightgbm.basic", leaves, {"features": booster.num_feature()})


def _predicts(booster: Any) -> _boosting.Predicts | None:
    """By the objective, which the head of the model names; none where the user has written it."""
    found = re.search(r"^objective=(\w+)", booster.model_to_string(num_iteration=1), re.MULTILINE)
    objective = found[1] if found else ""
    if objective in ("binary", "cross_entropy"):
        return "positive" if objective == "binary" else None
    if objective in ("multiclass", "multiclassova"):
        return "probabilities"
    return "numbers" if objective.startswith(NUMBERS) else None


def log_datasets(log: RunLog, given: Mapping[str, Any]) -> None:
    """The training data, and each evaluation set under the name it has in the curve."""
    sets = given.get("valid_sets") or []
    sets = [sets] if not isinstance(sets, list | tuple) else sets
    names = given.get("valid_names") or []
    names = [names] if isinstance(names, str) else names
    described: list[tuple[Any, str | None, str]] = [(given[train_set], None, "train")]
    for number, one in enumerate(sets):
        default = "training" if one is given[train_set] else f"valid_{number}"
        described.append((one, names[number] if number < len(names) else default, "eval"))
    for data, name, context in described:
        if (dataset := _matrix.describe(data, data.data, data.label, name)) is not None:
            log.log_input(dataset, context)


def eval_sets(given: FitArguments, options: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """What `fit` evaluates on, under the names it has in the curve."""
    sets, names = options.get("eval_set") or [], options.get("eval_names") or []
    if options.get("eval_X") is not None:
        data, labels = options["eval_X"], options["eval_y"]
        sets = list(zip(data, labels, strict=True)) if isinstance(data, tuple) else [(data, labels)]
    for number, (data, labels) in enumerate([sets] if isinstance(sets, tuple) else sets):
        default = "training" if data is given.data and labels is given.labels else f"valid_{number}"
        yield (names[number] if number < len(names) else default), data, labels


def grown(model: Any) -> Any:
    """The booster of a fitted model."""
    return model.booster_
