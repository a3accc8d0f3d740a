"""Runs scripts under the autologging of one tracker, in one process, and writes down what that put on record.

    python record.py mlflow|trackline scripts… > dump.json
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import runpy
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any


def record(tracker: Any, script: Path) -> list[dict[str, Any]]:
    """The top-level runs that the script made, each with its children."""
    experiment = tracker.set_experiment(script.stem)
    with contextlib.redirect_stdout(sys.stderr):
        runpy.run_path(str(script), run_name="__main__")
    client = tracker.MlflowClient()
    runs = sorted(client.search_runs([experiment.experiment_id]), key=lambda run: run.info.start_time)
    dumps = {run.info.run_id: run_dump(client, run) for run in runs}
    top = []
    for run in runs:
        parent = run.data.tags.get("mlflow.parentRunId")
        (dumps[parent]["children"] if parent else top).append(dumps[run.info.run_id])
    return top


def run_dump(client: Any, run: Any) -> dict[str, Any]:
    run_id = run.info.run_id
    histories = {key: client.get_metric_history(run_id, key) for key in run.data.metrics}
    return {
        "status": run.info.status,
        "params": run.data.params,
        "metrics": {key: [[point.step, point.value] for point in points] for key, points in histories.items()},
        "tags": run.data.tags,
        "files": sorted(files(lambda path: client.list_artifacts(run_id, path))),
        "datasets": [dataset_dump(item) for item in run.inputs.dataset_inputs],
        "models": [model_dump(client, output.model_id) for output in run.outputs.model_outputs],
        "children": [],
    }


def dataset_dump(item: Any) -> dict[str, Any]:
    context = next((tag.value for tag in item.tags if tag.key == "mlflow.data.context"), None)
    schema = json.loads(item.dataset.schema or "{}")
    return {"name": item.dataset.name, "context": context, "schema": schema}


def model_dump(client: Any, model_id: str) -> dict[str, Any]:
    model = client.get_logged_model(model_id)
    uri = f"models:/{model_id}"
    info = importlib.import_module(f"{sys.argv[1]}.models").get_model_info(uri)
    return {
        "name": model.name,
        "params": model.params,
        "metrics": sorted({metric.key for metric in model.metrics or ()}),
        "files": sorted(files(lambda path: client.list_logged_model_artifacts(model_id, path))),
        "flavors": {name: sorted(fields) for name, fields in info.flavors.items()},
        "signature": info.signature is not None,
    }


def files(children: Any, path: str | None = None) -> Any:
    for found in children(path):
        if found.is_dir:
            yield from files(children, found.path)
        else:
            yield found.path


def main() -> None:
    name, *scripts = sys.argv[1:]
    tracker = importlib.import_module(name)
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    if name == "mlflow":
        # The requirements of a model are not compared, and MLflow starts a Python for each model to find them.
        tracker.models.infer_pip_requirements = lambda *_, **__: ["mlflow"]
    else:
        # On a busy machine the time for scores of the whole training set is over before they are made.
        importlib.import_module("trackline.integrations._evaluation").LEAST_SECONDS = 10.0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        tracker.set_tracking_uri(f"sqlite:///{folder}/mlflow.db" if name == "mlflow" else f"{folder}/store")
        tracker.autolog()
        dump = {script: record(tracker, Path(script)) for script in scripts}
        tracker.autolog(disable=True)
        os.chdir("/")
    json.dump({Path(script).stem: runs for script, runs in dump.items()}, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
