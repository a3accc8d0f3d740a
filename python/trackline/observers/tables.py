"""What the user's own code makes of tables of pandas before a model sees them: joins, selections of rows, encodings. Each is a step
of the way of the data; how many rows it kept is told by its rows and those of the step before."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from typing import Any

from trackline import _lineage
from trackline._patch import Call, Outcome, Patches
from trackline.observers import _caller

METHODS = ("assign", "drop", "drop_duplicates", "dropna", "join", "merge", "query")
KEPT = ("rename", "reset_index", "set_index", "sort_values")
FUNCTIONS = ("concat", "get_dummies", "merge")
MOST = 100
"""So many steps are told: where a loop makes more, they would drive out the reading of the data."""
MOST_CALLS = 500
"""So many calls are looked at, those of other libraries among them."""
MOST_NAMES = 30

_patches = Patches()
_told = _calls = 0


def patch() -> None:
    """Watches what makes tables of tables."""
    _patches.on_import("pandas", _watch)


def unpatch() -> None:
    """Leaves it alone again."""
    global _told, _calls
    _patches.undo()
    _told = _calls = 0


def make(call: Call) -> Generator[None, Outcome, None]:
    """A table is made, or changed in place. What pandas calls itself is a part of that."""
    outcome = yield
    if outcome.error is None and _is_users():
        said = inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments | call.kwargs
        _tell(call, [*call.args, *call.kwargs.values()], call.args[0] if outcome.value is None else outcome.value, said)


def aggregate(call: Call) -> Generator[None, Outcome, None]:
    """The groups of a table become its rows."""
    outcome = yield
    if outcome.error is None and _is_users():
        _tell(call, [call.args[0].obj], outcome.value, {"by": call.args[0].keys} | call.kwargs)


def keep(call: Call) -> Generator[None, Outcome, None]:
    """The rows stay what they are, in another order or under other names."""
    outcome = yield
    if outcome.error is None and _is_users():
        _lineage.passed_on(call.args[0], outcome.value)


def _tell(call: Call, given: list[Any], made: Any, said: dict[str, Any]) -> None:
    global _told
    _told += 1
    sources = [one for part in given for one in (part[:MOST] if isinstance(part, list | tuple) else [part]) if hasattr(one, "shape")]
    detail = {name: value for name, value in said.items() if _is_plain(value)}
    _lineage.made(made, f"pandas.{call.original.__name__}", detail, _lineage.resolve(sources))


def _is_users() -> bool:
    global _calls
    _calls += 1
    return _caller.is_user()


def _is_enough() -> bool:
    return _told >= MOST or _calls >= MOST_CALLS


def _is_plain(value: Any) -> bool:
    """Whether it is said how, and no data is given: a long list is a column."""
    are_names = isinstance(value, list | tuple) and len(value) <= MOST_NAMES and all(isinstance(one, str) for one in value)
    return are_names or isinstance(value, str | int | float)


def _watch(pandas: Any) -> None:
    for name in METHODS:
        _patches.wrap(pandas.DataFrame, name, make, _is_enough)
    for name in KEPT:
        _patches.wrap(pandas.DataFrame, name, keep, _is_enough)
    _patches.wrap_functions([getattr(pandas, name) for name in FUNCTIONS], make, _is_enough)
    groups = pandas.api.typing.DataFrameGroupBy
    for name in ("agg", "aggregate"):  # One is another name of the other.
        if name in vars(groups):
            _patches.wrap(groups, name, aggregate, _is_enough)
