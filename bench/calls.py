"""What a logging call costs the thread that makes it, beside other trackers on this machine."""

from __future__ import annotations

import importlib.util
import statistics

from measure import Row, python

TRACKERS = {
    "trackline": """
import trackline
start, stop, one, many = trackline.start_run, trackline.end_run, trackline.log_metric, trackline.log_metrics
calls = 20_000
""",
    "MLflow": """
import mlflow
mlflow.set_tracking_uri("sqlite:///mlflow.db")
start, stop, one, many = mlflow.start_run, mlflow.end_run, mlflow.log_metric, mlflow.log_metrics
calls = 100
""",
    "tensorboardX": """
from tensorboardX import SummaryWriter
def start():
    global writer
    writer = SummaryWriter("logs")
def stop(): writer.close()
def one(key, value, step): writer.add_scalar(key, value, step)
def many(metrics, step):
    for key, value in metrics.items():
        writer.add_scalar(key, value, step)
calls = 2_000
""",
    "wandb": """
import wandb
def start():
    global run
    run = wandb.init(mode="offline", settings=wandb.Settings(console="off", silent=True, x_disable_stats=True))
def stop(): run.finish()
def one(key, value, step): run.log({key: value}, step=step)
def many(metrics, step): run.log(metrics, step=step)
calls = 2_000
""",
}

MEASURE = """
import contextlib, json, os, statistics, sys, time
metrics = {f"layer.{number}": 0.5 for number in range(100)}

def thread_ms(work):
    began = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - began) / 1e6

def per_call(work, calls):
    # The median of several rounds: a round may meet a new page or the garbage collector.
    rounds = []
    for number in range(11):
        steps = range(number * calls, (number + 1) * calls)
        began = time.thread_time_ns()
        for step in steps:
            work(step)
        rounds.append((time.thread_time_ns() - began) / calls / 1e3)
    return statistics.median(rounds)

with contextlib.redirect_stdout(sys.stderr):
    first = thread_ms(start)
    found = {
        "first": first,
        "one": per_call(lambda step: one("loss", 0.5, step=step), calls),
        "many": per_call(lambda step: many(metrics, step=step), max(calls // 50, 10)),
    }
    stop()
    found["pair"] = statistics.median(thread_ms(lambda: (start(), stop())) for _ in range(5))
print(json.dumps(found))
"""

FIGURES = {
    "one": ("log_metric, a call", "µs CPU", "≤ 1"),
    "many": ("log_metrics of 100 keys", "µs CPU", "≤ 25"),
    "pair": ("start_run + end_run", "ms CPU", "≤ 5"),
    "first": ("the first start_run of a process, imported", "ms CPU", "–"),
}


def rows(repeat: int) -> list[Row]:
    """CPU time of the caller's thread for one call, for 100 keys, and to start and end a run."""
    peers = [name for name in TRACKERS if name not in ("trackline", "MLflow") and importlib.util.find_spec(name)]
    ours = measured("trackline", repeat)
    theirs = {peer: measured(peer, min(repeat, 3)) for peer in ("MLflow", *peers)}
    return [
        Row(name, unit, ours[figure], theirs[peer][figure], goal, beside=peer)
        for figure, (name, unit, goal) in FIGURES.items()
        for peer in theirs
    ]


def measured(tracker: str, repeat: int) -> dict[str, float]:
    """The median of each figure over fresh processes."""
    found = [python(TRACKERS[tracker] + MEASURE) for _ in range(repeat)]
    return {figure: statistics.median(one[figure] for one in found) for figure in FIGURES}
