"""`lightgbm.train` and `lightgbm.cv`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call
from trackline.integrations import (
    _boosting,
    _evaluation,
    _fit,
    _inner,
    _matrix,
    _model,
    _params,
    _session,
    _structure,
)
from trackline.integrations._arguments import FitArguments
from trackline.integrations._boosting import Boosting
from trackline.integrations.lightgbm import curve, state

FLAVOR = "lightgbm"
NOT_PARAMS = {"callbacks", "eval_train_metric", "feval", "folds", "fpreproc", "init_model", "params", "train_set"}
NOT_PARAMS |= {"valid_names", "valid_sets"}
STOPPING = ("stopping_rounds", "first_metric_only", "min_delta")
IMPORTANCE = ("split", "gain")
NUMBERS = ("regression", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie")


def before(boosting: Boosting, call: Call) -> inspect.BoundArguments:
    """Logs the parameters and puts our callback into a copy of the user's list."""
    arguments = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    arguments.apply_defaults()
    given = arguments.arguments
    # In front, so that the numbers which LightGBM gives to the user's callbacks are those without ours.
    callbacks = [curve.Callback(boosting.curve), *(given.get("callbacks") or ())]
    call.kwargs = {**call.kwargs, "callbacks": callbacks}
    own = {key: value for key, value in given.items() if key not in NOT_PARAMS}
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


def train(call: Call) -> Any:
    """`lightgbm.train`, called by the user or by a model of the scikit-learn API whose fit is being recorded."""
    subject = _session.subject()
    inner = subject if isinstance(subject, Boosting) else _inner.boosting()
    if inner is not None:
        with guard("lightgbm.curve"):
            before(inner, call)
        outcome = yield
        if outcome.error is None:
            stopped(inner, outcome.value)
        return
    node = None if state.config is None or subject is not None else _fit.begin(FLAVOR, "lightgbm.train", state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = before(boosting, call)
        _log_datasets(node.log, arguments.arguments)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            _trained(node, boosting, arguments.arguments["train_set"], outcome.value)


def _trained(node: _fit.FitRun, boosting: Boosting, data: Any, booster: Any) -> None:
    stopped(boosting, booster)
    describe(boosting, booster)
    found = _evaluation.Evaluation()
    with guard("lightgbm.training_metrics"):
        rows, predicts = _matrix.data_of(data), _predicts(booster)
        if rows is not None and data.label is not None and predicts is not None:
            given = FitArguments(rows, data.label, data.weight)
            found = _boosting.training(booster.predict, predicts, given, node.run.handle.budget)
    model_id = None
    if state.config is not None and state.config.log_models:
        with guard("lightgbm.model"):
            rows = _matrix.first_rows_of(data)
            model_id = _model.save(
                node.log, booster, writer, state.config, rows, found.predicted, "model", boosting.params
            )
    with guard("lightgbm.training_metrics"):
        found.log(node.log, model_id)
        boosting.link(model_id)
    with guard("lightgbm.structure"):
        _structure.log(node.log, trees(booster))


def cv(call: Call) -> Any:
    """`lightgbm.cv`: the folds as one curve with means and deviations."""
    node = None if state.config is None or _session.inside() else _fit.begin(FLAVOR, "lightgbm.cv", state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = before(boosting, call)
        _log_datasets(node.log, arguments.arguments)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome) and boosting.curve.iteration is not None:
            # The history is cut after the best iteration.
            rounds, run = len(next(iter(outcome.value.values()))), boosting.curve.iteration + 1
            if rounds < run:
                boosting.stopped(rounds, run)


def writer(model: Any) -> Any:
    """What writes a booster, or a model of the scikit-learn API."""
    from trackline.lightgbm import writer

    return writer(model)


def trees(booster: Any) -> dict[str, Any]:
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


def _log_datasets(log: RunLog, given: Mapping[str, Any]) -> None:
    """The training data, and each evaluation set under the name it has in the curve."""
    if state.config is None or not state.config.log_datasets:
        return
    with guard("lightgbm.dataset"):
        train_set = given["train_set"]
        sets = given.get("valid_sets") or []
        sets = [sets] if not isinstance(sets, list | tuple) else sets
        names = given.get("valid_names") or []
        names = [names] if isinstance(names, str) else names
        described: list[tuple[Any, str | None, str]] = [(train_set, None, "train")]
        for number, one in enumerate(sets):
            default = "training" if one is train_set else f"valid_{number}"
            described.append((one, names[number] if number < len(names) else default, "eval"))
        for data, name, context in described:
            if (dataset := _matrix.describe(data, data.data, data.label, name)) is not None:
                log.log_input(dataset, context)
