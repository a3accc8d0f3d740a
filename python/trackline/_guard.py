"""The gate that every hook of ours goes through: our failures stay away from the user's program, and what the hook takes of the
user's thread is counted in the run."""

from __future__ import annotations

import os
from types import TracebackType

from trackline._native import hook_begins, hook_ends

_reported: set[str] = set()


class guard:  # noqa: N801 - reads as a statement
    """Keeps our failures from the user: one line per kind in the log and a tag in the run. Raised in our tests. What is done
    in the block is charged to the run that it logs to, unless `charged` is false: setting up costs no run."""

    __slots__ = ("_charged", "_kind")

    def __init__(self, kind: str, *, charged: bool = True) -> None:
        self._kind = kind
        self._charged = charged

    def __enter__(self) -> None:
        hook_begins(self._charged)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        try:
            # Those of the user, which only happened to arrive while our code ran, go on. A panic of the extension is no
            # Exception.
            if error is None or isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
                return False
            _report(self._kind, error)
            return True
        finally:
            hook_ends()


def _report(kind: str, error: BaseException) -> None:
    if os.environ.get("TRACKLINE_TESTING"):
        raise error
    import logging

    logger = logging.getLogger("trackline")
    reason = f"{type(error).__name__}: {error}"
    if kind not in _reported:
        _reported.add(kind)
        logger.warning("%s was not recorded in full (%s); your program is not affected", kind, reason)
    try:
        from trackline import _runs

        if (run := _runs.current()) is not None:
            run.set_tag(f"trackline.error.{kind}", reason)
    except BaseException:  # noqa: BLE001 - the line in the log is all that can be done now
        logger.debug("the failure could not be noted in the run", exc_info=True)
