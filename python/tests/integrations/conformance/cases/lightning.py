"""Lightning, for the conformance suite."""

from __future__ import annotations

import logging
import tempfile
import warnings
from typing import Any

PUBLIC = (
    "lightning.pytorch:Trainer.fit",
    "lightning.pytorch:Trainer.test",
    "lightning.pytorch:Trainer.save_checkpoint",
    "lightning.pytorch.trainer.call:_call_callback_hooks",
)
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""A trainer is no estimator of scikit-learn's kind."""


def fit(starts: list[int]) -> Any:
    """A fit with dropout and shuffled data; gives the module."""
    import torch
    from lightning.pytorch import LightningModule, Trainer
    from torch.utils.data import DataLoader, TensorDataset

    class Module(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Dropout(0.5), torch.nn.Linear(4, 1))

        def on_fit_start(self) -> None:
            starts.append(1)

        def training_step(self, batch: Any, _: int) -> Any:
            loss = self.net(batch[0]).square().mean()
            self.log("loss", loss)
            return loss

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.1)

    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    torch.manual_seed(2)
    model = Module()
    loader = DataLoader(TensorDataset(torch.randn(32, 4)), batch_size=8, shuffle=True)
    options = {"accelerator": "cpu", "logger": False, "enable_progress_bar": False, "enable_model_summary": False}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Trainer(default_root_dir=folder, max_epochs=2, **options).fit(model, loader)
    return model


def work() -> bytes:
    """The weights that a fit finds, bit for bit."""
    return b"".join(value.numpy().tobytes() for value in fit([]).state_dict().values())


def calls() -> int:
    """How often the original ran, for one call of it."""
    starts: list[int] = []
    fit(starts)
    return len(starts)
