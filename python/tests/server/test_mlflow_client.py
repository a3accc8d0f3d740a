"""The stock MLflow client against our server: what a team sees that replaces `mlflow server`."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest


def test_what_is_logged_is_read_back(mlflow: Any) -> None:
    with mlflow.start_run(run_name="first", tags={"team": "ads"}, description="a try") as run:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "kind": "tree"})
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_metrics({"loss": 0.25, "acc": 0.9}, step=2)
        mlflow.set_tag("mood", "good")
    found = mlflow.get_run(run.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.info.run_name == "first"
    assert found.info.end_time >= found.info.start_time
    assert found.data.params == {"depth": "3", "rate": "0.1", "kind": "tree"}
    assert found.data.metrics == {"loss": 0.25, "acc": 0.9}
    assert found.data.tags["team"] == "ads"
    assert found.data.tags["mood"] == "good"
    assert found.data.tags["mlflow.note.content"] == "a try"


def test_metric_history_keeps_every_point(mlflow: Any) -> None:
    values = [1.0, float("nan"), float("inf"), -float("inf"), 0.5]
    with mlflow.start_run() as run:
        for step, value in enumerate(values):
            mlflow.log_metric("loss", value, step=step)
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in history] == [0, 1, 2, 3, 4]
    assert math.isnan(history[1].value)
    # MLflow's protocol has no infinities: they come back as the largest doubles.
    assert history[2].value == pytest.approx(1.7976931348623157e308)
    assert history[3].value == pytest.approx(-1.7976931348623157e308)


def test_a_param_cannot_be_changed(mlflow: Any) -> None:
    with mlflow.start_run():
        mlflow.log_param("depth", 3)
        mlflow.log_param("depth", 3)
        with pytest.raises(mlflow.MlflowException, match="Changing param values is not allowed"):
            mlflow.log_param("depth", 4)


def test_search_filters_orders_and_pages(mlflow: Any) -> None:
    for loss in (0.3, 0.1, 0.2):
        with mlflow.start_run(run_name=f"run {loss}"):
            mlflow.log_metric("loss", loss)
            mlflow.log_param("kind", "tree" if loss < 0.25 else "forest")
    trees = mlflow.search_runs(filter_string="params.kind = 'tree' and metrics.loss < 1", order_by=["metrics.loss DESC"])
    assert list(trees["metrics.loss"]) == [0.2, 0.1]
    named = mlflow.search_runs(filter_string="attributes.run_name LIKE 'run 0.3'", output_format="list")
    assert [run.data.params["kind"] for run in named] == ["forest"]
    client = mlflow.MlflowClient()
    experiment_id = mlflow.get_experiment_by_name("test_search_filters_orders_and_pages").experiment_id
    first = client.search_runs([experiment_id], max_results=2, order_by=["metrics.loss ASC"])
    rest = client.search_runs([experiment_id], max_results=2, order_by=["metrics.loss ASC"], page_token=first.token)
    assert [run.data.metrics["loss"] for run in [*first, *rest]] == [0.1, 0.2, 0.3]
    assert not rest.token
    with pytest.raises(mlflow.MlflowException):
        client.search_runs([experiment_id], "metrics.loss !! 3")


def test_children_point_at_their_parent(mlflow: Any) -> None:
    with mlflow.start_run() as parent:
        with mlflow.start_run(nested=True) as child:
            mlflow.log_metric("loss", 1)
    found = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{parent.info.run_id}'", output_format="list")
    assert [run.info.run_id for run in found] == [child.info.run_id]


def test_a_failing_run_says_so(mlflow: Any) -> None:
    with pytest.raises(ZeroDivisionError), mlflow.start_run() as run:
        1 / 0
    assert mlflow.get_run(run.info.run_id).info.status == "FAILED"


def test_runs_and_experiments_are_deleted_and_restored(mlflow: Any) -> None:
    client = mlflow.MlflowClient()
    experiment_id = client.create_experiment("to delete", tags={"team": "ads"})
    run = client.create_run(experiment_id)
    client.delete_run(run.info.run_id)
    assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
    assert client.search_runs([experiment_id]) == []
    client.restore_run(run.info.run_id)
    client.delete_experiment(experiment_id)
    assert client.get_experiment(experiment_id).lifecycle_stage == "deleted"
    client.restore_experiment(experiment_id)
    client.rename_experiment(experiment_id, "renamed")
    client.set_experiment_tag(experiment_id, "owner", "ann")
    [found] = client.search_experiments(filter_string="name = 'renamed'")
    assert found.tags == {"team": "ads", "owner": "ann"}


def test_files_of_every_kind_come_back(mlflow: Any, tmp_path: Path) -> None:
    import numpy
    import pandas
    from PIL import Image

    (tmp_path / "notes.md").write_text("# notes")
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    (tmp_path / "folder" / "deep" / "a b.bin").write_bytes(bytes(range(256)) * 5000)
    with mlflow.start_run() as run:
        mlflow.log_text("hello", "texts/hello.txt")
        mlflow.log_dict({"a": 1}, "a.json")
        mlflow.log_artifact(str(tmp_path / "notes.md"), "docs")
        mlflow.log_artifacts(str(tmp_path / "folder"), "folder")
        mlflow.log_image(Image.fromarray(numpy.zeros((4, 4, 3), dtype="uint8")), "black.png")
        mlflow.log_image(numpy.zeros((4, 4, 3), dtype="uint8"), key="frames", step=1)
        mlflow.log_table({"x": [1], "y": ["a"]}, "table.json")
        mlflow.log_table(pandas.DataFrame({"x": [2], "y": ["b"]}), "table.json")
    uri = f"runs:/{run.info.run_id}"
    assert mlflow.artifacts.load_text(f"{uri}/texts/hello.txt") == "hello"
    assert mlflow.artifacts.load_dict(f"{uri}/a.json") == {"a": 1}
    assert list(mlflow.load_table("table.json", [run.info.run_id])["y"]) == ["a", "b"]
    assert mlflow.artifacts.load_image(f"{uri}/black.png").size == (4, 4)
    local = Path(mlflow.artifacts.download_artifacts(f"{uri}/folder", dst_path=str(tmp_path / "back")))
    assert (local / "deep" / "a b.bin").read_bytes() == bytes(range(256)) * 5000
    client = mlflow.MlflowClient()
    listed = {(file.path, file.is_dir) for file in client.list_artifacts(run.info.run_id)}
    assert {("docs", True), ("a.json", False), ("table.json", False)} <= listed
    assert [file.path for file in client.list_artifacts(run.info.run_id, "folder/deep")] == ["folder/deep/a b.bin"]


def test_a_dataset_is_an_input(mlflow: Any) -> None:
    import pandas

    frame = pandas.DataFrame({"x": [1.0, 2.0], "y": [0, 1]})
    with mlflow.start_run() as run:
        dataset = mlflow.data.from_pandas(frame, name="points", targets="y")
        mlflow.log_input(dataset, context="train")
    [found] = mlflow.get_run(run.info.run_id).inputs.dataset_inputs
    assert (found.dataset.name, found.dataset.digest) == ("points", dataset.digest)
    assert json.loads(found.dataset.profile) == {"num_rows": 2, "num_elements": 4}
    assert [tag.value for tag in found.tags if tag.key == "mlflow.data.context"] == ["train"]


def test_the_registry_keeps_versions_aliases_and_stages(mlflow: Any) -> None:
    from sklearn.linear_model import LinearRegression

    client = mlflow.MlflowClient()
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(LinearRegression().fit([[0], [1]], [0, 1]), name="line")
    first = mlflow.register_model(info.model_uri, "line", tags={"team": "ads"})
    second = mlflow.register_model(info.model_uri, "line")
    assert (str(first.version), str(second.version), first.status) == ("1", "2", "READY")
    client.set_registered_model_alias("line", "champion", "2")
    assert str(client.get_model_version_by_alias("line", "champion").version) == "2"
    client.transition_model_version_stage("line", "1", "Production")
    assert client.get_latest_versions("line", ["Production"])[0].version in ("1", 1)
    client.update_model_version("line", "1", description="the first")
    assert client.get_model_version("line", "1").description == "the first"
    assert [model.name for model in client.search_registered_models("name LIKE 'lin%'")] == ["line"]
    assert len(client.search_model_versions("name = 'line'")) == 2
    for uri in ("models:/line/1", "models:/line@champion", "models:/line/latest"):
        assert mlflow.pyfunc.load_model(uri).predict([[2.0]])[0] == pytest.approx(2.0)
    client.delete_registered_model_alias("line", "champion")
    client.delete_model_version("line", "1")
    client.rename_registered_model("line", "straight")
    client.delete_registered_model("straight")
    with pytest.raises(mlflow.MlflowException, match="not found"):
        client.get_registered_model("straight")


def test_logged_models_are_found_by_their_metrics(mlflow: Any) -> None:
    experiment_id = mlflow.get_experiment_by_name("test_logged_models_are_found_by_their_metrics").experiment_id
    with mlflow.start_run():
        for accuracy in (0.7, 0.9):
            model = mlflow.create_external_model(name=f"m{int(accuracy * 10)}", params={"a": "1"})
            mlflow.log_metric("acc", accuracy, model_id=model.model_id)
    found = mlflow.search_logged_models([experiment_id], "metrics.acc > 0.8", output_format="list")
    assert [model.name for model in found] == ["m9"]
    client = mlflow.MlflowClient()
    client.set_logged_model_tags(found[0].model_id, {"team": "ads"})
    client.delete_logged_model_tag(found[0].model_id, "team")
    client.delete_logged_model(found[0].model_id)
    assert len(mlflow.search_logged_models([experiment_id], output_format="list")) == 1
