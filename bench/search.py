"""How long a search takes: a metric and a param condition, ordered by the metric, the first 100 runs."""

from __future__ import annotations

import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import postgres
from measure import Row
from server import resident
from serving import Connection, Server, serving

RUNS = {10_000: "≤ 5", 100_000: "≤ 10"}
REQUESTS = {"trackline": 50, "mlflow": 3}
# With more, MLflow takes minutes for each search.
MOST_OF_MLFLOW = 10_000
METRICS, PARAMS, CLIENTS = 6, 12, 8
SEARCH = {
    "experiment_ids": ["0"],
    "filter": "metrics.m0 > 0.5 and params.p1 = '3'",
    "order_by": ["metrics.m0 DESC"],
    "max_results": 100,
}


def rows(repeat: int) -> list[Row]:
    """Medians of a few searches each, on both databases; then the greatest store opened again."""
    del repeat
    found: list[Row] = []
    with postgres.cluster() as cluster:
        for engine in ("SQLite", "PostgreSQL"):
            for runs, goal in RUNS.items():
                peer = None
                if runs <= MOST_OF_MLFLOW:
                    with filled("mlflow", engine, cluster, runs) as server:
                        peer = searches(server.port, REQUESTS["mlflow"])
                with filled("trackline", engine, cluster, runs) as server:
                    ours = searches(server.port, REQUESTS["trackline"])
                    found.append(Row(f"search of {runs:,} runs on {engine}, p50", "ms", ours, peer, goal))
                    if runs == max(RUNS):
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
        if tracker == "trackline":
            log(server.port, runs)
        else:
            insert(uri or f"sqlite:///{server.folder}/mlflow.db", runs)
        yield server


def searches(port: int, count: int) -> float:
    """Milliseconds of a search, in the middle."""
    client = Connection(port)
    client.call("runs/search", **SEARCH)
    took = []
    for _ in range(count):
        begin = time.perf_counter()
        answer = client.call("runs/search", **SEARCH)
        took.append(1e3 * (time.perf_counter() - begin))
        if not answer["runs"]:
            raise RuntimeError("no run was found")
    return statistics.median(took)


def values(number: int) -> tuple[list[float], list[str]]:
    """The metrics and params of a run: the same for both trackers."""
    chance = random.Random(number)
    return [chance.random() for _ in range(METRICS)], [str(chance.randrange(10)) for _ in range(PARAMS)]


def log(port: int, runs: int) -> None:
    """Logs the runs through the server, as clients would."""

    def some(first: int) -> None:
        client = Connection(port)
        for number in range(first, runs, CLIENTS):
            metrics, params = values(number)
            client.call(
                "runs/log-batch",
                run_id=client.new_run(),
                metrics=[{"key": f"m{i}", "value": v, "timestamp": 1, "step": 0} for i, v in enumerate(metrics)],
                params=[{"key": f"p{i}", "value": v} for i, v in enumerate(params)],
            )

    threads = [threading.Thread(target=some, args=(first,)) for first in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def insert(uri: str, runs: int) -> None:
    """Writes the rows that MLflow's server would: through the server it takes hours."""
    import sqlalchemy

    run_rows: list[dict[str, Any]] = []
    metric_rows: list[dict[str, Any]] = []
    param_rows: list[dict[str, Any]] = []
    for number in range(runs):
        run = f"{number:032x}"
        run_rows.append({"run": run, "time": number})
        metrics, params = values(number)
        metric_rows += [{"run": run, "key": f"m{i}", "value": value} for i, value in enumerate(metrics)]
        param_rows += [{"run": run, "key": f"p{i}", "value": value} for i, value in enumerate(params)]
    with sqlalchemy.create_engine(uri).begin() as connection:
        for sql, rows_of in (
            ("INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, artifact_uri, experiment_id,"
             " source_type, user_id) VALUES (:run, 'run', 'FINISHED', :time, 'active', 'x', 0, 'LOCAL', 'ann')", run_rows),
            ("INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)"
             " VALUES (:key, :value, 1, 0, false, :run)", metric_rows),
            ("INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid)"
             " VALUES (:key, :value, 1, 0, false, :run)", metric_rows),
            ("INSERT INTO params (key, value, run_uuid) VALUES (:key, :value, :run)", param_rows),
        ):
            connection.execute(sqlalchemy.text(sql), rows_of)
