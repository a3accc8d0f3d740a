"""What scripts record, in a folder of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trackline
from trackline import _tracker

# pytest's `importlib` mode leaves the folders of tests out of the path.
sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "integrations")]

from recorded import Recorded  # noqa: E402
from scripting import Scripts  # noqa: E402

# What needs a newer interpreter is run by `make test-python312`.
collect_ignore = ["python312"] if sys.version_info < (3, 12) else []


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    folder = tmp_path / "project"
    folder.mkdir()
    return Scripts(folder, tmp_path / "store")


@pytest.fixture
def recorded(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    """What the scripts have recorded."""
    before = trackline.get_tracking_uri()
    trackline.set_tracking_uri(scripts.store)
    yield Recorded()
    trackline.set_tracking_uri(before)


@pytest.fixture
def document(scripts: Scripts, recorded: Recorded) -> Any:
    """Reads a document of the only run."""

    def read(kind: str) -> Any:
        digest = dict(_tracker.store().runs.documents(recorded.run().info.run_id)).get(kind)
        return None if digest is None else json.loads((scripts.store / "blobs" / digest[:2] / digest[2:]).read_bytes())

    return read
