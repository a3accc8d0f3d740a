"""How a run ends: by its block, by an exception, or with its thread, worker process or program."""

from __future__ import annotations

import os
import sys
import threading
import traceback  # Not at the end: imports then make Python forget that Ctrl-C ended the program.
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trackline import _notebook

if TYPE_CHECKING:
    from collections.abc import Callable


SETTLE_SECONDS = 10.0
"""So long a worker waits for what is made in the background."""


@dataclass(frozen=True)
class Ending:
    """A status; why, in a word and in a sentence, if the run did not end well; and the traceback."""

    status: str = "FINISHED"
    exit: tuple[str, str] | None = None
    traceback: str | None = None


def of(error: BaseException | None, stack: str | None = None) -> Ending:
    """How a run ends that this exception leaves. `sys.exit()` and `sys.exit(0)` end it well; Ctrl-C does not, as in
    MLflow. `stack` goes before a traceback that does not begin with the program."""
    if error is None or (isinstance(error, SystemExit) and not error.code):
        return Ending()
    if isinstance(error, SystemExit):
        reason = ("exit", _exit(error))
    else:
        reason = ("signal" if isinstance(error, KeyboardInterrupt) else "exception", _described(error))
    return Ending("FAILED", reason, _traceback(error) if stack is None else stack + _last_line(error))


def of_program() -> BaseException | None:
    """The exception that ends the program. Python leaves it in `sys.last_value` before it ends; a prompt or a notebook
    does so for every failed line, and goes on."""
    interactive = hasattr(sys, "ps1") or _notebook.is_kernel()
    return None if interactive else getattr(sys, "last_value", None)


def is_main_thread() -> bool:
    """Whether it is the thread with which the program ends."""
    return threading.current_thread() is threading.main_thread()


def watch() -> None:
    """Sees to it that runs which begin in this thread or worker process end with it, should they still be open."""
    from trackline import _sys_exit

    _sys_exit.watch()
    if not is_main_thread():
        _watch_threads()
    processes = sys.modules.get("multiprocessing.process")
    if processes is not None and processes.parent_process() is not None:
        watch_worker()


def unwatch() -> None:
    """No run is open any more: threads die as they would without us."""
    global _thread_hook
    if _thread_hook is not None and threading.excepthook is _thread_hook[0]:
        threading.excepthook = _thread_hook[1]
    _thread_hook = None


# Ours, and the one that was there before.
_thread_hook: tuple[Callable[[Any], Any], Callable[[Any], Any]] | None = None
_watched_worker: int | None = None


def _watch_threads() -> None:
    global _thread_hook
    before = threading.excepthook
    if _thread_hook is not None and before is _thread_hook[0]:
        return

    def thread_died(args: Any) -> Any:
        from trackline import _runs
        from trackline._guard import guard

        with guard("end of thread"):
            for run in _runs.of_this_thread():
                run.end(of(args.exc_value))
        return before(args)

    threading.excepthook = thread_died
    _thread_hook = thread_died, before


def watch_worker() -> None:
    """Sees to it that this worker of `multiprocessing` tells its end."""
    global _watched_worker
    if _watched_worker != os.getpid():
        from multiprocessing.util import Finalize

        _watched_worker = os.getpid()
        Finalize(None, _worker_ends, exitpriority=-1000)


def _worker_ends() -> None:
    """A worker of `multiprocessing` may end without the exit handlers of Python."""
    from trackline import _joined, _runs, _tracker
    from trackline._guard import guard

    with guard("end of worker"):
        ending = of(sys.exc_info()[1])
        for run in _runs.of_this_process():
            run.end(ending)
        _joined.leave()
        _tracker.settle(SETTLE_SECONDS)


def _exit(error: SystemExit) -> str:
    """The code, and why: what the program says itself, or the exception that it was handling."""
    code, why = (error.code, "") if isinstance(error.code, int) else (1, _text(error))
    handled = None if error.__suppress_context__ else error.__context__
    if not why and handled is not None:
        why = _described(handled)
    return f"exit code {code}: {why}" if why else f"exit code {code}"


def _described(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
    text = _text(error)
    return f"{name}: {text}" if text else name


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the user's own class
        return ""


def _last_line(error: BaseException) -> str:
    text = _text(error)
    return f"{type(error).__name__}: {text}\n" if text else f"{type(error).__name__}\n"


def _traceback(error: BaseException) -> str | None:
    try:
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - the user's own class
        return None
