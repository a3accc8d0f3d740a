"""How long the history of a metric takes: every point as JSON, and as many as a chart shows."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable

from measure import Row
from serving import Connection, serving

POINTS = {"trackline": 1_000_000, "mlflow": 20_000}
"""MLflow takes minutes for more."""
BATCH = 1000
SHOWN = 2000


def rows(repeat: int) -> list[Row]:
    """Medians over SQLite; what MLflow takes for fewer points is multiplied."""
    whole = {tracker: history(tracker, repeat) for tracker in POINTS}
    (ours, shown), (peer, _) = whole["trackline"], whole["mlflow"]
    peer *= POINTS["trackline"] / POINTS["mlflow"]
    return [
        Row("history of 1,000,000 points as JSON", "ms", ours, peer, "≤ 1000"),
        Row(f"the same, thinned to {SHOWN:,} for a chart", "ms", shown, None, "≤ 30"),
    ]


def history(tracker: str, repeat: int) -> tuple[float, float]:
    """Milliseconds of the whole history, and of what a chart asks for (ours only)."""
    with serving(tracker) as server:
        client = Connection(server.port)
        run_id = client.new_run()
        for first in range(0, POINTS[tracker], BATCH):
            metrics = [
                {"key": "loss", "value": 1.0 / (step + 1), "timestamp": 1_700_000_000_000 + step, "step": step}
                for step in range(first, first + BATCH)
            ]
            client.insist("runs/log-batch", json.dumps({"run_id": run_id, "metrics": metrics}).encode())
        whole = took(repeat, lambda: pages(client, run_id, POINTS[tracker]))
        if tracker == "mlflow":
            return whole, 0.0
        path = f"/api/trackline/series?run_id={run_id}&key=loss&max_points={SHOWN}"
        return whole, took(10 * repeat, lambda: client.get(path))


def pages(client: Connection, run_id: str, points: int) -> None:
    """The whole history, page after page where the server cuts it."""
    token, found = "", 0
    while token is not None:
        answer = client.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=loss{token}")
        # Reading a million objects takes Python longer than the server takes to write them.
        found += answer.count(b'"step"')
        after = re.search(rb'"next_page_token": ?"([^"]+)"', answer)
        token = f"&page_token={after[1].decode()}" if after else None
    if found != points:
        raise RuntimeError(f"{found} of {points} points")


def took(repeat: int, ask: Callable[[], object]) -> float:
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        ask()
        times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)
