"""Processes below `trackline run`, which are parts of one run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import trackline as mlflow

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


def run_below(store: Path, code: str, *options: str) -> subprocess.CompletedProcess[str]:
    file = store.parent / "script.py"
    file.write_text(code)
    command = [sys.executable, "-m", "trackline", "run", *options, str(file)]
    return subprocess.run(command, cwd=store.parent, capture_output=True, text=True, timeout=200, check=False)


def test_what_each_process_costs_is_counted_once(store: Path) -> None:
    done = run_below(store, COSTS)
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = mlflow.search_runs(output_format="list")
    assert 3_100_000 <= float(run.data.tags["trackline.overhead_ms"]) < 3_150_000
