"""How often a step of a loop is looked at."""

from __future__ import annotations

from time import perf_counter

SHARE = 0.01
"""Of the time since the first call."""
ALWAYS = 0.05
"""Seconds that may be taken in any case."""
LONGEST = 1024


class Pace:
    """Thins out what is done at every step so that it takes one percent of the time, or 50 ms.

    `interval` is how many steps apart it is done: doubled when too much was taken, halved when there is room again.
    """

    def __init__(self) -> None:
        self.interval = 1
        self._began = perf_counter()
        self._spent = 0.0
        self._calls = 0

    def spend(self, seconds: float) -> None:
        """Counts the time of one call."""
        self._spent += seconds
        self._calls += 1
        if self._calls % 64 == 0:
            self._adapt()

    def _adapt(self) -> None:
        allowed = max(ALWAYS, SHARE * (perf_counter() - self._began))
        if self._spent > allowed and self.interval < LONGEST:
            self.interval *= 2
        elif self._spent < allowed / 2 and self.interval > 1:
            self.interval //= 2
