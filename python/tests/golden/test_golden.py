"""The same scripts under MLflow's autologging and under ours: every key of theirs is found in ours.

`differences.toml` lists what differs on purpose. A script is plain training code; it needs no more than a file in `scripts/`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE / "scripts").glob("*.py"))
INTENDED = tomllib.loads((HERE / "differences.toml").read_text())

sys.path.insert(0, str(HERE))
from compare import differences  # noqa: E402

Dump = dict[str, list[dict[str, Any]]]


def dump(tracker: str) -> Dump:
    """What the tracker recorded of every script."""
    environment = {**os.environ, "KERAS_BACKEND": "torch", "MPLBACKEND": "agg", "TRACKLINE_TESTING": "1"}
    command = [sys.executable, str(HERE / "record.py"), tracker, *map(str, SCRIPTS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    found: Dump = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def dumps() -> tuple[Dump, Dump]:
    with ThreadPoolExecutor(2) as both:
        theirs, ours = both.map(dump, ["mlflow", "trackline"])
    return theirs, ours


def reasons(line: str) -> list[str]:
    return [name for name, entry in INTENDED.items() if any(fnmatchcase(line, pattern) for pattern in entry["differs"])]


@pytest.mark.parametrize("script", [script.stem for script in SCRIPTS])
def test_every_key_of_theirs_is_in_ours(dumps: tuple[Dump, Dump], script: str) -> None:
    theirs, ours = dumps
    assert theirs[script], "a script that MLflow records nothing of compares nothing"
    unlisted = [line for line in differences(theirs[script], ours[script], script) if not reasons(line)]
    assert not unlisted, "\n".join(unlisted)


def test_every_listed_difference_is_one(dumps: tuple[Dump, Dump]) -> None:
    theirs, ours = dumps
    shown = {name for script in theirs for line in differences(theirs[script], ours[script], script) for name in reasons(line)}
    assert INTENDED.keys() - shown == set(), "no script shows these differences: take them out"
