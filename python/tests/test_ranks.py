"""Several processes that are one program are one run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import trackline as mlflow
from trackline import _tracker

TRAINS = """
import os, sys, time
import trackline as mlflow

mlflow.set_experiment("ranks")
rank = int(next(os.environ[name] for name in ("RANK", "SLURM_PROCID", "OMPI_COMM_WORLD_RANK") if name in os.environ))
with mlflow.start_run(run_name="first") as run:
    print("hello from", rank, flush=True)
    mlflow.log_param("lr", 0.1)
    for step in range(3):
        mlflow.log_metric("loss", rank, step=step)
    mlflow.log_text(str(rank), "rank.txt")
    mlflow.set_tag("rank", rank)
    with mlflow.start_run(nested=True, run_name="inner"):
        mlflow.log_metric("part", rank)
    # How busy the processors were is known after a second, or later on a busy machine.
    key, end = "system/" + (f"rank-{rank}/" if rank else "") + "cpu_utilization_percentage", time.monotonic() + 200
    everything = {"search_all_experiments": True, "output_format": "list"}
    while not any(key in found.data.metrics for found in mlflow.search_runs(**everything)):
        assert time.monotonic() < end
        time.sleep(0.1)
with mlflow.start_run(run_name="second"):
    mlflow.log_metric("loss", 10 + rank)
"""

DISTRIBUTED = """
import torch, torch.distributed as dist
dist.init_process_group("gloo")
total = torch.ones(1)
dist.all_reduce(total)
assert total.item() == 2
"""


@pytest.fixture(autouse=True)
def switched_on(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_CONSOLE", "on")


def runs() -> dict[str, mlflow.entities.Run]:
    found = mlflow.search_runs(search_all_experiments=True, output_format="list")
    return {run.info.run_name: run for run in found} if len({run.info.run_name for run in found}) == len(found) else {}


def documents(run_id: str, store: Path) -> dict[str, str]:
    kinds = dict(_tracker.store().runs.documents(run_id))
    return {kind: (store / "blobs" / digest[:2] / digest[2:]).read_text() for kind, digest in kinds.items()}


def check(store: Path) -> None:
    found = runs()
    assert set(found) == {"first", "inner", "second"}
    first = found["first"]
    assert (first.info.status, first.data.params, first.data.tags["rank"]) == ("FINISHED", {"lr": "0.1"}, "0")
    history = mlflow.MlflowClient().get_metric_history(first.info.run_id, "loss")
    assert [metric.value for metric in history] == [0.0] * 3
    assert mlflow.artifacts.load_text(f"runs:/{first.info.run_id}/rank.txt") == "0"
    assert found["inner"].data.metrics == {"part": 0.0}
    assert found["second"].data.metrics["loss"] == 10.0
    kept = documents(first.info.run_id, store)
    assert (kept["console"], kept["console.rank-1"]) == ("hello from 0\n", "hello from 1\n")
    keys = {key for key in first.data.metrics if key.startswith("system/")}
    assert "system/cpu_utilization_percentage" in keys and "system/rank-1/cpu_utilization_percentage" in keys


def with_metrics() -> dict[str, str]:
    return {**os.environ, "TRACKLINE_SYSTEM_METRICS": "on"}


def test_torchrun_makes_one_run(store: Path) -> None:
    script = store.parent / "train.py"
    script.write_text(DISTRIBUTED + TRAINS + "dist.destroy_process_group()\n")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    done = subprocess.run(
        [*command, str(script)], cwd=store.parent, env=with_metrics(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    check(store)


@pytest.mark.parametrize(
    "launcher",
    [
        {"SLURM_PROCID": "{}", "SLURM_NTASKS": "2", "SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0"},
        {"OMPI_COMM_WORLD_RANK": "{}", "OMPI_COMM_WORLD_SIZE": "2", "PMIX_NAMESPACE": "prterun-1"},
        {"RANK": "{}", "WORLD_SIZE": "2"},
    ],
)
def test_other_launchers_make_one_run(store: Path, launcher: dict[str, str]) -> None:
    processes = []
    for rank in (1, 0):
        of_rank = {name: value.format(rank) for name, value in launcher.items()}
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", TRAINS], cwd=store.parent, env={**with_metrics(), **of_rank}, stdout=subprocess.DEVNULL
            )
        )
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    check(store)


TRAINS_UNCHANGED = """
import os
import torch
import trackline
trackline.autolog()

def train(rank, world, meeting):
    import torch.distributed as dist
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=world)
    torch.manual_seed(rank)
    model = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for step in range(5):
        optimizer.zero_grad()
        loss = model(torch.ones(8, 4)).square().mean()
        loss.backward()
        optimizer.step()
    dist.destroy_process_group()

if __name__ == "__main__":
    torch.multiprocessing.spawn(train, args=(2, os.path.abspath("meeting")), nprocs=2)
"""
LIGHTNING = """
import lightning, torch
import trackline
trackline.autolog(log_models=False)

class Line(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.line = torch.nn.Linear(4, 1)
    def training_step(self, batch, index):
        loss = self.line(batch[0]).square().mean()
        self.log("loss", loss)
        return loss
    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

if __name__ == "__main__":
    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(16, 4)), batch_size=4)
    quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}
    lightning.Trainer(max_epochs=1, accelerator="cpu", devices=2, strategy="ddp", log_every_n_steps=1, **quiet).fit(Line(), data)
"""


@pytest.mark.parametrize(
    ("script", "below"), [(TRAINS_UNCHANGED, []), (TRAINS_UNCHANGED, ["-m", "trackline", "run"]), (LIGHTNING, [])]
)
def test_ranks_that_the_program_starts_itself_make_one_run(store: Path, script: str, below: list[str]) -> None:
    file = store.parent / "train.py"
    file.write_text(script)
    done = subprocess.run([sys.executable, *below, str(file)], cwd=store.parent, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "was not recorded" not in done.stderr
    (run,) = mlflow.search_runs(output_format="list")
    assert (run.info.status, run.data.params["optimizer_name"], run.data.params.get("seed", "0")) == ("FINISHED", "SGD", "0")
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert history and len({point.step for point in history}) == len(history)


FAILS_TWICE = """
import os, time
import torch
import trackline
trackline.autolog()

def train(rank, meeting):
    torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    line = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
    for step in range(3):
        loss = line(torch.ones(8, 4)).square().mean()
        loss.backward()
        optimizer.step()
    print("hello from", rank, flush=True)
    first = torch.tensor(os.getpid())
    torch.distributed.broadcast(first, 0)
    if rank == 1:
        while os.path.exists(f"/proc/{first.item()}"):
            time.sleep(0.01)
        raise ValueError("no such row")

if __name__ == "__main__":
    for group in range(2):
        meeting = os.path.abspath(f"meeting-{group}")
        try:
            torch.multiprocessing.start_processes(train, args=(meeting,), nprocs=2, start_method="fork")
        except torch.multiprocessing.ProcessRaisedException:
            pass
"""


def test_ranks_that_the_program_starts_attend_the_run_of_their_own_group(store: Path) -> None:
    file = store.parent / "train.py"
    file.write_text(FAILS_TWICE)
    done = subprocess.run([sys.executable, str(file)], cwd=store.parent, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = mlflow.search_runs(output_format="list")
    assert len(found) == 2
    for run in found:
        assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")) == 3
        assert run.data.tags["trackline.exit_reason.rank-1"] == "exit code 1: ValueError: no such row"
        assert documents(run.info.run_id, store)["console.rank-1"] == "hello from 1\n"


def test_a_loop_in_each_rank_is_one_run(store: Path) -> None:
    loop = """
import os, torch, trackline
trackline.autolog()
line = torch.nn.Linear(4, 1)
optimizer = torch.optim.SGD(line.parameters(), lr=0.1)
for step in range(3):
    loss = line(torch.ones(8, 4)).square().mean()
    loss.backward()
    optimizer.step()
print("hello from", os.environ["SLURM_PROCID"])
"""
    ranks = []
    for number in ("0", "1"):
        launched = {"SLURM_PROCID": number, "SLURM_NTASKS": "2", "SLURM_JOB_ID": "9", "SLURM_STEP_ID": "0"}
        ranks.append(
            subprocess.Popen([sys.executable, "-c", loop], cwd=store.parent, env={**os.environ, **launched}, stdout=subprocess.DEVNULL)
        )
    assert [rank.wait(timeout=300) for rank in ranks] == [0, 0]
    (run,) = mlflow.search_runs(output_format="list")
    assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")) == 3
    assert documents(run.info.run_id, store)["console.rank-1"] == "hello from 1\n"


def test_a_rank_that_fails_says_why(store: Path) -> None:
    code = "import os, trackline\ntrackline.start_run()\nif os.environ['SLURM_PROCID'] == '1':\n    raise ValueError('no such row')"
    for number, exit_code in (("0", 0), ("1", 1)):
        launched = {"SLURM_PROCID": number, "SLURM_NTASKS": "2", "SLURM_JOB_ID": "8", "SLURM_STEP_ID": "0"}
        done = subprocess.run([sys.executable, "-c", code], cwd=store.parent, env={**os.environ, **launched}, timeout=300, check=False)
        assert done.returncode == exit_code
    (run,) = mlflow.search_runs(output_format="list")
    assert (run.info.status, run.data.tags["trackline.exit_reason.rank-1"]) == ("FINISHED", "ValueError: no such row")
    assert "trackline.exit_reason" not in run.data.tags
    assert "ValueError: no such row" in documents(run.info.run_id, store)["traceback.rank-1"]
    shown = subprocess.run([sys.executable, "-m", "trackline", "runs", "show", run.info.run_id], capture_output=True, text=True, check=True)
    assert "rank-1: ValueError: no such row" in shown.stdout and "\ntraceback.rank-1\n" in shown.stdout


FAILS_UNCHANGED = """
import os, sys, torch

def train(rank, meeting):
    import torch.distributed as dist
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    dist.barrier()
    if rank == 1 and sys.argv[2] == "killed":
        os.kill(os.getpid(), 9)
    if rank == 1:
        raise ValueError("no such row")
    sys.stdin.read()

if __name__ == "__main__":
    torch.multiprocessing.start_processes(train, args=(os.path.abspath("meeting"),), nprocs=2, start_method=sys.argv[1])
"""


def run_of_failing_ranks(store: Path, *how: str) -> mlflow.entities.Run:
    file = store.parent / "train.py"
    file.write_text(FAILS_UNCHANGED)
    command = [sys.executable, "-m", "trackline", "run", str(file), *how]
    done = subprocess.run(command, cwd=store.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stderr
    (run,) = mlflow.search_runs(output_format="list")
    return run


def test_a_rank_that_the_program_starts_and_that_is_killed_says_so(store: Path) -> None:
    run = run_of_failing_ranks(store, "spawn", "killed")
    assert run.data.tags["trackline.exit_reason"].endswith("process 1 terminated with signal SIGKILL")
    assert "was killed or crashed" in run.data.tags["trackline.exit_reason.rank-1"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_rank_that_the_program_starts_says_why_it_fails(store: Path, method: str) -> None:
    run = run_of_failing_ranks(store, method, "raises")
    assert (run.info.status, run.data.tags["trackline.exit"]) == ("FAILED", "exception")
    assert run.data.tags["trackline.exit_reason"].endswith("terminated with the following error: ValueError: no such row")
    assert run.data.tags["trackline.exit_reason.rank-1"] == "exit code 1: ValueError: no such row"
    assert "ValueError: no such row" in documents(run.info.run_id, store)["traceback.rank-1"]
    assert "trackline.exit_reason.rank-0" not in run.data.tags


def test_each_start_is_a_run_of_its_own(store: Path) -> None:
    code = "import os, subprocess, sys\nsubprocess.run([sys.executable, '-c', os.environ['CODE']], check=True)"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=store.parent,
            env={**os.environ, "CODE": "import trackline; trackline.start_run()", "RANK": "0", "WORLD_SIZE": "2"},
            timeout=300,
            check=True,
        )
    assert len(mlflow.search_runs(output_format="list")) == 2


@pytest.mark.parametrize("alone", [{"RANK": "0", "WORLD_SIZE": "1"}, {"RANK": "1", "WORLD_SIZE": "2", "TRACKLINE_RANKS": "off"}])
def test_who_is_alone_has_its_own_run(store: Path, alone: dict[str, str]) -> None:
    code = "import trackline\nwith trackline.start_run(): trackline.log_param('a', 1)"
    subprocess.run([sys.executable, "-c", code], cwd=store.parent, env={**os.environ, **alone}, timeout=300, check=True)
    (run,) = mlflow.search_runs(output_format="list")
    assert run.data.params == {"a": "1"}


ASKS = """
import os, sys, time
import trackline as mlflow

rank = os.environ["RANK"]
if rank == "0" and sys.argv[1] == "late":
    while not os.path.exists("asked"):
        time.sleep(0.01)
with mlflow.start_run(run_name="it", tags={"team": "red"}) as run:
    if rank == "1":
        open("asked", "w").close()
    mlflow.log_metric("loss", 0.5)
    with mlflow.start_run(run_name="inner", nested=True) as child:
        mlflow.log_metric("part", 0.5)
    found = [mlflow.get_run(each.info.run_id) for each in (run, child)]
    mlflow.MlflowClient().log_metric(child.info.run_id, "after", 1)
    mlflow.MlflowClient().set_tag(child.info.run_id, "seen", "yes")
    mlflow.MlflowClient().delete_tag(child.info.run_id, "seen")
    mlflow.MlflowClient().set_terminated(child.info.run_id)
    mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert found[0].info.run_id == run.info.run_id and found[0].info.run_name == "it" and found[0].data.tags["team"] == "red"
    assert (found[1].info.run_id, found[1].info.status, found[1].info.run_name) == (child.info.run_id, "FINISHED", "inner")
    assert found[1].data.tags["mlflow.parentRunId"] == run.info.run_id
    assert found[1].data.metrics == ({"part": 0.5} if rank == "0" else {})
"""


def test_a_rank_may_ask_for_a_run_before_the_first_one_has_written_it(store: Path) -> None:
    ranks = []
    for number in ("1", "0"):
        launched = {**os.environ, "RANK": number, "WORLD_SIZE": "2"}
        ranks.append(subprocess.Popen([sys.executable, "-c", ASKS, "late"], cwd=store.parent, env=launched))
    assert [rank.wait(timeout=300) for rank in ranks] == [0, 0]
    assert {name: run.data.metrics for name, run in runs().items()} == {"it": {"loss": 0.5}, "inner": {"part": 0.5, "after": 1.0}}


@pytest.mark.parametrize("nodes", [{}, {"GROUP_WORLD_SIZE": "2", "TORCHELASTIC_RUN_ID": "none"}])
def test_a_rank_may_ask_for_a_run_that_the_first_one_never_writes(store: Path, nodes: dict[str, str]) -> None:
    launched = {**os.environ, "RANK": "1", "WORLD_SIZE": "2", **nodes}
    done = subprocess.run([sys.executable, "-c", ASKS, "never"], cwd=store.parent, env=launched, timeout=300, check=False)
    assert done.returncode == 0
    assert mlflow.search_runs(output_format="list") == []


def test_a_rank_that_dies_does_not_end_the_run(store: Path) -> None:
    code = "import os, signal, trackline\ntrackline.start_run()\nos.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code], cwd=store.parent, env={**os.environ, "RANK": "1", "WORLD_SIZE": "2"}, timeout=300, check=False)
    assert mlflow.search_runs(output_format="list") == []
