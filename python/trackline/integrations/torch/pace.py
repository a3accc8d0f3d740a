"""How often a step of a loop is looked at."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from trackline import _budget

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

ALL = 1000
"""So many steps are looked at whatever their pace, as the turns of other loops are."""
APART = 0.01
"""Seconds: those that come after are looked at if they are that far apart."""
AGAIN = 64
"""After so many steps that were looked at the budget is asked."""
LONGEST = 1024


class Pace:
    """Thins out what is done at every step where steps are short, and while the run has cost too much.

    `interval` is how many steps apart it is done: doubled while the budget is spent, halved when there is room again.
    """

    def __init__(self, run: ActiveRun) -> None:
        self.interval = 1
        self._run = run
        self._looked = 0
        self._latest = 0.0

    def is_due(self, step: int, most_apart: int | None) -> bool:
        """Whether a step is looked at; every so many are in any case."""
        if most_apart is not None and step % most_apart == 0:
            return True
        if step % self.interval:
            return False
        return self._looked < ALL or perf_counter() - self._latest >= APART

    def looked(self) -> None:
        """A step was looked at."""
        self._looked += 1
        self._latest = perf_counter()
        if self._looked % AGAIN == 0:
            if _budget.allows("steps", self._run):
                self.interval = max(1, self.interval // 2)
            else:
                self.interval = min(LONGEST, self.interval * 2)
