"""The run of `trackline run`. Its command begins and ends the run; the processes below join it through their environment.

`TRACKLINE_MAIL` is a folder in which they tell the command what only they know, and agree on who is the first.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from trackline import _experiment, _tracker

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


def run() -> ActiveRun | None:
    """The run to join, if this process is below `trackline run`."""
    from trackline._active_run import ActiveRun

    run_id = os.environ.get(RUN_ID)
    if not run_id:
        return None
    tracker = _tracker.get()
    return ActiveRun(tracker.join(run_id), tracker, _experiment.from_environment(), managed=True, joined=True)


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


def leave() -> None:
    """This process ends: tells the command what tracking has cost it."""
    from trackline import _ambient

    program = _ambient.of_program()
    folder = os.environ.get(MAIL)
    if program is None or not program.joined or folder is None:
        return
    try:
        with open(os.path.join(folder, f"spent-{os.getpid()}"), "w") as file:
            file.write(str(program.handle.spent))
    except OSError:
        return  # As below.


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
