"""A running server, asked over HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from script import clean_environment


@dataclass
class Server:
    """`trackline ui`, which ends when the block that uses it ends."""

    url: str
    process: subprocess.Popen[str]

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait(300) == 0, "the server must end cleanly at Ctrl-C"

    def raw(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=300) as answer:
            body: bytes = answer.read()
        return body

    def get(self, endpoint: str, /, **query: str) -> Any:
        """The JSON of a GET below MLflow's API."""
        text = urllib.parse.urlencode(query)
        return json.loads(self.raw(f"/api/2.0/mlflow/{endpoint}?{text}"))

    def post(self, endpoint: str, /, **body: Any) -> Any:
        """The JSON of a POST below MLflow's API."""
        return json.loads(self.send(endpoint, body)[1])

    def send(self, path: str, body: Any) -> tuple[int, bytes]:
        """Status and body of a POST below MLflow's API, whatever the status."""
        request = urllib.request.Request(
            f"{self.url}/api/2.0/mlflow/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def runs(self, filter: str = "", order_by: list[str] | None = None) -> list[Any]:
        """All runs of all experiments that meet a filter."""
        experiments = self.post("experiments/search", max_results=1000)["experiments"]
        ids = [experiment["experiment_id"] for experiment in experiments]
        answer = self.post("runs/search", experiment_ids=ids, filter=filter, order_by=order_by or [], max_results=1000)
        found: list[Any] = answer.get("runs", [])
        return found

    def artifacts(self, run_id: str, path: str = "") -> list[str]:
        """The paths of a folder of a run."""
        return [file["path"] for file in self.get("artifacts/list", run_id=run_id, path=path).get("files", [])]


def started(folder: Path, *arguments: str, prefix: str = "") -> Server:
    """`trackline ui` on a folder and a free port, below a prefix, once it answers."""
    command = [str(Path(sys.executable).parent / "trackline"), "ui", "--port", "0", "--static-prefix", prefix, *arguments]
    process = subprocess.Popen(command, cwd=folder, env=clean_environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        if address := next((word for word in line.split() if word.startswith("http://")), None):
            return Server(address, process)
    raise RuntimeError(f"the server ended with code {process.wait()}: {process.stderr.read()}")


def by_key(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Params, metrics or tags as a dictionary."""
    return {item["key"]: item["value"] for item in items}
