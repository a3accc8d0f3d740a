"""`python -m comparison [FILE …]` in `e2e/`: how many answers agree, and which do not."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from comparison.answer import differences
from comparison.case import load
from comparison.client import dumps
from comparison.outcome import compare
from comparison.server import ours, reference


def main() -> int:
    parser = argparse.ArgumentParser(prog="comparison", description=__doc__)
    parser.add_argument("files", nargs="*", help="files of requests/, such as runs; all if none is named")
    parser.add_argument("--trackline", type=Path, default=Path(sys.executable).parent / "trackline", help="our command")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        with reference(Path(first)) as expected, ours(Path(second), arguments.trackline.resolve()) as got:
            outcome = compare(load(arguments.files), expected, got)
            seen = [] if arguments.files else differences(*dumps(sys.executable, (expected, got)))
    print(outcome, *[f"a session of the official client: {line}" for line in seen], sep="\n")
    return 1 if outcome.problems or seen else 0


sys.exit(main())
