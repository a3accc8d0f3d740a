"""MLflow's names for `flush`: everything is logged in the background here."""

from __future__ import annotations

from trackline._tracker import flush


def flush_async_logging() -> None:
    """Waits until everything logged so far is in the store or on the server."""
    flush()


def flush_artifact_async_logging() -> None:
    """Waits until everything logged so far is in the store or on the server."""
    flush()


def flush_trace_async_logging(terminate: bool = False) -> None:
    """Waits for nothing: there are no traces."""
