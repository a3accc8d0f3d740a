"""torchmetrics: what the user's code computes of a metric, under the name that it gives it."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any

from trackline import _ambient, _config, _observed
from trackline._guard import guard
from trackline._patch import Call
from trackline._script import frames, turn
from trackline.integrations import _session
from trackline.integrations.torch import loop
from trackline.integrations._scalar import Scalars

SOURCE = "torchmetrics"
_scalars = Scalars()


def made(call: Call) -> Any:
    """`Metric._wrap_compute`, which each metric is made with: its `compute` is watched from there on. A metric leaves it
    out when it is pickled or copied, and makes it again."""
    metric, compute = call.args
    kind = type(metric).__name__

    @functools.wraps(compute)
    def computed(*args: Any, **kwargs: Any) -> Any:
        value = compute(*args, **kwargs)
        with guard(SOURCE):
            # Only the user's own call: `forward` computes the metric of every batch.
            frame = sys._getframe(1).f_back
            if _config.of("torch") is not None and frame is not None and frames.is_own(frame.f_code):
                _log({frames.assigned_name(frame) or _snake(kind): value}, frame)
        return value

    call.args = (metric, computed)
    yield


def collected(call: Call) -> Any:
    """`MetricCollection.compute`: a value for each of its metrics."""
    frame = frames.caller()
    outcome = yield
    if outcome.error is None and frame is not None and isinstance(outcome.value, Mapping):
        _log({_snake(str(key)): value for key, value in outcome.value.items()}, frame)


def _log(values: dict[str, Any], frame: FrameType) -> None:
    run = None if _session.inside() else _ambient.run(start=True)
    if run is None:
        return
    epoch, found = turn.epoch(frame), loop.known()
    step = epoch if epoch is not None else 0 if found is None else found.step
    _scalars.arrived()
    for key, value in values.items():
        if hasattr(value, "numel") and value.numel() == 1:
            _scalars.read(value, functools.partial(_observed.metric, run, key, step=step, source=SOURCE))


def ended(_run: Any = None) -> None:
    """Takes what is still on its way."""
    _scalars.arrived(wait=True)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
