"""What reaches a loop through a `DataLoader`."""

from __future__ import annotations

import json
from typing import Any

import datasets
import numpy as np
import pytest
import torch
import trackline
from recorded import Recorded
from torch import nn
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset, SequentialSampler, Subset, TensorDataset

X, Y = torch.linspace(-1, 1, 96).reshape(24, 4), torch.linspace(0, 1, 24)


class Doubled(nn.Module):
    def forward(self, given: torch.Tensor) -> torch.Tensor:
        return given * 2


class Points(Dataset[Any]):
    def __init__(self) -> None:
        self.points, self.labels, self.transform = X.numpy(), Y, Doubled()

    def __len__(self) -> int:
        return 24

    def __getitem__(self, place: int) -> Any:
        return self.transform(torch.from_numpy(self.points[place])), self.labels[place]


class Generated(Dataset[Any]):
    def __len__(self) -> int:
        return 24

    def __getitem__(self, place: int) -> Any:
        return X[place], Y[place]


class Stream(IterableDataset[Any]):
    def __iter__(self) -> Any:
        return iter(zip(X, Y, strict=True))


def train(train_loader: Any, val_loader: Any = ()) -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _epoch in range(2):
        for given, wanted in train_loader:
            loss = nn.functional.mse_loss(model(given)[:, 0], wanted)
            loss.backward()
            optimizer.step()
        for given, _wanted in val_loader:
            model(given)


def of_tensors() -> None:
    train_set, val_set = TensorDataset(X, Y), TensorDataset(X[:5], Y[:5])
    train(DataLoader(train_set, batch_size=8, shuffle=True), DataLoader(val_set, batch_size=5))


def of_a_part() -> None:
    part = Subset(Points(), list(range(3, 23)))
    train(DataLoader(part, batch_size=8))


def of_something_else() -> None:
    train(DataLoader(Generated(), batch_size=8))


def of_a_stream() -> None:
    train(DataLoader(Stream(), batch_size=8))


def recorded_data(recorded: Recorded, program: Any) -> tuple[list[Any], Any]:
    trackline.autolog()
    with trackline.start_run():
        program()
    run = recorded.run()
    inputs = [(item.dataset, item.tags[0].value) for item in run.inputs.dataset_inputs]
    return inputs, (recorded.document(run, "lineage") if inputs else None)


def test_tensors_under_the_variable_of_the_dataset(recorded: Recorded) -> None:
    inputs, lineage = recorded_data(recorded, of_tensors)
    found = {context: (data.name, data.profile) for data, context in inputs}
    assert {context: name for context, (name, _) in found.items()} == {"train": "train_set", "val": "val_set"}
    profile = json.loads(found["train"][1])
    assert profile["features_shape"] == [24, 4]
    assert [column["mean"] for column in profile["columns"]] == pytest.approx([*X.mean(0).tolist(), 0.5], abs=1e-6)
    assert json.loads(found["val"][1])["num_rows"] == 5
    loaders = [step["detail"] for step in lineage["steps"] if step["what"] == "DataLoader"]
    assert {"batch_size": "8", "shuffle": "True"} in loaders


def test_a_part_of_a_dataset_of_ones_own(recorded: Recorded) -> None:
    ((data, context),), lineage = recorded_data(recorded, of_a_part)
    profile = json.loads(data.profile)
    assert (data.name, context, profile["num_rows"]) == ("part", "train", 20)
    assert profile["columns"][0]["mean"] == pytest.approx(float(np.mean(X.numpy()[3:23, 0])), abs=1e-6)
    assert [step["what"] for step in lineage["steps"]] == ["Points", "Subset", "DataLoader"]
    assert lineage["steps"][0]["detail"] == {"transform": "Doubled()"}


def test_data_that_is_made_on_the_way_looks_as_its_first_batch(recorded: Recorded) -> None:
    ((data, _),), _ = recorded_data(recorded, of_something_else)
    (tensor,) = json.loads(json.loads(data.schema)["mlflow_tensorspec"]["features"])
    assert (data.name, tensor["tensor-spec"]) == ("train_loader", {"dtype": "float32", "shape": [-1, 4]})
    assert json.loads(data.profile)["features_shape"] == [24, 4]


def test_a_stream_is_left_alone(recorded: Recorded) -> None:
    assert recorded_data(recorded, of_a_stream)[0] == []


def test_nothing_is_drawn(recorded: Recorded) -> None:
    def seeded() -> Any:
        torch.manual_seed(3)
        of_tensors()
        return torch.rand(3)

    expected = seeded()
    trackline.autolog()
    assert torch.equal(seeded(), expected)


def test_the_size_of_batches_that_a_sampler_makes(autolog: None, recorded: Recorded) -> None:
    points = TensorDataset(X, Y)
    train(DataLoader(points, batch_sampler=BatchSampler(SequentialSampler(points), 6, drop_last=False)))
    assert recorded.run().data.params["batch_size"] == "6"


def of_texts(part: Any) -> None:
    held = {"text": [str(number) for number in range(24)], "points": X.tolist(), "label": Y.tolist()}
    texts = part(datasets.Dataset.from_dict(held).with_format("torch", columns=["points", "label"]))
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for batch in DataLoader(texts, batch_size=8):
        loss = nn.functional.mse_loss(model(batch["points"])[:, 0], batch["label"])
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize(
    ("part", "rows", "mean"),
    [(lambda data: data, 24, float(Y.mean())), (lambda data: data.select([3, 5, 9]), 3, float(Y[[3, 5, 9]].mean()))],
    ids=["whole", "chosen"],
)
def test_a_table_of_hugging_face_is_told_by_its_columns(recorded: Recorded, part: Any, rows: int, mean: float) -> None:
    ((data, _),), _ = recorded_data(recorded, lambda: of_texts(part))
    columns = [column["name"] for column in json.loads(data.schema)["mlflow_colspec"]]
    profile = json.loads(data.profile)
    assert (columns, profile["num_rows"]) == (["text", "points", "label"], rows)
    assert {column["name"]: column.get("mean") for column in profile["columns"]}["label"] == pytest.approx(mean)
