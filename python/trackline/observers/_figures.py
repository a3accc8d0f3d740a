"""Keeping the figures that a script shows or saves: each once, under `figures/`, with a list of them beside the run."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _observed
from trackline._native import Picture
from trackline._script import frames

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

FOLDER = "figures"
MOST = 500
"""So many figures of a run are kept."""
LARGEST_FILE = 64 << 20
"""Bytes. Larger files are no figures that anybody looks at."""
LONGEST_NAME = 80


@dataclass
class _Gallery:
    """What is kept of one run: who has which path, and what is told of it."""

    taken: dict[str, object] = field(default_factory=dict)
    listed: dict[str, dict[str, Any]] = field(default_factory=dict)
    unnamed: int = 0

    def path_of(self, figure: Figure) -> str:
        """The path for this figure; the one it had, if it was saved to the same file before."""
        name, ending = figure.name, figure.ending
        if not name:
            self.unnamed += 1
            name = f"figure_{self.unnamed}"
        folder = os.path.basename(os.path.dirname(figure.file)) if figure.file else ""
        candidates = [f"{FOLDER}/{name}.{ending}", f"{FOLDER}/{folder}/{name}.{ending}"][: 2 if folder else 1]
        candidates += (f"{FOLDER}/{name}-{number}.{ending}" for number in range(2, MOST + 2))
        owner = figure.file or figure
        return next(path for path in candidates if self.taken.setdefault(path, owner) is owner or self.taken[path] == owner)


@dataclass(eq=False)
class Figure:
    """A figure that was seen: the file it was saved to, or its bytes. `values` is the data it shows, if known."""

    source: str
    ending: str
    title: str = ""
    file: str = ""
    data: bytes | Picture = b""
    values: dict[str, Any] | None = None
    time: float = field(default_factory=time.time)
    where: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its file, else its title."""
        return os.path.splitext(os.path.basename(self.file))[0] if self.file else as_name(self.title)


_galleries: dict[str, _Gallery] = {}


def keep(figure: Figure) -> None:
    """Keeps the figure in the run that it belongs to, or in the first one that begins."""
    figure.where = _where()
    if figure.file:
        figure.file = os.path.abspath(figure.file)
    _ambient.later(lambda run: _keep(run, figure))


def _keep(run: ActiveRun, figure: Figure) -> None:
    gallery = _galleries.setdefault(run.id, _Gallery())
    if len(gallery.listed) >= MOST:
        return
    if figure.file:
        try:
            size = os.path.getsize(figure.file)
        except OSError:
            return  # It was moved or deleted before the run began.
        if size > LARGEST_FILE:
            return
    path = gallery.path_of(figure)
    handle = run.handle.with_source(figure.source)
    if figure.file:
        handle.log_file_later(figure.file, path)
    elif isinstance(figure.data, Picture):
        handle.log_picture(figure.data, path)
    else:
        _observed.artifact_bytes(run, figure.data, path, source=figure.source)
    if figure.values:
        stem = os.path.splitext(path)[0]
        _observed.artifact_bytes(run, json.dumps(figure.values).encode(), f"{stem}.json", source=figure.source)
    gallery.listed[path] = {
        "path": path,
        "title": figure.title,
        "source": figure.source,
        "time": round(figure.time * 1000),
        **({"at": figure.where} if figure.where else {}),
    }
    _observed.document(run, "figures", list(gallery.listed.values()), source=figure.source)


def as_name(title: str) -> str:
    """The text as a file name: no separators and no white space."""
    return re.sub(r"[\s/\\:*?\"<>|\x00-\x1f]+", "_", title).strip("._")[:LONGEST_NAME]


def _where() -> dict[str, Any]:
    """The variables of the loop that the figure was made in, as far as they are plain numbers or short texts."""
    frame = frames.caller()
    found = {} if frame is None else frames.loop_variables(frame)
    return {
        name: value
        for name, value in found.items()
        if type(value) in (int, float, bool) or (type(value) is str and len(value) <= LONGEST_NAME)
    }


def target(file: Any) -> str | None:
    """The path of what was given as the place to save to, if it is one."""
    if isinstance(file, str | os.PathLike):
        path = os.fspath(file)
        return os.fsdecode(path)
    return None


def forget() -> None:
    """Forgets what was kept of which run."""
    _galleries.clear()
