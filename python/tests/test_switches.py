"""What is captured, and whose word counts: the call, the environment, the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import trackline
from trackline import _autolog, _switches


@pytest.fixture(autouse=True)
def nothing_chosen_afterwards() -> Iterator[None]:
    yield
    trackline.autolog(disable=True)


def test_everything_is_captured_unless_somebody_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _switches.on("figures")
    monkeypatch.setenv("TRACKLINE_FIGURES", "off")
    assert not _switches.on("figures")
    trackline.autolog(capture={"figures": True, "shown": False})
    assert _switches.on("figures")
    assert not _switches.on("shown")
    trackline.autolog()
    assert not _switches.on("figures")
    assert _switches.on("shown")


def test_a_project_switches_off_for_all_its_scripts(tmp_path: Path, script) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.trackline]\nfiles = false\n")
    asks = "from trackline import _switches; print(_switches.on('files'), _switches.on('figures'))"
    assert script(asks).stdout == "False True\n"
    assert script(asks, TRACKLINE_FILES="on").stdout == "True True\n"


def test_a_category_that_is_none_is_refused() -> None:
    with pytest.raises(trackline.MlflowException, match="no category `figure` to capture: use one of metrics"):
        trackline.autolog(capture={"figure": False})


@pytest.fixture
def observer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """An observer that waits for the module `wave`, and what it was told."""
    import sys
    import types

    told: list[str] = []
    module = types.ModuleType("trackline.observers.telling")
    module.patch = lambda: told.append("patch")
    module.unpatch = lambda: told.append("unpatch")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(_autolog.OBSERVERS, "telling", ("shown", "wave_never_seen"))
    (tmp_path / "wave_never_seen.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield told
    sys.modules.pop("wave_never_seen", None)


def test_an_observer_is_set_up_with_its_module(observer: list[str]) -> None:
    trackline.autolog()
    assert observer == []
    import wave_never_seen  # noqa: F401

    assert observer == ["patch"]
    trackline.autolog(capture={"shown": False})
    assert observer == ["patch", "unpatch"]


def test_the_environment_can_be_left_out(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def documents() -> list[str]:
        with trackline.start_run() as run:
            pass
        return [kind for kind, _ in trackline._tracker.store().runs.documents(run.info.run_id)]

    assert "environment" in documents()
    monkeypatch.setenv("TRACKLINE_ENVIRONMENT", "off")
    assert "environment" not in documents()
