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
    time.sleep(2.5)
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
        [*command, str(script)], cwd=store.parent, env=with_metrics(), capture_output=True, text=True, timeout=100, check=False
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
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    check(store)


def test_each_start_is_a_run_of_its_own(store: Path) -> None:
    code = "import os, subprocess, sys\nsubprocess.run([sys.executable, '-c', os.environ['CODE']], check=True)"
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=store.parent,
            env={**os.environ, "CODE": "import trackline; trackline.start_run()", "RANK": "0", "WORLD_SIZE": "2"},
            timeout=60,
            check=True,
        )
    assert len(mlflow.search_runs(output_format="list")) == 2


@pytest.mark.parametrize("alone", [{"RANK": "0", "WORLD_SIZE": "1"}, {"RANK": "1", "WORLD_SIZE": "2", "TRACKLINE_RANKS": "off"}])
def test_who_is_alone_has_its_own_run(store: Path, alone: dict[str, str]) -> None:
    code = "import trackline\nwith trackline.start_run(): trackline.log_param('a', 1)"
    subprocess.run([sys.executable, "-c", code], cwd=store.parent, env={**os.environ, **alone}, timeout=60, check=True)
    (run,) = mlflow.search_runs(output_format="list")
    assert run.data.params == {"a": "1"}


def test_a_rank_that_dies_does_not_end_the_run(store: Path) -> None:
    code = "import os, signal, trackline\ntrackline.start_run()\nos.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code], cwd=store.parent, env={**os.environ, "RANK": "1", "WORLD_SIZE": "2"}, timeout=60, check=False)
    assert mlflow.search_runs(output_format="list") == []
