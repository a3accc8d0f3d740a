"""MLflow's names for traces. `trackline` records none: functions run as they are, spans take everything and keep nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from trackline import _tracker
from trackline._nothing import Nothing


def trace(
    func: Callable[..., Any] | None = None,
    name: str | None = None,
    span_type: str = "UNKNOWN",
    attributes: Mapping[str, Any] | None = None,
    output_reducer: Callable[[list[Any]], Any] | None = None,
    trace_destination: Any = None,
    sampling_ratio_override: float | None = None,
    log_level: Any = None,
    links: Any = None,
    description: str | None = None,
) -> Callable[..., Any]:
    """The function itself, or what gives it; nothing is recorded of its calls."""
    _tell()
    return func if func is not None else lambda func: func


def start_span(
    name: str = "span",
    span_type: str | None = "UNKNOWN",
    attributes: Mapping[str, Any] | None = None,
    trace_destination: Any = None,
    log_level: Any = None,
    run_id: str | None = None,
    links: Any = None,
    description: str | None = None,
) -> Any:
    """For `with`: a span that keeps nothing."""
    _tell()
    return Nothing()


def start_span_no_context(
    name: str,
    span_type: str = "UNKNOWN",
    parent_span: Any = None,
    inputs: Any = None,
    attributes: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    experiment_id: str | None = None,
    start_time_ns: int | None = None,
    log_level: Any = None,
    links: Any = None,
    description: str | None = None,
) -> Any:
    """A span that keeps nothing."""
    _tell()
    return Nothing()


def update_current_trace(
    tags: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    client_request_id: str | None = None,
    request_preview: str | None = None,
    response_preview: str | None = None,
    state: Any = None,
    model_id: str | None = None,
    session_id: str | None = None,
    user: str | None = None,
) -> None:
    """Changes nothing: there is no trace."""
    _tell()


def get_current_active_span() -> None:
    """There is none."""


def get_active_trace_id() -> None:
    """There is none."""


def get_last_active_trace_id(thread_local: bool = False) -> None:
    """There is none."""


def _tell() -> None:
    _tracker.tell("NOT_IMPLEMENTED", "traces are not recorded; MLflow's own package sends them to `trackline server`")
