"""From the command to the first answer, and memory at rest."""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from measure import Row

HERE = Path(sys.executable).parent
COMMANDS = {
    "trackline": [str(HERE / "trackline"), "ui", "--port"],
    "mlflow": [str(HERE / "mlflow"), "ui", "--backend-store-uri", "sqlite:///mlflow.db", "--port"],
}


def rows(repeat: int) -> list[Row]:
    """Milliseconds to the first answer and resident megabytes of all its processes two seconds later."""
    ours = [once("trackline") for _ in range(repeat)]
    peer = [once("mlflow") for _ in range(min(repeat, 2))]
    return [
        Row("ui: command to first answer", "ms", middle(ours, 0), middle(peer, 0), "≤ 100"),
        Row("ui: memory idle", "MB", middle(ours, 1), middle(peer, 1), "≤ 20"),
    ]


def middle(figures: list[tuple[float, float]], which: int) -> float:
    return statistics.median(figure[which] for figure in figures)


def once(tracker: str) -> tuple[float, float]:
    """Starts a server on an empty folder, asks until it answers, looks at its memory, ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*COMMANDS[tracker], str(port)], cwd=folder, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        try:
            answered = first_answer(f"http://127.0.0.1:{port}/health", process) - started
            time.sleep(2)
            return 1e3 * answered, resident(process.pid)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def first_answer(url: str, process: subprocess.Popen[bytes]) -> float:
    for _ in range(60_000):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return time.perf_counter()
        except OSError:
            time.sleep(0.002)
    raise RuntimeError(f"no answer from {url}")


def resident(group: int) -> float:
    """Megabytes of all processes of a session, shared pages counted once where the kernel says so."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[3]) != group:
                continue
            rollup = (folder / "smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
