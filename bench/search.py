"""How long searches take over many runs, the first 100 found: by metrics and params, in several orders."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filling
import postgres
from measure import Row
from server import resident
from serving import Connection, Server, serving

RUNS = {10_000: "≤ 5", 100_000: "≤ 10", 1_000_000: "≤ 30"}
REQUESTS = {"trackline": 50, "mlflow": 3}
# With more, MLflow takes minutes for each search.
MOST_OF_MLFLOW = 10_000
# Started again over a store of so many runs.
RESTARTED = 100_000

SEARCHES: dict[str, dict[str, Any]] = {
    "a metric and a param, by the metric": {
        "filter": "metrics.m0 > 0.5 and params.p1 = '3'",
        "order_by": ["metrics.m0 DESC"],
    },
    "the newest": {},
    "two metrics, by a third": {"filter": "metrics.m0 > 0.9 and metrics.m1 > 0.9", "order_by": ["metrics.m2 DESC"]},
    "a param like, by a metric": {"filter": "params.p1 LIKE '%3%'", "order_by": ["metrics.m0"]},
    "a rare param": {"filter": "params.p0 = '0' and params.p2 = '0' and params.p3 = '0'"},
    "two params, by a metric": {"filter": "params.p1 = '3' and params.p4 = '4'", "order_by": ["metrics.m2"]},
    "by name": {"order_by": ["attributes.run_name"]},
    "either of two rare metrics": {"filter": "metrics.m0 > 0.999 or metrics.m1 > 0.999"},
}
# MLflow has no OR.
OURS = {"either of two rare metrics"}


def rows(repeat: int) -> list[Row]:
    """Medians of a few searches each, on both databases; then one store opened again."""
    del repeat
    found: list[Row] = []
    with postgres.cluster() as cluster:
        for engine in filling.PREPARED:
            for runs in RUNS:
                found += searched(engine, cluster, runs)
    return found


def searched(engine: str, cluster: Path, runs: int) -> list[Row]:
    """The searches over a store of so many runs."""
    peers: dict[str, float] = {}
    if runs <= MOST_OF_MLFLOW:
        with filled("mlflow", engine, cluster, runs) as server:
            shared = {name: search for name, search in SEARCHES.items() if name not in OURS}
            peers = {name: milliseconds(server.port, search, REQUESTS["mlflow"]) for name, search in shared.items()}
    found = []
    with filled("trackline", engine, cluster, runs) as server:
        for name, search in SEARCHES.items():
            ours = milliseconds(server.port, search, REQUESTS["trackline"])
            found.append(Row(f"search of {runs:,} runs on {engine}: {name}, p50", "ms", ours, peers.get(name), RUNS[runs]))
        if runs == RESTARTED:
            found.append(Row(f"memory after this on {engine}", "MB", resident(server.process.pid), None, "≤ 150"))
            server.restart()
            name = f"start to first answer over {runs:,} runs on {engine}"
            found.append(Row(name, "ms", 1e3 * server.seconds, None, "≤ 200"))
    return found


@contextmanager
def filled(tracker: str, engine: str, cluster: Path, runs: int) -> Iterator[Server]:
    """A server over a new store with so many runs."""
    uri = postgres.database(cluster, f"{tracker}_{runs}") if engine == "PostgreSQL" else None
    with serving(tracker, uri) as server:
        file = "store/trackline.db" if tracker == "trackline" else "mlflow.db"
        filling.insert(tracker, engine, uri or f"sqlite:///{server.folder}/{file}", runs)
        yield server


def milliseconds(port: int, search: dict[str, Any], count: int) -> float:
    """Of a search, in the middle."""
    client = Connection(port)
    asked = {"experiment_ids": ["0"], "max_results": 100, **search}
    client.call("runs/search", **asked)
    took = []
    for _ in range(count):
        begin = time.perf_counter()
        answer = client.call("runs/search", **asked)
        took.append(1e3 * (time.perf_counter() - begin))
        if not answer["runs"]:
            raise RuntimeError("no run was found")
    return statistics.median(took)
