"""How often a step of a loop is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackline import _budget

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

AGAIN = 64
"""After so many steps that were looked at the budget is asked."""
LONGEST = 1024


class Pace:
    """Thins out what is done at every step while the run has cost too much.

    `interval` is how many steps apart it is done: doubled while the budget is spent, halved when there is room again.
    """

    def __init__(self, run: ActiveRun) -> None:
        self.interval = 1
        self._run = run
        self._looked = 0

    def looked(self) -> None:
        """A step was looked at."""
        self._looked += 1
        if self._looked % AGAIN == 0:
            if _budget.allows("steps", self._run):
                self.interval = max(1, self.interval // 2)
            else:
                self.interval = min(LONGEST, self.interval * 2)
