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


def test_a_python_that_cannot_join_says_so_in_one_line(store: Path) -> None:
    (store.parent / "old" / "trackline").mkdir(parents=True)
    (store.parent / "old" / "trackline" / "__init__.py").write_text("from trackline import _native_of_another_age")
    code = "import subprocess, sys\nprint('works')\nif sys.argv[1:]: subprocess.run([sys.executable, __file__], check=True)"
    (store.parent / "script.py").write_text(code)
    program = f'PYTHONPATH="$PYTHONPATH:old" TRACKLINE_PACKAGE=old/trackline exec "{sys.executable}" script.py again'
    command = [sys.executable, "-m", "trackline", "run", "--", "sh", "-c", program]
    done = subprocess.run(command, cwd=store.parent, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout) == (0, "works\nworks\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("trackline: what Python did was not recorded (ImportError: ") and "_native_of_another_age" in line
    (run,) = mlflow.search_runs(output_format="list")
    assert run.info.status == "FINISHED"
    assert "_native_of_another_age" in run.data.tags["trackline.error.trackline run"]


def test_what_each_process_costs_is_counted_once(store: Path) -> None:
    done = run_below(store, COSTS)
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = mlflow.search_runs(output_format="list")
    assert 3_100_000 <= float(run.data.tags["trackline.overhead_ms"]) < 3_150_000
