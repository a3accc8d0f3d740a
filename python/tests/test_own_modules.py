"""Which modules are the user's own."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from trackline import _own_modules


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "settings_of_mine.py"
    file.write_text("X = 1\n")
    return file


def test_the_users_own_are_told_from_others(module: Path) -> None:
    assert module.stem not in _own_modules.files()
    importlib.import_module(module.stem)
    try:
        found = _own_modules.files()
        assert found[module.stem] == str(module)
        assert not {"os", "pytest", "trackline", "__main__"} & set(found)
    finally:
        del sys.modules[module.stem]
    assert module.stem not in _own_modules.files()


def test_each_is_looked_at_once(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _own_modules.files()
    seen: list[str] = []
    is_own = _own_modules.is_own
    monkeypatch.setattr(_own_modules, "is_own", lambda file: seen.append(file) or is_own(file))
    importlib.import_module(module.stem)
    try:
        assert _own_modules.files() == _own_modules.files()
    finally:
        del sys.modules[module.stem]
    assert seen == [str(module)]
