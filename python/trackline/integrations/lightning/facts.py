"""What a trainer, its module and its data are made of, under MLflow's keys where it has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trackline._guard import guard
from trackline.integrations import _torch_data

_TRAINER = ("max_steps", "accumulate_grad_batches", "gradient_clip_val", "precision", "num_devices")
PLAIN = (bool, int, float, str, tuple)
_EARLY_STOPPING = ("monitor", "mode", "patience", "min_delta")


def before(trainer: Any) -> dict[str, Any]:
    """Known when the training begins."""
    module = trainer.lightning_module
    facts: dict[str, Any] = {"epochs": trainer.max_epochs, "model_class": type(module).__name__}
    for source in (module, getattr(trainer, "datamodule", None)):
        hparams = getattr(source, "hparams", None)
        if isinstance(hparams, Mapping):
            facts |= dict(hparams)
    facts |= {name: value for name in _TRAINER if _is_set(value := getattr(trainer, name, None))}
    facts["accelerator"] = type(trainer.accelerator).__name__.removesuffix("Accelerator").lower()
    for optimizer in trainer.optimizers[:1]:
        facts["optimizer_name"] = type(optimizer).__name__
        facts |= {key: value for key, value in optimizer.defaults.items() if isinstance(value, PLAIN)}
    for config in trainer.lr_scheduler_configs[:1]:
        facts["lr_scheduler"] = type(config.scheduler).__name__
    for callback in early_stopping(trainer):
        facts |= {name: getattr(callback, name) for name in _EARLY_STOPPING}
    with guard("lightning.data"):
        facts |= dict(_of_data(trainer))
    return facts


def stopping(trainer: Any) -> dict[str, float]:
    """How early stopping ended, if it was asked for."""
    for callback in early_stopping(trainer):
        found = {
            "stopped_epoch": callback.stopped_epoch,
            "best_score": callback.best_score,
            "wait_count": callback.wait_count,
        }
        if callback.stopped_epoch:
            found["restored_epoch"] = callback.stopped_epoch - max(1, callback.patience)
        return {key: float(value) for key, value in found.items()}
    return {}


def early_stopping(trainer: Any) -> list[Any]:
    """The callbacks of that kind, of either package."""
    return [one for one in trainer.callbacks if any(kind.__name__ == "EarlyStopping" for kind in type(one).__mro__)]


def loaders(trainer: Any) -> Iterator[tuple[str, Any]]:
    """The loaders of the training and of the validation, the first of each, that have a dataset."""
    for split, loader in (("train", trainer.train_dataloader), ("val", trainer.val_dataloaders)):
        if isinstance(loader, list | tuple):
            loader = loader[0] if loader else None
        if hasattr(loader, "dataset"):
            yield split, loader


def _of_data(trainer: Any) -> Iterator[tuple[str, Any]]:
    for split, loader in loaders(trainer):
        if split == "train" and (size := _torch_data.batch_size(loader)):
            yield "batch_size", size
        if hasattr(loader.dataset, "__len__"):
            yield f"{split}_samples", len(loader.dataset)


def _is_set(value: Any) -> bool:
    return value is not False and value != -1 and isinstance(value, PLAIN)
