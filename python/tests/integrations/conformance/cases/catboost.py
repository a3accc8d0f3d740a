"""CatBoost, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = (
    "catboost:cv",
    "catboost.core:cv",
    "catboost:Pool.__init__",
    "catboost:CatBoost.fit",
    "catboost:CatBoostClassifier.fit",
    "catboost:CatBoostClassifier.predict_proba",
)
RUNS = 3
"""So many runs `work` makes."""
PARAMS = {"iterations": 5, "depth": 2, "thread_count": 1, "allow_writing_files": False, "logging_level": "Silent"}


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def work() -> bytes:
    """Both ways to train, and folds; gives everything that was computed, bit for bit."""
    import catboost

    X, y = data()
    pool = catboost.Pool(X, y)
    model = fitted()
    params = {**PARAMS, "loss_function": "MultiClass"}
    trained = catboost.train(pool, params)
    folds = catboost.cv(pool, params, fold_count=2, as_pandas=False)
    computed = [model.predict_proba(X), trained.predict(pool), model.get_leaf_values()]
    return b"".join(bytes(array.tobytes()) for array in computed) + repr(folds).encode()


def fitted() -> Any:
    """An estimator that was fitted."""
    from catboost import CatBoostClassifier

    return CatBoostClassifier(**PARAMS).fit(*data())


def same(one: Any, other: Any) -> bool:
    """Whether two fitted estimators are equal in all they hold."""
    leaves = [model.get_leaf_values().tobytes() for model in (one, other)]
    params = [str(model.get_params()) for model in (one, other)]
    return leaves[0] == leaves[1] and params[0] == params[1] and vars(one).keys() == vars(other).keys()


def calls() -> int:
    """How often the original ran, for one call of it."""
    from catboost import CatBoostClassifier

    class Counting:
        ran = 0

        def after_iteration(self, info: Any) -> bool:
            Counting.ran += 1
            return True

    CatBoostClassifier(**{**PARAMS, "iterations": 1}).fit(*data(), callbacks=[Counting()])
    return Counting.ran


def failing() -> None:
    """Raises the framework's own error."""
    from catboost import CatBoostClassifier

    CatBoostClassifier(**{**PARAMS, "depth": -2}).fit(*data())
