"""The client: everything by id, run or no run."""

from __future__ import annotations

from pathlib import Path

import pytest

import trackline as mlflow
from trackline.entities import DatasetInput, InputTag, Metric, Param, RunStatus, RunTag

pytestmark = pytest.mark.usefixtures("store")


def test_a_run_by_hand() -> None:
    client = mlflow.MlflowClient()
    experiment_id = client.create_experiment("by hand")
    run = client.create_run(experiment_id, start_time=1000, tags={"a": 1}, run_name="one")
    run_id = run.info.run_id
    assert (run.info.status, run.info.start_time, run.info.run_name) == ("RUNNING", 1000, "one")
    client.log_batch(
        run_id,
        metrics=[Metric("m", 0.1, 5, 0), Metric("m", 0.2, 6, 1)],
        params=[Param("p", "x")],
        tags=[RunTag("t", "y")],
    )
    client.log_metric(run_id, "n", 3)
    assert client.log_param(run_id, "q", 4) == 4
    client.set_tag(run_id, "u", "z")
    client.delete_tag(run_id, "a")
    client.log_text(run_id, "text", "x.txt")
    client.update_run(run_id, name="two")
    client.set_terminated(run_id, "FAILED", end_time=2000)
    found = client.get_run(run_id)
    assert found.data.metrics == {"m": 0.2, "n": 3.0}
    assert found.data.params == {"p": "x", "q": "4"}
    assert {"t": "y", "u": "z"}.items() <= found.data.tags.items()
    assert "a" not in found.data.tags
    assert (found.info.run_name, found.info.status, found.info.end_time) == ("two", "FAILED", 2000)
    assert [(m.value, m.timestamp, m.step) for m in client.get_metric_history(run_id, "m")] == [(0.1, 5, 0), (0.2, 6, 1)]
    assert [item.path for item in client.list_artifacts(run_id)] == ["x.txt"]
    assert Path(client.download_artifacts(run_id, "x.txt")).read_text() == "text"


def test_pages_of_runs() -> None:
    client = mlflow.MlflowClient()
    made = {client.create_run("0", start_time=number).info.run_id for number in range(5)}
    found: list[str] = []
    token = None
    while True:
        page = client.search_runs(["0"], max_results=2, page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if token is None:
            break
    assert len(found) == 5
    assert set(found) == made


def test_inputs_by_hand() -> None:
    client = mlflow.MlflowClient()
    run_id = client.create_run("0").info.run_id
    dataset = mlflow.entities.Dataset("d", "12345678", "code", "{}", None, None)
    client.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", "eval")])])
    (found,) = client.get_run(run_id).inputs.dataset_inputs
    assert found == DatasetInput(dataset, [InputTag("mlflow.data.context", "eval")])


def test_experiments_are_renamed_deleted_and_restored() -> None:
    client = mlflow.MlflowClient()
    experiment_id = client.create_experiment("before")
    client.rename_experiment(experiment_id, "after")
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    client.restore_experiment(experiment_id)
    client.set_experiment_tag(experiment_id, "k", 1)
    found = client.get_experiment_by_name("after")
    assert found is not None
    assert (found.lifecycle_stage, found.tags) == ("active", {"k": "1"})


def test_another_store_is_another_world(tmp_path: Path) -> None:
    with mlflow.start_run() as run:
        pass
    other = mlflow.MlflowClient(str(tmp_path / "elsewhere"))
    assert list(other.search_runs(["0"])) == []
    made = other.create_run("0", run_name="there")
    assert [r.info.run_name for r in other.search_runs(["0"])] == ["there"]
    assert [r.info.run_id for r in mlflow.search_runs(output_format="list")] == [run.info.run_id]
    assert made.info.run_id != run.info.run_id


def test_entities_are_values() -> None:
    assert Metric("a", 1.0, 2, 3) == Metric("a", 1.0, 2, 3)
    assert dict(Param("k", "v")) == {"key": "k", "value": "v"}
    assert RunStatus.to_string(RunStatus.FINISHED) == "FINISHED"
    assert RunStatus.is_terminated(RunStatus.from_string("KILLED"))
    with mlflow.start_run() as run:
        mlflow.log_metric("m", 1)
    assert mlflow.get_run(run.info.run_id).to_dictionary()["data"]["metrics"] == {"m": 1.0}
