"""Results that the program writes into files of its own: `json.dump(metrics, file)`, `history.to_csv(…)`, a report as text. They are
read when it ends; what is on record from elsewhere is no news."""

from __future__ import annotations

import os

from trackline import _ambient, _at_exit, _native, _observed, _runs
from trackline._script import constants
from trackline.observers import _shown
from trackline.observers._on_record import OnRecord

CONFIDENCE = 0.9


def patch() -> None:
    """Looks at the files when the program ends."""
    _at_exit.add(_record_all, "written")


def unpatch() -> None:
    """Looks at nothing any more."""
    _at_exit.remove(_record_all)


def _record_all() -> None:
    for path, found in _native.written_results():
        name = os.path.basename(path)
        stem = os.path.splitext(name)[0]
        if found and not constants.is_settings_name(stem):
            _record(name, stem, found)


def _record(name: str, stem: str, found: dict[str, list[tuple[int, float]]]) -> None:
    known = OnRecord(_ambient.run())
    new = {
        key: points
        for key, points in found.items()
        if not known.says(key, points[-1][1]) and not (len(points) > 1 and known.has_curve(key, [value for _, value in points]))
    }
    # Who begins runs has said where results go: there is none for a file alone.
    if not new or (run := _ambient.run(start=_runs.last_run_id() is None)) is None:
        return
    for key, points in new.items():
        if _shown.is_tried(key):
            continue
        for step, value in points:
            own = f"{stem}/{key}" if key in known.latest else key
            _observed.metric(run, own, value, step, source=f"file {name}", confidence=CONFIDENCE)
