"""What is being recorded in this thread or task: whatever happens inside it is a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_subject: ContextVar[object | None] = ContextVar("trackline_subject", default=None)


def inside() -> bool:
    """Whether an outer call is being recorded, so that this one makes no run and no metric of its own."""
    return _subject.get() is not None


def subject() -> object | None:
    """What the innermost `recording` is about."""
    return _subject.get()


@contextmanager
def recording(subject: object = True) -> Iterator[None]:
    """Everything that this thread or task calls in the block is inside."""
    token = _subject.set(subject)
    try:
        yield
    finally:
        _subject.reset(token)
