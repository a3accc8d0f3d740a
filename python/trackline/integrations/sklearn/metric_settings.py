"""What calls of metrics say of how a score is computed: `silhouette_score.sample_size`."""

from __future__ import annotations

from trackline._log import RunLog
from trackline._patch import Call

SOURCE = "sklearn.metrics"
SETTINGS = ("beta", "k", "max_fpr", "sample_size")
"""Arguments that make another score of a metric; the text of the call has all."""

_told: set[tuple[str, str, float]] = set()


def record(log: RunLog, call: Call) -> None:
    """Logs those of one call, as params of the run."""
    function = call.original.__name__
    for name, value in call.kwargs.items():
        if name in SETTINGS and type(value) in (int, float) and (log.id, key := f"{function}.{name}", value) not in _told:
            _told.add((log.id, key, value))
            log.handle.with_source(SOURCE).log_params([(key, str(value))])


def forget() -> None:
    """Forgets what was told of all runs."""
    _told.clear()
