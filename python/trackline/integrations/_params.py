"""Parameters and tags of an estimator, by scikit-learn's protocol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST = 1000
"""A list with more items is named by its length: nobody reads it, and writing it takes time."""


def of(estimator: Any, *, deep: bool = True) -> dict[str, str]:
    """The parameters that hold a value. Those that are None say nothing and are left out."""
    return texts({key: value for key, value in estimator.get_params(deep=deep).items() if value is not None})


def texts(params: Mapping[str, Any]) -> dict[str, str]:
    """Values as text; a None that is given stays, since it tells candidates of a search apart."""
    return {str(key): _text(value) for key, value in params.items()}


def _text(value: Any) -> str:
    if isinstance(value, list | tuple | set | dict) and len(value) > LONGEST:
        return f"<{type(value).__name__} of {len(value)} items>"
    return str(value)


def tags_of(estimator: Any) -> dict[str, str]:
    """What kind of estimator it is."""
    kind = type(estimator)
    return {"estimator_name": kind.__name__, "estimator_class": f"{kind.__module__}.{kind.__name__}"}
