"""The two servers, each on an empty store, and what they answer."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison.case import Case, expand

PATIENCE_S = 120


@dataclass
class Answer:
    """What came back; JSON as values, anything else as text."""

    status: int
    kind: str
    body: Any

    @property
    def summary(self) -> str:
        """Such as `404 RESOURCE_DOES_NOT_EXIST`."""
        code = self.body.get("error_code") if isinstance(self.body, dict) and self.status >= 400 else None
        return f"{self.status} {code}" if code else str(self.status)


@dataclass
class Peer:
    """One of the two servers, with the names it has given to things."""

    port: int
    names: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, case: Case) -> Answer:
        """Sends a request with this server's own ids in it, and keeps the ids of the answer that it asks for."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            body = expand(self.fill(case.body)).encode() if case.body else None
            connection.request(case.method, expand(self.fill(case.path)), body, case.headers)
            response = connection.getresponse()
            answer = decode(response.status, response.getheader("Content-Type", ""), response.read())
        finally:
            connection.close()
        for name, source in case.captures.items():
            self.names[name] = str(value_at(answer.body, source))
        return answer

    def fill(self, text: str) -> str:
        return re.sub(r"\$(\w+)", lambda match: self.names.get(match[1], match[0]), text)


def decode(status: int, kind: str, body: bytes) -> Answer:
    kind = kind.split(";")[0]
    text = body.decode(errors="replace")
    try:
        return Answer(status, kind, json.loads(text))
    except ValueError:
        return Answer(status, kind, text)


def value_at(body: Any, source: str) -> Any:
    """The value at a path such as `runs.0.info.run_id`; None where there is none."""
    for step in source.split("."):
        if isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict):
            body = body.get(step)
        else:
            return None
    return body


@contextmanager
def reference(folder: Path) -> Iterator[Peer]:
    """MLflow's own server over SQLite."""
    port = free_port()
    command = [
        sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination", str(folder / "artifacts"), "--port", str(port), "--workers", "1",
    ]
    with running(command, port, folder) as peer:
        yield peer


@contextmanager
def ours(folder: Path, command: Path) -> Iterator[Peer]:
    """Our server over a folder."""
    port = free_port()
    with running([str(command), "server", "--store", str(folder / ".trackline"), "--port", str(port)], port, folder) as peer:
        yield peer


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[Peer]:
    """A server that answers; it and the processes it started are ended afterwards."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "TRACKLINE_"))}
    environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] = "false"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            wait_for(process, port, folder / "log")
            yield Peer(port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    health = Case("health", "GET", "/health", {}, "")
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        try:
            if Peer(port).send(health).status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} does not answer on port {port}: {log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
