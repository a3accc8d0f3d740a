"""Scores that the user computes after a fit: calls of `sklearn.metrics`, and of `score` of a fitted estimator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FrameType, FunctionType, ModuleType
from typing import Any

from trackline import _ambient, _config
from trackline._log import RunLog
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _names, _session, _sweep
from trackline.integrations import _predictions as predictions
from trackline.integrations.sklearn import metric_settings

SOURCE = "sklearn.metrics"
NO_SCORES = {"check_scoring", "get_scorer", "get_scorer_names", "make_scorer"}
MOST_CALLS = 200
"""So many calls of one function are recorded per run; a loop with more is not a report but a search."""
LARGEST = 10_000
"""Results with more elements (a distance matrix, a long curve) are not kept."""


def functions(metrics: ModuleType) -> Iterator[Callable[..., Any]]:
    """The functions of `sklearn.metrics` that judge predictions. Distances are used to compute, not to judge."""
    for name in metrics.__all__:
        function = getattr(metrics, name)
        if isinstance(function, FunctionType) and name not in NO_SCORES and ".pairwise" not in function.__module__:
            yield function


class Calls:
    """The metric calls of one run: their keys, and how they were made."""

    def __init__(self) -> None:
        self.by_name: dict[str, int] = {}
        self.info: dict[str, str] = {}
        self.named: dict[str, int] = {}
        self.by_place: dict[tuple[Any, ...], tuple[str, int]] = {}

    def key(self, name: str, data_name: str) -> str | None:
        """`f1_score_X_test`; for the second call of the function in the run `f1_score-2_X_test`."""
        count = self.by_name[name] = self.by_name.get(name, 0) + 1
        if count > MOST_CALLS:
            return None
        return f"{name}_{data_name}" if count == 1 else f"{name}-{count}_{data_name}"

    def point(self, name: str, data_name: str, frame: FrameType | None) -> tuple[str, int] | None:
        """The key and the step of a number. A call that comes again from the same place, and so from a loop, is the next
        point of its curve."""
        calls = list(frames.own_frames(frame))
        place = name, data_name, *((own.f_code.co_filename, own.f_code.co_firstlineno, own.f_lasti) for own in calls)
        key, step = self.by_place.get(place, (None, -1)) if calls else (None, -1)
        key = self.key(name, data_name) if key is None else key
        if key is None:
            return None
        self.by_place[place] = key, step + 1
        return key, step + 1


_calls: dict[str, Calls] = {}


def is_wanted() -> bool:
    """Whether scores that are computed after a fit are to be recorded."""
    config = _config.of("sklearn")
    return config is not None and config.log_post_training_metrics


def metric(call: Call) -> Any:
    """A function of `sklearn.metrics`."""
    if not is_wanted():
        yield
        return
    with _session.recording():
        outcome = yield
    if outcome.error is not None:
        return
    arguments = [*call.args, *call.kwargs.values()]
    frame = _names.caller()
    found = predictions.origin(arguments)
    if found is not None:
        prediction, confidence = found
        fitted, data_name = prediction.fitted, prediction.data_name
    elif (config := _config.of("sklearn")) is not None and (run := _ambient.run(start=True)) is not None:
        # Of no recorded model, but surely of this program.
        fitted, confidence = predictions.Fitted(run, config), 1.0
        data_name = _data_name(arguments, frame)
    else:
        return
    metric_settings.record(fitted.log, call)
    record(fitted, call.original.__name__, data_name, outcome.value, _names.call_text(call, frame), confidence, frame)
    record_named(fitted, frame, outcome.value, confidence)


def score(call: Call) -> Any:
    """`score` of an estimator."""
    fitted = predictions.fit_of(call.args[0]) if is_wanted() else None
    if fitted is None:
        yield
        return
    with _session.recording():
        outcome = yield
    if outcome.error is not None:
        return
    data = call.args[1] if len(call.args) > 1 else next(iter(call.kwargs.values()), None)
    frame = _names.caller()
    data_name = fitted.name_of(data) or _names.variable(data, frame, "unknown_dataset")
    name = type(call.args[0]).__name__
    record(fitted, f"{name}_score", data_name, outcome.value, _names.call_text(call, frame, name), 1.0, frame)
    record_named(fitted, frame, outcome.value, 1.0)


def record(
    fitted: predictions.Fitted, name: str, data_name: str, value: Any, text: str, confidence: float, frame: FrameType | None
) -> None:
    """Logs a number as a metric, anything else as a file; and how it was computed."""
    log = RunLog(fitted.log.handle.with_source(SOURCE, None if confidence == 1.0 else confidence))
    number = _number(value)
    kept = None if number is not None else _file(value)
    if number is None and kept is None:
        return
    calls = _calls.setdefault(log.id, Calls())
    point = calls.point(name, data_name, frame) if number is not None else (calls.key(name, data_name), 0)
    key, step = point or (None, 0)
    if key is None:
        return
    if number is not None:
        # Only what surely came from the model counts among the model's own metrics.
        log.log_metrics({key: number}, step=step, model_id=fitted.model_id if confidence == 1.0 else None)
        _sweep.scored(log.id, {key: number})
    elif isinstance(kept, str):
        log.log_text(kept, f"{key}.txt")
    else:
        log.log_dict(kept, f"{key}.json")
    if key not in calls.info:
        calls.info[key] = text
        log.log_dict(dict(sorted(calls.info.items())), "metric_info.json")


def record_named(fitted: predictions.Fitted, frame: FrameType | None, value: Any, confidence: float) -> None:
    """Logs the result under the name that the user gives it too: `val_f1` of `val_f1 = f1_score(…)`. In a loop that is a
    curve; of a report as a dict, each number."""
    if frame is None or not frames.is_own(frame.f_code) or (name := frames.assigned_name(frame)) is None:
        return
    number = _number(value)
    found = dict(_nested(name, value)) if number is None else {name: number}
    if not found or len(found) > MOST_CALLS:
        return
    log = RunLog(fitted.log.handle.with_source(SOURCE, None if confidence == 1.0 else confidence))
    named = _calls.setdefault(log.id, Calls()).named
    count = named[name] = named.get(name, -1) + 1
    turns = frames.turns(frame)
    log.log_metrics(found, step=turns[0] if len(turns) == 1 else count)
    _sweep.scored(log.id, found)


def _nested(name: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            if key != "support":  # The size of a class, no score.
                yield from _nested(f"{name}.{key}", entry)
    elif (number := _number(value)) is not None:
        yield name, number


def forget() -> None:
    """Forgets the calls of all runs."""
    _calls.clear()


def _number(value: Any) -> float | None:
    import numpy as np

    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return None
    return float(value)


def _file(value: Any) -> Any:
    """Plain values for JSON, text, or None if there is nothing to keep."""
    import numpy as np

    if isinstance(value, str | dict):
        return value
    arrays = value if isinstance(value, tuple) else [value]
    if not all(isinstance(item, np.ndarray | np.number | float | int) for item in arrays):
        return None
    if sum(np.size(item) for item in arrays) > LARGEST:
        return None
    plain = [np.asarray(item).tolist() for item in arrays]
    return plain if isinstance(value, tuple) else plain[0]


def _data_name(arguments: list[Any], frame: Any) -> str:
    """Without a known model: the variable that holds the predictions, else the one that holds the truth."""
    sized = [argument for argument in arguments if predictions.length_of(argument) is not None]
    names = [_names.variable(argument, frame, "") for argument in reversed(sized[:2])]
    return next((name for name in names if name), "unknown_dataset")
