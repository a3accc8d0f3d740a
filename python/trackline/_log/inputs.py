from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackline._log._subject import Subject

if TYPE_CHECKING:
    from trackline.data import Dataset

CONTEXT = "mlflow.data.context"
"""The tag that says what a dataset was for: `train`, `eval`, …"""


class InputLog(Subject):
    """Datasets that a run read."""

    def log_input(
        self, dataset: Dataset | Any, context: str | None = None, tags: dict[str, str] | None = None
    ) -> None:
        """Records a dataset; `context` says what for."""
        pairs = list((tags or {}).items())
        if context is not None:
            pairs.append((CONTEXT, context))
        self.handle.log_input(**dataset.to_dict(), tags=pairs)
        if (origin := getattr(dataset, "origin", None)) is not None:
            from trackline import _lineage

            _lineage.tell(self, origin, dataset.name, dataset.digest, context)
