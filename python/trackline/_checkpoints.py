"""Checkpoints: models in files that the program itself writes while it trains.

Whoever observes a writer of models says what was written, after it was written:

    record("out/epoch3.pt", "torch", source="torch.save", step=120, epoch=3)

The file or folder becomes the artifact `checkpoints/step_120/epoch3.pt` of the current run (of none if there is none),
copied in the background, the same bytes once. `checkpoints/index.json` lists what is kept: `path` of the artifact, `kind`,
`file` the user wrote, `step`, `epoch`, `metrics` as they stood, `time` in milliseconds, `size` in bytes, `source`.

Of files whose names differ only in numbers the last three are kept, and the best one by its metrics; see `keep`.
What is renamed or copied goes under its new name.
A writer that calls other writers, as trainers do, records the whole and silences its parts with `whole()`.
`kind` says how `load_checkpoint` reads it: one of `fluent.checkpoints.LOADERS`, or any other word, then the path of a copy is given.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _switches
from trackline._guard import guard
from trackline._rank import rank
from trackline._script import frames, turn

if TYPE_CHECKING:
    from trackline._log import RunLog

FOLDER = "checkpoints"
INDEX = f"{FOLDER}/index.json"
LARGEST = 8 << 30
"""Bytes of one checkpoint; a larger one is left where it is."""

Entry = dict[str, Any]

_entries: dict[str, list[Entry]] = {}
"""What is kept of each run that this process wrote checkpoints of."""
_in_whole: ContextVar[bool] = ContextVar("trackline_in_whole_checkpoint", default=False)


def record(
    path: str | os.PathLike[str],
    kind: str,
    *,
    source: str,
    step: int | None = None,
    epoch: int | None = None,
    metrics: Mapping[str, float] | None = None,
    name: str | None = None,
) -> None:
    """Keeps the file or folder that the user's program has just written, under its own name or `name`.

    `step`: if absent, the greatest step that a metric was logged at. `epoch`: if absent, the variable of that name in the
    user's loop. `metrics`: if absent, the latest of each.
    """
    if _in_whole.get() or not _switches.on("checkpoints"):
        return
    with guard("checkpoint"):
        run = _ambient.run()
        if run is None or not os.path.exists(path):
            return
        epoch = turn.epoch(frames.caller()) if epoch is None else epoch
        name = name or os.path.basename(os.path.normpath(path))
        entry = _entry(run, name, os.fspath(path), kind, source, step, epoch, metrics)
        _keep(run, os.fspath(path), entry)


def renamed(source: Any, target: Any, moves: bool) -> None:
    """A file or folder is about to get another name, or a copy. If it is a checkpoint, it is one under that name: many are
    written under a passing one first, and the best is a copy of one of them."""
    if not _entries:
        return  # Python itself renames a file for each module that it compiles, those that are imported below too.
    with guard("checkpoint"):
        run = _ambient.run()
        if run is None or not all(isinstance(path, str | os.PathLike) for path in (source, target)):
            return
        where = os.path.abspath(source)
        known = _entries.get(run.id, [])
        entry = next((entry for entry in reversed(known) if os.path.abspath(entry["file"]) == where), None)
        if entry is None or not os.path.exists(where):
            return
        name = os.path.basename(os.path.abspath(target))
        anew = {**entry, "file": os.fspath(target), "path": _place(name, entry["step"], entry["epoch"])}
        if moves and anew["path"] != entry["path"]:
            known.remove(entry)
            run.handle.delete_artifact(entry["path"])
        _keep(run, where, anew)


def record_bytes(data: bytes, name: str, kind: str, *, source: str) -> None:
    """Keeps what the user's program has learned and has not written itself, as a file of this name."""
    if not _switches.on("checkpoints"):
        return
    with guard("checkpoint"):
        if (run := _ambient.run()) is not None:
            entry = _entry(run, name, name, kind, source, None, None, None)
            run.handle.with_source(source).log_bytes(data, entry["path"])
            _list(run, {**entry, "size": len(data)})


def _entry(
    run: RunLog,
    name: str,
    file: str,
    kind: str,
    source: str,
    step: int | None,
    epoch: int | None,
    metrics: Mapping[str, float] | None,
) -> Entry:
    latest = {key: (value, at) for key, value, at in run.handle.latest_metrics() if not key.startswith("system/")}
    if step is None:
        step = max((at for _, at in latest.values()), default=None)
    if metrics is None:
        metrics = {key: value for key, (value, _) in latest.items()}
    return {
        "path": _place(name, step, epoch),
        "kind": kind,
        "file": file,
        "step": step,
        "epoch": epoch,
        "metrics": {key: value for key, value in metrics.items() if value == value},
        "time": time.time_ns() // 1_000_000,
        "source": source,
    }


@contextmanager
def whole() -> Iterator[None]:
    """What is written in the block is part of something that is recorded as a whole."""
    token = _in_whole.set(True)
    try:
        yield
    finally:
        _in_whole.reset(token)


def keep() -> tuple[int, int]:
    """How many of a series are kept: the last, and the best. `TRACKLINE_KEEP_LAST_CHECKPOINTS` (3) and
    `TRACKLINE_KEEP_BEST_CHECKPOINTS` (1) say otherwise."""
    asked = [os.environ.get(f"TRACKLINE_KEEP_{which}_CHECKPOINTS", "") for which in ("LAST", "BEST")]
    last, best = (int(text) if text.isdigit() else default for text, default in zip(asked, (3, 1), strict=True))
    return max(last, 1), best


def _keep(run: RunLog, local: str, entry: Entry) -> None:
    files = list(_files(local, entry["path"]))
    entry["size"] = sum(os.path.getsize(file) for file, _ in files)
    if entry["size"] > LARGEST:
        return
    log = run.handle.with_source(entry["source"])
    for file, path in files:
        log.log_file_later(file, path)
    _list(run, entry)


def _list(run: RunLog, entry: Entry) -> None:
    """Puts a checkpoint into the index, and takes away those that it puts out of the series."""
    log = run.handle.with_source(entry["source"])
    before = [other for other in _entries.get(run.id, []) if other["path"] != entry["path"]]
    kept = _entries[run.id] = _retained([*before, entry])
    for gone in before:
        if gone not in kept:
            log.delete_artifact(gone["path"])
    log.log_bytes(json.dumps(kept, indent=1).encode(), INDEX)


def _files(local: str, path: str) -> Iterator[tuple[str, str]]:
    if not os.path.isdir(local):
        yield local, path
    for folder, _, names in os.walk(local):
        inner = os.path.relpath(folder, local).replace(os.sep, "/")
        for name in sorted(names):
            yield os.path.join(folder, name), "/".join(part for part in (path, inner, name) if part != ".")


def _retained(entries: list[Entry]) -> list[Entry]:
    series: dict[str, list[Entry]] = {}
    for entry in entries:
        series.setdefault(re.sub(r"\d+", "0", os.path.basename(entry["file"])), []).append(entry)
    last, best = keep()
    paths = {
        entry["path"]
        for similar in series.values()
        for entry in (*similar[-last:], *rank(similar)[:best])
    }
    return [entry for entry in entries if entry["path"] in paths]


def _place(name: str, step: int | None, epoch: int | None) -> str:
    if step is not None:
        return f"{FOLDER}/step_{step}/{name}"
    return f"{FOLDER}/{name}" if epoch is None else f"{FOLDER}/epoch_{epoch}/{name}"
