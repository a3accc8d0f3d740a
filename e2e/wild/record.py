"""Everything that a tracker's store holds, as JSON: `python record.py mlflow|trackline ADDRESS`. Both have the same client."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any


def artifacts(client: Any, run_id: str, folder: str | None = None) -> list[str]:
    """The paths of a run's files."""
    paths = []
    for info in client.list_artifacts(run_id, folder):
        paths += artifacts(client, run_id, info.path) if info.is_dir else [info.path]
    return paths


def whole_run(client: Any, run: Any) -> dict[str, Any]:
    """What is on record of one run."""
    points = {key: client.get_metric_history(run.info.run_id, key) for key in run.data.metrics}
    return {
        "status": run.info.status,
        "parent": run.data.tags.get("mlflow.parentRunId"),
        "params": dict(run.data.params),
        "metrics": {key: [point.value for point in history] for key, history in points.items()},
        "artifacts": artifacts(client, run.info.run_id),
        "datasets": [{"schema": each.dataset.schema, "profile": each.dataset.profile} for each in run.inputs.dataset_inputs],
    }


def sources(library: Any, runs: list[Any]) -> dict[str, str]:
    """Where each item came from: `params/lr` → `argparse`."""
    kinds = {"param": "params", "metric": "metrics", "artifact": "files"}
    captured = (item for run in runs for item in library.explain(run))
    return {f"{kinds[item.kind]}/{item.key}": item.source for item in captured if item.kind in kinds}


def main(tracker: str, address: str) -> None:
    library = importlib.import_module(tracker)
    library.set_tracking_uri(address)
    client = library.MlflowClient()
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    runs = client.search_runs(experiments, max_results=1000)
    models = client.search_logged_models(experiments)
    record = {"runs": [whole_run(client, run) for run in runs], "models": [model.name for model in models]}
    record["sources"] = sources(library, runs) if hasattr(library, "explain") else {}
    json.dump(record, sys.stdout)


main(*sys.argv[1:])
