from __future__ import annotations

from trackline._native import RunHandle


class Subject:
    """A part of what can be logged to the run behind `handle`."""

    def __init__(self, handle: RunHandle) -> None:
        self.handle = handle

    @property
    def id(self) -> str:
        """The run's id, 32 hexadecimal digits."""
        return self.handle.id
