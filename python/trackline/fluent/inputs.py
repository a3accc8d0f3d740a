from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trackline.entities import LoggedModelInput, LoggedModelOutput
from trackline.fluent._target import target

if TYPE_CHECKING:
    from trackline.data import Dataset


def log_input(
    dataset: Dataset | None = None,
    context: str | None = None,
    tags: dict[str, str] | None = None,
    model: LoggedModelInput | None = None,
) -> None:
    """Records a dataset (see `trackline.data`) that the current run reads; `context` says what for."""
    if dataset is not None:
        target().log_input(dataset, context, tags)


def log_inputs(
    datasets: list[Dataset | None] | None = None,
    contexts: list[str | None] | None = None,
    tags_list: list[dict[str, str] | None] | None = None,
    models: list[LoggedModelInput | None] | None = None,
) -> None:
    """Records several datasets, as `log_input`."""
    count = len(datasets or ())
    rows: Any = zip(datasets or (), contexts or [None] * count, tags_list or [None] * count, strict=True)
    for dataset, context, tags in rows:
        log_input(dataset, context, tags)


def log_outputs(models: list[LoggedModelOutput] | None = None) -> None:
    """Records logged models that the current run made."""
    run = target()
    for model in models or ():
        run.handle.log_output(model.model_id, model.step)
