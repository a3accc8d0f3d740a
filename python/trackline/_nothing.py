"""What stands where nothing is recorded: for spans of traces, and for the names of the package in an interpreter that cannot
load the extension, one with a lock of its own (PEP 684)."""

from __future__ import annotations

from collections.abc import Iterator

REASON = "subinterpreters"
"""In what Python says of an extension that it does not load there."""


class Nothing:
    """Takes every call, has every attribute, and is false and empty."""

    def __call__(self, *arguments: object, **named: object) -> Nothing:
        return self

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __iter__(self) -> Iterator[Nothing]:
        return iter(())

    def __bool__(self) -> bool:
        return False


_told: list[str] = []


def instead(error: ImportError) -> Nothing:
    """What does nothing, and says so once; the error, if it is another one."""
    if REASON not in str(error):
        raise error
    if not _told:
        import logging

        _told.append(str(error))
        logging.getLogger("trackline").warning(
            "trackline: nothing is recorded in this interpreter, whose lock is its own; in threads and processes all is"
        )
    return Nothing()
