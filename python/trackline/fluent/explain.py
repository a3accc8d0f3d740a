from __future__ import annotations

from dataclasses import dataclass

from trackline import _tracker
from trackline.entities import Run

_OF_THE_RUN = ("mlflow.", "trackline.")


@dataclass(frozen=True)
class Captured:
    """An item of a run and where it came from: `user` for explicit calls, else the hook; `confidence` from 0 to 1
    where it was inferred."""

    kind: str
    key: str
    source: str
    confidence: float | None

    @property
    def is_inferred(self) -> bool:
        """Whether it is so little sure that it is kept apart, under `inferred/`."""
        return self.key.startswith("inferred/")


class Explanation(list[Captured]):
    """Every item of a run; prints as a table, what is less sure apart."""

    def __repr__(self) -> str:
        rows = [("kind", "key", "source", "confidence"), *(_row(item) for item in self if not item.is_inferred)]
        apart = [_row(item) for item in self if item.is_inferred]
        if apart:
            rows += [("", "", "", ""), ("less sure", "", "", ""), *apart]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        return "\n".join(
            "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )


def _row(item: Captured) -> tuple[str, str, str, str]:
    sure = "" if item.confidence is None else f"{item.confidence:.0%}"
    return item.kind, item.key, item.source, sure


def explain(run: Run | str) -> Explanation:
    """Where every item of a run came from; `run` is a run or its id. Tags that describe the run itself (`mlflow.…`,
    `trackline.…`) are left out."""
    run_id = run if isinstance(run, str) else run.info.run_id
    items = (Captured(**item) for item in _tracker.store().runs.captured(run_id))
    return Explanation(item for item in items if not (item.kind == "tag" and item.key.startswith(_OF_THE_RUN)))
