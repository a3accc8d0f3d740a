"""Which steps a loop makes: those of scalers, closures, schedulers, checkpoints and processes.

They are functions without `assert` in them, as in `test_loop`."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import trackline
from recorded import Recorded
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from trackline.integrations._scalar import Scalars
from trackline.integrations.torch import loop

X, Y = torch.linspace(-1, 1, 96).reshape(24, 4), torch.linspace(0, 1, 24).reshape(24, 1)


@pytest.fixture(autouse=True)
def within(autolog: None, recorded: Recorded) -> Any:
    with trackline.start_run() as run:
        yield run


def finished(recorded: Recorded) -> Any:
    trackline.end_run()
    return recorded.run()


def train_with_a_scaler() -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu")
    for step in range(5):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), Y) * (math.inf if step == 2 else 1.0)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()


def test_a_step_that_the_scaler_leaves_out_has_its_own_loss(recorded: Recorded) -> None:
    train_with_a_scaler()
    curve = recorded.curve(finished(recorded), "loss")
    assert [step for step, _ in curve] == [0, 1, 2, 3, 4]
    assert [math.isfinite(value) for _, value in curve] == [True, True, False, True, True]


def search_a_line() -> list[float]:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4)

    def closure() -> float:
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        return loss.item()

    seen = []
    for _ in range(3):
        seen.append(optimizer.step(closure))
    return seen


def test_a_closure_gives_the_loss_that_its_step_returns(recorded: Recorded) -> None:
    seen = search_a_line()
    assert [value for _, value in recorded.curve(finished(recorded), "loss")] == pytest.approx(seen)


def train_on_parts() -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(3, 5):
        for part in X.split(8):
            loss = model(part).square().mean()
            loss.backward()
            optimizer.step()
    print(epoch)


def test_the_number_of_an_epoch_is_not_that_of_a_step(recorded: Recorded) -> None:
    train_on_parts()
    run = finished(recorded)
    assert [step for step, _ in recorded.curve(run, "loss")] == [1, 2, 3, 4, 5, 6]
    assert [step for step, _ in recorded.curve(run, "loss_epoch")] == [3, 4]


class Distant(Scalars):
    """Numbers of the processor that arrive as those of a device do: when the next step is made, or is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[Callable[[], None]] = []

    def read(self, tensor: Any, then: Callable[[float], None]) -> bool:
        copied = tensor.detach().clone()
        self.under_way.append(lambda: then(float(copied)))
        return True

    def arrived(self, wait: bool = False) -> None:
        held, self.under_way = self.under_way, []
        for number in held if wait else held[:-2]:
            number()
        self.under_way += [] if wait else held[-2:]


def train_on_loader(global_step: int) -> list[tuple[int, float]]:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen, batches_seen = [], 0
    for _epoch in range(2):
        for x, y in DataLoader(TensorDataset(X, Y), batch_size=8):
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            seen.append((global_step, loss.item()))
            global_step += 1
            batches_seen += len(x)
    return seen


def test_points_stand_where_the_script_counts_its_steps(recorded: Recorded) -> None:
    """As one that goes on from a checkpoint does, whose optimizer (SGD) knows no steps."""
    seen = train_on_loader(500)
    curve = recorded.curve(finished(recorded), "loss")
    assert [step for step, _ in curve] == [step for step, _ in seen] == list(range(500, 506))
    assert [value for _, value in curve] == pytest.approx([value for _, value in seen])


def train_by_epochs() -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train() -> None:
        step = 0
        for x, y in DataLoader(TensorDataset(X, Y), batch_size=8):
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            optimizer.step()
            step += 1

    for _epoch in range(2):
        train()


def test_steps_that_each_epoch_begins_anew_are_none(recorded: Recorded) -> None:
    train_by_epochs()
    assert [step for step, _ in recorded.curve(finished(recorded), "loss")] == [1, 2, 3, 4, 5, 6]


def train_in_halves() -> list[tuple[int, float]]:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    seen = []
    for turn in range(10, 14):
        _loss = nn.functional.mse_loss(model(X[:12]), Y[:12])
        _loss.backward()
        first = _loss.item()
        _loss = nn.functional.mse_loss(model(X[12:]), Y[12:])
        _loss.backward()
        optimizer.step()
        seen.append((turn, (first + _loss.item()) / 2))
    return seen


@pytest.mark.parametrize("kind", [Scalars, Distant])
def test_a_step_has_its_place_when_its_numbers_arrive_late(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch, kind: type[Scalars]
) -> None:
    monkeypatch.setattr(loop, "Scalars", kind)
    seen = train_in_halves()
    curve = recorded.curve(finished(recorded), "loss")
    assert [step for step, _ in curve] == [10, 11, 12, 13]
    assert [value for _, value in curve] == pytest.approx([value for _, value in seen])


def train_on_a_schedule() -> None:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.5, total_steps=4)
    for _ in range(4):
        model(X).square().mean().backward()
        optimizer.step()
        scheduler.step()


def test_a_schedule_is_told_as_it_was_made(recorded: Recorded) -> None:
    train_on_a_schedule()
    run = finished(recorded)
    expected = {
        "lr": "0.01", "betas": "(0.9, 0.999)", "lr_scheduler": "OneCycleLR", "lr_scheduler.max_lr": "0.5",
        "lr_scheduler.total_steps": "4", "lr_scheduler.anneal_strategy": "cos", "lr_scheduler.pct_start": "0.3",
    }
    assert expected.items() <= run.data.params.items()
    assert len(recorded.curve(run, "lr")) == 4


def train_on_from(checkpoint: dict[str, Any] | None, steps: int = 3) -> dict[str, Any]:
    model = nn.Linear(4, 1)
    optimizer = torch.optim.Adam(model.parameters())
    if checkpoint is not None:
        optimizer.load_state_dict(checkpoint)
    for _ in range(steps):
        model(X).square().mean().backward()
        optimizer.step()
    return optimizer.state_dict()


def test_a_training_that_is_resumed_counts_on(recorded: Recorded) -> None:
    checkpoint = train_on_from(None)
    trackline.end_run()
    with trackline.start_run() as resumed:
        train_on_from(checkpoint)
    assert [step for step, _ in recorded.curve(resumed, "loss")] == [4, 5, 6]


def train_fast(steps: int) -> None:
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for step in range(steps):
        if step == steps - 3:
            trackline.start_run(nested=True)
        loss = (weight - 1).square().sum()
        loss.backward()
        optimizer.step()


def test_a_run_that_begins_between_steps_has_those_that_follow(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "ALL", 4)
    monkeypatch.setattr(loop, "APART", 3600)
    train_fast(30)
    counts = []
    while (run := trackline.active_run()) is not None:
        trackline.end_run()
        counts.append(len(recorded.curve(run, "loss")))
    assert counts == [3, 4]


DISTRIBUTED = """
import sys, torch, trackline
from torch import distributed, multiprocessing

def train(rank, processes, meeting):
    trackline.autolog()
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=processes)
    model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        loss = model(torch.ones(2, 4)).square().mean()
        loss.backward()
        optimizer.step()
    distributed.destroy_process_group()

if __name__ == "__main__":
    multiprocessing.spawn(train, args=(2, sys.argv[1]), nprocs=2)
"""


def test_of_processes_that_train_together_one_is_recorded(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trackline.end_run()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(tmp_path / "together"))
    script = tmp_path / "script.py"
    script.write_text(DISTRIBUTED)
    subprocess.run([sys.executable, script, tmp_path / "meeting"], cwd=tmp_path, check=True, timeout=300)
    trackline.set_tracking_uri(tmp_path / "together")
    run = recorded.run()
    assert [step for step, _ in recorded.curve(run, "loss")] == [1, 2, 3]
    assert run.data.params["world_size"] == "2"
    assert run.data.params["model_class"] == "Linear"
