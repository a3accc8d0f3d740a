"""What tracking may cost a run: 1 % of its time, and 50 ms at least. Hooks ask before they record what can be left out; what the
user logs and the values of losses and scores are always recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from trackline._native import allowed_before_run

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun


Detail = Literal["statistics", "steps", "figures"]


def allows(detail: Detail, run: ActiveRun | None = None, *, cost: float = 0.0) -> bool:
    """Whether a hook may record something of this kind now, in this run or the one that things go to, if that takes
    `cost` seconds; those that take a moment need not say how long. These are left out
    first: histograms and statistics of data, then values that are seen at each step, then figures that must be drawn. The
    run says what was left out."""
    from trackline import _ambient

    run = run or _ambient.run()
    return allowed_before_run(detail, cost) if run is None else run.handle.allows(detail, cost)
