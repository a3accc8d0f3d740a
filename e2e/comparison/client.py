"""Runs the session of a stock client against a server."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from comparison.answer import Names, plain
from comparison.server import Peer

SESSION = Path(__file__).parent / "session.py"


def dumps(python: str, peers: tuple[Peer, Peer]) -> list[Any]:
    """What it saw of both servers, asked at the same time."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda peer: dump(python, peer), peers))


def dump(python: str, peer: Peer) -> Any:
    """What the client of the interpreter `python` saw of a server, without ids and times.

    Any interpreter with an official client will do, of whatever version.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "TRACKLINE_"))}
    environment["MLFLOW_TRACKING_URI"] = peer.url
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([python, SESSION], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"the session against {peer.url} failed: {done.stderr[-3000:]}"
    return plain(json.loads(done.stdout.splitlines()[-1]), Names(peer))
