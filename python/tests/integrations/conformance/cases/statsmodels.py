"""statsmodels, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = (
    "statsmodels.base.model:Model.__init__",
    "statsmodels.base.model:Results.predict",
    "statsmodels.regression.linear_model:RegressionModel.fit",
    "statsmodels.regression.linear_model:OLS.fit_regularized",
)
RUNS = 2
"""So many runs `work` makes."""
CLONES = False
"""Results do not have scikit-learn's protocol."""


def data() -> tuple[Any, Any]:
    from sklearn.datasets import load_diabetes

    return load_diabetes(return_X_y=True)


def work() -> bytes:
    """Two fits; gives everything that was computed, bit for bit."""
    from statsmodels.regression.linear_model import OLS

    X, y = data()
    plain, regularized = fitted(), OLS(y, X).fit_regularized(alpha=0.1)
    computed = [plain.params, plain.bse, plain.predict(X[:5]), regularized.params]
    return b"".join(bytes(array.tobytes()) for array in computed)


def fitted() -> Any:
    """Results of a fit."""
    from statsmodels.regression.linear_model import OLS

    X, y = data()
    return OLS(y, X).fit()


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal in all they hold."""
    return bool((one.params == other.params).all()) and one.llf == other.llf and vars(one).keys() == vars(other).keys()


def calls() -> int:
    """How often the original ran, for one call of it."""
    from statsmodels.regression.linear_model import OLS

    ran: list[int] = []

    class Counting(OLS):  # type: ignore[misc]
        def fit(self, *args: Any, **kwargs: Any) -> Any:
            ran.append(1)
            return super().fit(*args, **kwargs)

    X, y = data()
    Counting(y, X).fit()
    return len(ran)


def failing() -> None:
    """Raises the framework's own error."""
    from statsmodels.regression.linear_model import OLS

    X, y = data()
    OLS(y, X).fit(method="nothing")
