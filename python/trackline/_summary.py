"""One line at the end of a script, for who sits before it: what was recorded, and where to look."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from trackline import _notebook
from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._native import Tracker

_last: ActiveRun | None = None
_tracker: Tracker | None = None
_count = 0
_in_script = False


def began(run: ActiveRun, tracker: Tracker) -> None:
    """A run that is no child has begun."""
    global _last, _tracker, _count, _in_script
    _last, _tracker, _count = run, tracker, _count + 1
    # Python takes it away before the exit handlers run.
    _in_script = hasattr(sys.modules.get("__main__"), "__file__") and not _notebook.is_kernel()


def tell() -> None:
    """Prints the line, if `autolog()` was on and a person is there to read it."""
    if _last is None or _tracker is None or not _is_wanted(_last):
        return
    with guard("summary"):
        line = _tracker.summary(_last.id)
        if line is not None:
            many = f"trackline: {_count} runs · trackline runs list · trackline ui"
            print(line if _count == 1 else many, file=sys.stderr)


def _is_wanted(run: ActiveRun) -> bool:
    autolog = sys.modules.get("trackline._autolog")
    return (
        _in_script
        and bool(autolog and autolog.is_on())
        and run.process_id == os.getpid()
        and not hasattr(sys, "ps1")
        and os.environ.get("TRACKLINE_SUMMARY", "").lower() not in ("off", "false", "no", "0")
        and sys.stderr is not None
        and sys.stderr.isatty()
    )
