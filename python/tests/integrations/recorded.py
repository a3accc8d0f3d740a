"""What a test has recorded, read back from the store."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import trackline
from trackline import _tracker
from trackline.entities import Run

_READ = """
import json, sqlite3, sys
print(json.dumps(sqlite3.connect(sys.argv[1]).execute("SELECT run_id, id FROM runs").fetchall()))
"""


class Recorded:
    """The runs of the store, oldest first."""

    def runs(self) -> list[Run]:
        found: list[Run] = trackline.search_runs(search_all_experiments=True, output_format="list")
        for run in found:
            # What the machine does comes and goes; no test here is about it.
            for key in [key for key in run.data.metrics if key.startswith("system/")]:
                del run.data.metrics[key]
        are_apart = len({run.info.start_time for run in found}) == len(found)
        order = {} if are_apart else self._order()
        return sorted(found, key=lambda run: (run.info.start_time, order.get(run.info.run_id, 0)))

    def _order(self) -> dict[str, int]:
        """Which run came before which, of those that began in the same millisecond. Another process asks: a second SQLite in
        this one would, when it closes the file, take the locks from the store, and with them what is not in the file yet."""
        database = Path(trackline.get_tracking_uri()) / "trackline.db"
        done = subprocess.run([sys.executable, "-I", "-c", _READ, database], capture_output=True, text=True, check=True, timeout=60)
        return dict(json.loads(done.stdout))

    def run(self) -> Run:
        (only,) = self.runs()
        return only

    def top(self) -> list[Run]:
        return [run for run in self.runs() if "mlflow.parentRunId" not in run.data.tags]

    def children(self, parent: Run) -> list[Run]:
        return [run for run in self.runs() if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id]

    def files(self, run: Run) -> set[str]:
        return {file.path for file in trackline.artifacts.list_artifacts(run_id=run.info.run_id)}

    def text(self, run: Run, path: str) -> str:
        return self.bytes(run, path).decode()

    def bytes(self, run: Run, path: str) -> bytes:
        with open(trackline.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=path), "rb") as file:
            return file.read()

    def json(self, run: Run, path: str) -> Any:
        return json.loads(self.text(run, path))

    def curve(self, run: Run, key: str) -> list[tuple[int, float]]:
        history = trackline.MlflowClient().get_metric_history(run.info.run_id, key)
        return [(point.step, point.value) for point in history]

    def document(self, run: Run, kind: str) -> Any:
        """Facts beside the run, such as `structure`."""
        digest = dict(_tracker.store().runs.documents(run.info.run_id))[kind]
        return json.loads((Path(trackline.get_tracking_uri()) / "blobs" / digest[:2] / digest[2:]).read_bytes())
