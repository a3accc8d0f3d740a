"""What a run knows already, whatever it calls it: so that a result that is found in several places is on record once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trackline.observers import _shown
from trackline.observers._rounded import is_rounded

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

EQUAL = 1e-6


class OnRecord:
    """The metrics of a run, as they were last, and what the program has shown."""

    def __init__(self, run: ActiveRun | None) -> None:
        self.latest = {key: value for key, value, _ in run.handle.latest_metrics()} if run else {}
        self._shown = [list(curve.values()) for curve in _shown.curves(run).values()] if run else []

    def has_curve(self, key: str, numbers: list[float]) -> bool:
        """Whether it is there under its key, or under that of one value (`losses`, `loss`); or was shown, one number after the other,
        whatever it was called then."""
        one = key[:-2] if key.endswith(("sses", "xes")) else f"{key[:-3]}y" if key.endswith("ies") else key.rstrip("s")
        names = (key, one, f"{one}s")
        is_known = any(name in self.latest and math.isclose(self.latest[name], numbers[-1], rel_tol=_shown.ALIKE) for name in names)
        return is_known or any(_begins_with(curve, numbers) for curve in self._shown)

    def has_score(self, key: str, value: float) -> bool:
        """Whether this very value is there under a key like it (`test_acc`, `Test accuracy`)."""
        parts = _beginnings(key)
        return any(math.isclose(value, other, rel_tol=EQUAL) for name, other in self.latest.items() if parts == _beginnings(name))

    def says(self, key: str, value: float) -> bool:
        """Whether the value, perhaps rounded, is there under a key with all its words: `accuracy`, and `accuracy_score_X_test`."""
        parts = _beginnings(key)
        alike = [other for name, other in self.latest.items() if parts <= _beginnings(name)]
        return any(math.isclose(value, other, rel_tol=EQUAL) or is_rounded(value, other) for other in alike)


def _begins_with(curve: list[float], numbers: list[float]) -> bool:
    pairs = zip(numbers, curve, strict=False)
    return len(numbers) <= len(curve) and all(math.isclose(*pair, rel_tol=_shown.ALIKE) for pair in pairs)


def _beginnings(key: str) -> set[str]:
    return {part[:3].lower() for part in key.split("_") if part}
