"""How many calls that had returned are lost when the process is killed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import Row, median

# What has returned is counted in a mapped file, which outlives the process too.
CHILD = """
import mmap, os, sys, trackline
returned = mmap.mmap(os.open(sys.argv[1], os.O_RDWR), 8)
trackline.set_tracking_uri(sys.argv[2])
run = trackline.start_run(log_system_metrics=False)
print(run.info.run_id, flush=True)
step = 0
while True:
    trackline.log_metric("loss", 0.5, step=step)
    step += 1
    returned[:8] = step.to_bytes(8, "little")
"""

CALLS = 500
DIE = f"""
import os, signal
pid = os.fork()
if pid == 0:
    with tracking.start_run() as run:
        open("run_id", "w").write(run.info.run_id)
        for step in range({CALLS}):
            tracking.log_metric("loss", 0.5, step=step, synchronous=False)
        os.kill(os.getpid(), signal.SIGKILL)
os.waitpid(pid, 0)
history = tracking.MlflowClient().get_metric_history(open("run_id").read(), "loss")
print(json.dumps({{"lost": {CALLS} - len(history)}}))
"""
TRACKLINE = "import json, trackline as tracking\n"
MLFLOW = """
import json, mlflow as tracking
tracking.set_tracking_uri("sqlite:///mlflow.db")
tracking.set_experiment("made beforehand")
"""


def rows(repeat: int) -> list[Row]:
    """Lost calls of 500 that were made at once, and over 200 × `repeat` kills at random moments."""
    ours = median(TRACKLINE + DIE, "lost", repeat)
    peer = median(MLFLOW + DIE, "lost", min(repeat, 3))
    kills = 200 * repeat
    return [
        Row(f"calls lost of {CALLS}, killed after the last", "calls", ours, peer, "0", beside="MLflow, asynchronous"),
        Row(f"calls lost over {kills:,} kills", "calls", lost_over(kills), None, "0"),
    ]


def lost_over(kills: int) -> int:
    """Kills processes that log as fast as they can, 0 to 50 ms after their first calls."""
    import trackline

    with tempfile.TemporaryDirectory() as folder:
        trackline.set_tracking_uri(Path(folder) / "store")
        return sum(lost(Path(folder), random.uniform(0, 0.05)) for _ in range(kills))


def lost(folder: Path, pause: float) -> int:
    import trackline

    counter = folder / "returned"
    counter.write_bytes(bytes(8))
    child = subprocess.Popen([sys.executable, "-c", CHILD, counter, folder / "store"], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    run_id = child.stdout.readline().strip()
    time.sleep(pause)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    returned = int.from_bytes(counter.read_bytes(), "little")
    client = trackline.TracklineClient()
    for _ in range(100):
        with contextlib.suppress(trackline.exceptions.TracklineException):
            if client.get_run(run_id).info.status == "KILLED":
                break
        # A `git` that was about to be started may hold the lock of the journal for a moment more.
        time.sleep(0.1)
    steps = [point.step for point in client.get_metric_history(run_id, "loss")]
    if steps != list(range(len(steps))):
        raise RuntimeError(f"run {run_id} has other steps than were logged")
    return max(returned - len(steps), 0)
