"""What a script logs to Weights & Biases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import trackline
import wandb


@pytest.mark.parametrize("mode", ["offline", "disabled"])
def test_config_and_logged_values_are_in_the_run(store: Path, mode: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_SILENT", "true")
    monkeypatch.setenv("WANDB_DIR", str(store.parent))
    trackline.autolog()
    try:
        with trackline.start_run() as run:
            theirs = wandb.init(project="p", mode=mode, config={"lr": 0.1, "net": {"depth": 3, "width": "${lr}"}})
            for epoch in range(3):
                wandb.log({"loss": 1.0 - epoch / 4, "val": {"acc": 0.5}, "note": "text"})
            theirs.log({"late": 1}, step=9)
            theirs.config.update({"seed": 7})
            theirs.finish()
    finally:
        trackline.autolog(disable=True)
    found = trackline.get_run(run.info.run_id)
    history = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [(point.step, point.value) for point in history] == [(0, 1.0), (1, 0.75), (2, 0.5)]
    assert {"loss", "val.acc", "late"} <= found.data.metrics.keys()
    assert {"lr": "0.1", "net.depth": "3", "seed": "7"}.items() <= found.data.params.items()
    assert "net.width" not in found.data.params
