from __future__ import annotations

from typing import Generic, TypeVar

from trackline import _runs, _tracker
from trackline._log import RunLog
from trackline._native import Store, Tracker

Item = TypeVar("Item")


class PagedList(list[Item], Generic[Item]):
    """A page of results; `token` asks for the next one."""

    def __init__(self, items: list[Item], token: str | None) -> None:
        super().__init__(items)
        self.token = token


class StoreClient:
    """A part of a client."""

    def __init__(self, tracking_uri: str | None = None, registry_uri: str | None = None) -> None:
        self._uri = tracking_uri

    @property
    def tracking_uri(self) -> str:
        """Where the store is."""
        return self._uri or _tracker.get_tracking_uri()

    @property
    def _tracker(self) -> Tracker:
        return _tracker.get(self._uri)

    @property
    def _store(self) -> Store:
        return self._tracker.store()

    def _run(self, run_id: str) -> RunLog:
        """Logging to a run that must be there."""
        return _runs.log_of(self._tracker, run_id)
