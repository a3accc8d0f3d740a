"""A real kernel, cell by cell, as Jupyter runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

import trackline as mlflow

Cell = Callable[[str], list[str]]
"""Runs a cell, and gives the texts that it shows. An error fails the test."""

TRAIN = (
    "from sklearn.datasets import load_iris\nfrom sklearn.tree import DecisionTreeClassifier\n"
    "X, y = load_iris(return_X_y=True)\nmodel = DecisionTreeClassifier(max_depth=DEPTH).fit(X, y)"
)


@pytest.fixture
def notebook(store: Path) -> Path:
    """An empty notebook in a repository, beside the store."""
    path = store.parent / "study.ipynb"
    path.touch()
    for words in (["init", "-q"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "one"]):
        subprocess.run(["git", *words], cwd=store.parent, check=True)
    return path


@pytest.fixture
def cell(notebook: Path) -> Iterator[Cell]:
    """The kernel of the notebook."""
    manager = KernelManager()
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = sys.executable
    environment = {**os.environ, "JPY_SESSION_NAME": str(notebook), "TRACKLINE_CODE": "on"}
    manager.start_kernel(cwd=str(notebook.parent), env=environment)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=300)

    def run(text: str) -> list[str]:
        shown: list[tuple[str, str]] = []

        def take(message: dict[str, Any]) -> None:
            content = message["content"]
            stream = content.get("name", "")
            if message["msg_type"] == "stream" and shown and shown[-1][0] == stream:
                # Where a slow kernel cuts what is printed is up to its clock.
                shown[-1] = (stream, shown[-1][1] + content["text"])
            elif message["msg_type"] in ("stream", "execute_result", "display_data"):
                shown.append((stream, content.get("text") or content["data"]["text/plain"]))

        reply = client.execute_interactive(text, timeout=300, output_hook=take)
        assert reply["content"]["status"] == "ok", reply["content"]
        return [text for _, text in shown]

    yield run
    client.stop_channels()
    manager.shutdown_kernel()


def test_each_fit_has_the_notebook_and_what_its_cells_set(cell: Cell, notebook: Path) -> None:
    assert cell("%config InlineBackend.figure_formats = []\nimport trackline\ntrackline.autolog()") == []
    cell("DEPTH = 2\nseed = 7")
    cell(TRAIN)
    cell("DEPTH = 3")
    assert cell(f"{TRAIN}\nmodel.get_depth()") == ["3"]
    cell("trackline.flush()")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=notebook.parent, capture_output=True, text=True, check=True)
    second, first = mlflow.search_runs(output_format="list")
    for run, depth in ((first, "2"), (second, "3")):
        assert run.data.params["max_depth"] == run.data.params["DEPTH"] == depth
        assert run.data.params["seed"] == "7"
        assert run.data.tags["mlflow.source.name"] == str(notebook)
        assert run.data.tags["mlflow.source.git.commit"] == head.stdout.strip()
    cells = Path(mlflow.artifacts.download_artifacts(run_id=second.info.run_id, artifact_path="code/cells.py"))
    assert "DEPTH = 2" in cells.read_text() and "DEPTH = 3" in cells.read_text()


def test_runs_go_on_from_cell_to_cell(cell: Cell) -> None:
    cell("import threading, trackline\nouter = trackline.start_run()")
    cell("inner = trackline.start_run(nested=True)")
    assert cell("trackline.active_run() == inner") == ["True"]
    cell("seen = []\nthread = threading.Thread(target=lambda: seen.append(trackline.active_run()))\nthread.start(); thread.join()")
    assert cell("seen") == ["[None]"]
    cell("trackline.end_run()")
    assert cell("trackline.active_run() == outer") == ["True"]
    cell("trackline.end_run()")
    assert cell("trackline.active_run() is None") == ["True"]


def test_a_figure_is_shown_as_without_and_kept(cell: Cell) -> None:
    cell("%matplotlib inline\nimport trackline\ntrackline.autolog()\nDEPTH = 2")
    cell(TRAIN)
    shown = cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('growth')\nplt.show()")
    assert shown == ["<Figure size 640x480 with 1 Axes>"]
    cell("trackline.flush()")
    (run,) = mlflow.search_runs(output_format="list")
    files = mlflow.MlflowClient().list_artifacts(run.info.run_id, "figures")
    assert [file.path for file in files] == ["figures/growth.png"]


LOOPS = """
def train(epochs):
    for epoch in range(epochs):
        val_acc = epoch / 13
    return epoch

total = 0.0
for epoch in range(6):
    loss = 0.5 / (epoch + 1)
    total += loss
mean = total / 6
print(train(5), mean)
"""
LOOK_BACK = "print(inspect.getsource(train), sorted(name for name in dir() if not name.startswith('_')))\nmean"
RAISE = """
try:
    for epoch in range(5):
        loss = 1 / (3 - epoch)
except ZeroDivisionError as error:
    print([(at.lineno, at.line) for at in traceback.extract_tb(error.__traceback__)])
"""


def curves() -> dict[str, list[float]]:
    (run,) = mlflow.search_runs(output_format="list")
    client = mlflow.MlflowClient()
    return {key: [point.value for point in client.get_metric_history(run.info.run_id, key)] for key in run.data.metrics}


def test_loops_of_cells_are_curves(cell: Cell) -> None:
    cells = (LOOPS, LOOK_BACK, RAISE)
    cell("import inspect, trackline, traceback")
    without = [cell(text) for text in cells]
    cell("trackline.autolog()\n_run = trackline.start_run()")
    assert [cell(text) for text in cells] == without
    cell("trackline.end_run()\ntrackline.flush()")
    assert curves() == {"loss": [0.5 / (epoch + 1) for epoch in range(6)], "val_acc": [epoch / 13 for epoch in range(5)]}


def test_loops_of_a_timed_cell(cell: Cell) -> None:
    cell("import trackline\ntrackline.autolog()\nrun = trackline.start_run()")
    shown = "".join(cell(f"%%time\n{LOOPS}mean"))
    assert shown.startswith("4 0.204") and "Wall time" in shown and shown.splitlines()[-1].startswith("0.204")
    cell("trackline.end_run()\ntrackline.flush()")
    assert curves()["loss"] == [0.5 / (epoch + 1) for epoch in range(6)]


def test_autologging_is_switched_off_between_cells(cell: Cell) -> None:
    cell("import trackline\ntrackline.autolog()\ntrackline.autolog(disable=True)\nrun = trackline.start_run()")
    cell(LOOPS)
    assert cell("print(type(get_ipython().compile) is get_ipython().compiler_class)") == ["True\n"]
    cell("trackline.end_run()\ntrackline.flush()")
    assert curves() == {}
