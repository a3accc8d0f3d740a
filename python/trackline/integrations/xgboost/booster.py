"""`xgboost.train` and `xgboost.cv`."""

from __future__ import annotations

import inspect
import json
from typing import Any

from trackline import _native
from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call, Outcome
from trackline.integrations import _evaluation, _fit, _model, _session
from trackline.integrations.xgboost import curve, matrix, params, score, state

FLAVOR = "xgboost"
SOURCE = "xgboost.train"


class Boosting:
    """One training: its parameters, its curve and how it ended. The subject of the session in which it runs."""

    def __init__(self, log: RunLog) -> None:
        self.log = log
        self.params: dict[str, str] = {}
        self.curve: Any = None
        self.stops_early = False

    def before(self, call: Call) -> inspect.BoundArguments:
        """Logs the parameters and puts our callback into a copy of the user's list."""
        arguments = inspect.signature(call.original).bind(*call.args, **call.kwargs)
        given = list(arguments.arguments.get("callbacks") or ())
        rounds = arguments.arguments.get("early_stopping_rounds")
        self.stops_early = bool(rounds) or any(type(one).__name__ == "EarlyStopping" for one in given)
        if arguments.arguments.get("evals") or call.original.__name__ == "cv":
            self.curve = curve.callback(self.log)
            call.kwargs = {**call.kwargs, "callbacks": [self.curve, *given]}
        self.params |= params.of_call(arguments)
        self.log.log_params(self.params)
        return arguments

    def after(self, best_iteration: int | None) -> None:
        """Logs where it stopped and where it was best; the curve has the values."""
        if self.stops_early and best_iteration is not None and self.curve is not None:
            self.log.log_metrics({"best_iteration": best_iteration, "stopped_iteration": self.curve.iteration})

    def describe(self, booster: Any, known: dict[str, str]) -> None:
        """Logs what the parameters came to, and how much each feature counts."""
        with guard("xgboost.params"):
            self.log.log_params(params.resolved(booster, {**self.params, **known}))
        for kind in (state.config and state.config.importance_types) or ("weight",):
            with guard("xgboost.importance"):
                self._importance(booster, kind)

    def _importance(self, booster: Any, kind: str) -> None:
        found = booster.get_score(importance_type=kind)
        # Linear boosters give each feature a list of coefficients.
        scores = {key: float(value) for key, value in found.items() if not isinstance(value, list)}
        self.log.log_text(json.dumps(scores, indent=2), f"feature_importance_{kind}.json")
        picture = _native.draw_feature_importance(list(scores.items()), f"Feature importance ({kind})")
        self.log.log_bytes(picture, f"feature_importance_{kind}.png")


def train(call: Call) -> Any:
    """`xgboost.train`, called by the user or by a model of the scikit-learn API whose fit is being recorded."""
    subject = _session.subject()
    if isinstance(subject, Boosting):
        subject.before(call)
        outcome = yield
        if outcome.error is None:
            subject.after(_best_iteration(outcome.value))
        return
    node = None if state.config is None or subject is not None else _fit.begin(FLAVOR, SOURCE, state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = boosting.before(call)
        _log_dataset(node.log, arguments)
        with _session.recording(), node.original():
            outcome = yield
        if not node.failed(outcome):
            _trained(node, boosting, arguments.arguments["dtrain"], outcome.value)


def _trained(node: _fit.FitRun, boosting: Boosting, data: Any, booster: Any) -> None:
    boosting.after(_best_iteration(booster))
    boosting.describe(booster, {})
    found = _evaluation.Evaluation()
    with guard("xgboost.training_metrics"):
        found = score.training(booster, data, node.seconds)
    model_id = None
    if state.config is not None and state.config.log_models:
        with guard("xgboost.model"):
            rows = matrix.data_of(data)
            model_id = _model.save(
                node.log, booster, writer, state.config, rows, found.predicted, "model", boosting.params
            )
    with guard("xgboost.training_metrics"):
        found.log(node.log, model_id)


def cv(call: Call) -> Any:
    """`xgboost.cv`: the folds as one curve with means and deviations."""
    node = None if state.config is None or _session.inside() else _fit.begin(FLAVOR, "xgboost.cv", state.config)
    if node is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        arguments = boosting.before(call)
        _log_dataset(node.log, arguments)
        with _session.recording(), node.original():
            outcome = yield
        if not node.failed(outcome):
            boosting.after(_rounds(outcome) - 1)


def writer(model: Any) -> Any:
    """What writes a booster, or a model of the scikit-learn API."""
    from trackline.xgboost import writer

    return writer(model, state.config.model_format if state.config else "ubj")


def _log_dataset(log: RunLog, arguments: inspect.BoundArguments) -> None:
    if state.config is not None and state.config.log_datasets:
        with guard("xgboost.dataset"):
            dataset = matrix.describe(arguments.arguments["dtrain"])
            if dataset is not None:
                log.log_input(dataset, "train")


def _best_iteration(booster: Any) -> int | None:
    value = booster.attr("best_iteration")
    return None if value is None else int(value)


def _rounds(outcome: Outcome) -> int:
    """The length of the history that `cv` returns, cut after the best iteration: a frame or a dict of lists."""
    history = outcome.value
    return len(next(iter(history.values()))) if isinstance(history, dict) else len(history)
