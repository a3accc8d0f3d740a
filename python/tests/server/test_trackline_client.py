"""Trackline in the user's process, logging to its own server and to a stock MLflow server."""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pytest

import trackline

FIT = """
import json
import trackline
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

trackline.set_experiment("fits")
trackline.autolog()
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=300).fit(X, y)
run = trackline.last_active_run()
output = run.outputs.model_outputs[0]
trackline.register_model(f"models:/{output.model_id}", "iris")
loaded = trackline.sklearn.load_model(f"models:/{output.model_id}")
registered = trackline.sklearn.load_model("models:/iris/latest")
print(json.dumps({
    "params": run.data.params,
    "metrics": run.data.metrics,
    "datasets": [found.dataset.name for found in run.inputs.dataset_inputs],
    "same": [(loaded.predict(X) == model.predict(X)).all().item(), (registered.predict(X) == y).mean().item()],
    "files": [file.path for file in trackline.MlflowClient().list_artifacts(run.info.run_id)],
}))
"""


def test_what_is_logged_is_read_back(remote: str) -> None:
    with trackline.start_run(run_name="first", tags={"team": "blue"}) as run:
        trackline.log_params({"lr": 0.1, "depth": 3})
        for step in range(2500):
            trackline.log_metric("loss", 1 / (step + 1), step=step)
        trackline.log_metrics({"nan": math.nan, "accuracy": 0.5})
        trackline.log_text("hello", "notes/hello.txt")
        with trackline.start_run(run_name="inner", nested=True) as inner:
            trackline.log_metric("part", 1.0)
    found = trackline.get_run(run.info.run_id)
    assert (found.info.run_id, found.info.run_name, found.info.status) == (run.info.run_id, "first", "FINISHED")
    assert found.data.params == {"lr": "0.1", "depth": "3"}
    assert found.data.metrics["loss"] == 1 / 2500
    assert math.isnan(found.data.metrics["nan"])
    assert found.data.tags["team"] == "blue"
    history = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [metric.step for metric in history] == list(range(2500))
    assert trackline.artifacts.load_text(f"runs:/{run.info.run_id}/notes/hello.txt") == "hello"
    children = trackline.search_runs(
        filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list"
    )
    assert [child.info.run_id for child in children] == [inner.info.run_id]


def test_a_run_goes_on(remote: str) -> None:
    with trackline.start_run() as run:
        trackline.log_metric("loss", 1.0, step=0)
    with trackline.start_run(run_id=run.info.run_id):
        assert trackline.get_run(run.info.run_id).info.status == "RUNNING"
        trackline.log_metric("loss", 0.5, step=1)
    found = trackline.get_run(run.info.run_id)
    assert (found.info.status, found.data.metrics) == ("FINISHED", {"loss": 0.5})
    trackline.delete_run(run.info.run_id)
    assert trackline.search_runs(output_format="list") == []


def test_a_wrong_call_is_told_as_the_server_tells_it(remote: str) -> None:
    with pytest.raises(trackline.exceptions.MlflowException) as missing:
        trackline.get_run("0" * 32)
    assert missing.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with pytest.raises(trackline.exceptions.MlflowException) as wrong:
        trackline.search_runs(filter_string="metrics.loss >")
    assert wrong.value.error_code == "INVALID_PARAMETER_VALUE"


def test_the_registry_is_the_servers(remote: str) -> None:
    client = trackline.MlflowClient()
    with trackline.start_run() as run:
        trackline.log_text("weights", "model/weights.txt")
    name = f"churn-{run.info.run_id[:8]}"
    client.create_registered_model(name, description="who leaves", tags={"team": "blue"})
    client.create_model_version(name, f"runs:/{run.info.run_id}/model", run.info.run_id)
    client.set_registered_model_alias(name, "best", 1)
    version = client.get_model_version_by_alias(name, "best")
    assert (version.version, version.run_id) == ("1", run.info.run_id)
    assert client.get_registered_model(name).tags == {"team": "blue"}
    assert [found.name for found in client.search_registered_models(f"name = '{name}'")] == [name]
    client.delete_registered_model(name)
    assert client.search_registered_models(f"name = '{name}'") == []


def test_a_fit_is_recorded_and_its_model_loads(remote: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIT], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["params"]["max_iter"] == "300"
    assert said["metrics"]["training_accuracy_score"] > 0.9
    assert said["datasets"] == ["X"]
    assert said["same"][0] is True and said["same"][1] > 0.9
    assert "training_confusion_matrix.png" in said["files"]
    assert done.stderr == ""


def test_a_process_that_is_killed_loses_nothing(remote: str, tmp_path: Path) -> None:
    code = (
        "import os, signal, trackline\n"
        "trackline.set_experiment('killed')\n"
        "run = trackline.start_run()\n"
        "for step in range(1000): trackline.log_metric('loss', 0.5, step=step)\n"
        "print(run.info.run_id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    run_id = done.stdout.strip()
    # A `git` that the killed process was about to start may hold the lock of its journal for a moment more.
    end = time.monotonic() + 300
    while time.monotonic() < end:
        with contextlib.suppress(trackline.exceptions.MlflowException):
            if trackline.get_run(run_id).info.status == "KILLED":
                break
        time.sleep(0.1)
    assert len(trackline.MlflowClient().get_metric_history(run_id, "loss")) == 1000
    assert trackline.get_run(run_id).info.status == "KILLED"


SEARCH = """
import trackline
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

trackline.set_experiment("searches")
trackline.autolog(log_models=False)
X, y = load_iris(return_X_y=True)
GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.1, 1.0]}, cv=3, n_jobs=2).fit(X, y)
run = trackline.last_active_run()
for child in trackline.search_runs(
    filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list"
):
    print(child.info.status, sorted(key for key in child.data.metrics if key.endswith("_test_score")))
"""


def test_the_workers_of_a_search_log_to_the_server_too(remote: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEARCH], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    scores = ["mean_test_score", "rank_test_score", "split0_test_score", "split1_test_score", "split2_test_score", "std_test_score"]
    assert done.stdout.splitlines() == [f"FINISHED {scores}"] * 2
    assert not (tmp_path / ".trackline").exists()
