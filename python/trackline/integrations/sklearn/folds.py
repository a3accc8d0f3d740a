"""`cross_validate` and `cross_val_score`: one run, with a point for each fold."""

from __future__ import annotations

import inspect
from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _estimator, _fit, _params, _session
from trackline.integrations._arguments import FitArguments
from trackline.integrations.sklearn import state

SOURCE = "sklearn.cross_validate"
CHOSEN = ("cv", "scoring")
NOT_SCORES = ("estimator", "indices")


def validate(call: Call) -> Any:
    """In a run of the user's it is a child, so that the fit which often follows is that of the run."""
    config = state.config
    node = None if config is None or _session.inside() else _fit.begin("sklearn", SOURCE, config, child=True)
    if node is None or config is None:
        with _session.recording():
            yield
        return
    with node:
        with guard(SOURCE):
            bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
            bound.apply_defaults()
            given = bound.arguments
            arguments = FitArguments(given["X"], given["y"], None)
            recording = _estimator.Recording(node, "sklearn", given["estimator"], arguments, config)
            chosen = {key: given[key] for key in CHOSEN if given[key] is not None}
            recording.before({**_params.of(given["estimator"]), **_params.texts(chosen)})
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            with guard(SOURCE):
                _log(node, outcome.value)


def _log(node: _fit.FitRun, value: Any) -> None:
    columns = value if isinstance(value, dict) else {"test_score": value}
    for key, values in columns.items():
        if key not in NOT_SCORES:
            for fold, score in enumerate(values):
                node.log.handle.log_metrics([(key, float(score))], fold)
            node.log.log_metrics({f"mean_{key}": values.mean(), f"std_{key}": values.std()})
