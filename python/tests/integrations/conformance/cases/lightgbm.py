"""LightGBM, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = (
    "lightgbm:train",
    "lightgbm:cv",
    "lightgbm.sklearn:train",
    "lightgbm:Dataset.__init__",
    "lightgbm:LGBMClassifier.fit",
    "lightgbm:LGBMModel.fit",
)
RUNS = 3
"""So many runs `work` makes."""
PARAMS = {"num_leaves": 4, "verbose": -1, "num_threads": 1, "deterministic": True}


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def work() -> bytes:
    """Both ways to train, and folds; gives everything that was computed, bit for bit."""
    import lightgbm

    X, y = data()
    model = fitted()
    train = lightgbm.Dataset(X, y)
    params = {**PARAMS, "objective": "multiclass", "num_class": 3}
    booster = lightgbm.train(params, train, 5, valid_sets=[train])
    folds = lightgbm.cv(params, lightgbm.Dataset(X, y), 3, nfold=2, seed=0)
    texts = model.booster_.model_to_string() + booster.model_to_string() + repr(folds)
    return texts.encode() + bytes(model.predict_proba(X).tobytes())


def fitted() -> Any:
    """An estimator that was fitted."""
    from lightgbm import LGBMClassifier

    return LGBMClassifier(n_estimators=5, num_leaves=4, n_jobs=1, verbose=-1).fit(*data())


def same(one: Any, other: Any) -> bool:
    """Whether two fitted estimators are equal in all they hold."""
    texts = [model.booster_.model_to_string() for model in (one, other)]
    return texts[0] == texts[1] and str(one.get_params()) == str(other.get_params()) and vars(one).keys() == vars(other).keys()


def calls() -> int:
    """How often the original ran, for one call of it."""
    import lightgbm

    ran: list[int] = []

    def objective(predicted: Any, train: Any) -> Any:
        ran.append(1)
        return predicted * 0, predicted * 0 + 1

    lightgbm.train({**PARAMS, "objective": objective}, lightgbm.Dataset(*data()), 1)
    return len(ran)


def failing() -> None:
    """Raises the framework's own error."""
    import lightgbm

    lightgbm.train({**PARAMS, "objective": "nothing"}, lightgbm.Dataset(*data()), 1)
