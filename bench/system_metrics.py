"""What watching the machine takes of a core while the program itself does nothing."""

from __future__ import annotations

import importlib.util

from measure import Row, median

SECONDS = 60

TRACKERS = {
    "trackline": """
import trackline
trackline.start_run()
""",
    "MLflow": """
import mlflow
mlflow.set_tracking_uri("sqlite:///mlflow.db")
mlflow.start_run(log_system_metrics=True)
""",
    "wandb": """
import wandb
wandb.init(mode="offline", settings=wandb.Settings(console="off", silent=True))
""",
}

MEASURE = """
import contextlib, json, os, sys, time
from pathlib import Path

def family(pid):
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found

def seconds():
    # Of all threads of the process and of those below it: wandb watches in one of its own.
    total = 0
    for pid in family(os.getpid()):
        for stat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with contextlib.suppress(OSError):
                total += int(stat.read_text().split()[0])
    return total / 1e9

window = int(sys.argv[1])
time.sleep(5)  # What begins with the run is no matter of watching.
before = seconds()
time.sleep(window)
print(json.dumps({"share": 100 * (seconds() - before) / window}), flush=True)
os._exit(0)
"""


def rows(repeat: int) -> list[Row]:
    """Percent of a core, with the intervals that each tracker has by itself."""
    peers = ["MLflow", *(["wandb"] if importlib.util.find_spec("wandb") else [])]
    ours = share("trackline", repeat)
    return [Row("system metrics of an idle run", "% of a core", ours, share(peer, 1), "≤ 0.1", peer) for peer in peers]


def share(tracker: str, repeat: int) -> float:
    return median(TRACKERS[tracker] + MEASURE, "share", repeat, str(SECONDS))
