"""What `import` costs over a bare interpreter."""

from __future__ import annotations

from measure import Row, median

CODE = """
import json, resource, sys, time
before = time.process_time()
if sys.argv[1] == "trackline":
    import trackline
elif sys.argv[1] == "mlflow":
    import mlflow
print(json.dumps({"cpu": 1e3 * (time.process_time() - before)}))
"""


def rows(repeat: int) -> list[Row]:
    """CPU milliseconds of the import."""
    ours = median(CODE, "cpu", repeat, "trackline")
    peer = median(CODE, "cpu", repeat, "mlflow")
    return [Row("import", "ms CPU", ours, peer, "≤ 20")]
