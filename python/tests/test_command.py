"""The `trackline` command, run from the package."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import trackline as mlflow


def trackline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "trackline", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


def test_it_lists_what_was_logged(store: Path) -> None:
    with mlflow.start_run(run_name="seen"):
        pass
    mlflow.flush()
    done = trackline("runs", "list", cwd=store.parent)
    assert done.returncode == 0
    assert "seen" in done.stdout


def test_a_wrong_command_has_its_exit_code(store: Path) -> None:
    done = trackline("nothing-like-it", cwd=store.parent)
    assert done.returncode == 2
    assert "nothing-like-it" in done.stderr


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_server_cleanly(store: Path, with_signal: signal.Signals) -> None:
    with mlflow.start_run():
        pass
    mlflow.flush()
    command = [sys.executable, "-m", "trackline", "server", "--port", "0"]
    server = subprocess.Popen(command, cwd=store.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=10) as answer:
            assert answer.status == 200
        server.send_signal(with_signal)
        _, errors = server.communicate(timeout=300)
    finally:
        server.kill()
    assert (server.returncode, errors) == (0, "")
