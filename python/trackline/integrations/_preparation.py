"""Estimators that prepare data for others."""

from __future__ import annotations

from typing import Any, NamedTuple

MODULES = ("sklearn.preprocessing", "sklearn.impute", "sklearn.feature_extraction", "sklearn.feature_selection")


def prepares(kind: type) -> bool:
    """Whether such estimators only prepare data: their fits make no run, as in MLflow, nor do the fits inside of them."""
    return kind.__module__.startswith(MODULES) or kind.__name__ == "ColumnTransformer"


class Preparing(NamedTuple):
    """The subject of a session in which one of them works: what it fits for that is no model of the user's."""

    estimator: Any
