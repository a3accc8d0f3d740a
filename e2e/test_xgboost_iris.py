"""What one line records of `examples/xgboost_iris.py`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from script import run_script
from server import Server, by_key


@pytest.fixture(scope="module")
def run(server: Server) -> Any:
    found = [run for run in server.runs() if "n_estimators" in by_key(run["data"].get("params", []))
             and by_key(run["data"]["params"]).get("max_depth") == "3" and run["outputs"].get("model_outputs")
             and not any(tag["key"] == "mlflow.parentRunId" for tag in run["data"]["tags"])
             and by_key(run["data"]["tags"])["mlflow.source.name"].endswith("xgboost_iris.py")]
    assert len(found) == 1
    return found[0]


def test_the_script_prints_what_it_prints_without_us(recorded: dict[str, subprocess.CompletedProcess[str]]) -> None:
    assert "Traceback" not in recorded["xgboost_iris.py"].stderr
    assert "Warning" not in recorded["xgboost_iris.py"].stderr


def test_the_run_ended_well(run: Any) -> None:
    assert run["info"]["status"] == "FINISHED"
    assert run["info"]["end_time"] >= run["info"]["start_time"]


def test_params_are_those_that_hold_a_value(run: Any) -> None:
    params = by_key(run["data"]["params"])
    assert params["n_estimators"] == "100"
    assert params["max_depth"] == "3"
    assert params["objective"] == "multi:softprob"
    assert "None" not in params.values()


def test_training_metrics_are_there_without_an_eval_set(run: Any) -> None:
    metrics = by_key(run["data"]["metrics"])
    for key in ("accuracy_score", "f1_score", "precision_score", "recall_score", "log_loss", "roc_auc"):
        assert 0.0 <= metrics[f"training_{key}"] <= 1.0, key
    assert metrics["training_accuracy_score"] > 0.95


def test_feature_importance_is_data_and_picture(server: Server, run: Any) -> None:
    run_id = run["info"]["run_id"]
    assert {"feature_importance_weight.json", "feature_importance_weight.png"} <= set(server.artifacts(run_id))
    importance = json.loads(server.raw(f"/get-artifact?run_id={run_id}&path=feature_importance_weight.json"))
    assert len(importance) == 4
    assert all(weight > 0 for weight in importance.values())
    assert server.raw(f"/get-artifact?run_id={run_id}&path=feature_importance_weight.png").startswith(b"\x89PNG")


def test_the_dataset_is_described_with_its_labels(run: Any) -> None:
    (item,) = run["inputs"]["dataset_inputs"]
    assert by_key(item["tags"])["mlflow.data.context"] == "train"
    dataset = item["dataset"]
    assert dataset["name"] and dataset["digest"]
    schema, profile = json.loads(dataset["schema"]), json.loads(dataset["profile"])
    assert "120" in json.dumps(profile)
    assert "target" in json.dumps(schema).lower() or "label" in json.dumps(schema).lower()


def test_the_environment_is_on_record(server: Server, run: Any) -> None:
    run_id = run["info"]["run_id"]
    environment = json.loads(server.raw(f"/api/trackline/runs/{run_id}/documents/environment"))
    names = {package["name"].lower() for package in environment["packages"]}
    assert {"scikit-learn", "xgboost-cpu", "trackline"} <= names
    assert environment["python"]["version"].startswith("3.")
    assert environment["cpu"]["cores"] >= 1


def test_the_model_loads_and_predicts_again(project: Path, run: Any) -> None:
    (output,) = run["outputs"]["model_outputs"]
    (project / "load.py").write_text(LOAD)
    done = run_script(project, "load.py", run["info"]["run_id"], output["model_id"])
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.strip().splitlines()[-1])
    assert answers["native"] == answers["pyfunc"] == answers["by_run"]
    assert len(answers["native"]) == 150


LOAD = """
import json, sys
from sklearn.datasets import load_iris
import trackline
X, _ = load_iris(return_X_y=True)
run_id, model_id = sys.argv[1:]
answers = {
    "native": trackline.xgboost.load_model(f"models:/{model_id}").predict(X).tolist(),
    "pyfunc": trackline.pyfunc.load_model(f"models:/{model_id}").predict(X).tolist(),
    "by_run": trackline.pyfunc.load_model(f"runs:/{run_id}/model").predict(X).tolist(),
}
print(json.dumps(answers))
"""
