"""The run of `trackline run`. Its command begins and ends the run; the processes below join it through their environment.

`TRACKLINE_MAIL` is a folder in which they tell the command what only they know, and agree on who is the first.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from trackline import _ending, _experiment, _tracker
from trackline._native import tell_rank

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun
    from trackline._ending import Ending

RUN_ID = "TRACKLINE_RUN_ID"
MAIL = "TRACKLINE_MAIL"
FIRST = "TRACKLINE_PROCESS"
"""The process that the others were started by, by its number."""

ENDED = "ended"
"""The script ended the run by a call or a block."""
FAILED = "failed"
"""The interpreter ended with an exception."""


_run: ActiveRun | None = None
"""What this process, or the one that forked it, has joined."""
_inherited = 0.0
"""The seconds that tracking had cost the process that forked this one: that one tells them."""


def run() -> ActiveRun | None:
    """The run to join, if this process is below `trackline run`."""
    global _run
    from trackline import _sys_exit
    from trackline._active_run import ActiveRun

    run_id = os.environ.get(RUN_ID)
    if not run_id:
        return None
    _sys_exit.watch()
    tracker = _tracker.get()
    _run = ActiveRun(tracker.join(run_id), tracker, _experiment.from_environment(), managed=True, joined=True)
    return _run


def is_first() -> bool:
    """Whether no other Python below the command started this one."""
    return os.environ.setdefault(FIRST, str(os.getpid())) == str(os.getpid())


def claim(what: str) -> bool:
    """Whether this call is the first of all processes of the run to claim that."""
    folder = os.environ.get(MAIL)
    if folder is None:
        return True
    try:
        os.close(os.open(os.path.join(folder, what), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    except OSError:  # The command is gone, or on another machine.
        return True
    return True


def become_rank(rank: int, first: int | None) -> None:
    """This process has told which rank it is. As one that is not the first it takes part in the run as itself, also if the process
    that forked it had joined the run. `first`: the first rank is this child, from 1 on, of the process that started all of them."""
    tell_rank(rank, first, None if _run is None else _run.handle)
    if _run is not None:
        _run.process_id = os.getpid()
        _ending.watch()


def leave() -> None:
    """This process ends: tells the command what tracking has cost it."""
    folder = os.environ.get(MAIL)
    if _run is None or folder is None:
        return
    try:
        with open(os.path.join(folder, f"spent-{os.getpid()}"), "w") as file:
            file.write(str(_run.handle.spent - _inherited))
    except OSError:
        return  # As below.


def _forked() -> None:
    global _inherited
    if _run is None:
        return
    _inherited = _run.handle.spent
    if (workers := sys.modules.get("multiprocessing.util")) is not None:
        # What shall happen at its end a worker forgets at its birth, which is behind this.
        workers.register_after_fork(_forked, lambda _: _ending.watch_worker())


os.register_at_fork(after_in_child=_forked)


def tell(what: str, ending: Ending) -> None:
    """Tells the command how the run or the program ended."""
    folder = os.environ.get(MAIL)
    if folder is None or not is_first():
        return
    exit = None if ending.exit is None else dict(zip(("kind", "reason"), ending.exit, strict=True))
    letter = {"status": ending.status, "exit": exit, "traceback": ending.traceback}
    try:
        with open(os.path.join(folder, what), "w") as file:
            json.dump(letter, file)
    except OSError:
        return  # The command is gone, or on another machine: it has its own idea of the end.
