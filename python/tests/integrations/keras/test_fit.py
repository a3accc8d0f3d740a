"""`Model.fit`, `evaluate` and loops of `train_on_batch`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import torch
import trackline
from recorded import Recorded
from torch.utils.data import DataLoader, TensorDataset

X = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = (X.sum(axis=1) > 0).astype("float32")


def compiled(**optimizer: Any) -> Any:
    layers = [keras.Input((4,)), keras.layers.Dense(3, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
    model = keras.Sequential(layers)
    adam = keras.optimizers.Adam(**{"learning_rate": 0.5, **optimizer})
    model.compile(optimizer=adam, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def test_arguments_by_position_and_by_name(autolog: None, recorded: Recorded) -> None:
    compiled(beta_1=0.8).fit(X, y, 16, 2, verbose=0)
    params = recorded.run().data.params
    assert params["batch_size"] == "16"
    assert params["epochs"] == "2"
    assert params["optimizer_name"] == "adam"
    assert params["optimizer_beta_1"] == "0.8"
    assert params["loss"] == "binary_crossentropy"
    assert "None" not in params.values()


def test_the_size_of_a_batch_is_told(autolog: None, recorded: Recorded) -> None:
    compiled().fit(X, y, verbose=0)
    assert recorded.run().data.params["batch_size"] == "32"


def test_the_curve(autolog: None, recorded: Recorded) -> None:
    history = compiled().fit(X, y, epochs=3, validation_split=0.25, verbose=0, callbacks=None).history
    run = recorded.run()
    for key in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert recorded.curve(run, key) == list(enumerate(history[key]))
    assert recorded.curve(run, "validation_loss") == list(enumerate(history["val_loss"]))
    assert recorded.curve(run, "learning_rate") == [(0, 0.5), (1, 0.5), (2, 0.5)]
    (model,) = trackline.search_logged_models(output_format="list")
    assert {metric.key for metric in model.metrics} >= {"loss", "val_accuracy"}


def test_a_point_every_so_many_steps(recorded: Recorded) -> None:
    with pytest.raises(ValueError, match="log_every_epoch=False"):
        trackline.keras.autolog(log_every_n_steps=3)
    trackline.keras.autolog(log_every_epoch=False, log_every_n_steps=3)
    try:
        compiled().fit(X, y, epochs=2, batch_size=8, validation_split=0.25, verbose=0)
    finally:
        trackline.keras.autolog(disable=True)
    run = recorded.run()
    assert [step for step, _ in recorded.curve(run, "loss")] == [3, 6, 9, 12]
    assert [step for step, _ in recorded.curve(run, "val_loss")] == [6, 12]


def test_early_stopping_and_the_users_callbacks(autolog: None, recorded: Recorded) -> None:
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=2, min_delta=10, restore_best_weights=True)
    callbacks = [stop]
    compiled().fit(X, y, epochs=9, callbacks=callbacks, verbose=0)
    assert callbacks == [stop]
    run = recorded.run()
    assert run.data.params["monitor"] == "loss"
    assert run.data.params["patience"] == "2"
    assert run.data.metrics["stopped_epoch"] == stop.stopped_epoch == 2
    assert run.data.metrics["restored_epoch"] == 0


class Stop(keras.callbacks.Callback):  # type: ignore[misc]
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch == 1:
            raise RuntimeError("crash")


def test_points_before_an_error_are_kept(autolog: None, recorded: Recorded) -> None:
    with pytest.raises(RuntimeError, match="crash"):
        compiled().fit(X, y, epochs=9, callbacks=[Stop()], verbose=0)
    assert recorded.run().info.status == "FAILED"
    assert [step for step, _ in recorded.curve(recorded.run(), "loss")] == [0, 1]


def test_layers_summary_data_and_model(autolog: None, recorded: Recorded) -> None:
    model = compiled()
    model.fit(X, y, validation_data=(X[:8], y[:8]), verbose=0)
    run = recorded.run()
    assert "Trainable params: 19" in recorded.text(run, "model_summary.txt")
    root = recorded.document(run, "structure")
    assert [child["class"] for child in root["children"]] == ["Dense", "Dense"]
    first = {param["name"]: param["value"] for param in root["children"][0]["params"]}
    assert first == {"output_shape": "(None, 3)", "parameters": "15", "trainable": "True", "activation": "relu"}
    datasets = [(item.tags[0].value, item.dataset.name) for item in run.inputs.dataset_inputs]
    assert sorted(datasets) == [("eval", "validation"), ("train", "X")]
    uri = f"runs:/{run.info.run_id}/model"
    expected = model.predict(X, verbose=0)
    assert (trackline.keras.load_model(uri).predict(X, verbose=0) == expected).all()
    assert (trackline.pyfunc.load_model(uri).predict(X) == expected).all()
    signature = trackline.models.get_model_info(uri).signature
    assert signature.outputs.inputs[0].shape == (-1, 1)


def test_data_of_a_loader(autolog: None, recorded: Recorded) -> None:
    train_set = TensorDataset(torch.from_numpy(X), torch.from_numpy(y)[:, None])
    compiled().fit(DataLoader(train_set, batch_size=16), validation_data=DataLoader(train_set, batch_size=32), verbose=0)
    run = recorded.run()
    found = {item.tags[0].value: item.dataset for item in run.inputs.dataset_inputs}
    assert json.loads(found["train"].profile)["features_shape"] == [64, 4]
    steps = recorded.document(run, "lineage")["steps"]
    sizes = [step["detail"]["batch_size"] for step in steps if step["what"] == "DataLoader"]
    assert sizes == ["16", "32"]


def test_evaluate_names_the_data(autolog: None, recorded: Recorded) -> None:
    model, held_out = compiled(), X[:10]
    model.fit(X, y, verbose=0)
    loss, accuracy = model.evaluate(held_out, y[:10], verbose=0)
    metrics = recorded.run().data.metrics
    assert metrics["loss_held_out"] == loss
    assert metrics["accuracy_held_out"] == accuracy


def test_a_loop_of_batches(autolog: None, recorded: Recorded) -> None:
    model = compiled()
    with trackline.start_run():
        seen = [model.train_on_batch(X, y) for _ in range(3)]
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(step, float(loss)) for step, (loss, _) in enumerate(seen)]
    assert recorded.curve(run, "accuracy") == [(step, float(accuracy)) for step, (_, accuracy) in enumerate(seen)]


class Net(keras.Model):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.dense = keras.layers.Dense(units)

    def call(self, x: Any) -> Any:
        return self.dense(x)


def test_a_model_that_cannot_be_saved_whole_keeps_its_weights(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    model = Net(units=1)
    model.compile(optimizer="sgd", loss="mse")
    model.fit(X, y, verbose=0)
    (logged,) = trackline.search_logged_models(output_format="list")
    with pytest.raises(trackline.exceptions.MlflowException, match="load_weights"):
        trackline.keras.load_model(logged.model_uri)
    other = Net(units=1)
    other(X)
    other.load_weights(trackline.artifacts.download_artifacts(f"{logged.model_uri}/data/model.weights.h5", dst_path=str(tmp_path)))
    assert np.array_equal(other.get_weights()[0], model.get_weights()[0])
    with pytest.raises(NotImplementedError):
        trackline.keras.save_model(model, str(tmp_path / "whole"))
