"""A store of its own for each test, our failures raised, and autologging off again afterwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trackline
from trackline import _ambient, _runs

# pytest's `importlib` mode leaves the folders of tests out of the path.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "conformance")]

from recorded import Recorded  # noqa: E402


@pytest.fixture(autouse=True)
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    """Reads what the test has recorded so far."""
    monkeypatch.setenv("TRACKLINE_TESTING", "1")
    _ambient.forget()
    before = trackline.get_tracking_uri()
    trackline.set_tracking_uri(tmp_path / "store")
    yield Recorded()
    trackline.autolog(disable=True)
    while (run := _runs.current()) is not None:
        run.end()
    trackline.set_tracking_uri(before)


@pytest.fixture
def autolog() -> None:
    trackline.autolog()
