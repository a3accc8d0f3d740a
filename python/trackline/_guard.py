"""Keeping our own failures away from the user's program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_reported: set[str] = set()


@contextmanager
def guard(kind: str) -> Iterator[None]:
    """Keeps our failures from the user: one line per kind in the log and a tag in the run. Raised in our tests."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise  # The user's, it only happened to arrive while our code ran.
    except BaseException as error:  # noqa: BLE001 - a panic of the extension is no Exception
        _report(kind, error)


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
