"""The code of a run is kept: script, modules of the project, cells of a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import trackline as mlflow


@pytest.fixture(autouse=True)
def switched_on(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_CODE", "on")


def project(folder: Path) -> None:
    (folder / "steps").mkdir()
    (folder / ".hidden").mkdir()
    files = {
        "train.py": "import sys; sys.path.insert(0, '.hidden')\n"
        "import json, numpy, secret_one\nimport trackline\nfrom steps import load\n"
        "URL = 'https://ada:hunter22@host/db'\n"
        "with trackline.start_run(run_name='it'):\n    import late\n    from steps import fit\n"
        "trackline.start_run(run_name='open')\nimport last\n",
        "steps/__init__.py": "",
        "steps/load.py": "X = 1\n",
        "steps/fit.py": "Y = 2\n",
        "late.py": "Z = 3\n",
        "last.py": "Z = 4\n",
        "unused.py": "raise SystemExit\n",
        ".hidden/secret_one.py": "",
    }
    for path, text in files.items():
        (folder / path).write_text(text)


def files_of(name: str) -> set[str]:
    (run,) = mlflow.search_runs(filter_string=f"run_name = '{name}'", output_format="list")
    client, found, folders = mlflow.MlflowClient(), set(), ["code"]
    while folders:
        for file in client.list_artifacts(run.info.run_id, folders.pop()):
            folders.append(file.path) if file.is_dir else found.add(file.path.removeprefix("code/"))
    return found


def run_it(folder: Path, *command: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_the_script_and_what_it_imported_are_kept(store: Path) -> None:
    project(store.parent)
    run_it(store.parent, "train.py")
    whole = {"train.py", "steps/__init__.py", "steps/load.py", "steps/fit.py", "late.py"}
    assert files_of("it") == whole
    assert files_of("open") == whole | {"last.py"}
    (run,) = mlflow.search_runs(filter_string="run_name = 'it'", output_format="list")
    text = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/code/train.py")
    assert "import late" in text and "hunter22" not in text


def test_modules_beside_the_folder_of_the_script_are_of_its_project(store: Path) -> None:
    (store.parent / "outer" / "scripts").mkdir(parents=True)
    (store.parent / "outer" / "setup.py").touch()
    (store.parent / "outer" / "model.py").touch()
    (store.parent / "other.py").touch()
    script = "import model, other\nimport trackline\nwith trackline.start_run(run_name='it'):\n    pass\n"
    (store.parent / "outer" / "scripts" / "train.py").write_text(script)
    paths = os.pathsep.join(["..", "../..", *sys.path])
    run_it(store.parent / "outer" / "scripts", "train.py", PYTHONPATH=paths, TRACKLINE_URI=str(store))
    assert files_of("it") == {"train.py", "model.py"}


def test_code_can_be_left_out(store: Path) -> None:
    project(store.parent)
    run_it(store.parent, "train.py", TRACKLINE_CODE="off")
    assert files_of("it") == set()
