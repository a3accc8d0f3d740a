"""What a script writes for TensorBoard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tensorboardX
import trackline
from torch.utils import tensorboard


@pytest.mark.parametrize("module", [tensorboard, tensorboardX], ids=["torch", "tensorboardX"])
def test_scalars_and_hyperparameters_are_in_the_run(store: Path, module: Any) -> None:
    trackline.autolog()
    try:
        with trackline.start_run() as run, module.SummaryWriter(str(store.parent / "board")) as writer:
            for step in range(3):
                writer.add_scalar("Loss/train", 1.0 / (step + 1), global_step=step)
            writer.add_scalars("accuracy", {"train": 0.5, "val": 0.25}, 7)
            writer.add_hparams({"lr": 0.1, "depth": 3}, {"hparam/best": 0.75})
    finally:
        trackline.autolog(disable=True)
    found = trackline.get_run(run.info.run_id)
    history = trackline.MlflowClient().get_metric_history(run.info.run_id, "Loss/train")
    assert [(point.step, point.value) for point in history] == [(0, 1.0), (1, 0.5), (2, pytest.approx(1 / 3))]
    shown = {key: value for key, value in found.data.metrics.items() if "/" in key and not key.startswith("system/")}
    assert shown.keys() == {"Loss/train", "accuracy/train", "accuracy/val", "hparam/best"}
    assert {"lr": "0.1", "depth": "3"}.items() <= found.data.params.items()
