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
    """One figure: ours, that of the tracker `beside`, and what we aim at, all in `unit`."""

    name: str
    unit: str
    ours: float
    peer: float | None
    goal: str
    beside: str = "MLflow"

    @property
    def ratio(self) -> str:
        """How many times better our figure is; where the goal is a least value, the greater one is the better."""
        if not self.peer or not self.ours:
            return "–"
        return f"{number(self.ours / self.peer if self.goal.startswith('≥') else self.peer / self.ours)}×"


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
    lines = ["", "| figure | unit | Trackline | goal | beside | its figure | times better |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {r.name} | {r.unit} | {number(r.ours)} | {r.goal} | {'–' if r.peer is None else r.beside} "
        f"| {'–' if r.peer is None else number(r.peer)} | {r.ratio} |"
        for r in rows
    ]
    return "\n".join(lines)


def number(value: float) -> str:
    """Two or three digits that mean something."""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"
