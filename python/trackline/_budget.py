"""What tracking may cost a run: 1 % of its time, and 50 ms at least. Hooks ask before they record what can be left out; what the
user logs and the values of losses and scores are always recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun


def allows(detail: Literal["statistics", "steps", "figures"], run: ActiveRun | None = None) -> bool:
    """Whether a hook may record something of this kind now, in this run or the one that things go to. These are left out
    first: histograms and statistics of data, then values that are seen at each step, then figures that must be drawn. The
    run says what was left out. Before there is a run, all may be recorded."""
    from trackline import _ambient

    run = run or _ambient.run()
    return run is None or run.handle.allows(detail)
