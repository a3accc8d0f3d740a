"""Estimators and data of unusual shapes: recorded as far as they go, without a failure of ours (which would be
raised here)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from recorded import Recorded
from sklearn.base import BaseEstimator
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cross_decomposition import CCA
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest, RandomForestRegressor, StackingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.manifold import TSNE
from sklearn.mixture import GaussianMixture
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.semi_supervised import LabelPropagation
from sklearn.svm import SVC, LinearSVC

X, y = load_iris(return_X_y=True)
TWO = np.column_stack([y, y[::-1]])
TEXTS = ["good day", "bad night", "good night", "bad day"] * 10
CASES: list[tuple[BaseEstimator, Any, Any]] = [
    (MultiOutputClassifier(LogisticRegression(max_iter=500)), X, TWO),
    (ClassifierChain(LogisticRegression(max_iter=500)), X, TWO > 0),
    (KNeighborsClassifier(), X, TWO > 0),
    (RandomForestRegressor(3), X, TWO.astype(float)),
    (LinearRegression(), X, X[:, :1]),
    (LinearRegression(), X, pd.DataFrame(X[:, :1], columns=["width"])),
    (CCA(1), X, TWO.astype(float)),
    (IsotonicRegression(), X[:, 0], y),
    (IsolationForest(n_estimators=5), X, None),
    (GaussianMixture(2), X, None),
    (NearestNeighbors(), X, None),
    (LabelPropagation(), X, np.where(y == 2, -1, y)),
    (SVC(), X, y == 1),
    (LinearSVC(), X, y),
    (CalibratedClassifierCV(LinearSVC(), cv=2), X, y),
    (StackingClassifier([("a", SVC()), ("b", LinearSVC())], cv=2), X, y),
    (HistGradientBoostingClassifier(max_iter=3), np.where(X > 6, np.nan, X), y),
    (make_pipeline(TfidfVectorizer(), LogisticRegression()), TEXTS, [text.split()[0] for text in TEXTS]),
    (make_pipeline(TfidfVectorizer(), LogisticRegression()), pd.Series(TEXTS), np.array(TEXTS) == TEXTS[0]),
    (Ridge(), X.tolist(), y.tolist()),
    (Ridge(), pl.DataFrame(X), pl.Series("kind", y)),
    (Ridge(), pd.DataFrame(X).astype("Float64"), pd.Series(y, dtype="Int64")),
    (LogisticRegression(max_iter=500), pd.DataFrame(X), pd.Series(y).map({0: "a", 1: "b", 2: "c"}).astype("category")),
    (LogisticRegression(max_iter=500), np.asfortranarray(X.astype(np.float32)), y.astype(np.int8)),
    (LogisticRegression(max_iter=500), X[::-1][::2], y[::-1][::2]),
]


@pytest.mark.parametrize(("estimator", "data", "labels"), CASES, ids=lambda part: type(part).__name__)
@pytest.mark.filterwarnings("ignore")
def test_it_is_recorded_whole(autolog: None, recorded: Recorded, estimator: Any, data: Any, labels: Any) -> None:
    estimator.fit(data, labels)
    run = recorded.run()
    assert run.info.status == "FINISHED"
    assert run.outputs.model_outputs
    assert run.inputs.dataset_inputs
    if labels is not None and hasattr(estimator, "predict"):
        assert "training_score" in run.data.metrics


def test_a_transformer_that_cannot_transform_again(autolog: None, recorded: Recorded) -> None:
    TSNE(perplexity=5, max_iter=250).fit_transform(X)
    assert recorded.run().data.tags["estimator_name"] == "TSNE"


def test_an_estimator_that_predicts_by_keyword(autolog: None, recorded: Recorded) -> None:
    LogisticRegression(max_iter=500).fit(y=y, X=X)
    assert recorded.run().data.metrics["training_score"] > 0.9
