from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import trackline
from trackline import _ambient, _experiment, _runs, _tracker

# Whoever starts the tests in the background has Ctrl-C ignored, also in what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

Script = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chooses nothing but to leave out what comes to every run: what the machine does, the code, the console, and the line at the end."""
    for name in list(os.environ):
        if name.startswith(("MLFLOW_", "TRACKLINE_")):
            monkeypatch.delenv(name)
    for category in ("SYSTEM_METRICS", "CODE", "CONSOLE"):
        monkeypatch.setenv(f"TRACKLINE_{category}", "off")
    monkeypatch.setenv("TRACKLINE_SUMMARY", "off")
    # On a busy machine other details would be left out than on an idle one.
    monkeypatch.setenv("TRACKLINE_BUDGET", "off")


@pytest.fixture(autouse=True)
def downloads(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Temporary folders of this process and its children go where pytest removes them."""
    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh store that the calls of the test go to; no run is open and no experiment is chosen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_experiment, "_active", None)
    monkeypatch.setattr(_tracker, "_uri", None)
    _ambient.forget()
    folder = tmp_path / ".trackline"
    trackline.set_tracking_uri(folder)
    yield folder
    for run in list(_runs._open.values()):
        run.end()


@pytest.fixture
def script(store: Path) -> Script:
    """Runs Python code in a process of its own, against the store of the test."""

    def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=store.parent,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run
