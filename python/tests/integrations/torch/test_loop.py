"""Training loops that the user wrote.

They are functions without `assert` in them: pytest rewrites those that have one so that they read their `locals()`, and then
nothing of ours looks at their variables."""

from __future__ import annotations

import functools
import gc
import pickle
import weakref
from typing import Any

import pytest
import torch
import trackline
from recorded import Recorded
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, TensorDataset
from trackline.integrations.torch import epoch as epochs, loop

X, Y = torch.linspace(-1, 1, 96).reshape(24, 4), torch.linspace(0, 1, 24).reshape(24, 1)


@pytest.fixture(autouse=True)
def within(autolog: None, recorded: Recorded) -> Any:
    with trackline.start_run() as run:
        yield run


def model_and_optimizer(**options: Any) -> tuple[nn.Module, torch.optim.Optimizer]:
    model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
    return model, torch.optim.SGD(model.parameters(), **{"lr": 0.1, **options})


def finished(recorded: Recorded) -> Any:
    trackline.end_run()
    return recorded.run()


def train_in_batches() -> list[list[float]]:
    model, optimizer = model_and_optimizer()
    seen: list[list[float]] = []
    train_loader = DataLoader(TensorDataset(X, Y), batch_size=8)
    for epoch in range(2, 5):
        seen.append([])
        for given, wanted in train_loader:
            optimizer.zero_grad()
            mse = nn.functional.mse_loss(model(given), wanted)
            mse.backward()
            optimizer.step()
            seen[-1].append(mse.item())
    return seen


def test_the_loss_of_each_step_and_epoch_under_its_name(recorded: Recorded) -> None:
    seen = train_in_batches()
    run = finished(recorded)
    flat = [value for epoch_values in seen for value in epoch_values]
    assert recorded.curve(run, "mse") == list(enumerate(flat, 1))
    means = [(epoch, sum(values) / 3) for epoch, values in enumerate(seen, 2)]
    assert [step for step, _ in recorded.curve(run, "mse_epoch")] == [2, 3, 4]
    assert [value for _, value in recorded.curve(run, "mse_epoch")] == pytest.approx([value for _, value in means])


def warmed(step: int, *, num_warmup_steps: int, power: float = 1.0) -> float:
    return float(min(1.0, (step + 1) / num_warmup_steps) ** power)


def train_with_a_warm_up() -> None:
    model, optimizer = model_and_optimizer()
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, functools.partial(warmed, num_warmup_steps=4))
    for _step in range(2):
        model(X).mean().backward()
        optimizer.step()
        scheduler.step()


def test_what_the_function_of_a_schedule_is_bound_to(recorded: Recorded) -> None:
    train_with_a_warm_up()
    params = finished(recorded).data.params
    found = {key: value for key, value in params.items() if key.startswith("lr_scheduler")}
    assert found == {"lr_scheduler": "LambdaLR", "lr_scheduler.num_warmup_steps": "4"}


def train_on_a_sum() -> list[list[float]]:
    model, optimizer = model_and_optimizer()
    beta, seen = torch.tensor(0.25), []
    for _epoch in range(3):
        made = model(X)
        error = nn.functional.mse_loss(made, Y)
        spread = made.var()
        total = error + beta * spread / 2
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        seen.append([total.item(), error.item(), spread.item()])
    return seen


def test_the_terms_of_a_loss_under_their_names(recorded: Recorded) -> None:
    seen = train_on_a_sum()
    run = finished(recorded)
    for name, values in zip(("total", "error", "spread"), zip(*seen, strict=True), strict=True):
        assert [value for _, value in recorded.curve(run, name)] == list(values)
    assert "beta" not in run.data.metrics


def train_and_validate() -> None:
    torch.manual_seed(11)
    model, optimizer = model_and_optimizer(momentum=0.9)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    val_loader = DataLoader(TensorDataset(X[:5], Y[:5]), batch_size=5)
    for _epoch in range(2):
        for given, wanted in DataLoader(TensorDataset(X, Y), batch_size=8, shuffle=True):
            loss = nn.functional.mse_loss(model(given), wanted)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()
        scheduler.step()
        with torch.no_grad():
            for given, _wanted in val_loader:
                model(given)


def test_what_the_loop_is_made_of(recorded: Recorded) -> None:
    train_and_validate()
    run = finished(recorded)
    expected = {
        "optimizer_name": "SGD", "lr": "0.1", "momentum": "0.9", "lr_scheduler": "ExponentialLR",
        "lr_scheduler.gamma": "0.5", "seed": "11", "batch_size": "8", "shuffle": "True", "train_samples": "24",
        "val_samples": "5", "max_grad_norm": "2.0", "model_class": "Sequential", "total_parameters": "19",
        "trainable_parameters": "19", "device": "cpu", "dtype": "float32",
    }
    assert expected.items() <= run.data.params.items()
    assert recorded.curve(run, "lr") == [(1, 0.1), (4, 0.05)]
    assert len(recorded.curve(run, "grad_norm")) == 6


class Around:
    """An optimizer around another one, as Fabric and Accelerate make them."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.__class__ = type("Around", (Around, torch.optim.SGD), {})
        self.optimizer = optimizer
        self.param_groups, self.defaults, self.state = optimizer.param_groups, optimizer.defaults, optimizer.state

    def step(self, closure: Any = None) -> Any:
        return self.optimizer.step(closure)


def train_through_another_and_evaluate() -> None:
    model, optimizer = model_and_optimizer()
    around = Around(optimizer)
    scheduler = torch.optim.lr_scheduler.StepLR(around, step_size=2)
    for _ in range(2):
        model.train()
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        around.step()
        scheduler.step()
    model.eval()


def test_an_optimizer_around_the_users(recorded: Recorded) -> None:
    train_through_another_and_evaluate()
    params = finished(recorded).data.params
    expected = {"optimizer_name": "SGD", "lr_scheduler": "StepLR", "lr_scheduler.step_size": "2", "model_class": "Sequential"}
    assert expected.items() <= params.items()


def train_with_two_schedules() -> None:
    model, optimizer = model_and_optimizer()
    lr_scheduler = torch.optim.lr_scheduler
    steps, warmup = lr_scheduler.StepLR(optimizer, step_size=2), lr_scheduler.ConstantLR(optimizer, total_iters=3)
    for _ in range(2):
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        optimizer.step()
        warmup.step()
        steps.step()


def test_two_schedulers_of_one_optimizer(recorded: Recorded) -> None:
    train_with_two_schedules()
    params = finished(recorded).data.params
    expected = {"lr_scheduler": "StepLR", "lr_scheduler.step_size": "2", "lr_scheduler_2": "ConstantLR", "lr_scheduler_2.total_iters": "3"}
    assert expected.items() <= params.items()


def train_with_the_last_schedule() -> None:
    model, optimizer = model_and_optimizer()
    for size in range(1, 5):
        schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=size)
    for _ in range(2):
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        optimizer.step()
        schedule.step()


def test_a_scheduler_that_is_replaced(recorded: Recorded) -> None:
    train_with_the_last_schedule()
    params = finished(recorded).data.params
    told = {key: value for key, value in params.items() if key.startswith("lr_scheduler")}
    assert told == {"lr_scheduler": "StepLR", "lr_scheduler.step_size": "4", "lr_scheduler.gamma": "0.1"}


def train_on_all() -> None:
    model, optimizer = model_and_optimizer()
    for iteration in range(10, 14):
        loss = nn.functional.mse_loss(model(X), Y)
        loss.backward()
        optimizer.step()
    print(iteration)


def test_a_loop_without_loader_counts_as_the_user_counts(recorded: Recorded) -> None:
    train_on_all()
    assert [step for step, _ in recorded.curve(finished(recorded), "loss")] == [10, 11, 12, 13]


def train_on_slices() -> None:
    model, optimizer = model_and_optimizer()
    for epoch in range(3):
        for start in range(0, 24, 12):
            loss = nn.functional.mse_loss(model(X[start : start + 12]), Y[start : start + 12])
            loss.backward()
            optimizer.step()
    print(epoch)


def test_epochs_by_the_users_variable(recorded: Recorded) -> None:
    train_on_slices()
    assert [step for step, _ in recorded.curve(finished(recorded), "loss_epoch")] == [0, 1, 2]


def train_scaled() -> float:
    model, optimizer = model_and_optimizer()
    scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    loss = nn.functional.mse_loss(model(X), Y)
    (loss / 4).backward(retain_graph=True)
    scaler.scale(loss).backward()
    optimizer.step()
    return loss.item()


def test_a_loss_that_is_divided_or_scaled_is_logged_as_it_was(recorded: Recorded) -> None:
    loss = train_scaled()
    assert recorded.curve(finished(recorded), "loss") == [(1, pytest.approx(loss))]


def train_adversaries() -> None:
    generator, optimizer_g = model_and_optimizer(lr=0.5)
    critic, optimizer_d = model_and_optimizer(lr=0.25)
    for _ in range(3):
        loss_d = critic(X).mean()
        loss_d.backward()
        optimizer_d.step()
        loss_g = generator(X).mean()
        loss_g.backward()
        optimizer_g.step()


def test_two_optimizers_are_told_apart(recorded: Recorded) -> None:
    train_adversaries()
    run = finished(recorded)
    assert len(recorded.curve(run, "loss_d")) == len(recorded.curve(run, "loss_g")) == 3
    assert run.data.params["lr"] == "0.25"
    assert run.data.params["optimizer_g.lr"] == "0.5"
    assert run.data.params["model_class"] == run.data.params["generator.model_class"] == "Sequential"


def train_long() -> None:
    model, optimizer = model_and_optimizer(lr=0.0)
    for step in range(700):
        model(X).mean().backward()
        optimizer.step()
        found = loop.known()
        if step == 100 and found is not None:
            found.run.handle.add_spent(3600)


def test_a_long_loop_is_thinned_out(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_BUDGET", "200")  # Processor time is never more than that.
    with trackline.start_run(nested=True) as run:
        train_long()
    steps = [step for step, _ in recorded.curve(run, "loss")]
    assert steps[:100] == list(range(100))
    assert 200 < len(steps) < 400
    assert steps[-1] > 650
    assert run.data.tags["trackline.shed"] == "steps"


def train_fast(steps: int) -> None:
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for _ in range(steps):
        loss = (weight - 1).square().sum()
        loss.backward()
        optimizer.step()


def test_of_many_short_steps_some_are_looked_at(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_BUDGET", "off")
    monkeypatch.setattr(loop, "ALL", 50)
    monkeypatch.setattr(loop, "APART", 3600)
    with trackline.start_run(nested=True) as run:
        train_fast(80)
    assert [step for step, _ in recorded.curve(run, "loss")] == list(range(1, 51))


def train_at_a_high_price() -> None:
    model, optimizer = model_and_optimizer()
    train_loader = DataLoader(TensorDataset(X, Y), batch_size=1)
    for epoch in range(12):
        for given, wanted in train_loader:
            optimizer.zero_grad()
            mse = nn.functional.mse_loss(model(given), wanted)
            mse.backward()
            optimizer.step()
        found = loop.known()
        if epoch == 1 and found is not None:
            found.run.handle.add_spent(3600)
            found.pace.interval = 1024


def test_each_epoch_has_its_mean_at_any_price(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_BUDGET", "200")
    with trackline.start_run(nested=True) as run:
        train_at_a_high_price()
    assert [epoch for epoch, _ in recorded.curve(run, "mse_epoch")] == list(range(12))
    assert len(recorded.curve(run, "mse")) == 2 * 24 + 10 * 8


def test_nothing_of_the_users_is_kept_alive(recorded: Recorded) -> None:
    model, optimizer = model_and_optimizer()
    for _ in range(2):
        loss = model(X).mean()
        loss.backward()
        optimizer.step()
    assert b"trackline" not in pickle.dumps(model)
    gone = [weakref.ref(model), weakref.ref(optimizer), weakref.ref(loss)]
    del model, optimizer, loss
    gc.collect()
    assert [one() for one in gone] == [None, None, None]
    assert torch.nn.modules.module._global_forward_hooks == {}


def train_with_groups(bias_first: bool) -> None:
    model = nn.Linear(4, 1)
    groups = [{"params": [model.weight], "weight_decay": 0.25}, {"params": [model.bias], "weight_decay": 0.0}]
    groups = groups[::-1] if bias_first else groups
    optimizer = torch.optim.SGD(groups, lr=0.1, weight_decay=0.5)
    for _ in range(2):
        loss = model(X).sum()
        loss.backward()
        optimizer.step()


@pytest.mark.parametrize(("bias_first", "apart"), [(False, 1), (True, 0)])
def test_groups_have_what_they_were_given(recorded: Recorded, bias_first: bool, apart: int) -> None:
    train_with_groups(bias_first)
    params = finished(recorded).data.params
    found = {key: value for key, value in params.items() if key.startswith(("lr", "weight_decay"))}
    assert found == {"lr": "0.1", "weight_decay": "0.25", f"weight_decay_group_{apart}": "0.0"}


class Stream(IterableDataset[torch.Tensor]):
    """Batches that it makes itself."""

    def __iter__(self) -> Any:
        return iter([X[:10], X[10:12], X[12:]])


LOADERS = {
    "a last batch that is smaller": lambda: DataLoader(TensorDataset(X), batch_size=10),
    "a last batch that is dropped": lambda: DataLoader(TensorDataset(X), batch_size=10, drop_last=True),
    "a sampler of batches": lambda: DataLoader(TensorDataset(X), batch_sampler=[[*range(10)], [10, 11], [*range(12, 24)]]),
    "a stream": lambda: DataLoader(Stream(), batch_size=None),
}


def train_a_batch_a_second(loader: Any, clock: list[float], steps_apart: int) -> None:
    model, optimizer = model_and_optimizer()
    for epoch in range(2):
        for number, batch in enumerate(loader):
            clock[0] += 1
            given = batch[0] if isinstance(batch, list) else batch
            model(given).mean().backward()
            if number % steps_apart == 0:
                optimizer.step()


@pytest.mark.parametrize("steps_apart", [1, 2])
@pytest.mark.parametrize("kind", LOADERS)
def test_each_sample_counts(recorded: Recorded, monkeypatch: pytest.MonkeyPatch, kind: str, steps_apart: int) -> None:
    clock = [0.0]
    monkeypatch.setattr(epochs, "perf_counter", lambda: clock[0])
    train_a_batch_a_second(LOADERS[kind](), clock, steps_apart)
    rate = 10 if "dropped" in kind else 8
    assert recorded.curve(finished(recorded), "samples_per_second") == [(0, rate), (1, rate)]
