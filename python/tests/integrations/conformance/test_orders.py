"""Every order of importing, patching, using and unpatching, each in a fresh interpreter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import case
import pytest

ORDERS = (
    "import patch use unpatch use",
    "patch import use unpatch use",
    "patch use unpatch use",
    "import use patch use unpatch use",
    "import patch unpatch use",
    "patch unpatch import use",
    "patch import unpatch use",
    "import patch patch use unpatch use",
    "patch patch import use unpatch unpatch use",
    "import patch unpatch patch use unpatch use",
)

SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
import case, trackline
name, steps = sys.argv[2], sys.argv[3].split()
mine = case.load(name)
before = {}
results, recorded, patched = [], 0, False
for step in steps:
    if step == "import":
        __import__(name)
        before = before or ({} if patched else {public: case.found(public) for public in mine.PUBLIC})
    elif step == "use":
        results.append(mine.work().hex())
        recorded += patched
    else:
        patched = step == "patch"
        trackline.autolog(disable=not patched)
after = {public: case.found(public) for public in mine.PUBLIC}
from trackline import _patch
runs = trackline.search_runs(search_all_experiments=True, output_format="list")
print(json.dumps({
    "results": results,
    "uses_recorded": recorded,
    "top_runs": sum("mlflow.parentRunId" not in run.data.tags for run in runs),
    "restored": [public for public in before if after[public] is not before[public]],
    "wrapped": [public for public in after if getattr(after[public], "__func__", after[public]) in _patch._wrappers],
    "finders": len([finder for finder in sys.meta_path if getattr(finder, "__module__", "").startswith("trackline")]),
}))
"""


def run(tmp_path: Path, name: str, steps: str) -> Any:
    environment = {**os.environ, "TRACKLINE_URI": str(tmp_path / "store"), "TRACKLINE_TESTING": "1"}
    command = [sys.executable, "-c", SCRIPT, str(Path(case.__file__).parent), name, steps]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) | {"warnings": warnings(done.stderr)}


def warnings(stderr: str) -> set[str]:
    return set(re.findall(r"\w+Warning: .*", stderr))


@pytest.mark.parametrize("name", case.NAMES)
@pytest.mark.parametrize("steps", ORDERS)
def test_order(tmp_path: Path, name: str, steps: str) -> None:
    found = run(tmp_path, name, steps)
    assert len(set(found["results"])) == 1
    assert found["top_runs"] == found["uses_recorded"] * case.load(name).RUNS
    assert found["restored"] == found["wrapped"] == []
    assert found["finders"] == 0


@pytest.mark.parametrize("name", case.NAMES)
def test_results_and_warnings_are_the_same_as_without_trackline(tmp_path: Path, name: str) -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import case; print(case.load(sys.argv[2]).work().hex())"
    command = [sys.executable, "-c", code, str(Path(case.__file__).parent), name]
    bare = subprocess.run(command, capture_output=True, text=True, check=True)
    tracked = run(tmp_path, name, "patch use")
    assert tracked["results"] == [bare.stdout.strip()]
    assert tracked["warnings"] == warnings(bare.stderr)


def test_nothing_is_imported_for_the_user() -> None:
    code = "import sys, trackline; trackline.autolog(); print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "scipy", "joblib", "matplotlib", "polars", "cloudpickle"}
    assert not (heavy | {case.load(name).PUBLIC[0].partition(".")[0] for name in case.NAMES}) & set(done.stdout.split())
