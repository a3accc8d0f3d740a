"""What is recorded of `examples/sklearn_grid.py`: the search, and every candidate as a child."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest
from server import Server, by_key

CANDIDATES = 12
FOLDS = 5


@pytest.fixture(scope="module")
def parent(server: Server) -> Any:
    (found,) = server.runs("tags.estimator_name = 'GridSearchCV'")
    return found


@pytest.fixture(scope="module")
def children(server: Server, parent: Any) -> list[Any]:
    return server.runs(f"tags.mlflow.parentRunId = '{parent['info']['run_id']}'", ["attributes.start_time ASC"])


def test_the_script_prints_its_run(recorded: dict[str, subprocess.CompletedProcess[str]], parent: Any) -> None:
    assert parent["info"]["run_id"] in recorded["sklearn_grid.py"].stdout
    assert "best_cv_score" in recorded["sklearn_grid.py"].stdout


def test_the_parent_is_recorded_as_mlflow_records_it(parent: Any) -> None:
    params, metrics = by_key(parent["data"]["params"]), by_key(parent["data"]["metrics"])
    assert {"best_max_depth", "best_n_estimators", "best_min_samples_split", "cv", "estimator", "param_grid"} <= set(params)
    assert params["cv"] == "5"
    assert metrics["best_cv_score"] == pytest.approx(0.9667, abs=0.02)
    for key in ("accuracy_score", "f1_score", "precision_score", "recall_score", "log_loss", "roc_auc", "score"):
        assert f"training_{key}" in metrics
    assert parent["info"]["status"] == "FINISHED"


def test_the_parent_keeps_its_files(server: Server, parent: Any) -> None:
    files = set(server.artifacts(parent["info"]["run_id"]))
    assert {"cv_results.csv", "estimator.html", "training_confusion_matrix.png"} <= files
    table = server.raw(f"/get-artifact?run_id={parent['info']['run_id']}&path=cv_results.csv").decode().splitlines()
    assert len(table) == CANDIDATES + 1


def test_both_models_are_kept(server: Server, parent: Any) -> None:
    ids = [output["model_id"] for output in parent["outputs"]["model_outputs"]]
    names = {server.get(f"logged-models/{model_id}")["model"]["info"]["name"] for model_id in ids}
    assert names == {"model", "best_estimator"}


def test_every_candidate_is_a_child_with_its_own_time(children: list[Any]) -> None:
    assert len(children) == CANDIDATES
    times = {(child["info"]["start_time"], child["info"]["end_time"]) for child in children}
    assert len(times) == CANDIDATES
    assert all(child["info"]["status"] == "FINISHED" for child in children)


def test_every_candidate_has_its_params_and_its_folds(server: Server, children: list[Any]) -> None:
    combinations = set()
    for child in children:
        params, metrics = by_key(child["data"]["params"]), by_key(child["data"]["metrics"])
        combinations.add((params["n_estimators"], params.get("max_depth", "None"), params["min_samples_split"]))
        assert {"mean_test_score", "std_test_score", "rank_test_score", "mean_fit_time"} <= set(metrics)
        folds = [metrics[f"split{fold}_test_score"] for fold in range(FOLDS)]
        assert sum(folds) / FOLDS == pytest.approx(metrics["mean_test_score"])
    assert len(combinations) == CANDIDATES
