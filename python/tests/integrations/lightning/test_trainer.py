"""Trainers of both packages."""

from __future__ import annotations

import importlib
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trackline
from recorded import Recorded
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

PACKAGES = ["lightning.pytorch", "pytorch_lightning"]
each_package = pytest.mark.parametrize("pl", [importlib.import_module(name) for name in PACKAGES], ids=PACKAGES)
X = torch.linspace(-1, 1, 128).reshape(32, 4)
LOADER = DataLoader(TensorDataset(X, X.sum(dim=1, keepdim=True)), batch_size=8)


def regression(pl: Any, fails_in: int | None = None) -> Any:
    class Regression(pl.LightningModule):  # type: ignore[misc]
        def __init__(self, width: int = 3) -> None:
            super().__init__()
            self.save_hyperparameters()
            self.net = nn.Sequential(nn.Linear(4, width), nn.Linear(width, 1))

        def forward(self, given: Any) -> Any:
            return self.net(given)

        def training_step(self, batch: Any, _: int) -> Any:
            if self.current_epoch == fails_in:
                raise RuntimeError("the user's own")
            loss = nn.functional.mse_loss(self(batch[0]), batch[1])
            self.log("train_loss", loss, on_epoch=True)
            return loss

        def validation_step(self, batch: Any, _: int) -> None:
            self.log("val_loss", nn.functional.mse_loss(self(batch[0]), batch[1]))

        def test_step(self, batch: Any, _: int) -> None:
            self.log("test_loss", nn.functional.mse_loss(self(batch[0]), batch[1]))

        def configure_optimizers(self) -> Any:
            return torch.optim.SGD(self.parameters(), lr=0.01)

    torch.manual_seed(5)
    return Regression()


def trainer(pl: Any, folder: Path, **options: Any) -> Any:
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
    return pl.Trainer(default_root_dir=str(folder), **{"max_epochs": 4, **quiet, **options})


def fit(made: Any, model: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.fit(model, LOADER, LOADER)


@each_package
def test_what_the_steps_log_is_a_curve_of_its_own(pl: Any, autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    fit(made := trainer(pl, tmp_path, max_epochs=2, log_every_n_steps=2), regression(pl))
    run = recorded.run()
    assert [step for step, _ in recorded.curve(run, "train_loss_step")] == [2, 4, 6, 8]
    assert run.data.metrics["train_loss_step"] == pytest.approx(made.callback_metrics["train_loss_step"].item())
    assert [step for step, _ in recorded.curve(run, "train_loss")] == [0, 1]
    assert "val_loss_step" not in run.data.metrics


class Made(Dataset[Any]):
    def __len__(self) -> int:
        return 32

    def __getitem__(self, place: int) -> Any:
        return X[place], X[place].sum(dim=0, keepdim=True)


@each_package
def test_samples_that_are_made_one_by_one_look_as_the_first_batch(
    pl: Any, autolog: None, recorded: Recorded, tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer(pl, tmp_path, max_epochs=1).fit(regression(pl), DataLoader(Made(), batch_size=8))
    (item,) = recorded.run().inputs.dataset_inputs
    assert json.loads(item.dataset.profile)["features_shape"] == [32, 4]


@each_package
def test_a_fit_is_recorded_under_mlflows_keys(pl: Any, autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made, model = trainer(pl, tmp_path), regression(pl)
    fit(made, model)
    run = recorded.run()
    expected = {
        "epochs": "4", "accelerator": "cpu", "optimizer_name": "SGD", "lr": "0.01", "weight_decay": "0", "width": "3", "batch_size": "8",
        "train_samples": "32", "model_class": "Regression", "total_parameters": "19",
    }
    assert expected.items() <= run.data.params.items()
    assert run.data.tags["Mode"] == "training"
    for key in ("train_loss", "train_loss_epoch", "val_loss"):
        assert [step for step, _ in recorded.curve(run, key)] == [0, 1, 2, 3]
        assert run.data.metrics[key] == pytest.approx(made.callback_metrics[key].item())
    contexts = {item.tags[0].value: json.loads(item.dataset.profile)["num_rows"] for item in run.inputs.dataset_inputs}
    assert contexts == {"train": 32, "val": 32}
    assert "model_summary.txt" in recorded.files(run)
    assert [entry["epoch"] for entry in trackline.list_checkpoints(run)] == [1, 2, 3]
    assert trackline.load_checkpoint(run, "latest", weights_only=False)["global_step"] == 16


@each_package
def test_early_stopping_of_either_package(pl: Any, autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    stopping = pl.callbacks.EarlyStopping("val_loss", patience=1, min_delta=1e9)
    given = [stopping]
    fit(trainer(pl, tmp_path, callbacks=given), regression(pl))
    run = recorded.run()
    assert not [one for one in given if type(one).__module__.startswith("trackline")]
    assert {"monitor": "val_loss", "mode": "min", "patience": "1"}.items() <= run.data.params.items()
    assert run.data.metrics["stopped_epoch"] == stopping.stopped_epoch == 1
    assert run.data.metrics["restored_epoch"] == 0


@each_package
def test_points_before_an_error_are_kept(pl: Any, autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the user's own"):
        fit(trainer(pl, tmp_path), regression(pl, fails_in=2))
    run = recorded.run()
    assert run.info.status == "FAILED"
    assert [step for step, _ in recorded.curve(run, "val_loss")] == [0, 1]


@each_package
def test_results_of_a_test_join_the_fit(pl: Any, autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made, model = trainer(pl, tmp_path, max_epochs=1), regression(pl)
    fit(made, model)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (results,) = made.test(model, LOADER, verbose=False)
    assert recorded.curve(recorded.run(), "test_loss") == [(0, results["test_loss"])]


def test_the_model_predicts_again(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    pl = importlib.import_module(PACKAGES[0])
    model = regression(pl)
    fit(trainer(pl, tmp_path, max_epochs=1), model)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    wanted = model(X).detach().numpy()
    assert np.array_equal(trackline.pytorch.load_model(uri)(X).detach().numpy(), wanted)
    assert np.allclose(trackline.pyfunc.load_model(uri).predict(X.numpy()), wanted)


def test_the_model_has_its_signature_and_scores(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    pl = importlib.import_module(PACKAGES[0])
    fit(trainer(pl, tmp_path, max_epochs=1), regression(pl))
    run = recorded.run()
    (model,) = trackline.search_logged_models(output_format="list")
    assert {metric.key: metric.value for metric in model.metrics}["val_loss"] == run.data.metrics["val_loss"]
    signature = trackline.models.get_model_info(f"runs:/{run.info.run_id}/model").signature
    assert [spec.shape for spec in (*signature.inputs.inputs, *signature.outputs.inputs)] == [(-1, 4), (-1, 1)]
    assert recorded.document(run, "structure")["children"][0]["output"] == [[8, 1]]


def test_weights_are_those_of_a_fit_without_trackline(recorded: Recorded, tmp_path: Path) -> None:
    pl = importlib.import_module(PACKAGES[0])
    found = []
    for tracked in (False, True):
        trackline.autolog(disable=not tracked)
        model = regression(pl)
        fit(trainer(pl, tmp_path), model)
        found.append(torch.cat([value.flatten() for value in model.state_dict().values()]))
    assert torch.equal(found[0], found[1])
    assert len(recorded.runs()) == 1
