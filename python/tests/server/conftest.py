"""`trackline server` on a store of its own, and the stock MLflow client pointed at it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import trackline
from trackline import _experiment, _tracker

PATIENCE_S = 300
"""A stock MLflow server alone takes ten seconds to start on an idle machine."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            urllib.request.urlopen(f"{url}/health", timeout=10).read()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no answer from {url}")


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own for this test session."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = shutil.which("trackline", path=places)
    assert command, "the trackline command is not installed beside this Python"
    folder = tmp_path_factory.mktemp("store")
    process = subprocess.Popen([command, "server", "--port", "0", "--store", str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield next(word for line in process.stdout for word in line.split() if word.startswith("http://"))
    finally:
        process.terminate()
        process.wait(timeout=300)
        process.stdout.close()


@pytest.fixture(scope="session")
def mlflow_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a stock MLflow server of its own for this test session."""
    port = free_port()
    folder = tmp_path_factory.mktemp("mlflow")
    command = [sys.executable, "-m", "mlflow", "server", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", str(folder / "files")]
    quiet = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    process = subprocess.Popen(
        command, cwd=folder, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(url, process)
        yield url
    finally:
        # Its workers are processes of their own.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=300)


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where that waits which is for a server."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(params=["server_url", "mlflow_url"])
def remote(request: pytest.FixtureRequest, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that Trackline logs to, in an experiment of the test: our own, then MLflow's."""
    url: str = request.getfixturevalue(request.param)
    for name in list(os.environ):
        if name.startswith(("MLFLOW_", "TRACKLINE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("TRACKLINE_URI", url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_experiment, "_active", None)
    monkeypatch.setattr(_tracker, "_uri", None)
    trackline.set_experiment(request.node.name)
    yield url
    while trackline.active_run():
        trackline.end_run()
    trackline.flush()


@pytest.fixture
def mlflow(server_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[object]:
    """MLflow itself, talking to our server, in an experiment named like the test; errors are not tried again."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    import mlflow as client_library

    client_library.set_tracking_uri(server_url)
    client_library.set_registry_uri(server_url)
    client_library.set_experiment(request.node.name)
    yield client_library
    while client_library.active_run():
        client_library.end_run()
