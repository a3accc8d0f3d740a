"""`Trainer.train`, what it logs and the checkpoints it writes."""

from __future__ import annotations

import os
import weakref
from typing import Any

from trackline import _ambient, _checkpoints, _config, _observed
from trackline._active_run import ActiveRun
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _fit, _module_tree, _session, _torch_data

FLAVOR = "transformers"
SOURCE = "transformers.train"

_runs: weakref.WeakKeyDictionary[Any, ActiveRun] = weakref.WeakKeyDictionary()
"""Of the trainers that are under way."""


def train(call: Call) -> Any:
    """`Trainer.train`."""
    config, trainer = _config.of(FLAVOR), call.args[0]
    asked = config is not None and trainer.is_world_process_zero() and not _session.inside()
    node = _fit.begin(FLAVOR, SOURCE, config) if asked and config is not None else None
    if node is None or config is None:
        yield
        return
    with node:
        _runs[trainer] = node.run
        with guard("transformers.params"):
            _observed.params(node.run, _facts(trainer), source=SOURCE)
            _module_tree.log(node.run, trainer.model, SOURCE)
        if config.log_datasets:
            for context, data in (("train", trainer.train_dataset), ("eval", trainer.eval_dataset)):
                if hasattr(data, "__len__") and not isinstance(data, dict):
                    _torch_data.log_dataset(node.log, data, context)
        with _session.recording():
            outcome = yield
        del _runs[trainer]
        node.failed(outcome)


def logged(call: Call) -> Any:
    """`Trainer.log`: everything that training and evaluation tell, at the step of the training."""
    outcome = yield
    trainer = call.args[0]
    logs = call.args[1] if len(call.args) > 1 else call.kwargs.get("logs")
    run = _runs.get(trainer) or (None if _session.inside() else _ambient.run(start=True))
    if outcome.error is None and run is not None and trainer.is_world_process_zero():
        for key, value in dict(logs or {}).items():
            if isinstance(value, int | float):
                _observed.metric(run, key, value, trainer.state.global_step, source="transformers.log")


def saved(call: Call) -> Any:
    """`Trainer._save_checkpoint`: a folder with model, optimizer and state."""
    with _checkpoints.whole():
        outcome = yield
    trainer = call.args[0]
    folder = os.path.join(trainer.args.output_dir, f"checkpoint-{trainer.state.global_step}")
    if outcome.error is None:
        _record(trainer, folder)


def saved_model(call: Call) -> Any:
    """`Trainer.save_model`, when the user calls it."""
    with _checkpoints.whole():
        outcome = yield
    trainer = call.args[0]
    folder = (call.args[1] if len(call.args) > 1 else call.kwargs.get("output_dir")) or trainer.args.output_dir
    if outcome.error is None:
        _record(trainer, folder)


def _record(trainer: Any, folder: str) -> None:
    if trainer.is_world_process_zero():
        epoch = trainer.state.epoch
        _checkpoints.record(
            folder,
            "transformers",
            source="transformers.save",
            step=trainer.state.global_step,
            epoch=None if epoch is None else int(epoch),
        )


def _facts(trainer: Any) -> dict[str, Any]:
    config = getattr(trainer.model, "config", None)
    facts = {**trainer.args.to_dict(), **({} if config is None else config.to_dict())}
    # As one text each, under the key that MLflow has for them.
    facts = {key: str(value) if isinstance(value, dict | list) else value for key, value in facts.items()}
    for split, data in (("train", trainer.train_dataset), ("eval", trainer.eval_dataset)):
        if hasattr(data, "__len__") and not isinstance(data, dict):
            facts[f"{split}_samples"] = len(data)
    return facts
