"""Runs every measurement and prints one table: what tracking costs, beside MLflow in the same run."""

from __future__ import annotations

import argparse
import sys

import autolog
import calls
import drain
import history
import hooks
import imports
import ingest
import kills
import search
import server
import system_metrics
import torch_loop
from measure import Row, table

PARTS = {
    "autolog": autolog.rows,
    "calls": calls.rows,
    "drain": drain.rows,
    "history": history.rows,
    "hooks": hooks.rows,
    "imports": imports.rows,
    "ingest": ingest.rows,
    "kills": kills.rows,
    "search": search.rows,
    "server": server.rows,
    "system_metrics": system_metrics.rows,
    "torch_loop": torch_loop.rows,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}; all unless named")
    parser.add_argument("--repeat", type=int, default=5, help="fresh processes per figure; the median counts (default 5)")
    options = parser.parse_args()
    rows: list[Row] = []
    for part in options.parts:
        rows += PARTS[part](options.repeat)
        print(table(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
