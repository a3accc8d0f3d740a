"""Runs a script bare, under `trackline run`, or under MLflow's autolog, each in an empty folder of its own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from wild.facts import Record, Script

HERE = Path(__file__).parent
# What a user without Trackline's line would write to have MLflow's: switch it on, then be the script.
UNDER_MLFLOW = (
    "import mlflow, os, runpy, sys\n"
    "mlflow.set_tracking_uri('sqlite:///' + sys.argv.pop(1))\n"
    "sys.argv.pop(0)\n"
    "sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))\n"
    "mlflow.autolog(silent=True)\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


@dataclass(frozen=True)
class Outcome:
    """What could be seen of a run from outside: exit code, output, and a digest of each file that it wrote."""

    code: int
    output: str
    errors: str
    written: dict[str, str]

    @property
    def shown(self) -> str:
        return self.output + self.errors


def bare(script: Script, source: Path, folder: Path) -> Outcome:
    """The script as it is."""
    return _outcome(script, source, folder, [_python(script)])


def under_trackline(script: Script, source: Path, folder: Path) -> tuple[Outcome, Record]:
    """The script under `trackline run`, and what is on record of it."""
    store = folder.parent / f"{folder.name}.trackline"
    outcome = _outcome(script, source, folder, [_python(script).with_name("trackline"), "run", "--quiet", "--store", str(store)])
    return outcome, _record("trackline", str(store))


def under_mlflow(script: Script, source: Path, folder: Path) -> tuple[Outcome, Record]:
    """The script under MLflow's autolog, and what is on record of it."""
    folder.mkdir(parents=True)
    database = folder.parent / f"{folder.name}.db"
    outcome = _outcome(script, source, folder / "work", [_python(script), "-c", UNDER_MLFLOW, str(database)])
    return outcome, _record("mlflow", f"sqlite:///{database}")


def _python(script: Script) -> Path:
    """The interpreter of the environment that the script names, of those beside ours; else ours."""
    own = Path(sys.executable)
    return own.parents[2] / script.python / "bin" / own.name if script.python else own


def _outcome(script: Script, source: Path, folder: Path, start: list[str | Path]) -> Outcome:
    main = _laid_out(script, source, folder)
    before = _digests(folder)
    done = subprocess.run(
        [*start, main.name, *script.arguments], cwd=main.parent, env=_environment(script),
        capture_output=True, text=True, timeout=300, check=False,
    )
    written = {path: digest for path, digest in _digests(folder).items() if before.get(path) != digest}
    # Each is in a folder of its own, whose name it may show.
    shown = [text.replace(str(folder), "FOLDER") for text in (done.stdout, done.stderr)]
    return Outcome(done.returncode, shown[0], shown[1], written)


def _laid_out(script: Script, source: Path, folder: Path) -> Path:
    """The script in `folder`: alone, or amid its repository's part that `source` is."""
    if source.is_dir():
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".git"))
        main = folder / script.path
    else:
        folder.mkdir(parents=True)
        main = Path(shutil.copy(source, folder))
    for name, text in script.beside.items():
        (main.parent / name).parent.mkdir(parents=True, exist_ok=True)
        (main.parent / name).write_text(text)
    return main


def _environment(script: Script) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "TRACKLINE_"))}
    threads = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg", "PYTHONHASHSEED": "0", "CUDA_VISIBLE_DEVICES": ""}
    return {**kept, **threads, "MLFLOW_DISABLE_TELEMETRY": "true", **script.environment}


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _record(tracker: str, address: str) -> Record:
    done = subprocess.run(
        [sys.executable, str(HERE / "record.py"), tracker, address], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))
