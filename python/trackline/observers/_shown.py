"""Numbers with a name that a program shows: which of them are metrics, at which step, and whether they are news."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

from trackline import _ambient, _observed
from trackline._native import ShownLines
from trackline.observers._rounded import is_rounded

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

MOST_RUNS = 100
"""So many runs are known at once; then all are begun anew."""
ALIKE = 0.01
"""A number that is shown rounded is that close to the one on record."""
MOST_KEPT = 10_000
"""So many values of a curve are remembered."""
ELSEWHERE = "shown/"
"""Before a key that something else logs too, with other values."""
OF_EPOCH = "_epoch"
"""After the key of a loss that is logged every step: its mean of an epoch."""
MOST_EXPECTED = 10_000
"""So many lines are expected; then all are forgotten."""
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where words meet in `testAccuracy`."""
Found = list[tuple[str, float, int, float]]


class Record:
    """What one run was shown so far."""

    def __init__(self) -> None:
        self.lines = ShownLines()
        self.own: dict[str, dict[int, float]] = {}
        """What is recorded from here: the values by step."""
        self.repeated: dict[str, Found] = {}
        """What something else records, with the same values so far."""
        self.updates: dict[str, int] = {}

    def update(self, what: str) -> int:
        """How often this has been updated before."""
        count = self.updates[what] = self.updates.get(what, -1) + 1
        return count

    def write(self, run: ActiveRun, found: Found, source: str) -> None:
        """Logs what was found, unless it is on record from a better source."""
        last = {key: value for key, value, _, _ in found}
        for key, value, step, confidence in found:
            self._claim(run, key)
            if key in self.repeated:
                # A list on a line is a curve: its end tells.
                if self._is_known(run, key, last[key]):
                    self._repeat(key, value, step, confidence)
                    continue
                self._part(run, key, source)
            self._log(run, key if key in self.own else ELSEWHERE + key, value, step, source, confidence)

    def _claim(self, run: ActiveRun, key: str) -> None:
        """Whose key it is, for good: of what is shown, or of what has recorded it before."""
        if key in self.own or key in self.repeated or ELSEWHERE + key in self.own:
            return
        if any(key == known for known, _, _ in run.handle.latest_metrics()):
            self.repeated[key] = []
        else:
            self.own[key] = {}

    def _repeat(self, key: str, value: float, step: int, confidence: float) -> None:
        if len(self.repeated[key]) < MOST_KEPT:
            self.repeated[key].append((key, value, step, confidence))

    def _part(self, run: ActiveRun, key: str, source: str) -> None:
        """It is another curve than the one on record: the values in which the two met belong to it as well."""
        self.own[ELSEWHERE + key] = {}
        for _, value, step, confidence in self.repeated.pop(key):
            self._log(run, ELSEWHERE + key, value, step, source, confidence)

    def _log(self, run: ActiveRun, key: str, value: float, step: int, source: str, confidence: float) -> None:
        if len(self.own[key]) < MOST_KEPT:
            self.own[key][step] = value
        _observed.metric(run, key, value, step, source=source, confidence=confidence)

    @staticmethod
    def _is_known(run: ActiveRun, key: str, value: float) -> bool:
        from trackline.observers import loops

        names = (key, f"{key}{OF_EPOCH}")
        latest = [latest for known, latest, _ in run.handle.latest_metrics() if known in names]
        return any(
            math.isclose(value, other, rel_tol=ALIKE) or is_rounded(value, other)
            for other in (*latest, *loops.latest(key))
        )


_records: dict[str, Record] = {}
_expected: set[str] = set()
_tried: set[str] = set()


def read(text: str, source: str, turns: list[int], results: Sequence[float] = ()) -> set[float]:
    """Logs the metrics on a line, and gives their values; `results` are the numbers on it that the code has computed. A run
    begins with the first, if there is none."""
    run = _ambient.run()
    record = of(run)
    found = [one for one in record.lines.read(text, turns, results) if not is_tried(one[0])]
    if found and run is None and (run := _ambient.run(start=True)) is not None:
        _records[run.id] = _records.pop("", record)
    if found and run is not None:
        if not turns:
            _settle(record, found)
        record.write(run, found, source)
    return {value for _, value, _, _ in found}


def are_tried(names: Iterable[str]) -> None:
    """What a search tries is shown beside its results, and is none of them."""
    _tried.update(name.lower() for name in names)


def is_tried(name: str) -> bool:
    """Whether a search tries what is called so, also behind words that name no metric: `config_lr`. What it says is the best is news."""
    whole = name.lower()
    before = [whole.removesuffix(f"_{tried}") for tried in _tried if whole.endswith(f"_{tried}")]
    return whole in _tried or any(words != "best" and not names_metric(words) for words in before)


def _settle(record: Record, found: Found) -> None:
    """Shown outside of loops, a number is the end of a curve, and no curve itself."""
    from trackline.observers import loops

    if any(key not in record.own for key, *_ in found):
        loops.settle()


def curves(run: ActiveRun) -> dict[str, dict[int, float]]:
    """What the run was shown and recorded from there: values by step, by key."""
    record = _records.get(run.id)
    return {} if record is None else record.own


def of(run: ActiveRun | None) -> Record:
    """What the run was shown; without one, what has been shown so far."""
    if len(_records) > MOST_RUNS:
        _records.clear()
    return _records.setdefault("" if run is None else run.id, Record())


def expect(text: str) -> None:
    """What this text says is on record from where it was made: its lines, when they are shown, are no news."""
    if len(_expected) > MOST_EXPECTED:
        _expected.clear()
    _expected.update(line.rstrip() for line in text.splitlines())


def is_expected(line: str) -> bool:
    """Whether the line is one of an expected text."""
    return line.rstrip() in _expected


def names_metric(name: str) -> bool:
    """Whether a variable of this name is likely to hold a metric."""
    return bool(ShownLines().read(f"{words(name)}=0.5"))


def is_real(value: Any) -> TypeGuard[float]:
    """Whether it is a number as results are, of Python or of NumPy."""
    return type(value) is float or (type(value).__module__ == "numpy" and type(value).__name__.startswith("float"))


def words(name: str) -> str:
    """The name with `_` between its words."""
    return _HUMPS.sub("_", name)


def forget() -> None:
    """Forgets what all runs were shown, and what searches try."""
    _records.clear()
    _expected.clear()
    _tried.clear()
