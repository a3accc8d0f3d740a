"""Processes below `trackline run`, which are parts of one run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import trackline as mlflow

@pytest.mark.parametrize("words", [["-m", "train"], ["-um", "train"], ["-mtrain"], ["-W", "ignore", "-Xutf8", "-Bm", "train"]])
def test_a_module_is_seen_however_it_is_named(store: Path, words: list[str]) -> None:
    (store.parent / "train.py").write_text("print('loss: 0.5')")
    command = [sys.executable, "-m", "trackline", "run", "--", sys.executable, *words]
    done = subprocess.run(command, cwd=store.parent, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "loss: 0.5\n", "")
    (run,) = mlflow.search_runs(output_format="list")
    assert run.data.metrics == {"loss": 0.5}


COSTS = """
import multiprocessing, os, sys
from trackline import _ambient

def cost(seconds):
    _ambient.of_program().handle.add_spent(seconds)

if __name__ == "__main__":
    cost(100)
    if os.fork() == 0:
        cost(200)
        sys.exit()
    os.wait()
    for method, seconds in ("fork", 400), ("spawn", 800), ("forkserver", 1600):
        worker = multiprocessing.get_context(method).Process(target=cost, args=(seconds,))
        worker.start(); worker.join()
        assert worker.exitcode == 0
"""


def run_below(store: Path, code: str, arguments: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    file = store.parent / "script.py"
    file.write_text(code)
    command = [sys.executable, "-m", "trackline", "run", str(file), *arguments]
    return subprocess.run(command, cwd=store.parent, capture_output=True, text=True, timeout=300, check=False)


def test_a_python_that_cannot_join_says_so_in_one_line(store: Path) -> None:
    (store.parent / "old" / "trackline").mkdir(parents=True)
    (store.parent / "old" / "trackline" / "__init__.py").write_text("from trackline import _native_of_another_age")
    code = "import subprocess, sys\nprint('works')\nif sys.argv[1:]: subprocess.run([sys.executable, __file__], check=True)"
    (store.parent / "script.py").write_text(code)
    program = f'PYTHONPATH="$PYTHONPATH:old" TRACKLINE_PACKAGE=old/trackline exec "{sys.executable}" script.py again'
    command = [sys.executable, "-m", "trackline", "run", "--", "sh", "-c", program]
    done = subprocess.run(command, cwd=store.parent, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (0, "works\nworks\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("trackline: what Python did was not recorded (ImportError: ") and "_native_of_another_age" in line
    (run,) = mlflow.search_runs(output_format="list")
    assert run.info.status == "FINISHED"
    assert "_native_of_another_age" in run.data.tags["trackline.error.trackline run"]


LOGS = """
import multiprocessing, os
import trackline as mlflow

def work(name):
    mlflow.log_metric(name, 1)
    assert mlflow.active_run() is None

if __name__ == "__main__":
    mlflow.log_param("lr", 0.1)
    mlflow.end_run()
    for method in "spawn", "forkserver":
        with multiprocessing.get_context(method).Pool(2) as pool:
            pool.map(work, [method + str(number) for number in range(4)])
"""


def test_workers_log_to_the_run_of_the_command(store: Path) -> None:
    done = run_below(store, LOGS)
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = mlflow.search_runs(output_format="list")
    assert run.data.params == {"lr": "0.1"}
    assert set(run.data.metrics) == {method + str(number) for method in ("spawn", "forkserver") for number in range(4)}


FITS = """
import multiprocessing, sys
from sklearn.linear_model import Ridge

def fit(alpha):
    Ridge(alpha=alpha).fit([[0.0], [1.0], [3.0]], [0.0, 1.0, 2.0])

if __name__ == "__main__":
    workers = [multiprocessing.get_context(sys.argv[1]).Process(target=fit, args=(alpha,)) for alpha in (1, 2, 3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_fits_of_workers_are_in_the_run_and_below_it(store: Path, method: str) -> None:
    done = run_below(store, FITS, arguments=[method])
    assert (done.returncode, done.stderr) == (0, "")
    runs = mlflow.search_runs(output_format="list")
    assert sorted(run.data.params["alpha"] for run in runs if run.data.params) == ["1", "2", "3"]
    assert {run.info.status for run in runs} == {"FINISHED"}
    (whole,) = (run for run in runs if "mlflow.parentRunId" not in run.data.tags)
    assert {run.data.tags.get("mlflow.parentRunId", whole.info.run_id) for run in runs} == {whole.info.run_id}


def test_what_each_process_costs_is_counted_once(store: Path) -> None:
    done = run_below(store, COSTS)
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = mlflow.search_runs(output_format="list")
    assert 3_100_000 <= float(run.data.tags["trackline.overhead_ms"]) < 3_150_000
