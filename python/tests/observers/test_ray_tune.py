"""Ray Tune: a search with its trials, which run in processes of their own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

import pytest
from recorded import Recorded
from scripting import Scripts

SCRIPT = """
import os
import ray
import trackline
from ray import tune

folder = os.environ["FOLDER"]
ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False, configure_logging=False, _temp_dir=folder)


def objective(config):
    if config["rate"] < 0:
        raise ValueError("a negative rate")
    for step in range(3):
        tune.report({"loss": (config["rate"] - 0.1) ** 2 + 1 / (step + 1), "of": {"train": float(step)}})


def tried(rates):
    space = {"rate": tune.grid_search(rates), "model": {"depth": 3}}
    chosen = tune.TuneConfig(metric="loss", mode="min")
    kept = tune.RunConfig(storage_path=folder, verbose=0)
    return tune.Tuner(objective, param_space=space, tune_config=chosen, run_config=kept).fit()


with trackline.start_run(run_name="first"):
    tried([0.5, 0.1])
with trackline.start_run(run_name="second"):
    assert tried([-1.0, 0.1]).num_errors == 1
trackline.autolog(disable=True)
assert tried([0.1]).num_errors == 0
"""


@pytest.fixture
def folder() -> Iterator[str]:
    # Paths of sockets may have 107 bytes.
    folder = tempfile.mkdtemp(dir="/tmp")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_search_is_a_run_and_each_trial_a_child(scripts: Scripts, recorded: Recorded, folder: str) -> None:
    done = scripts.run(SCRIPT, FOLDER=folder, RAY_USAGE_STATS_ENABLED="0", RAY_AUTH_MODE="disabled")
    assert done.returncode == 0, done.stderr
    first, second = recorded.top()
    slow, fast = sorted(recorded.children(first), key=lambda run: int(run.data.tags["ray.trial"]))
    assert [(run.data.params["rate"], run.data.params["model.depth"]) for run in (slow, fast)] == [("0.5", "3"), ("0.1", "3")]
    assert recorded.curve(fast, "loss") == [(1, 1.0), (2, 0.5), (3, pytest.approx(1 / 3))]
    assert recorded.curve(fast, "of/train") == [(1, 0.0), (2, 1.0), (3, 2.0)]
    assert set(slow.data.metrics) == {"loss", "of/train"}
    assert [run.info.status for run in (first, slow, fast)] == ["FINISHED"] * 3
    assert (first.data.params["metric"], first.data.params["mode"]) == ("loss", "min")
    assert first.data.params["best_rate"] == "0.1"
    assert first.data.metrics == {"loss": pytest.approx(1 / 3), "best_loss": pytest.approx(1 / 3)}

    failed, good = sorted(recorded.children(second), key=lambda run: int(run.data.tags["ray.trial"]))
    assert [run.info.status for run in (second, failed, good)] == ["FINISHED", "FAILED", "FINISHED"]
    assert second.data.params["best_rate"] == "0.1"
