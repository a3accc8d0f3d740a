"""Bad input gets a clear message and the right code, and nothing recorded before is lost."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from script import clean_environment, run_script
from server import Server

COMMAND = str(Path(sys.executable).parent / "trackline")


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], cwd=folder, env=clean_environment(), capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.parametrize(
    ("path", "body", "status", "code", "words"),
    [
        ("runs/search", {"experiment_ids": ["0"], "filter": "metrics.acc > 'high'"}, 400, "INVALID_PARAMETER_VALUE", "high"),
        ("runs/search", {"experiment_ids": ["0"], "filter": "metrics.acc >"}, 400, "INVALID_PARAMETER_VALUE", "metrics.acc"),
        ("runs/log-metric", {"run_id": "f" * 32, "key": "a", "value": 1, "timestamp": 1}, 404, "RESOURCE_DOES_NOT_EXIST", "f" * 32),
        ("runs/create", {"experiment_id": "999999"}, 404, "RESOURCE_DOES_NOT_EXIST", "999999"),
    ],
)
def test_a_bad_request_is_told_what_was_wrong(server: Server, path: str, body: object, status: int, code: str, words: str) -> None:
    got, answer = server.send(path, body)
    error = json.loads(answer)
    assert (got, error["error_code"]) == (status, code)
    assert words in error["message"]


def test_over_rest_a_run_keeps_what_it_had(server: Server) -> None:
    run_id = server.post("runs/create", experiment_id="0")["run"]["info"]["run_id"]
    server.post("runs/log-parameter", run_id=run_id, key="lr", value="0.1")
    for value in ("NaN", "Infinity", 1.5):
        server.post("runs/log-metric", run_id=run_id, key=f"m{value}", value=value, timestamp=1)
    for body in (
        {"run_id": run_id, "params": [{"key": "lr", "value": "0.2"}]},
        {"run_id": run_id, "params": [{"key": "k" * 251, "value": "1"}]},
        {"run_id": run_id, "metrics": [{"key": "m1.5", "value": "abc", "timestamp": 1}]},
    ):
        status, answer = server.send("runs/log-batch", body)
        assert (status, json.loads(answer)["error_code"]) == (400, "INVALID_PARAMETER_VALUE"), answer
    data = server.get("runs/get", run_id=run_id)["run"]["data"]
    assert data["params"] == [{"key": "lr", "value": "0.1"}]
    values = {metric["key"]: metric["value"] for metric in data["metrics"]}
    assert values == {"mNaN": "NaN", "mInfinity": pytest.approx(1.7976931348623157e308), "m1.5": 1.5}


SCRIPT = """
import math, sys
import trackline
with trackline.start_run() as run:
    trackline.log_param("lr", 0.1)
    trackline.log_param("lr", 0.2)
    trackline.log_metrics({"nan": math.nan, "inf": math.inf, "one": 1.0})
    try:
        trackline.log_metric("k" * 251, 1.0)
    except trackline.exceptions.MlflowException as error:
        print(error.error_code, error)
data = trackline.get_run(run.info.run_id).data
print(data.params, sorted(data.metrics))
"""


def test_in_a_script_only_the_bad_call_fails(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    done = run_script(tmp_path, "script.py")
    assert done.returncode == 0, done.stderr
    error, rest = done.stdout.splitlines()
    assert error.startswith("INVALID_PARAMETER_VALUE") and "250" in error
    assert rest == "{'lr': '0.2'} ['inf', 'nan', 'one']"


TRAINING = """
import trackline
trackline.autolog()
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
X, y = load_iris(return_X_y=True)
with trackline.start_run():
    print(LogisticRegression(max_iter=500).fit(X, y).score(X, y) > 0.9)
"""


def test_a_store_that_cannot_be_written_does_not_stop_training(tmp_path: Path) -> None:
    # A file where the folder should be: refused to everybody, the super-user included.
    (tmp_path / ".trackline").write_text("in the way")
    (tmp_path / "train.py").write_text(TRAINING)
    done = run_script(tmp_path, "train.py")
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert ".trackline" in done.stderr


FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import trackline
with trackline.start_run() as run:
    trackline.log_metric("before", 1.0)
trackline.flush()
limit = 1 << 16
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
with trackline.start_run():
    for step in range(20_000):
        trackline.log_metric("loss", 1.0 / (step + 1), step=step)
print("trained", run.info.run_id)
"""


def test_a_full_disk_does_not_stop_training_and_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(FULL)
    done = run_script(tmp_path, "train.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("trained ")
    assert "Traceback" not in done.stderr
    shown = command(tmp_path, "runs", "show", done.stdout.split()[1], "--json")
    assert shown.returncode == 0, shown.stderr
    assert '"before"' in shown.stdout


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = command(tmp_path, "ui", "--port", port)
    assert done.returncode == 1
    assert port in done.stderr and "--port" in done.stderr


def test_the_command_says_what_was_wrong(project: Path) -> None:
    unknown = command(project, "runs", "show", "nosuchrun")
    assert unknown.returncode == 1 and "nosuchrun" in unknown.stderr
    malformed = command(project, "runs", "list", "--filter", "metrics.acc == 1")
    assert malformed.returncode == 2 and "^" in malformed.stderr
