"""TensorBoard: what the script writes for it, by `torch.utils.tensorboard`, tensorboardX or `tf.summary`, is in the run too."""

from __future__ import annotations

import inspect
import math
from collections.abc import Generator, Mapping
from typing import Any

from trackline import _ambient, _observed
from trackline._patch import Call, Outcome, Patches
from trackline.integrations import _session

SOURCE = "tensorboard"
_patches = Patches()
unpatch = _patches.undo


def patch() -> None:
    """Watches the writers."""
    for module in ("torch.utils.tensorboard.writer", "tensorboardX.writer"):
        _patches.on_import(module, _watch)
    _patches.on_import("tensorboard.plugins.scalar.summary_v2", _watch_tensorflow)


def _watch(module: Any) -> None:
    # What a trainer writes by its logger is recorded where the trainer is.
    _patches.wrap(module.SummaryWriter, "add_scalar", add_scalar, _session.inside)
    _patches.wrap(module.SummaryWriter, "add_scalars", add_scalars, _session.inside)
    _patches.wrap(module.SummaryWriter, "add_hparams", add_hparams, _session.inside)


def _watch_tensorflow(module: Any) -> None:
    _patches.wrap_functions([module.scalar], scalar, _session.inside)


def scalar(call: Call) -> Generator[None, Outcome, None]:
    """`tf.summary.scalar(name, data, step)`; in what TensorFlow compiles there is no value yet."""
    outcome = yield
    given = _arguments(call)
    if outcome.error is None and (not hasattr(given["data"], "graph") or hasattr(given["data"], "numpy")):
        _log({given["name"]: given["data"]}, given.get("step"))


def add_scalar(call: Call) -> Generator[None, Outcome, None]:
    """`writer.add_scalar(tag, scalar_value, global_step)`."""
    outcome = yield
    given = _arguments(call)
    if outcome.error is None:
        _log({given["tag"]: given["scalar_value"]}, given.get("global_step"))


def add_scalars(call: Call) -> Generator[None, Outcome, None]:
    """`writer.add_scalars(main_tag, {name: value}, global_step)`."""
    outcome = yield
    given = _arguments(call)
    if outcome.error is None:
        values = {f"{given['main_tag']}/{name}": value for name, value in given["tag_scalar_dict"].items()}
        _log(values, given.get("global_step"))


def add_hparams(call: Call) -> Generator[None, Outcome, None]:
    """`writer.add_hparams(hparam_dict, metric_dict)`; the metrics come by `add_scalar`."""
    outcome = yield
    if outcome.error is None and (run := _ambient.run(start=True)) is not None:
        _observed.params(run, _arguments(call)["hparam_dict"], source=SOURCE)


def _log(values: Mapping[str, Any], step: Any) -> None:
    run = _ambient.run(start=True)
    for key, value in values.items():
        # The writer has waited for the device already.
        number = float(value)
        if run is not None and not math.isnan(number):
            _observed.metric(run, key, number, 0 if step is None else int(step), source=SOURCE)


def _arguments(call: Call) -> dict[str, Any]:
    return inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments
