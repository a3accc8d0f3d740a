"""How well a fitted estimator does on the data it was fitted to: MLflow's `training_*` metrics and pictures."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from trackline import _native
from trackline._log import RunLog
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _forest, _quiet, _sampling
from trackline.integrations._arguments import FitArguments


@dataclass
class Evaluation:
    """Scores and pictures, and the number of rows they are of if that is not all of them."""

    metrics: dict[str, float] = field(default_factory=dict)
    pictures: dict[str, _native.Picture] = field(default_factory=dict)
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
        for name, picture in self.pictures.items():
            log.handle.log_picture(picture, name)


def training(estimator: Any, given: FitArguments, budget: float, pos_label: Any = None) -> Evaluation:
    """Evaluates the estimator on its training data, or on a sample of it unless the `budget` is infinite."""
    found = Evaluation()
    if given.labels is None or not hasattr(estimator, "predict"):
        return found
    with _quiet.unnoticed(estimator):
        classifies = _is("classifier", estimator)
        likely = classifies and hasattr(estimator, "predict_proba")
        passes = 1 + (likely and not _predicts_most_likely(estimator))
        passes += _can_score(estimator) and _known_score(estimator) is None
        given, found.sampled = _sampling.of(given, passes * _sampling.learned(estimator), budget)
        truth, weights = _dataset.array(given.labels), _weights(given.weights)
        one = truth is not None and (truth.ndim == 1 or truth.shape[1:] == (1,))
        probabilities = _asked(estimator, "predict_proba", given.data) if one and likely else None
        found.predicted = _predicted(estimator, given.data, probabilities)
        if truth is not None and one and classifies:
            binary = probabilities is not None and probabilities.ndim == 2 and probabilities.shape[1] == 2
            positive = estimator.classes_[1] if binary else None
            predicted = _flat(found.predicted)
            found.add_classes(truth.reshape(-1), predicted, probabilities, weights, positive=positive, pos_label=pos_label)
        elif truth is not None and one and _is("regressor", estimator):
            found.add_numbers(truth.reshape(-1), _flat(found.predicted), weights)
        if _can_score(estimator):
            found.metrics["training_score"] = _score(found, estimator, given)
    return found


def _predicted(estimator: Any, data: Any, probabilities: Any) -> Any:
    if probabilities is not None and _predicts_most_likely(estimator):
        return estimator.classes_.take(probabilities.argmax(axis=1), axis=0)
    return _asked(estimator, "predict", data)


def _asked(estimator: Any, method: str, data: Any) -> Any:
    found = _forest.mean_of_trees(estimator, method, data)
    return getattr(estimator, method)(data) if found is None else found


def _predicts_most_likely(estimator: Any) -> bool:
    """Whether `predict` gives the class that `predict_proba` finds most likely, as that of scikit-learn's forests and bags does: there
    the second would take as long as the first."""
    ensemble = sys.modules.get("sklearn.ensemble")
    own = getattr(type(_scoring(estimator)), "predict", None)
    return ensemble is not None and own in (ensemble.RandomForestClassifier.predict, ensemble.BaggingClassifier.predict)


def _can_score(estimator: Any) -> bool:
    """Whether `score` answers. Of a search by several scores that chooses by a function it does not: none of them is its own."""
    return hasattr(estimator, "score") and not (getattr(estimator, "multimetric_", False) and callable(estimator.refit))


def _score(found: Evaluation, estimator: Any, given: FitArguments) -> float:
    """What `score` gives; known already where `score` is scikit-learn's own."""
    known = found.metrics.get(f"training_{_known_score(estimator)}")
    if known is not None:
        return known
    weighted = {} if given.weights is None else {"sample_weight": given.weights}
    return float(estimator.score(given.data, given.labels, **weighted))


def _known_score(estimator: Any) -> str | None:
    """The metric that `score` gives, where it is scikit-learn's own."""
    base = sys.modules.get("sklearn.base")
    own = getattr(type(_scoring(estimator)), "score", None)
    for mixin, key in (("ClassifierMixin", "accuracy_score"), ("RegressorMixin", "r2_score")):
        if base is not None and own is getattr(base, mixin).score:
            return key
    return None


def _scoring(estimator: Any) -> Any:
    """The estimator whose `score` answers, and whose `predict`: the last step of a pipeline, the best one of a plain search."""
    while True:
        if hasattr(estimator, "steps") and hasattr(estimator, "named_steps"):
            estimator = estimator.steps[-1][1]
        elif hasattr(estimator, "best_estimator_") and type(estimator.scorer_).__name__ == "_PassthroughScorer":
            estimator = estimator.best_estimator_
        else:
            return estimator


def _is(kind: str, estimator: Any) -> bool:
    base = sys.modules.get("sklearn.base")
    return bool(getattr(base, f"is_{kind}")(estimator)) if base else getattr(estimator, "_estimator_type", "") == kind


def _flat(values: Any) -> Any:
    found = _dataset.array(values)
    return found.reshape(-1) if found is not None else values


def _weights(values: Any) -> Any:
    import numpy as np

    return None if values is None else np.asarray(values, dtype=float)
