"""What a program does with a model beside `fit`: `evaluate`, and loops of `train_on_batch`."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Any

from trackline import _ambient, _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _names, _predictions, _session
from trackline.integrations.keras import curve

_steps: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()


def evaluate(call: Call) -> Any:
    """The values as metrics named for the data: `accuracy_X_test`."""
    if _config.of("keras") is None or _session.inside():
        yield
        return
    with _session.recording():
        outcome = yield
    if outcome.error is not None:
        return
    model = call.args[0]
    fitted = _predictions.fit_of(model)
    run = None if fitted else _ambient.run()
    log = fitted.log if fitted else run
    if log is not None:
        data = call.args[1] if len(call.args) > 1 else call.kwargs.get("x")
        name = _names.variable(data, _names.caller(), "unknown_dataset")
        named = {f"{key}_{name}": value for key, value in _named(model, outcome.value)}
        log.log_metrics(named, model_id=fitted.model_id if fitted else None)


def train_on_batch(call: Call) -> Any:
    """One point a call, counted from 0 for each model; the run is that of the program."""
    outcome = yield
    if outcome.error is not None or _config.of("keras") is None or _session.inside():
        return
    model = call.args[0]
    run = _ambient.run(start=True)
    if run is None:
        return
    step = _steps.get(model, 0)
    _steps[model] = step + 1
    with guard("keras.train_on_batch"):
        run.handle.with_source("keras.train_on_batch").log_metrics(list(_named(model, outcome.value)), step)


def _named(model: Any, value: Any) -> Iterator[tuple[str, float]]:
    """Keras gives a dict if asked, else the loss alone or in front of the metrics."""
    if isinstance(value, dict):
        yield from curve.values(value)
    elif isinstance(value, list | tuple):
        compiled = getattr(model, "_compile_metrics", None)
        names = ["loss", *(metric.name for metric in getattr(compiled, "metrics", ()))]
        yield from curve.values(dict(zip(names, value, strict=False)))
    else:
        yield from curve.values({"loss": value})
