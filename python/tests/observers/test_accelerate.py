"""A loop of plain PyTorch with Accelerate."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import trackline
from accelerate import Accelerator


def train(folder: Path) -> list[float]:
    accelerator = Accelerator(cpu=True)
    model = torch.nn.Linear(3, 1)
    model, optimizer = accelerator.prepare(model, torch.optim.SGD(model.parameters(), lr=0.1))
    losses = []
    for epoch in range(3):
        loss = model(torch.ones(2, 3)).square().mean()
        accelerator.backward(loss)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        accelerator.log({"val_accuracy": epoch / 4}, step=epoch)
    accelerator.save_state(str(folder / "state"))
    return losses


def test_the_loop_what_is_logged_and_the_state(store: Path) -> None:
    trackline.autolog()
    try:
        with trackline.start_run() as run:
            losses = train(store.parent)
    finally:
        trackline.autolog(disable=True)
    client = trackline.MlflowClient()
    curve = [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, "loss")]
    assert curve == [(step, pytest.approx(loss)) for step, loss in enumerate(losses)]
    accuracy = [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, "val_accuracy")]
    assert accuracy == [(0, 0.0), (1, 0.25), (2, 0.5)]
    (kept,) = trackline.list_checkpoints(run.info.run_id)
    assert (kept["kind"], Path(kept["file"]).name) == ("accelerate", "state")
