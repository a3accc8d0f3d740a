"""How runs end with their process."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable

import pytest

import trackline as mlflow

Script = Callable[..., subprocess.CompletedProcess[str]]

LOGS = "import trackline as mlflow\nrun = mlflow.start_run(run_name='it')\nmlflow.log_metric('a', 1)\n"


def ended(name: str = "it") -> mlflow.entities.Run:
    runs = mlflow.search_runs(filter_string=f"run_name = '{name}'", output_format="list")
    assert len(runs) == 1
    return runs[0]


@pytest.mark.parametrize(
    ("ending", "status", "code"),
    [
        ("", "FINISHED", 0),
        ("raise ValueError('no')", "FAILED", 1),
        ("raise KeyboardInterrupt", "FAILED", -signal.SIGINT),
        ("import sys; sys.exit(3)", "FAILED", 3),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass", "FINISHED", 0),
    ],
)
def test_an_open_run_ends_with_the_program(script: Script, ending: str, status: str, code: int) -> None:
    done = script(LOGS + ending)
    assert done.returncode == code
    assert done.stdout == ""
    assert "trackline" not in done.stderr
    assert ended().info.status == status
    assert ended().data.metrics == {"a": 1.0}


def test_what_was_logged_survives_a_kill(script: Script) -> None:
    done = script(LOGS + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == -signal.SIGKILL
    assert ended().data.metrics == {"a": 1.0}


def test_a_forked_child_ends_no_run_of_its_parent(script: Script) -> None:
    done = script(
        LOGS + "import os, sys\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    mlflow.log_metric('from_child', 2)\n"
        "    sys.exit(0)\n"
        "os.waitpid(pid, 0)\n"
        "print(mlflow.get_run(run.info.run_id).info.status)\n"
        "print(sorted(mlflow.get_run(run.info.run_id).data.metrics))\n"
    )
    assert done.stderr == ""
    assert done.stdout.split("\n")[:2] == ["RUNNING", "['a', 'from_child']"]
    assert ended().info.status == "FINISHED"


def test_worker_processes_log_to_the_run_they_are_given(script: Script) -> None:
    done = script(
        "import multiprocessing, trackline as mlflow\n"
        "def work(run_id):\n"
        "    mlflow.log_metric('from_worker', 3, run_id=run_id)\n"
        "if __name__ == '__main__':\n"
        "    with mlflow.start_run(run_name='it') as run:\n"
        "        process = multiprocessing.get_context('fork').Process(target=work, args=(run.info.run_id,))\n"
        "        process.start(); process.join()\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ended().data.metrics == {"from_worker": 3.0}


def test_stores_that_have_gone_make_no_trouble_of_their_own(script: Script) -> None:
    done = script(
        "import os, shutil, trackline as mlflow\n"
        "for folder in ('one', 'two'):\n"
        "    mlflow.set_tracking_uri(folder)\n"
        "    with mlflow.start_run():\n"
        "        mlflow.log_metric('a', 1)\n"
        "while any(map(os.path.exists, ('one', 'two'))):\n"  # The drain may be writing just then.
        "    for folder in ('one', 'two'):\n"
        "        shutil.rmtree(folder, ignore_errors=True)\n"
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
