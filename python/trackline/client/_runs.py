from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from trackline import _process
from trackline._log.texts import as_pairs
from trackline.client._store import PagedList, StoreClient
from trackline.entities import (
    DatasetInput,
    LoggedModelInput,
    LoggedModelOutput,
    Metric,
    Param,
    Run,
    RunTag,
    ViewType,
)


class RunClient(StoreClient):
    """Runs and what is logged to them."""

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: Mapping[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """Creates a run that stays RUNNING until `set_terminated`; `start_time` in milliseconds since the epoch."""
        begun = start_time if start_time is not None else time.time_ns() // 1_000_000
        return Run.from_native(self._store.runs.create(experiment_id, _process.user(), run_name, begun, as_pairs(tags)))

    def get_run(self, run_id: str) -> Run:
        """A run with everything logged to it."""
        return Run.from_native(self._store.runs.get(run_id))

    def get_parent_run(self, run_id: str) -> Run | None:
        """The parent of a run, if it is a child."""
        parent_run_id = self.get_run(run_id).data.tags.get("mlflow.parentRunId")
        return None if parent_run_id is None else self.get_run(parent_run_id)

    def search_runs(
        self,
        experiment_ids: list[str],
        filter_string: str = "",
        run_view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = 1000,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Run]:
        """A page of runs that pass the filter, newest first unless `order_by` says otherwise."""
        ids = [experiment_ids] if isinstance(experiment_ids, str) else experiment_ids
        items, token = self._store.runs.search(
            ids, filter_string, order_by or [], ViewType(run_view_type).name, max_results, page_token
        )
        return PagedList([Run.from_native(item) for item in items], token)

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Changes the status or the name of a run."""
        self._store.runs.update(run_id, status, None, name)

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """Ends a run; FINISHED and now unless said otherwise, `end_time` in milliseconds since the epoch."""
        ended = end_time if end_time is not None else time.time_ns() // 1_000_000
        self._store.runs.update(run_id, status or "FINISHED", ended, None)

    def delete_run(self, run_id: str) -> None:
        """Deletes a run softly: it can be restored."""
        self._store.runs.delete(run_id)

    def restore_run(self, run_id: str) -> None:
        """Takes a deletion back."""
        self._store.runs.restore(run_id)

    def get_metric_history(self, run_id: str, key: str) -> list[Metric]:
        """Every value of a metric, in the order of step and time."""
        return [Metric.from_native(item, run_id) for item in self._store.runs.history(run_id, key)]

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> None:
        """Logs one value; step 0 and now unless said otherwise, `timestamp` in milliseconds since the epoch."""
        now = timestamp if timestamp is not None else time.time_ns() // 1_000_000
        metric = Metric(key, value, now, step or 0, model_id, dataset_name, dataset_digest)
        self.log_batch(run_id, [metric])

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Logs a hyperparameter and gives its value back."""
        return self._run(run_id).log_param(key, value)

    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> None:
        """Sets a tag."""
        self._run(run_id).set_tag(key, value)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Takes a tag away."""
        self._store.runs.delete_tag(run_id, key)

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[Metric] = (),
        params: Sequence[Param] = (),
        tags: Sequence[RunTag] = (),
        synchronous: bool | None = None,
    ) -> None:
        """Logs metrics, params and tags together."""
        run = self._run(run_id)
        for metric in metrics:
            linked = metric.dataset_name is not None
            dataset = _NamedData(metric.dataset_name or "", metric.dataset_digest or "") if linked else None
            run.log_metric(metric.key, metric.value, metric.step, metric.timestamp, metric.model_id, dataset)
        if params:
            run.log_params({param.key: param.value for param in params})
        if tags:
            run.set_tags({tag.key: tag.value for tag in tags})

    def log_inputs(
        self,
        run_id: str,
        datasets: Sequence[DatasetInput] | None = None,
        models: Sequence[LoggedModelInput] | None = None,
    ) -> None:
        """Records datasets that the run read."""
        run = self._run(run_id)
        for item in datasets or ():
            run.handle.log_input(**dict(item.dataset), tags=[(tag.key, tag.value) for tag in item.tags])

    def log_outputs(self, run_id: str, models: list[LoggedModelOutput]) -> None:
        """Records logged models that the run made."""
        run = self._run(run_id)
        for model in models:
            run.handle.log_output(model.model_id, model.step)


class _NamedData:
    def __init__(self, name: str, digest: str) -> None:
        self.name = name
        self.digest = digest
