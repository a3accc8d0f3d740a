"""Stores that cannot be used, and the exception type."""

from __future__ import annotations

import json
import pickle
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline as mlflow
from trackline.exceptions import MlflowException, TracklineException

Script = Callable[..., subprocess.CompletedProcess[str]]


def test_a_store_that_cannot_be_written_stops_no_training(script: Script, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = script(
        "import trackline as mlflow\n"
        "mlflow.set_experiment('mine')\n"
        "with mlflow.start_run() as run:\n"
        "    mlflow.log_param('p', 1)\n"
        "    for step in range(100): mlflow.log_metric('a', step, step=step)\n"
        "    mlflow.log_text('x', 'x.txt')\n"
        "print('trained', len(run.info.run_id))\n",
        TRACKLINE_URI=str(tmp_path / "file" / "store"),
    )
    assert done.returncode == 0
    assert done.stdout == "trained 32\n"
    (line,) = done.stderr.splitlines()
    assert line.startswith("trackline: ")
    assert str(tmp_path / "file") in line


def test_a_program_may_have_removed_the_folder_it_works_in(script: Script, store: Path) -> None:
    done = script(
        "import os, tempfile, trackline as mlflow\n"
        "with tempfile.TemporaryDirectory() as folder: os.chdir(folder)\n"
        "mlflow.autolog()\n"
        "with mlflow.start_run(run_name='it'): mlflow.log_metric('a', 1.5)\n",
        TRACKLINE_URI=str(store),
    )
    assert (done.returncode, done.stderr) == (0, "")
    (run,) = mlflow.search_runs(output_format="list")
    assert run.data.metrics == {"a": 1.5}


@pytest.mark.parametrize("uri", ["sqlite:///x.db", "postgresql://x/y"])
def test_stores_of_other_kinds_are_refused_clearly(store: Path, uri: str) -> None:
    before = mlflow.get_tracking_uri()
    with pytest.raises(MlflowException) as caught:
        mlflow.set_tracking_uri(uri)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert uri.partition(":")[0] in str(caught.value)
    assert mlflow.get_tracking_uri() == before


def test_the_store_is_chosen_by_path_uri_or_environment(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mlflow.get_tracking_uri() == str(store)
    for uri in (tmp_path / "a", str(tmp_path / "a"), (tmp_path / "a").as_uri()):
        mlflow.set_tracking_uri(uri)
        with mlflow.start_run():
            pass
    assert len(mlflow.search_runs(output_format="list")) == 3
    assert (tmp_path / "a" / "trackline.db").exists()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(tmp_path / "b"))
    assert mlflow.is_tracking_uri_set()


def test_nothing_is_written_before_the_first_run(script: Script, store: Path) -> None:
    assert script("import trackline; trackline.autolog(); trackline.active_run()").returncode == 0
    assert not store.exists()


def test_a_run_stays_in_the_store_it_began_in(store: Path, tmp_path: Path) -> None:
    with mlflow.start_run() as run:
        mlflow.set_tracking_uri(tmp_path / "other")
        mlflow.log_metric("a", 1)
    mlflow.set_tracking_uri(store)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"a": 1.0}


def test_the_exception() -> None:
    assert MlflowException is TracklineException
    error = MlflowException.invalid_parameter_value("no")
    assert (str(error), error.message, error.error_code) == ("no", "no", "INVALID_PARAMETER_VALUE")
    assert json.loads(error.serialize_as_json()) == {"error_code": "INVALID_PARAMETER_VALUE", "message": "no"}
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), copy.message, copy.error_code) == (type(error), "no", "INVALID_PARAMETER_VALUE")
