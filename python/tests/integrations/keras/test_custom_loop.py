"""Loops that the user wrote around an optimizer of Keras."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import torch
from recorded import Recorded

X = np.random.default_rng(0).normal(size=(32, 4)).astype("float32")
y = X.sum(axis=1, keepdims=True)


class Regressor(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.hidden = keras.layers.Dense(3, activation="relu")
        self.out = keras.layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.out(self.hidden(inputs))


def step(model: Any, optimizer: Any) -> None:
    model.zero_grad()
    keras.losses.MeanSquaredError()(y, model(X)).backward()
    gradients = [weight.value.grad for weight in model.trainable_weights]
    with torch.no_grad():
        optimizer.apply(gradients, model.trainable_weights)


def test_the_optimizer_and_the_model_that_it_trains(autolog: None, recorded: Recorded) -> None:
    network = Regressor()
    optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9)
    for _ in range(2):
        step(network, optimizer)
    run = recorded.run()
    expected = {
        "optimizer_name": "sgd", "optimizer_learning_rate": "0.1", "optimizer_momentum": "0.9",
        "model_class": "Regressor", "total_parameters": "19", "trainable_parameters": "19",
    }  # fmt: skip
    assert expected.items() <= run.data.params.items()
    structure = recorded.document(run, "structure")
    assert structure["class"] == "Regressor"
    assert [child["class"] for child in structure["children"]] == ["Dense", "Dense"]
    assert "dense" in recorded.text(run, "model_summary.txt")


def test_models_with_an_optimizer_each(autolog: None, recorded: Recorded) -> None:
    generator, critic = Regressor(), Regressor()
    first, second = keras.optimizers.SGD(0.1), keras.optimizers.Adam(0.2)
    step(generator, first)
    step(critic, second)
    run = recorded.run()
    assert run.data.params["optimizer_name"] == "sgd"
    assert run.data.params["second.optimizer_name"] == "adam"
    assert run.data.params["critic.total_parameters"] == "19"
    assert [child["name"] for child in recorded.document(run, "structure")["children"]] == ["generator", "critic"]


def test_a_fit_tells_of_its_optimizer_itself(autolog: None, recorded: Recorded) -> None:
    model = Regressor()
    model.compile(optimizer="adam", loss="mse")
    model.fit(X, y, verbose=0)
    assert "model_class" not in recorded.run().data.params
