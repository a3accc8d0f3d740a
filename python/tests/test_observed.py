"""What was seen is written down with its source, beside what the user logged."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

import trackline
from trackline import _ambient, _observed, _runs

pytestmark = pytest.mark.usefixtures("store", "failures_raised")


@pytest.fixture
def failures_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_TESTING", "1")


def sources(run: trackline.ActiveRun) -> dict[str, tuple[str, float | None]]:
    return {item.key: (item.source, item.confidence) for item in trackline.explain(run)}


def test_items_have_a_source_and_unsure_ones_a_place_of_their_own() -> None:
    with trackline.start_run() as run:
        _observed.metric(run, "loss", 0.5, 3, source="stdout", confidence=0.8)
        _observed.metric(run, "accuracy", np.float32(0.75), source="stdout", confidence=0.95)
        _observed.params(run, {"lr": 0.1}, source="argparse")
        _observed.artifact_bytes(run, b"x", "figures/a.txt", source="matplotlib.savefig")
    assert run.data.metrics == {"inferred/loss": 0.5, "accuracy": 0.75}
    found = sources(run)
    assert found["inferred/loss"] == ("stdout", 0.8)
    assert found["accuracy"] == ("stdout", 0.95)
    assert found["lr"] == ("argparse", None)
    assert found["figures/a.txt"] == ("matplotlib.savefig", None)


def test_params_become_short_texts_without_secrets() -> None:
    class Model:
        def __str__(self) -> str:
            raise AssertionError("nobody asks it")

    values = {
        "lr": 0.1, "none": None, "net": {"layers": [64, "relu"], "empty": {}}, "path": pathlib.Path("a/b"), "model": Model(),
        "kind": Model, "n": np.int64(3), "ids": list(range(60)), "long": "x" * 600, "api_key": "abc", "url": "s3://me:pw@host",
    }
    with trackline.start_run() as run:
        _observed.params(run, values, source="test")
    params = run.data.params
    assert params.pop("ids").endswith("49, … 60 in all]")
    assert len(params.pop("long")) == 500
    assert params.pop("kind").endswith("Model")
    assert params == {
        "lr": "0.1", "net.layers": "[64, 'relu']", "net.empty": "{}", "path": "a/b", "n": "3", "api_key": "[redacted]",
        "url": "s3://me:[redacted]@host", "model": Model.__qualname__,
    }


def test_what_the_user_logs_stays_as_it_is(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("seen")
    with trackline.start_run() as run:
        trackline.log_param("lr", 0.1)
        trackline.log_metric("loss", 1.0)
        trackline.set_tag("who", "me")
        trackline.log_text("told", "a.txt")
        _observed.params(run, {"lr": 0.2, "depth": 3}, source="argparse")
        _observed.metric(run, "loss", 2.0, 1, source="stdout")
        _observed.artifact_file(run, file, "a.txt", source="files")
        run.handle.with_source("hook").set_tags([("who", "it")])
    _observed.metric(run, "loss", 3.0, 2, source="stdout")
    assert run.data.params == {"lr": "0.1", "depth": "3"}
    assert [point.value for point in trackline.MlflowClient().get_metric_history(run.id, "loss")] == [1.0]
    assert run.data.tags["who"] == "me"
    assert trackline.artifacts.load_text(f"runs:/{run.id}/a.txt") == "told"


def test_what_is_known_before_a_run_waits_for_it() -> None:
    told = []
    _ambient.later(lambda run: told.append(run.id))
    assert told == []
    with trackline.start_run() as run:
        assert told == [run.id]
        _ambient.later(lambda run: told.append("at once"))
    assert told == [run.id, "at once"]


def test_the_run_of_a_moment() -> None:
    assert _ambient.run() is None
    program = _ambient.run(start=True)
    assert program is not None and program.managed
    assert _ambient.run() is program
    with trackline.start_run() as mine:
        assert _ambient.run() is mine
    assert _ambient.run() is program
    program.end()


def test_what_follows_a_fit_belongs_to_its_run() -> None:
    from sklearn.linear_model import LinearRegression

    trackline.sklearn.autolog(log_models=False)
    LinearRegression().fit([[0.0], [1.0]], [0.0, 1.0])
    trackline.sklearn.autolog(disable=True)
    run = _ambient.run()
    assert run is not None and not run.is_open
    _observed.metric(run, "afterwards", 1.0, source="stdout")
    (found,) = trackline.search_runs(output_format="list")
    assert found.info.status == "FINISHED"
    assert found.data.metrics["afterwards"] == 1.0
    assert _runs.current() is None


def test_an_explanation_lists_what_is_less_sure_apart() -> None:
    with trackline.start_run() as run:
        _observed.params(run, {"lr": 0.1}, source="constants", confidence=0.95)
        _observed.metric(run, "acc", 0.5, source="stdout", confidence=0.6)
        trackline.log_metric("loss", 1.0)
    assert not [item.key for item in trackline.explain(run) if item.kind == "tag"]
    sure, apart = repr(trackline.explain(run)).split("less sure")
    assert "acc" not in sure and "lr" in sure and "loss" in sure
    assert apart.split() == ["metric", "inferred/acc", "stdout", "60%"]
