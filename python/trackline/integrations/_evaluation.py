"""How well a fitted estimator does on the data it was fitted to: MLflow's `training_*` metrics and pictures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from trackline import _native
from trackline._log import RunLog
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _quiet
from trackline.integrations._arguments import FitArguments

LEAST_SECONDS = 0.050
SHARE = 0.01
"""What evaluating may take: this share of the time of the fit, but `LEAST_SECONDS` in any case."""
PROBE_ROWS = 256


@dataclass
class Evaluation:
    """Scores and pictures, and the number of rows they are of if that is not all of them."""

    metrics: dict[str, float] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    predicted: Any = None
    sampled: int | None = None

    def add_classes(
        self, truth: Any, predicted: Any, probabilities: Any, weights: Any, *, positive: Any = None, pos_label: Any = None
    ) -> None:
        """Scores of predicted classes. `positive` is the second of two classes; `pos_label` is the user's choice of
        the one that precision and recall are of."""
        label = None if pos_label is None else str(pos_label)
        self._add(_native.classification_scores(truth, predicted, probabilities, weights, label))
        confusion = _native.draw_confusion_matrix(truth, predicted, weights, "Normalized confusion matrix")
        self.pictures["training_confusion_matrix.png"] = confusion
        if positive is not None and probabilities is not None:
            hits, scores = truth == positive, probabilities[:, 1]
            roc = _native.draw_roc_curve(hits, scores, weights, "ROC curve")
            self.pictures["training_roc_curve.png"] = roc
            precision = _native.draw_precision_recall_curve(hits, scores, weights, "Precision recall curve")
            self.pictures["training_precision_recall_curve.png"] = precision

    def add_numbers(self, truth: Any, predicted: Any, weights: Any) -> None:
        """Scores of predicted numbers."""
        self._add(_native.regression_scores(truth, predicted, weights))

    def _add(self, scores: dict[str, float]) -> None:
        self.metrics.update({f"training_{key}": value for key, value in scores.items()})

    def log(self, log: RunLog, model_id: str | None = None, dataset: Dataset | None = None) -> None:
        """Logs everything that was found."""
        if self.metrics:
            log.log_metrics(self.metrics, model_id=model_id, dataset=dataset)
        if self.sampled is not None:
            log.set_tag("trackline.training_metrics", f"of a sample of {self.sampled} rows")
        for name, png in self.pictures.items():
            log.log_bytes(png, name)


def budget(fit_seconds: float) -> float:
    """Seconds that evaluating may take after a fit of this length."""
    return max(LEAST_SECONDS, SHARE * fit_seconds)


def training(estimator: Any, given: FitArguments, fit_seconds: float, pos_label: Any = None) -> Evaluation:
    """Evaluates the estimator on its training data, or on a sample of it if the whole would take too long."""
    found = Evaluation()
    if given.labels is None or not hasattr(estimator, "predict"):
        return found
    with _quiet.unnoticed(estimator):
        started = time.perf_counter()
        predict = [estimator.predict]
        if hasattr(estimator, "predict_proba") and _is("classifier", estimator):
            predict.append(estimator.predict_proba)
        given, found.sampled = affordable(predict, given, budget(fit_seconds))
        found.predicted = estimator.predict(given.data)
        truth, weights = _dataset.array(given.labels), _weights(given.weights)
        if truth is not None and (truth.ndim == 1 or truth.shape[1:] == (1,)):
            truth = truth.reshape(-1)
            if _is("classifier", estimator):
                probabilities = estimator.predict_proba(given.data) if hasattr(estimator, "predict_proba") else None
                binary = probabilities is not None and probabilities.ndim == 2 and probabilities.shape[1] == 2
                positive = estimator.classes_[1] if binary else None
                predicted = _flat(found.predicted)
                found.add_classes(truth, predicted, probabilities, weights, positive=positive, pos_label=pos_label)
            elif _is("regressor", estimator):
                found.add_numbers(truth, _flat(found.predicted), weights)
        spent = time.perf_counter() - started
        _score(found, estimator, given, in_time=2 * spent <= budget(fit_seconds))
    return found


def _score(found: Evaluation, estimator: Any, given: FitArguments, *, in_time: bool) -> None:
    """`training_score`: what `score` gives; known already where `score` is scikit-learn's own."""
    if not hasattr(estimator, "score"):
        return
    base = sys.modules.get("sklearn.base")
    own = getattr(type(_scoring(estimator)), "score", None)
    for mixin, key in (("ClassifierMixin", "accuracy_score"), ("RegressorMixin", "r2_score")):
        if base is not None and own is getattr(base, mixin).score and f"training_{key}" in found.metrics:
            found.metrics["training_score"] = found.metrics[f"training_{key}"]
            return
    if in_time:
        weighted = {} if given.weights is None else {"sample_weight": given.weights}
        found.metrics["training_score"] = float(estimator.score(given.data, given.labels, **weighted))


def _scoring(estimator: Any) -> Any:
    """The estimator whose `score` answers: the last step of a pipeline, the best one of a plain search."""
    while True:
        if hasattr(estimator, "steps") and hasattr(estimator, "named_steps"):
            estimator = estimator.steps[-1][1]
        elif hasattr(estimator, "best_estimator_") and type(estimator.scorer_).__name__ == "_PassthroughScorer":
            estimator = estimator.best_estimator_
        else:
            return estimator


def affordable(
    predict: list[Callable[[Any], Any]], given: FitArguments, seconds: float
) -> tuple[FitArguments, int | None]:
    """The data, or so many of its rows, chosen at random but always the same, as can be predicted in time."""
    rows = given.data.shape[0] if hasattr(given.data, "shape") else len(given.data)
    if rows <= PROBE_ROWS:
        return given, None
    probe = _rows(given, rows, PROBE_ROWS)
    per_row = _seconds(predict, probe.data) / PROBE_ROWS
    count = int(seconds / per_row) if per_row else rows
    if count >= rows:
        return given, None
    chosen = max(PROBE_ROWS, count)
    return _rows(given, rows, chosen), chosen


def _seconds(functions: list[Callable[[Any], Any]], data: Any) -> float:
    started = time.perf_counter()
    for function in functions:
        function(data)
    return time.perf_counter() - started


def _rows(given: FitArguments, rows: int, count: int) -> FitArguments:
    import numpy as np

    chosen = np.sort(np.random.default_rng(0).choice(rows, count, replace=False))
    return FitArguments(*(None if part is None else _chosen(part, chosen) for part in given))


def _chosen(values: Any, rows: Any) -> Any:
    if hasattr(values, "iloc"):
        return values.iloc[rows]
    if isinstance(values, list | tuple):
        return [values[row] for row in rows]
    return values[rows]


def _is(kind: str, estimator: Any) -> bool:
    base = sys.modules.get("sklearn.base")
    return bool(getattr(base, f"is_{kind}")(estimator)) if base else getattr(estimator, "_estimator_type", "") == kind


def _flat(values: Any) -> Any:
    found = _dataset.array(values)
    return found.reshape(-1) if found is not None else values


def _weights(values: Any) -> Any:
    import numpy as np

    return None if values is None else np.asarray(values, dtype=float)
