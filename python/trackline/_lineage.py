"""Where data came from: the reads, splits and transformers that it went through before a model saw it.

What a step made is known by identity while it lives, and what was made of that by hand, by its columns, its memory or
its number of rows: then the link is told as inferred. Nothing is kept alive and nothing is copied.
"""

from __future__ import annotations

import json
import weakref
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trackline import _memory, _native, _switches
from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._log._subject import Subject

MOST_STEPS = 500
MOST_RUNS = 1000
"""Of so many runs it is known what they were told; then the one that was told nothing for longest is forgotten."""
MOST_COLUMNS = 200
PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 30
LONGEST_TEXT = 200

Found = tuple[tuple[int, ...], tuple[int, ...]]
"""Numbers of steps, and those of them that were found by their likeness."""
NOTHING: Found = ((), ())


@dataclass(frozen=True)
class Step:
    """Something that made data: `what` with `detail`, of what the steps `parents` made; `inferred` are those parents
    that were found by their likeness."""

    number: int
    what: str
    detail: dict[str, Any]
    rows: int | None
    columns: tuple[str, ...]
    parents: tuple[int, ...]
    inferred: tuple[int, ...]

    def told(self) -> dict[str, Any]:
        """As the document has it."""
        told = {"id": self.number, "what": self.what, "detail": self.detail, "rows": self.rows, "from": list(self.parents)}
        return told | ({"columns": len(self.columns)} if self.columns else {}) | ({"inferred": list(self.inferred)} if self.inferred else {})


@dataclass(frozen=True)
class Origin:
    """What reached a model: the steps behind it, and its first rows."""

    steps: tuple[Step, ...]
    parents: tuple[int, ...]
    preview: dict[str, Any] | None


@dataclass
class _Told:
    """What the document of a run says so far."""

    steps: dict[int, Step] = field(default_factory=dict)
    used: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    """By all but the first rows: data may be seen in several places."""


_steps: OrderedDict[int, Step] = OrderedDict()
_of: dict[int, tuple[weakref.ref[Any], int]] = {}
_told: OrderedDict[str, _Told] = OrderedDict()
_next = 0


def made(values: Any, what: str, detail: dict[str, Any], found: Found = NOTHING) -> None:
    """A step made these values (one, or several in a tuple, list or dict) of what was found of its sources."""
    parts = _parts(values)
    if parts:
        columns = next((names for part in parts if (names := _columns(part))), ())
        number = _add(what, detail, _rows(parts[0]), columns, found)
        for part in parts:
            _remember(part, number)
            base = getattr(part, "base", None)
            if base is not None and _rows(base) is not None:
                _remember(base, number)  # Other views of the same memory have the same base.


def made_of(value: Any, sources: Iterable[Any], what: str, detail: dict[str, Any], rows: int | None) -> None:
    """A step made an object that is no array of these sources; known already, it is left as it is."""
    if _known(value) is None:
        _remember(value, _add(what, detail, rows, (), resolve(sources)))


def passed_on(source: Any, value: Any) -> None:
    """The value is the source in another form."""
    if (number := _known(source)) is not None:
        _remember(value, number)


def _add(what: str, detail: dict[str, Any], rows: int | None, columns: tuple[str, ...], found: Found) -> int:
    global _next
    _next += 1
    detail = {name: _native.redacted(name, str(value)[:LONGEST_TEXT]) for name, value in detail.items()}
    _steps[_next] = Step(_next, what, detail, rows, columns, *found)
    while len(_steps) > MOST_STEPS:
        _steps.popitem(last=False)
    return _next


def reached(data: Any, labels: Any, through: Any = None) -> Origin | None:
    """What is known of data that a model is given, `through` a loader say; None if such things are not captured."""
    if not _switches.on("data"):
        return None
    with guard("lineage"):
        given = [through] if through is not None else [data, *([] if labels is None else [labels])]
        parents, _ = resolve(given)
        chain: dict[int, Step] = {}
        waiting = [*parents]
        while waiting:
            step = _steps.get(waiting.pop())
            if step is not None and step.number not in chain:
                chain[step.number] = step
                waiting += step.parents
        return Origin(tuple(chain[number] for number in sorted(chain)), parents, _preview(data))
    return None


def tell(log: Subject, origin: Origin, name: str, digest: str, context: str | None) -> None:
    """Writes the document `lineage` of the run with this use of data added."""
    told = _told.setdefault(log.id, _Told())
    _told.move_to_end(log.id)
    while len(_told) > MOST_RUNS:
        _told.popitem(last=False)
    told.steps |= {step.number: step for step in origin.steps}
    told.used.setdefault(
        (name, digest, context, origin.parents),
        {"name": name, "digest": digest, "context": context, "from": list(origin.parents), "preview": origin.preview},
    )
    steps = [told.steps[number].told() for number in sorted(told.steps)]
    log.handle.log_document("lineage", json.dumps({"steps": steps, "used": [*told.used.values()]}, default=str).encode())


def forget() -> None:
    """Forgets all data and all steps."""
    _steps.clear()
    _of.clear()


def resolve(sources: Iterable[Any]) -> Found:
    """The steps that made these sources."""
    found: dict[int, bool] = {}
    for source in sources:
        number = _known(source)
        if number is not None:
            found[number] = True
        elif (number := _alike(source)) is not None:
            found.setdefault(number, False)
    return tuple(found), tuple(number for number, sure in found.items() if not sure)


def _known(value: Any) -> int | None:
    for candidate in (value, getattr(value, "base", None)):
        reference, number = _of.get(id(candidate), (None, 0))
        if reference is not None and reference() is candidate and number in _steps:
            return number
    return None


def _alike(value: Any) -> int | None:
    """The latest step that made something with these columns, else with so many rows."""
    columns, rows = set(_columns(value)), _rows(value)
    for step in reversed(_steps.values()):
        if columns and columns <= set(step.columns):
            return step.number
    for step in reversed(_steps.values()):
        if rows is not None and rows > 1 and step.rows == rows:
            return step.number
    return None


def _remember(value: Any, number: int) -> None:
    key = id(value)
    try:
        _of[key] = (weakref.ref(value, lambda gone: _forget(key, gone)), number)
    except TypeError:
        return


def _forget(key: int, gone: Any) -> None:
    if key in _of and _of[key][0] is gone:
        del _of[key]


def _parts(values: Any) -> list[Any]:
    if isinstance(values, dict):
        values = [values.get("data"), values.get("target"), values.get("frame"), *values.values()]
    if isinstance(values, list | tuple):
        return [value for value in values[:20] if _rows(value) is not None]
    return [values] if _rows(values) is not None else []


def _rows(value: Any) -> int | None:
    shape = getattr(value, "shape", None)
    return int(shape[0]) if isinstance(shape, tuple) and shape and isinstance(shape[0], int) else None


def _columns(value: Any) -> tuple[str, ...]:
    if type(value).__module__.partition(".")[0] not in ("pandas", "polars"):
        return ()
    if hasattr(value, "columns"):
        return tuple(map(str, list(value.columns)[:MOST_COLUMNS]))
    name = getattr(value, "name", None)
    return () if name is None else (str(name),)


def _preview(data: Any) -> dict[str, Any] | None:
    """The first rows as text, without secrets."""
    if (rows := _rows(data)) is None or hasattr(data, "nnz") or not _memory.lies_here(data):
        return None
    first = data[: min(PREVIEW_ROWS, rows)]
    columns = [*_columns(data)][:PREVIEW_COLUMNS]
    values = first.to_numpy() if hasattr(first, "to_numpy") else first
    if getattr(values, "ndim", 0) > 2 or not hasattr(values, "tolist"):
        return None
    table = [row[:PREVIEW_COLUMNS] if isinstance(row, list) else [row] for row in values.tolist()]
    names = columns or [str(place) for place in range(len(table[0]) if table else 0)]
    return {
        "columns": names,
        "rows": [[_native.redacted(name, str(cell)[:LONGEST_TEXT]) for name, cell in zip(names, row, strict=False)] for row in table],
    }
