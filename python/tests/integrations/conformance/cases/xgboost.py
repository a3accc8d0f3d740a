"""XGBoost, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = (
    "xgboost:train",
    "xgboost:cv",
    "xgboost:DMatrix.__init__",
    "xgboost:XGBClassifier.fit",
    "xgboost:XGBModel.fit",
)
RUNS = 3
"""So many runs `work` makes."""


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def work() -> bytes:
    """Both ways to train, and folds; gives everything that was computed, bit for bit."""
    import xgboost
    from xgboost import XGBClassifier, train

    X, y = data()
    model = XGBClassifier(n_estimators=5, max_depth=2, n_jobs=1).fit(X, y)
    matrix = xgboost.DMatrix(X, y)
    params = {"objective": "multi:softprob", "num_class": 3, "nthread": 1}
    booster = train(params, matrix, 5, evals=[(matrix, "train")], verbose_eval=False)
    folds = xgboost.cv(params, matrix, 3, nfold=2, as_pandas=False)
    raw = model.get_booster().save_raw("json") + booster.save_raw("json")
    return bytes(raw) + repr(folds).encode() + model.predict_proba(X).tobytes()


def fitted() -> Any:
    """An estimator that was fitted."""
    from xgboost import XGBClassifier

    return XGBClassifier(n_estimators=5, max_depth=2, n_jobs=1).fit(*data())


def same(one: Any, other: Any) -> bool:
    """Whether two fitted estimators are equal in all they hold."""
    raw = [bytes(model.get_booster().save_raw("json")) for model in (one, other)]
    return raw[0] == raw[1] and str(one.get_params()) == str(other.get_params()) and vars(one).keys() == vars(other).keys()


def calls() -> int:
    """How often the original ran, for one call of it."""
    import xgboost

    ran: list[int] = []

    def objective(predicted: Any, matrix: Any) -> Any:
        ran.append(1)
        return predicted * 0, predicted * 0 + 1

    xgboost.train({}, xgboost.DMatrix(*data()), 1, obj=objective)
    return len(ran)


def failing() -> None:
    """Raises the framework's own error."""
    import xgboost

    xgboost.train({"max_depth": -3}, xgboost.DMatrix(*data()), 1)
