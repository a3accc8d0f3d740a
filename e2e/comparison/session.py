"""What a user of MLflow's official client does; prints what the client then sees, as JSON."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

seen: dict[str, Any] = {}
EXPERIMENT = f"session of {mlflow.__version__}"
MODEL = f"model of {mlflow.__version__}"
# MLflow 2 keeps a model as files of its run.
HAS_LOGGED_MODELS = hasattr(MlflowClient, "get_logged_model")


def error(call: Any, *arguments: Any, **named: Any) -> str:
    try:
        call(*arguments, **named)
    except MlflowException as caught:
        return str(caught.error_code)
    return "no error"


def track(client: MlflowClient) -> str:
    """A run with everything the fluent API logs."""
    mlflow.set_experiment(EXPERIMENT)
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    with mlflow.start_run(run_name="parent", tags={"team": "red"}, description="a run") as run:
        mlflow.log_params({"lr": 0.1, "depth": 3, "none": None})
        for step in range(5):
            mlflow.log_metrics({"loss": 1 / (step + 1), "nan": float("nan"), "inf": float("inf")}, step=step)
        mlflow.set_tags({"mlflow.note.content": "words", "stage": "test"})
        mlflow.log_input(from_pandas(frame, name="frame"), context="training")
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_dict({"a": [1, 2]}, "a.json")
        mlflow.log_table({"x": [1, 2]}, "table.json")
        with mlflow.start_run(run_name="child", nested=True):
            mlflow.log_metric("loss", 2.0)
    client.log_batch(run.info.run_id, [Metric("batch", 1.0, 1, 0)], [Param("p", "v")], [RunTag("t", "v")])
    seen["run"] = client.get_run(run.info.run_id).to_dictionary()
    seen["history"] = [(m.step, m.value) for m in client.get_metric_history(run.info.run_id, "loss")]
    seen["files"] = [(f.path, f.is_dir, f.file_size) for f in client.list_artifacts(run.info.run_id)]
    seen["folder"] = [f.path for f in client.list_artifacts(run.info.run_id, "notes")]
    seen["text"] = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/hello.txt")
    seen["table"] = mlflow.load_table("table.json", run_ids=[run.info.run_id]).to_dict()
    return str(run.info.run_id)


def search(client: MlflowClient) -> None:
    """Searches, pages, and the errors of calls that go wrong."""
    experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None
    runs = mlflow.search_runs(experiment_names=[EXPERIMENT], order_by=["metrics.loss DESC"])
    seen["columns"] = sorted(runs.columns)
    seen["order"] = list(runs["tags.mlflow.runName"])
    page = client.search_runs([experiment.experiment_id], max_results=1)
    seen["page"] = [len(page), bool(page.token)]
    seen["errors"] = [
        error(client.get_run, "f" * 32),
        error(client.search_runs, [experiment.experiment_id], "metrics.loss >"),
        error(client.create_experiment, EXPERIMENT),
        error(client.get_registered_model, "nothing"),
        error(client.log_param, runs.run_id[0], "k" * 251, 1),
    ]


def register(client: MlflowClient, run_id: str) -> None:
    """A model logged, registered, loaded and promoted."""
    with mlflow.start_run(run_id=run_id):
        model = mlflow.pyfunc.log_model(
            **{"name" if HAS_LOGGED_MODELS else "artifact_path": "model"},
            python_model=lambda model_input: model_input, registered_model_name=MODEL,
            input_example=pd.DataFrame({"a": [1]}), pip_requirements=["cloudpickle"],
        )
    client.set_registered_model_alias(MODEL, "champion", "1")
    client.set_model_version_tag(MODEL, "1", "checked", "yes")
    client.transition_model_version_stage(MODEL, "1", "Staging")
    version = client.get_model_version_by_alias(MODEL, "champion")
    seen["version"] = [version.name, version.version, version.status, version.current_stage, version.aliases, version.tags]
    seen["own run"] = version.run_id == run_id
    seen["registered"] = [(m.name, dict(m.aliases)) for m in client.search_registered_models(f"name = '{MODEL}'")]
    for uri in (f"models:/{MODEL}@champion", f"models:/{MODEL}/1", model.model_uri, f"runs:/{run_id}/model"):
        seen[f"prediction {len(seen)}"] = mlflow.pyfunc.load_model(uri).predict(pd.DataFrame({"a": [7]})).to_dict()
    if HAS_LOGGED_MODELS:
        logged = client.get_logged_model(model.model_id)
        seen["logged model"] = [logged.name, str(logged.status), sorted(logged.tags)]
        seen["logged models"] = list(mlflow.search_logged_models(experiment_ids=[logged.experiment_id])["name"])
    client.delete_model_version(MODEL, "1")
    client.delete_run(run_id)
    seen["stage"] = client.get_run(run_id).info.lifecycle_stage


def download(run_id: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="", dst_path=folder)
        seen["downloaded"] = sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file())


if __name__ == "__main__":
    own = MlflowClient()
    parent = track(own)
    search(own)
    download(parent)
    register(own, parent)
    print(json.dumps(seen, default=str))
