"""What tracking may cost a run: 1 % of its time, and 50 ms at least. Hooks ask before they record what can be left out; what the
user logs and the values of losses and scores are always recorded."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trackline._log import RunLog


def allows_statistics(run: RunLog) -> bool:
    """Whether histograms, figures and statistics of data may be recorded now. These are left out first."""
    return run.handle.allows("statistics")


def allows_steps(run: RunLog) -> bool:
    """Whether a value that a hook sees at each step may be recorded now. Of these, fewer will do."""
    return run.handle.allows("steps")


@contextmanager
def counted(run: RunLog) -> Iterator[None]:
    """Counts the time of the block as spent for the run."""
    began = time.perf_counter()
    try:
        yield
    finally:
        run.handle.add_spent(time.perf_counter() - began)
