"""Fresh processes, medians, and a table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass


@dataclass
class Row:
    """One figure: ours, the peer's, and what we aim at, all in `unit`."""

    name: str
    unit: str
    ours: float
    peer: float
    goal: str

    @property
    def ratio(self) -> float:
        """How many times the peer's figure is ours."""
        return self.peer / self.ours if self.ours > 0 else float("inf")


def python(code: str, *arguments: str) -> dict[str, float]:
    """Runs code in a fresh interpreter in an empty folder; its last line of output is a JSON object of figures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"the measured script failed:\n{done.stderr}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def median(code: str, figure: str, repeat: int, *arguments: str) -> float:
    """The median of one figure over fresh processes."""
    return statistics.median(python(code, *arguments)[figure] for _ in range(repeat))


def table(rows: list[Row]) -> str:
    """The rows as Markdown."""
    lines = ["", "| figure | unit | Trackline | MLflow | MLflow ÷ Trackline | goal |", "|---|---|---|---|---|---|"]
    lines += [f"| {r.name} | {r.unit} | {r.ours:.1f} | {r.peer:.1f} | {r.ratio:.0f}× | {r.goal} |" for r in rows]
    return "\n".join(lines)
