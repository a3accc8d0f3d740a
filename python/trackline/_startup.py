"""How a Python below `trackline run` begins: before the script, and without a trace in it."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from trackline._guard import guard

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

LAUNCHERS = {
    "accelerate", "accelerate.commands.launch", "compileall", "deepspeed", "ensurepip", "pip", "pip3", "tensorboard",
    "torch.distributed.launch", "torch.distributed.run", "torchrun", "uv", "venv",
}  # fmt: skip
"""Programs that train nothing themselves."""

HELPER = "resource_tracker"
"""Processes of `multiprocessing` and joblib that only clean up."""

_RUNS_MODULE = re.compile(r"-[^-mcWX]*m(.*)")
"""Such a word of the command line. Behind `-W` and `-X` there is something else."""

NURSERY = "forkserver"
"""A process of `multiprocessing` that does nothing itself: those that it forks are workers."""


def begin() -> None:
    """Joins the run, and captures what this process does, if it is one that trains."""
    with guard("trackline run", charged=False):  # As `autolog()` where a script calls it.
        from trackline import _ambient, _joined
        from trackline._native import mode

        run = _ambient.of_program()
        if run is None or mode() == "off":
            return
        if os.environ.get("TRACKLINE_MLFLOW"):
            from trackline import _mlflow_alias

            _mlflow_alias.install()
        _joined.is_first()
        if run.handle.is_attended:
            return
        if sys.argv[0] == "-c" and any(NURSERY in word for word in sys.orig_argv):
            os.register_at_fork(after_in_child=lambda: _worker_begins(run))
        elif trains():
            _capture(run)


def _worker_begins(run: ActiveRun) -> None:
    with guard("trackline run", charged=False):
        _capture(run)


def _capture(run: ActiveRun) -> None:
    from trackline import _code, _joined, _process, _switches
    from trackline._autolog import autolog

    if _switches.on("environment") and _joined.claim("environment"):
        run.handle.add_environment(_process.environment())
    _code.begin(run)
    autolog()
    if _switches.on("loops") and sys.version_info < (3, 12):
        from trackline._script import instrument

        instrument.begin()


def trains() -> bool:
    """Whether this process is one whose work is recorded: no launcher and no helper."""
    program, words = sys.argv[0], sys.orig_argv
    if program == "-m":  # The name of the module is in the place of the program only later.
        program = _module(words)
        return program not in LAUNCHERS and HELPER not in program
    if program == "-c":
        return not any(HELPER in word for word in words)
    return os.path.basename(program) not in LAUNCHERS


def _module(words: list[str]) -> str:
    """The module that the interpreter is told to run: `-m train`, also as `-um train` or `-mtrain`."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if match := _RUNS_MODULE.fullmatch(word):
            return match[1] or following
    return ""
