"""Data that variables hold under the names that people give to data: `X_train` and `y_train`, `Xte`, `labels`, `df`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, NamedTuple

from trackline import _ambient, _config
from trackline._active_run import ActiveRun
from trackline._log import RunLog
from trackline._script import frames
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset

LIBRARIES = ("cudf", "jaxlib", "numpy", "pandas", "polars", "pyarrow", "scipy", "torch")
"""Whose tables and arrays are looked at: of other objects the user's own code would be asked."""
FEWEST_ROWS = 2
MOST = 6
"""So many datasets are described of what is held at one place."""

_FEATURES = r"x|data|dataset|df|features?|images?|inputs?|ratings|rows|samples?|sequences?|texts?|tokens"
_LABELS = r"y|labels?|targets?"
_ROLES = {
    "train": r"train|training|tr|trn",
    "val": r"val|valid|validation|dev|va",
    "test": r"test|testing|te|ts|tst|holdout",
}
_ROLE = "|".join(f"(?P<{role}>{words})" for role, words in _ROLES.items())
_WORD = re.compile(
    rf"(?:(?P<labels>{_LABELS})|(?P<features>{_FEATURES}))?(?:{_ROLE})?(?:(?P<labels_>{_LABELS})|(?P<features_>{_FEATURES}))?"
)
_COMPUTED = re.compile(
    r"(^|_)(acc|accuracy|batch|cost|errors?|grads?|hat|idx|ids|index|indices|logits|loss|losses|mask|means?|out|outputs?|pred|preds"
    r"|predictions?|predicted|probs?|scores?|std|times?|weights?)(_|$)",
    re.IGNORECASE,
)
"""Names of what is computed from data."""


class Name(NamedTuple):
    """What the name of a variable says of the data in it; the role is `train`, `val`, `test`, or empty."""

    is_labels: bool
    role: str


class Held(NamedTuple):
    """Features with their labels, under the name of the features."""

    name: str
    features: Any
    labels: Any
    role: str


def named(name: str) -> Name | None:
    """What the name says; None if it is not one of data."""
    if _COMPUTED.search(name):
        return None
    told = [word.groupdict() for part in name.lower().split("_") if part and (word := _WORD.fullmatch(part.rstrip("0123456789")))]
    said = {key.rstrip("_") for groups in told for key, text in groups.items() if text}
    return Name("labels" in said, next((role for role in _ROLES if role in said), "")) if said else None


def is_data(value: Any) -> bool:
    """Whether it is an array, a table or a list of values, with several rows."""
    if type(value) is list:
        return len(value) >= FEWEST_ROWS and isinstance(value[0], int | float | str | list | tuple) and _is_even(value)
    shape = _shape(value)
    return len(shape) > 0 and type(shape[0]) is int and shape[0] >= FEWEST_ROWS


def _is_setting(name: str, value: Any) -> bool:
    """Whether it is a list that the text of the program sets: `TEST_RANGE = [1708, 2708]`."""
    return type(value) is list and len(name) > 1 and name.isupper()


def _shape(value: Any) -> tuple[Any, ...]:
    """That of a table or an array, of nothing else. A tensor with a gradient is computed from data."""
    shape = getattr(value, "shape", None) if type(value).__module__.partition(".")[0] in LIBRARIES else None
    return shape if isinstance(shape, tuple) and not getattr(value, "requires_grad", False) else ()


def _is_even(rows: list[Any]) -> bool:
    """Whether each row of a list has as many values as the first. Pairs of arrays are samples, and no rows of a table."""
    size = len(rows[0]) if isinstance(rows[0], list | tuple) else None
    if size is not None and any(map(_shape, rows[0])):
        return False
    return len(rows) <= _dataset.LONGEST_LIST and all((len(row) if isinstance(row, list | tuple) else None) == size for row in rows)


def of(variables: Iterable[tuple[str, Any]]) -> list[Held]:
    """The data among variables, features with the labels of the same rows and role."""
    data = {
        id(value): (name, value, told) for name, value in variables if (told := named(name)) and is_data(value) and not _is_setting(name, value)
    }
    features = [one for one in data.values() if not one[2].is_labels]
    labels = [one for one in data.values() if one[2].is_labels]
    paired = [Held(name, value, _labels_of(value, told, labels), told.role) for name, value, told in features]
    # Where nothing else is learned from, what is called labels is the data: a series, a sample.
    alone = [] if paired else [Held(name, value, None, told.role) for name, value, told in labels]
    return [*paired, *alone][:MOST]


def _labels_of(features: Any, told: Name, labels: list[tuple[str, Any, Name]]) -> Any:
    alike = [one for one in labels if _rows(one[1]) == _rows(features) and (one[2].role == told.role or not (one[2].role and told.role))]
    return min(alike, key=lambda one: one[2].role != told.role, default=(None, None))[1]


def _rows(data: Any) -> int:
    return int(len(data) if type(data) is list else data.shape[0])


def whole(batch: Any, variables: Iterable[tuple[str, Any]]) -> Held | None:
    """The data among variables that a batch is made of: to learn from, as wide as it, and longer."""
    rows, *width = _shape(batch) or (0,)
    if not width:
        return None
    wider = [one for one in of(variables) if one.role in ("", "train") and [*_shape(one.features)[1:]] == width]
    return max((one for one in wider if _rows(one.features) > rows), key=lambda one: one.role == "train", default=None)


def is_asked(observer: str) -> bool:
    """Whether an observer is to describe data that is fitted by hand."""
    config = _config.of(observer)
    return config is not None and config.log_datasets


def record(held: Iterable[Held], source: str) -> bool:
    """Describes it where it lies, as inputs of the run; whether there was any."""
    described = [(dataset, one.role) for one in held if (dataset := _dataset.describe(one.features, one.labels, one.name)) is not None]
    for dataset, role in described:
        _ambient.later(lambda run, dataset=dataset, role=role: _log(run, dataset, role or "train", source))  # type: ignore[misc]
    return bool(described)


def _log(run: ActiveRun, dataset: Dataset, role: str, source: str) -> None:
    RunLog(run.handle.with_source(source)).log_input(dataset, role)


def around(frame: FrameType | None) -> Iterator[tuple[str, Any]]:
    """The variables of the user's functions from this frame on, those of the innermost last."""
    own = list(frames.own_frames(frame))
    if own:
        yield from own[-1].f_globals.copy().items()
    for outer in reversed(own):
        yield from frames.variables(outer).items()


def for_judging(variables: Iterable[tuple[str, Any]]) -> Iterator[Held]:
    """Of the data among variables that whose role is to be judged with."""
    return (one for one in of(variables) if one.role in ("val", "test"))
