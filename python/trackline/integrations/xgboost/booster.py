"""`xgboost.train` and `xgboost.cv`."""

from __future__ import annotations

import inspect
from typing import Any

from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call, Outcome
from trackline.integrations import _evaluation, _fit, _inner, _matrix, _model, _session, _structure
from trackline.integrations._boosting import Boosting
from trackline.integrations.xgboost import curve, matrix, params, score, state, trees

FLAVOR = "xgboost"
SOURCE = "xgboost.train"


def before(boosting: Boosting, call: Call) -> inspect.BoundArguments:
    """Logs the parameters and puts our callback into a copy of the user's list."""
    arguments = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    given = list(arguments.arguments.get("callbacks") or ())
    if arguments.arguments.get("evals") or call.original.__name__ == "cv":
        call.kwargs = {**call.kwargs, "callbacks": [curve.callback(boosting.curve), *given]}
    boosting.add_params(params.of_call(arguments))
    return arguments


def describe(boosting: Boosting, booster: Any, known: dict[str, str]) -> None:
    """Logs what the parameters came to, and how much each feature counts."""
    with guard("xgboost.params"):
        boosting.add_params(params.resolved(booster, {**boosting.params, **known}))
    for kind in (state.config and state.config.importance_types) or ("weight",):
        with guard("xgboost.importance"):
            found = booster.get_score(importance_type=kind)
            # Linear boosters give each feature a list of coefficients.
            boosting.importance(kind, {key: float(one) for key, one in found.items() if not isinstance(one, list)})


def train(call: Call) -> Any:
    """`xgboost.train`, called by the user or by a model of the scikit-learn API whose fit is being recorded."""
    subject = _session.subject()
    inner = subject if isinstance(subject, Boosting) else _inner.boosting()
    if inner is not None:
        with guard("xgboost.curve"):
            before(inner, call)
        outcome = yield
        if outcome.error is None:
            inner.stopped(_best_iteration(outcome.value), inner.curve.iteration)
        return
    node = None if state.config is None or subject is not None else _fit.begin(FLAVOR, SOURCE, state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = before(boosting, call)
        _log_datasets(node.log, arguments)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            _trained(node, boosting, arguments.arguments["dtrain"], outcome.value)


def _trained(node: _fit.FitRun, boosting: Boosting, data: Any, booster: Any) -> None:
    boosting.stopped(_best_iteration(booster), boosting.curve.iteration)
    describe(boosting, booster, {})
    found = _evaluation.Evaluation()
    with guard("xgboost.training_metrics"):
        found = score.training(booster, data, node.run.handle.budget)
    model_id = None
    if state.config is not None and state.config.log_models:
        with guard("xgboost.model"):
            rows = None if found.predicted is None else _matrix.first_rows_of(data)
            model_id = _model.save(
                node.log, booster, writer, state.config, rows, found.predicted, "model", boosting.params
            )
    with guard("xgboost.training_metrics"):
        found.log(node.log, model_id)
        boosting.link(model_id)
    with guard("xgboost.structure"):
        _structure.log(node.log, trees.node(booster))


def cv(call: Call) -> Any:
    """`xgboost.cv`: the folds as one curve with means and deviations."""
    node = None if state.config is None or _session.inside() else _fit.begin(FLAVOR, "xgboost.cv", state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = before(boosting, call)
        _log_datasets(node.log, arguments)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            # The history ends with the best iteration only where the folds may stop early.
            if _stops_early(arguments):
                boosting.stopped(_rounds(outcome) - 1, boosting.curve.iteration)


def writer(model: Any) -> Any:
    """What writes a booster, or a model of the scikit-learn API."""
    from trackline.xgboost import writer

    return writer(model, state.config.model_format if state.config else "ubj")


def _log_datasets(log: RunLog, arguments: inspect.BoundArguments) -> None:
    """The training data, and each evaluation set under the name it has in the curve."""
    if state.config is None or not state.config.log_datasets:
        return
    with guard("xgboost.dataset"):
        if (dataset := matrix.describe(arguments.arguments["dtrain"])) is not None:
            log.log_input(dataset, "train")
        for data, name in arguments.arguments.get("evals") or ():
            if (dataset := matrix.describe(data, name)) is not None:
                log.log_input(dataset, "eval")


def _stops_early(arguments: inspect.BoundArguments) -> bool:
    given = arguments.arguments
    rounds, callbacks = given.get("early_stopping_rounds"), given.get("callbacks") or ()
    return bool(rounds) or any(type(one).__name__ == "EarlyStopping" for one in callbacks)


def _best_iteration(booster: Any) -> int | None:
    value = booster.attr("best_iteration")
    return None if value is None else int(value)


def _rounds(outcome: Outcome) -> int:
    """The length of the history that `cv` returns, cut after the best iteration: a frame or a dict of lists."""
    history = outcome.value
    return len(next(iter(history.values()))) if isinstance(history, dict) else len(history)
