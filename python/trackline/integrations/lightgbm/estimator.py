"""The models of LightGBM's scikit-learn API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _arguments, _estimator, _fit, _inner, _params, _session
from trackline.integrations._boosting import Boosting
from trackline.integrations.lightgbm import booster, state


def fit(call: Call) -> Any:
    """`fit` of `LGBMModel` and its subclasses. The `train` it calls logs the curve into the same run."""
    config, model = state.config, call.args[0]
    if (inner := _inner.boosting()) is not None:
        with _session.recording(inner):
            yield
        return
    node = None if config is None or _session.inside() else _fit.begin("lightgbm", "lightgbm.fit", config)
    if node is None or config is None:
        yield
        return
    with node:
        recording = _estimator.Recording(node, "lightgbm", model, _arguments.of_fit(call), config)
        boosting = Boosting(node.log)
        with guard("lightgbm.params"):
            recording.before(_params.of(model))
            recording.log_eval_sets(_eval_sets(recording, call.kwargs))
        with _session.recording(boosting):
            outcome = yield
        if not node.failed(outcome):
            parts = []
            with guard("lightgbm.booster"):
                booster.describe(boosting, model.booster_)
                recording.params |= boosting.params
                parts.append(booster.structure(model.booster_))
            boosting.link(recording.after(booster.writer, parts).model_id)


def _eval_sets(recording: _estimator.Recording, given: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each evaluation set under the name it has in the curve."""
    sets, names = given.get("eval_set") or [], given.get("eval_names") or []
    if given.get("eval_X") is not None:
        data, labels = given["eval_X"], given["eval_y"]
        sets = list(zip(data, labels, strict=True)) if isinstance(data, tuple) else [(data, labels)]
    for number, (data, labels) in enumerate([sets] if isinstance(sets, tuple) else sets):
        itself = data is recording.given.data and labels is recording.given.labels
        default = "training" if itself else f"valid_{number}"
        yield (names[number] if number < len(names) else default), data, labels
