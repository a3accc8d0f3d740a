"""`TRACKLINE_MODE`: what is for a server waits, or nothing is recorded at all."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Script = Callable[..., subprocess.CompletedProcess[str]]

USES_ALL = """
import json, sys
import trackline as mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

mlflow.set_experiment("away")
mlflow.autolog()
with mlflow.start_run(run_name="it", tags={"team": "blue"}) as run:
    mlflow.log_param("lr", 0.1)
    mlflow.log_metric("loss", 0.5, step=1)
    mlflow.log_metrics({"a": 1, "b": 2})
    mlflow.log_text("hello", "notes.txt")
    mlflow.log_dict({"a": 1}, "a.json")
    mlflow.set_tag("team", "red")
    X, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=300).fit(X, y)
    mlflow.sklearn.log_model(model, name="mine")
    with mlflow.start_run(nested=True) as child:
        child.log_metric("part", 1)
assert mlflow.active_run() is None
assert model.score(X, y) > 0.9
print(len(run.info.run_id))
"""

READS = """
assert run.data.metrics == {} and run.info.status == "FINISHED"
assert mlflow.get_run(run.info.run_id).info.run_name == "it"
assert [found.data.metrics for found in mlflow.search_runs(output_format="list")] == [{}, {}]
client = mlflow.MlflowClient()
assert client.get_run(run.info.run_id).info.run_id == run.info.run_id
client.create_registered_model("churn")
mlflow.flush()
import os, glob
print(len(glob.glob(os.environ["TMPDIR"] + "/*")))
"""


def commanded(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trackline", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_off_records_nothing_and_every_call_is_good(script: Script, store: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = script(USES_ALL + READS, TRACKLINE_MODE="off", TRACKLINE_URI=str(store), TMPDIR=str(temporary))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["32", "1"]
    assert not store.exists() and list(temporary.iterdir()) == []


def test_offline_a_local_store_is_used_as_ever(script: Script, store: Path) -> None:
    done = script(USES_ALL + "assert run.data.metrics['loss'] == 0.5", TRACKLINE_MODE="offline")
    assert (done.returncode, done.stderr) == (0, "")
    assert (store / "trackline.db").exists()


def test_what_was_logged_offline_reaches_the_server_by_sync(script: Script, tmp_path: Path) -> None:
    port, state = free_port(), str(tmp_path / "state")
    address = f"http://127.0.0.1:{port}"
    done = script(USES_ALL, TRACKLINE_MODE="offline", TRACKLINE_URI=address, XDG_STATE_HOME=state)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "32\n")

    told = commanded("sync", XDG_STATE_HOME=state)
    assert told.returncode == 1
    assert f"cannot reach {address}" in told.stderr and f": 1 journal left in {state}" in told.stderr

    server = subprocess.Popen(
        [sys.executable, "-m", "trackline", "server", "--port", str(port), "--store", str(tmp_path / "served")],
        stdout=subprocess.PIPE,
    )
    try:
        assert server.stdout is not None
        server.stdout.readline(), server.stdout.readline()
        told = commanded("sync", XDG_STATE_HOME=state)
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout.startswith(f"{address}: brought in ") and told.stdout.endswith("of 2 runs from 1 process\n")
        assert commanded("sync", XDG_STATE_HOME=state).stdout == "Nothing waits.\n"
        listed = commanded("runs", "show", "it", "--json", "--store", address, XDG_STATE_HOME=state)
        run = json.loads(listed.stdout)
        assert (run["status"], run["experiment"], run["params"]["lr"]) == ("FINISHED", "away", "0.1")
        assert run["metrics"]["loss"] == 0.5 and run["tags"]["team"] == "red"
        assert {"notes.txt", "a.json"} <= {file["path"] for file in run["artifacts"]}
    finally:
        server.terminate()
        server.wait(timeout=300)


def test_the_end_of_a_program_does_not_wait_for_ever(script: Script, tmp_path: Path) -> None:
    done = script(
        "import trackline\nwith trackline.start_run(): trackline.log_metric('a', 1)",
        TRACKLINE_URI=f"http://127.0.0.1:{free_port()}",
        TRACKLINE_EXIT_TIMEOUT="0.3",
        XDG_STATE_HOME=str(tmp_path / "state"),
    )
    assert (done.returncode, done.stdout) == (0, "")
    told = [line for line in done.stderr.splitlines() if "kB are kept in" in line]
    assert len(told) == 1 and str(tmp_path / "state") in told[0] and "trackline sync" in told[0]


@pytest.mark.parametrize("waits", ["trackline.flush()", "trackline.get_run(run.info.run_id)", ""])
def test_who_is_tired_of_waiting_presses_ctrl_c(store: Path, tmp_path: Path, waits: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        code = (
            "import trackline\n"
            "run = trackline.start_run()\n"
            "trackline.log_metric('a', 1)\n"
            "run.end()\n"
            "print('waits', flush=True)\n" + waits
        )
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {**os.environ, "TRACKLINE_URI": address, "XDG_STATE_HOME": str(tmp_path / "state")}
        environment["TRACKLINE_EXIT_TIMEOUT"] = "0.1" if waits else "60"
        process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waits\n"
        while process.poll() is None:
            time.sleep(1)
            process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=300)
    if waits:
        assert process.returncode == -signal.SIGINT and "KeyboardInterrupt" in stderr
    else:
        assert process.returncode in (0, -signal.SIGINT) and "trackline sync" in stderr
    assert len(list((tmp_path / "state").glob("trackline/spool/*/journals/*.journal"))) == 1


def test_flush_waits_no_longer_than_it_is_told(script: Script, tmp_path: Path) -> None:
    done = script(
        "import trackline\n"
        "with trackline.start_run(): trackline.log_metric('a', 1)\n"
        "try:\n"
        "    trackline.flush(timeout=0.2)\n"
        "except trackline.MlflowException as error:\n"
        "    print(error.error_code)\n",
        TRACKLINE_URI=f"http://127.0.0.1:{free_port()}",
        TRACKLINE_EXIT_TIMEOUT="0",
        XDG_STATE_HOME=str(tmp_path / "state"),
    )
    assert (done.returncode, done.stdout) == (0, "DEADLINE_EXCEEDED\n")
