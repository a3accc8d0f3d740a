"""From the journal into the store: how fast, and how many bytes a point takes there."""

from __future__ import annotations

from measure import Row, median

# Ten curves of a training as frameworks report them: single precision, falling, 5 % of noise, a point every 25 ms or so.
CURVES = """
import json, random, sqlite3, struct, time
random.seed(1)
keys = [f"loss.{number}" for number in range(10)]
def curve(count):
    for step in range(count):
        now = 1_760_000_000_000 + 25 * step + random.randrange(-2, 3)
        value = 2 / (1 + step / 10_000)
        yield step, now, {key: single(value * random.uniform(0.975, 1.025)) for key in keys}
def single(value):
    return struct.unpack("f", struct.pack("f", value))[0]
def used(path):
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0]
                             for name in ("page_count", "freelist_count", "page_size"))
    return (pages - free) * size
"""

TRACKLINE = CURVES + """
import trackline
trackline.set_tracking_uri("store")
points = list(curve(100_000))
trackline.start_run(log_system_metrics=False)
trackline.flush()
before = used("store/trackline.db")
cpu, own = time.process_time(), time.thread_time()
for step, now, metrics in points:
    trackline.log_metrics(metrics, step=step, timestamp=now)
trackline.flush()
drain = (time.process_time() - cpu) - (time.thread_time() - own)
trackline.end_run()
trackline.flush()
count = len(points) * len(keys)
print(json.dumps({"speed": count / drain / 1e6, "bytes": (used("store/trackline.db") - before) / count}))
"""

MLFLOW = CURVES + """
import mlflow
from mlflow.entities import Metric
mlflow.set_tracking_uri("sqlite:///mlflow.db")
mlflow.set_experiment("made beforehand")
run_id = mlflow.start_run().info.run_id
client = mlflow.MlflowClient()
before = used("mlflow.db")
cpu, count = time.process_time(), 0
for step, now, metrics in curve(2_000):
    client.log_batch(run_id, [Metric(key, value, now, step) for key, value in metrics.items()])
    count += len(metrics)
cpu = time.process_time() - cpu
print(json.dumps({"speed": count / cpu / 1e6, "bytes": (used("mlflow.db") - before) / count}))
"""


def rows(repeat: int) -> list[Row]:
    """Million points per second of CPU time of the drain's threads, and bytes of the database per point."""
    found = []
    for figure, name, unit, goal in (
        ("speed", "drained into the store, per core", "M points/s", "≥ 1"),
        ("bytes", "bytes a point at rest", "bytes", "≤ 3"),
    ):
        ours = median(TRACKLINE, figure, repeat)
        peer = median(MLFLOW, figure, min(repeat, 3))
        found.append(Row(name, unit, ours, peer, goal))
    return found
