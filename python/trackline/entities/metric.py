from __future__ import annotations

from dataclasses import dataclass

from trackline.entities._entity import Entity, Native


@dataclass(frozen=True)
class Metric(Entity):
    """One measured value; `timestamp` in milliseconds since the epoch."""

    key: str
    value: float
    timestamp: int
    step: int
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None
    run_id: str | None = None

    @classmethod
    def from_native(cls, native: Native, run_id: str | None = None) -> Metric:
        """From the extension's dict."""
        return cls(**native, run_id=run_id)
