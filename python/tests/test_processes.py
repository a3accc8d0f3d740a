"""Pools, workers and loaders: what they log goes where their users expect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import trackline as mlflow

POOLS = """
import sys
import trackline as mlflow

def work(item):
    number, run_id = item
    mlflow.log_metric("from_worker", number, step=number, run_id=run_id)
    with mlflow.start_run(run_name=f"worker-{number}") as own:
        mlflow.log_param("number", number)
    return own.info.run_id

def pooled(kind, items):
    if kind in ("loky", "threading", "multiprocessing"):
        import joblib
        return joblib.Parallel(n_jobs=2, backend=kind)(joblib.delayed(work)(item) for item in items)
    if kind == "futures":
        from concurrent.futures import ProcessPoolExecutor
        with ProcessPoolExecutor(2) as pool:
            return list(pool.map(work, items))
    import multiprocessing
    with multiprocessing.get_context(kind).Pool(2) as pool:
        found = pool.map(work, items)
        pool.close(); pool.join()
        return found

if __name__ == "__main__":
    with mlflow.start_run(run_name="it") as run:
        own = pooled(sys.argv[1], [(number, run.info.run_id) for number in range(4)])
        assert mlflow.active_run() == run
    assert len(set(own)) == 4
"""

LOADS = """
import sys
import torch
import trackline as mlflow

class Numbers(torch.utils.data.Dataset):
    def __len__(self): return 8
    def __getitem__(self, index): return torch.tensor(float(index))

if __name__ == "__main__":
    with mlflow.start_run(run_name="it"):
        for epoch in range(2):
            loader = torch.utils.data.DataLoader(
                Numbers(), batch_size=4, num_workers=2, shuffle=False, multiprocessing_context=sys.argv[1]
            )
            for step, batch in enumerate(loader):
                mlflow.log_metric("sum", batch.sum().item(), step=epoch * 2 + step)
"""


def run_file(store: Path, code: str, *arguments: str) -> None:
    file = store.parent / "script.py"
    file.write_text(code)
    done = subprocess.run(
        [sys.executable, str(file), *arguments], cwd=store.parent, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", ["fork", "spawn", "forkserver", "futures", "loky", "threading", "multiprocessing"])
def test_pools_log_to_the_run_they_are_given_and_to_their_own(store: Path, kind: str) -> None:
    run_file(store, POOLS, kind)
    found = {run.info.run_name: run for run in mlflow.search_runs(output_format="list")}
    assert set(found) == {"it", "worker-0", "worker-1", "worker-2", "worker-3"}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    points = mlflow.MlflowClient().get_metric_history(found["it"].info.run_id, "from_worker")
    assert sorted((point.step, point.value) for point in points) == [(number, float(number)) for number in range(4)]
    assert [found[f"worker-{number}"].data.params["number"] for number in range(4)] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_loader_leave_nothing(store: Path, method: str) -> None:
    run_file(store, LOADS, method)
    (run,) = mlflow.search_runs(output_format="list")
    points = mlflow.MlflowClient().get_metric_history(run.info.run_id, "sum")
    assert (run.info.status, [point.value for point in points]) == ("FINISHED", [6.0, 22.0, 6.0, 22.0])


FITS = """
import threading
import trackline as mlflow
from concurrent.futures import ThreadPoolExecutor
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

mlflow.autolog()
X, y = load_iris(return_X_y=True)
barrier = threading.Barrier(4)

def fit(number):
    barrier.wait()
    LogisticRegression(C=number + 1, max_iter=300).fit(X, y)

with ThreadPoolExecutor(4) as pool:
    list(pool.map(fit, range(4)))
"""


def test_four_fits_in_four_threads_are_four_whole_runs(store: Path) -> None:
    run_file(store, FITS)
    runs = mlflow.search_runs(output_format="list")
    assert sorted(run.data.params["C"] for run in runs) == ["1", "2", "3", "4"]
    for run in runs:
        assert run.info.status == "FINISHED"
        assert run.data.metrics["training_accuracy_score"] > 0.9
        assert len(run.inputs.dataset_inputs) == 1 and len(run.outputs.model_outputs) == 1
        assert {"training_confusion_matrix.png", "estimator.html"} <= {
            file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id)
        }
