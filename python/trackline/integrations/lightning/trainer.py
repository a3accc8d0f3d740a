"""`Trainer`: a fit with its curve, its model and its checkpoints; tests and validations after it."""

from __future__ import annotations

import functools
import time
import weakref
from collections.abc import Callable
from typing import Any

from trackline import _ambient, _checkpoints, _config, _observed
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _fit, _forward, _module_tree, _session, _torch_data
from trackline.integrations._scalar import Scalars
from trackline.integrations.lightning import facts
from trackline.models import ModelSignature
from trackline.models.logged import Destination, log
from trackline.models.saving import Options

FLAVOR = "lightning"
SOURCE = "lightning.fit"

_recording: weakref.WeakKeyDictionary[Any, Recording] = weakref.WeakKeyDictionary()
"""By trainer."""


class Recording:
    """One fit that is under way."""

    def __init__(self, node: _fit.FitRun) -> None:
        self.node = node
        self.scalars = Scalars()
        self._began = self._drew = False
        self._latest: dict[str, tuple[float, int, int]] = {}
        """Value, step and time of each metric."""
        self._epochs: dict[str, int] = {}
        self._of_steps: set[str] = set()
        self._signature: ModelSignature | None = None
        self._stop_waiting: Callable[[], None] | None = None

    def begins(self, trainer: Any) -> None:
        """The trainer has its optimizers and its data."""
        if self._began:
            return
        self._began = True
        _observed.params(self.node.run, facts.before(trainer), source=SOURCE)
        _module_tree.log(self.node.run, trainer.lightning_module, SOURCE)
        self._stop_waiting = _forward.watch(trainer.lightning_module, self._forwarded, SOURCE)

    def draws(self, trainer: Any, batch: Any) -> None:
        """The first batch comes: what the data is, and what a sample looks like."""
        config = _config.of(FLAVOR)
        if not self._drew and config is not None and config.log_datasets:
            self._drew = True
            with guard("lightning.data"):
                for split, loader in facts.loaders(trainer):
                    _torch_data.log(self.node.log, loader, split, batch=batch)

    def _forwarded(self, module: Any, shapes: _module_tree.Shapes, given: Any, made: Any) -> None:
        _module_tree.log(self.node.run, module, SOURCE, shapes)
        config = _config.of(FLAVOR)
        if config is not None and config.log_model_signatures:
            self._signature = _forward.signature(given, made)

    def epoch(self, trainer: Any) -> None:
        """The metrics that callbacks see, at the number of the epoch; each once an epoch."""
        self.scalars.arrived()
        epoch = trainer.current_epoch
        for key, value in trainer.callback_metrics.items():
            if self._epochs.get(key) != epoch and key not in self._of_steps:
                self._epochs[key] = epoch
                self.scalars.read(value, functools.partial(self._add, key, epoch))

    def _add(self, key: str, step: int, value: float) -> None:
        self._latest[key] = value, step, (now := time.time_ns() // 1_000_000)
        self.node.log.log_metric(key, value, step, now)

    def stepped(self, trainer: Any, metrics: dict[str, Any]) -> None:
        """What the steps of a training log, every `log_every_n_steps`: under a name apart from that of the epochs, whose
        numbers are another axis."""
        self.scalars.arrived()
        for key, value in metrics.items():
            if not hasattr(value, "device"):  # A dict of several, under a name of its own.
                continue
            name = key if key.endswith("_step") else f"{key}_step"
            self._of_steps.add(name)
            self.scalars.read(value, functools.partial(self.node.log.log_metric, name, step=trainer.global_step))

    def ends(self, trainer: Any, failed: bool) -> None:
        """What is known at the end; of a failed fit the points until then."""
        if self._stop_waiting is not None:
            self._stop_waiting()
        self.scalars.arrived(wait=True)
        stopping = facts.stopping(trainer)
        if stopping and not failed:
            for key, value in stopping.items():
                self._add(key, 0, value)
            _observed.params(self.node.run, {"stopped_epoch": int(stopping["stopped_epoch"])}, source=SOURCE)
        config = _config.of(FLAVOR)
        if not failed and config is not None and config.log_models:
            with guard("lightning.model"):
                self._save(trainer.lightning_module, config.registered_model_name)

    def _save(self, module: Any, registered_as: str | None) -> None:
        """Keeps the model, and says that the latest points are its own."""
        from trackline.pytorch import writer

        where = Destination("model", registered_model_name=registered_as)
        model_id = log(writer(module), Options(self._signature), where, self.node.log).model_id
        for key, (value, step, when) in self._latest.items():
            self.node.log.log_metric(key, value, step, when, model_id)


def fit(call: Call) -> Any:
    """`Trainer.fit`."""
    config = _config.of(FLAVOR)
    node = None if config is None or _session.inside() else _fit.begin(FLAVOR, SOURCE, config)
    if node is None:
        yield
        return
    trainer = call.args[0]
    with node:
        recording = _recording[trainer] = Recording(node)
        node.log.set_tag("Mode", "training")
        with _session.recording():
            outcome = yield
        del _recording[trainer]
        failed = node.failed(outcome)
        with guard("lightning.fit"):
            recording.ends(trainer, failed)


def called(call: Call) -> Any:
    """Each hook of the callbacks; the trainer calls them, whether there is a callback or not."""
    outcome = yield
    trainer, name = call.args[:2]
    recording = _recording.get(trainer)
    if recording is None or outcome.error is not None:
        return
    if name == "on_train_start":
        recording.begins(trainer)
    elif name == "on_train_batch_start":
        recording.draws(trainer, call.args[2])
    elif name == "on_train_epoch_end":  # By then it has validated too.
        recording.epoch(trainer)


def logged(call: Call) -> Any:
    """`log_metrics` of what gives metrics to loggers, whether there is a logger or not."""
    outcome = yield
    connector, metrics = call.args[0], call.args[1] if len(call.args) > 1 else call.kwargs.get("metrics")
    recording = _recording.get(connector.trainer)
    # At the end of an epoch it is at none of the batches of a loop.
    if recording is not None and outcome.error is None and connector.trainer.training and connector._first_loop_iter is not None:
        recording.stepped(connector.trainer, metrics or {})


def tested(call: Call) -> Any:
    """`Trainer.test`: its results go to the run of the fit before, at step 0."""
    yield from _evaluated("testing")


def validated(call: Call) -> Any:
    """`Trainer.validate`."""
    yield from _evaluated("validating")


def _evaluated(mode: str) -> Any:
    with _session.recording():
        outcome = yield
    run = _ambient.run(start=True)
    if _config.of(FLAVOR) is None or outcome.error is not None or run is None:
        return
    run.handle.with_source(f"lightning.{mode}").set_tags([("Mode", mode)])
    for results in outcome.value or ():
        for key, value in results.items():
            _observed.metric(run, key, value, 0, source=f"lightning.{mode}")


def saved(call: Call) -> Any:
    """`Trainer.save_checkpoint`, which `ModelCheckpoint` calls."""
    with _checkpoints.whole():
        outcome = yield
    trainer, path = call.args[0], call.args[1] if len(call.args) > 1 else call.kwargs.get("filepath")
    if outcome.error is None and trainer.is_global_zero and path is not None:
        _checkpoints.record(
            path, "torch", source="lightning.checkpoint", step=trainer.global_step, epoch=trainer.current_epoch
        )
