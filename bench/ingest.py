"""How many points a second a server takes: `log-batch` with 1,000 metrics a request."""

from __future__ import annotations

import json
import statistics
import threading
import time

import postgres
from measure import Row
from serving import Connection, serving

CONNECTIONS = (1, 4, 16)
KEYS = 10
POINTS = 1000
# Requests of all connections together; MLflow is slow, so that it gets fewer.
REQUESTS = {"trackline": 400, "mlflow": 32}


def rows(repeat: int) -> list[Row]:
    """Points a second and the slowest hundredth of the answers, on both databases; the last is of 16 connections."""
    del repeat
    found: list[Row] = []
    with postgres.cluster() as cluster:
        for engine in ("SQLite", "PostgreSQL"):
            figures = {}
            for tracker in REQUESTS:
                uri = postgres.database(cluster, tracker) if engine == "PostgreSQL" else None
                with serving(tracker, uri) as server:
                    figures[tracker] = {count: ingest(tracker, server.port, count) for count in CONNECTIONS}
            for count in CONNECTIONS:
                (ours, ours_p99), (peer, peer_p99) = (figures[tracker][count] for tracker in REQUESTS)
                name = f"log-batch on {engine}, {count} connections"
                found.append(Row(f"{name}: a thousand points", "ms", 1e6 / ours, 1e6 / peer, "–"))
                found.append(Row(f"{name}: p99 of an answer", "ms", ours_p99, peer_p99, "≤ 50"))
    return found


def ingest(tracker: str, port: int, connections: int) -> tuple[float, float]:
    """Points a second, and milliseconds of the 99th percentile of the answers; each connection has its own run."""
    each = max(2, REQUESTS[tracker] // connections)
    clients = [Connection(port) for _ in range(connections)]
    bodies = [[batch(run_id, number) for number in range(each)] for run_id in [c.new_run() for c in clients]]
    took: list[float] = []

    def log(client: Connection, own: list[bytes]) -> None:
        for body in own:
            begin = time.perf_counter()
            client.insist("runs/log-batch", body)
            took.append(1e3 * (time.perf_counter() - begin))

    threads = [threading.Thread(target=log, args=pair) for pair in zip(clients, bodies, strict=True)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if len(took) != each * connections:
        raise RuntimeError(f"{tracker} took {len(took)} of {each * connections} requests")
    return each * connections * POINTS / seconds, statistics.quantiles(took, n=100)[98]


def batch(run_id: str, number: int) -> bytes:
    """A request of its own: new steps of ten metrics."""
    first = number * POINTS // KEYS
    metrics = [
        {"key": f"metric_{key}", "value": 1.0 / (step + key + 1), "timestamp": 1_700_000_000_000 + step, "step": step}
        for step in range(first, first + POINTS // KEYS)
        for key in range(KEYS)
    ]
    return json.dumps({"run_id": run_id, "metrics": metrics}).encode()
