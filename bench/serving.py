"""A server of either tracker over a new store, and a connection that stays open."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server import first_answer

HERE = Path(sys.executable).parent


@dataclass
class Server:
    """A server that answers at this port, and the folder it works in."""

    command: list[str]
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    seconds: float
    """From the command to the first answer."""

    @classmethod
    def start(cls, command: list[str], port: int, folder: Path) -> Server:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return cls(command, port, folder, process, first_answer(f"http://127.0.0.1:{port}/health", process) - begin)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def restart(self) -> None:
        """The same command again, over the same store."""
        self.kill()
        self.__dict__ |= vars(Server.start(self.command, self.port, self.folder))


@contextmanager
def serving(tracker: str, database: str | None = None) -> Iterator[Server]:
    """A server over a new store; without the address of a database, over SQLite."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        store = database or ("store" if tracker == "trackline" else "sqlite:///mlflow.db")
        server = Server.start([str(HERE / tracker), "server", "--backend-store-uri", store, "--port", str(port)], port, Path(folder))
        try:
            yield server
        finally:
            server.kill()


class Connection:
    """One connection to a server."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(self, path: str, body: bytes) -> bytes:
        """Posts JSON to an endpoint of MLflow's."""
        answer = self.answer(path, body)
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:500]!r}")
        return content

    def answer(self, path: str, body: bytes) -> http.client.HTTPResponse:
        """Sends again where the server has closed the connection meanwhile, as any client does."""
        for last in (False, True):
            try:
                self.http.request("POST", f"/api/2.0/mlflow/{path}", body, {"Content-Type": "application/json"})
                return self.http.getresponse()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.http.close()
                if last:
                    raise
        raise AssertionError

    def insist(self, path: str, body: bytes) -> None:
        """Posts until the server takes it, as clients do: MLflow's fails while SQLite is busy."""
        for _ in range(50):
            try:
                self.send(path, body)
                return
            except RuntimeError as error:
                last = error
        raise last

    def call(self, path: str, **fields: Any) -> Any:
        """Posts these fields and reads the answer."""
        return json.loads(self.send(path, json.dumps(fields).encode()))

    def get(self, path: str) -> bytes:
        """What is at this path."""
        self.http.request("GET", path)
        answer = self.http.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {content[:500]!r}")
        return content

    def new_run(self) -> str:
        """Starts a run in the default experiment."""
        run_id: str = self.call("runs/create", experiment_id="0", start_time=1)["run"]["info"]["run_id"]
        return run_id
