"""scikit-learn, for the conformance suite."""

from __future__ import annotations

import pickle
from typing import Any

PUBLIC = (
    "sklearn.metrics:f1_score",
    "sklearn.metrics:accuracy_score",
    "sklearn.model_selection:cross_val_score",
    "sklearn.linear_model:LogisticRegression.fit",
    "sklearn.linear_model:LogisticRegression.predict_proba",
    "sklearn.base:ClassifierMixin.score",
    "sklearn.base:ClusterMixin.fit_predict",
    "joblib:Parallel.__call__",
)
RUNS = 2
"""So many runs `work` makes."""


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def work() -> bytes:
    """Fits, a search, predictions and scores; gives everything that was computed, bit for bit."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GridSearchCV

    X, y = data()
    model = LogisticRegression(max_iter=500).fit(X, y)
    score = f1_score(y, model.predict(X), average="macro")
    search = GridSearchCV(RandomForestClassifier(5, random_state=0), {"max_depth": [1, 2]}, cv=2).fit(X, y)
    scores = search.cv_results_["split1_test_score"].tobytes()
    return model.coef_.tobytes() + repr(score).encode() + scores + search.predict_proba(X).tobytes()


def fitted() -> Any:
    """An estimator that was fitted."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=500).fit(*data())


def same(one: Any, other: Any) -> bool:
    """Whether two fitted estimators are equal in all they hold."""
    return bool(pickle.dumps(one) == pickle.dumps(other))


def calls() -> int:
    """How often the original ran, for one call of it."""
    from sklearn.base import BaseEstimator, ClassifierMixin

    ran: list[int] = []

    class Counting(ClassifierMixin, BaseEstimator):
        def fit(self, X: Any, y: Any) -> Counting:
            ran.append(1)
            self.classes_ = sorted(set(y))
            return self

        def predict(self, X: Any) -> list[Any]:
            return [self.classes_[0]] * len(X)

    Counting().fit(*data())
    return len(ran)


def failing() -> None:
    """Raises the framework's own error."""
    from sklearn.linear_model import LogisticRegression

    LogisticRegression(C="none").fit(*data())
