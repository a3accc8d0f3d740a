"""What hooks leave out of a run that tracking has cost too much. The cost is told here, not measured."""

from __future__ import annotations

import gc
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import trackline
from trackline import _budget, _native
from trackline._guard import guard

SPENT = 3600.0


@pytest.fixture(autouse=True)
def budget(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRACKLINE_TESTING", "1")
    monkeypatch.delenv("TRACKLINE_BUDGET")
    yield
    trackline.autolog(disable=True)


def test_a_hook_asks_what_it_may_record() -> None:
    with trackline.start_run() as run:
        run.handle.add_spent(SPENT)
        assert not _budget.allows("statistics")
        trackline.log_metric("mine", 1)
    assert run.data.tags["trackline.shed"] == "statistics"
    assert run.data.metrics["mine"] == 1
    assert float(run.data.tags["trackline.overhead_ms"]) >= SPENT * 1000


def test_a_user_may_have_all_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_BUDGET", "off")
    with trackline.start_run() as run:
        run.handle.add_spent(SPENT)
        assert _budget.allows("statistics") and _budget.allows("steps") and _budget.allows("figures")
    assert "trackline.shed" not in run.data.tags


def test_what_a_hook_does_is_charged_to_the_run_it_logs_to() -> None:
    with trackline.start_run() as run:
        before = run.handle.spent
        with guard("a hook"):
            made = sum(range(200_000))
            run.handle.set_tags([("made", str(made))])
        charged = run.handle.spent
        assert charged > before
        with guard("setting up", charged=False):
            sum(range(200_000))
        assert run.handle.spent == charged


def test_a_collection_of_garbage_is_the_programs() -> None:
    trackline.autolog()
    held = [[number] for number in range(300_000)]
    with trackline.start_run() as run:
        before = run.handle.spent
        with guard("a hook"):
            for _ in range(20):
                gc.collect()
        took = time_of(gc.collect)
        assert run.handle.spent - before < 5 * took
    assert len(held) == 300_000
    trackline.autolog(disable=True)
    assert _native.collection not in gc.callbacks


def time_of(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def profile(run: trackline.ActiveRun) -> dict[str, object]:
    (used,) = run.inputs.dataset_inputs
    found: dict[str, object] = json.loads(used.dataset.profile or "{}")
    return found


def test_statistics_of_data_are_left_out_and_scores_are_not() -> None:
    from sklearn.linear_model import LinearRegression

    trackline.autolog()
    X, y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]
    with trackline.start_run() as short:
        short.handle.add_spent(SPENT)
        LinearRegression().fit(X, y)
    assert "columns" not in profile(short)
    assert profile(short)["num_rows"] == 3
    assert short.data.metrics["training_r2_score"] == pytest.approx(1.0)
    assert short.data.params["fit_intercept"] == "True"
    assert short.data.tags["trackline.shed"] == "statistics"


def test_figures_are_not_drawn_any_more(script: Callable[[str], subprocess.CompletedProcess[str]]) -> None:
    done = script(
        "import trackline; trackline.autolog()\n"
        "import matplotlib; matplotlib.use('agg')\n"
        "import matplotlib.pyplot as plt\n"
        "with trackline.start_run() as run:\n"
        f"    run.handle.add_spent({SPENT})\n"
        "    plt.figure(); plt.plot([1, 2]); plt.title('Saved'); plt.savefig('saved.png')\n"
        "    plt.figure(); plt.plot([1, 2]); plt.title('Shown'); plt.show()\n"
        "print(run.info.run_id)"
    )
    assert done.stderr == ""
    run = trackline.get_run(done.stdout.strip())
    assert "figures" in run.data.tags["trackline.shed"]
    kept = [file.path for file in trackline.MlflowClient().list_artifacts(run.info.run_id, "figures")]
    assert kept == ["figures/saved.png"]
