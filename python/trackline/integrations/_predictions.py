"""Which recorded model a value came from: the arrays that fitted models have predicted, and what was made of them."""

from __future__ import annotations

import weakref
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from trackline._log import RunLog

if TYPE_CHECKING:
    from trackline._config import Config

REMEMBERED = 64
"""So many predictions are known, over all models; the oldest go first."""


class Fitted:
    """An estimator whose fit was recorded: what it predicts later, and how that scores, belongs to the same run."""

    def __init__(self, log: RunLog, config: Config, model_id: str | None = None) -> None:
        self.log = log
        self.config = config
        self.model_id = model_id
        self.data: list[tuple[Any, str]] = []

    def name_of(self, data: Any) -> str | None:
        """The name under which this very object was seen before."""
        return next((name for seen, name in self.data if seen() is data), None)

    def remember(self, data: Any, name: str) -> str:
        """Gives the object a name that no other data of this model has: `X`, `X-2`, …"""
        taken = sum(1 for _, other in self.data if other == name or other.startswith(f"{name}-"))
        name = f"{name}-{taken + 1}" if taken else name
        self.data.append((_reference(data), name))
        return name


class Prediction(NamedTuple):
    """What a model predicted. The array itself may be gone."""

    value: Any
    length: int | None
    fitted: Fitted
    data_name: str
    where: object


_fitted: dict[int, tuple[Any, Fitted]] = {}
_predictions: deque[Prediction] = deque(maxlen=REMEMBERED)
# One object per thread or task: what is only equally long is looked for among the predictions made there.
_where: ContextVar[object | None] = ContextVar("trackline_where", default=None)


def remember_fit(estimator: Any, fitted: Fitted) -> None:
    """From now on what the estimator predicts is known. Nothing is set on it: it pickles and compares as before."""
    key = id(estimator)
    _fitted[key] = (weakref.ref(estimator, lambda _: _fitted.pop(key, None)), fitted)


def fit_of(estimator: Any) -> Fitted | None:
    """The recorded fit of this very object."""
    reference, fitted = _fitted.get(id(estimator), (None, None))
    return fitted if reference is not None and reference() is estimator else None


def remember(value: Any, fitted: Fitted, data_name: str) -> None:
    """Keeps in mind, without keeping it alive, what a model predicted."""
    _predictions.append(Prediction(_reference(value), length_of(value), fitted, data_name, _here()))


def origin(arguments: list[Any]) -> tuple[Prediction, float] | None:
    """The prediction that one of the arguments is or was made from, and how sure that is."""
    latest = list(reversed(_predictions))
    for argument in arguments:
        for prediction in latest:
            if prediction.value() is argument:
                return prediction, 1.0
    for argument in arguments:
        for prediction in latest:
            if _shares_memory(argument, prediction.value()):
                return prediction, 0.9
    lengths = {length_of(argument) for argument in arguments} - {None}
    for prediction in latest:
        if prediction.where is _here() and prediction.length in lengths:
            return prediction, 0.5
    return None


def forget() -> None:
    """Forgets all models and predictions."""
    _fitted.clear()
    _predictions.clear()


def length_of(value: Any) -> int | None:
    """The number of samples in something like an array; None for anything else."""
    if isinstance(value, str | bytes | dict):
        return None
    try:
        return len(value)
    except TypeError:
        return None


def _here() -> object:
    where = _where.get()
    if where is None:
        _where.set(where := object())
    return where


def _reference(value: Any) -> Any:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: None


def _shares_memory(value: Any, predicted: Any) -> bool:
    import numpy as np

    values = getattr(value, "values", value)  # A Series that was made of an array holds it.
    if not isinstance(values, np.ndarray) or not isinstance(predicted, np.ndarray):
        return False
    return np.may_share_memory(values, predicted)
