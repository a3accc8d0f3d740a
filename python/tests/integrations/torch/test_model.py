"""What is known of the model that a loop trains, and of the files it is written to."""

from __future__ import annotations

import io
import os
import shutil
import json
from pathlib import Path
from typing import Any

import pytest
import torch
import trackline
from recorded import Recorded
from safetensors.torch import save_file
from torch import nn


class Net(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, width), nn.ReLU())
        self.head = nn.Linear(width, 2, bias=False)
        self.head.weight.requires_grad_(False)

    def forward(self, given: Any) -> Any:
        return self.head(self.body(given))


class Trainer:
    """A class of the user's own that holds the model."""

    def __init__(self) -> None:
        self.model = Net(3)
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def train(self, folder: Path) -> None:
        for epoch in range(6):
            loss = self.model(torch.ones(5, 4)).square().mean()
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            torch.save({"epoch": epoch, "model": self.model.state_dict()}, folder / f"net_{epoch}.pt")


@pytest.fixture
def run(autolog: None, recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    # The best is the one with the least loss: other scores of the machine's speed are none.
    monkeypatch.setenv("TRACKLINE_KEEP_LAST_CHECKPOINTS", "2")
    with trackline.start_run() as run:
        trainer = Trainer()
        trainer.train(tmp_path)
        save_file(trainer.model.state_dict(), tmp_path / "net.safetensors")
        with open(tmp_path / "open.pt", "wb") as file:
            torch.save(trainer.model, file)
        torch.save(trainer.model.state_dict(), io.BytesIO())
        torch.save({"given": torch.ones(3)}, tmp_path / "data.pt")
        trackline.log_metric("val_accuracy", 0.5)
    return recorded.run()


def test_the_tree_of_modules_with_shapes(run: Any, recorded: Recorded) -> None:
    tree = recorded.document(run, "structure")
    assert (tree["class"], tree["parameters"], tree["trainable"]) == ("Net", 21, 15)
    body, head = tree["children"]
    assert (head["name"], head["class"], head["parameters"], head["trainable"]) == ("head", "Linear", 6, 0)
    assert (head["input"], head["output"], head["dtype"], head["device"]) == ([[5, 3]], [[5, 2]], "float32", "cpu")
    assert {"name": "out_features", "value": "2", "default": None} in head["params"]
    assert {"name": "bias", "value": "False", "default": "True"} in head["params"]
    assert [child["class"] for child in body["children"]] == ["Linear", "ReLU"]


def test_the_summary_is_a_text(run: Any) -> None:
    text = trackline.artifacts.load_text(f"runs:/{run.info.run_id}/model_summary.txt")
    assert "head" in text
    assert "[5, 2]" in text
    assert "Frozen parameters:    6" in text


def test_checkpoints_are_kept_by_policy_with_step_and_epoch(run: Any) -> None:
    kept = {Path(entry["file"]).name: entry for entry in trackline.list_checkpoints(run)}
    assert {"net_4.pt", "net_5.pt", "net.safetensors", "open.pt"} == kept.keys()
    assert (kept["net_5.pt"]["step"], kept["net_5.pt"]["epoch"], kept["net_5.pt"]["kind"]) == (6, 5, "torch")
    assert kept["net_5.pt"]["metrics"]["loss"] < kept["net_4.pt"]["metrics"]["loss"]


def test_checkpoints_are_loaded_again(run: Any, tmp_path: Path) -> None:
    best = trackline.load_checkpoint(run, "net_5.pt")
    assert best["epoch"] == 5
    again = Net(3)
    again.load_state_dict(trackline.load_checkpoint(run.info.run_id, "net.safetensors"))
    assert torch.equal(again.head.weight, best["model"]["head.weight"])
    assert isinstance(trackline.load_checkpoint(run, "open.pt", weights_only=False), nn.Module)
    with pytest.raises(trackline.TracklineException, match="has no checkpoint `other.pt`; it has"):
        trackline.load_checkpoint(run, "other.pt")


def test_the_index_is_an_artifact(run: Any) -> None:
    index = json.loads(trackline.artifacts.load_text(f"runs:/{run.info.run_id}/checkpoints/index.json"))
    assert index == trackline.list_checkpoints(run)


def test_a_checkpoint_goes_under_the_names_that_its_file_gets(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    with trackline.start_run():
        for step in (1, 2):
            trackline.log_metric("loss", 1 / step, step)
            torch.save({"net.weight": torch.full((3,), float(step))}, tmp_path / f"passing{step}")
            os.replace(tmp_path / f"passing{step}", tmp_path / "last.pt")
        shutil.copyfile(tmp_path / "last.pt", tmp_path / "best.pt")
        os.link(tmp_path / "last.pt", tmp_path / "epoch2.pt")
        os.rename(tmp_path / "best.pt", tmp_path / "model_best.pt")
    run = recorded.run()
    assert {entry["path"] for entry in trackline.list_checkpoints(run)} == {
        "checkpoints/step_1/last.pt",
        *(f"checkpoints/step_2/{name}.pt" for name in ("last", "epoch2", "model_best")),
    }
    assert {path for path in recorded.files(run) if "passing" in path} == set()
    assert trackline.load_checkpoint(run, "model_best.pt")["net.weight"].tolist() == [2.0, 2.0, 2.0]
