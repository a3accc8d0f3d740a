"""Several trainings in one program: each has a run of its own."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import trackline
from recorded import Recorded
from torch import nn
from trackline.integrations.torch import training

X, Y = torch.linspace(-1, 1, 96).reshape(24, 4), torch.linspace(0, 1, 24).reshape(24, 1)
pytestmark = pytest.mark.usefixtures("autolog")


def train(lr: float, steps: int = 3) -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    descend(model, optimizer, steps)


def descend(model: nn.Module, optimizer: Any, steps: int) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        optimizer.step()


def steps_of(recorded: Recorded, run: Any) -> list[int]:
    return [step for step, _ in recorded.curve(run, "loss")]


def test_a_function_that_trains_in_a_loop(recorded: Recorded) -> None:
    def search() -> None:
        for lr in (0.1, 0.2):
            train(lr)

    search()
    trackline.autolog(disable=True)
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert [(run.data.params["lr"], steps_of(recorded, run)) for run in children] == [("0.1", [1, 2, 3]), ("0.2", [1, 2, 3])]
    assert children[0].info.status == "FINISHED"
    assert [run.data.params["model_class"] for run in children] == ["Linear", "Linear"]
    assert not parent.data.metrics


def test_in_a_run_of_the_user(recorded: Recorded) -> None:
    def search() -> None:
        with trackline.start_run():
            for width in (3, 5):
                model = nn.Sequential(nn.Linear(4, width), nn.Linear(width, 1))
                optimizer = torch.optim.Adam(model.parameters())
                for _epoch in range(2):
                    loss = nn.functional.mse_loss(model(X), Y)
                    loss.backward()
                    optimizer.step()

    search()
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert [(run.data.params["width"], len(steps_of(recorded, run))) for run in children] == [("3", 2), ("5", 2)]
    assert all(run.info.status == "FINISHED" for run in children)


def test_two_trainings_one_after_the_other(recorded: Recorded) -> None:
    with trackline.start_run():
        train(0.1, 2)
        train(0.2, 4)
    (parent,) = recorded.top()
    (second,) = recorded.children(parent)
    assert (len(steps_of(recorded, parent)), len(steps_of(recorded, second))) == (2, 4)
    assert (parent.data.params["lr"], second.data.params["lr"]) == ("0.1", "0.2")


def test_of_very_many_trainings_the_first_are_recorded(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "MOST", 3)

    def clients() -> None:
        with trackline.start_run():
            for client in range(5):
                train(0.1 * (client + 1), 2)

    clients()
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert [run.data.params["client"] for run in children] == ["0", "1", "2"]
    assert parent.data.tags["trackline.more_trainings"] == "2"
    assert not parent.data.metrics
    train(0.1)  # Around another run it begins anew.
    assert len(recorded.runs()) == 5


def test_a_run_of_the_user_for_each_stays_the_run(recorded: Recorded) -> None:
    for lr in (0.1, 0.2):
        with trackline.start_run():
            train(lr)
    assert [len(steps_of(recorded, run)) for run in recorded.top()] == [3, 3]
    assert len(recorded.runs()) == 2


def test_new_optimizers_of_a_model_go_on_with_its_training(recorded: Recorded) -> None:
    def stages() -> None:
        with trackline.start_run():
            model = nn.Linear(4, 1)
            for stage in range(2):
                descend(model, torch.optim.SGD(model.parameters(), lr=0.1 / (stage + 1)), 2)

    stages()
    (parent,) = recorded.top()
    assert len(recorded.runs()) == 2
    assert len(steps_of(recorded, recorded.children(parent)[0])) >= 2


def test_models_of_the_tasks_of_one_training(recorded: Recorded) -> None:
    def learn_to_learn() -> None:
        outer = nn.Linear(4, 1)
        optimizer = torch.optim.SGD(outer.parameters(), lr=0.1)
        for _task in range(3):
            inner = nn.Linear(4, 1)
            descend(inner, torch.optim.SGD(inner.parameters(), lr=0.01), 2)
            descend(outer, optimizer, 1)

    with trackline.start_run():
        learn_to_learn()
    assert len(recorded.runs()) == 1


def test_two_networks_that_are_made_together(recorded: Recorded) -> None:
    def play() -> None:
        one, other = nn.Linear(4, 1), nn.Linear(4, 1)
        both = torch.optim.SGD(one.parameters(), lr=0.1), torch.optim.SGD(other.parameters(), lr=0.1)
        for _ in range(2):
            descend(one, both[0], 1)
            descend(other, both[1], 1)

    with trackline.start_run():
        play()
    assert len(recorded.runs()) == 1
