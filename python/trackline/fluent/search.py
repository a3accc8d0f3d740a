from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from trackline import _tracker
from trackline.entities import LoggedModel, Run, ViewType
from trackline.exceptions import MlflowException
from trackline.fluent.experiments import active_experiment_id, get_experiment_by_name, search_experiments

if TYPE_CHECKING:
    import pandas

PAGE = 1000


def search_runs(
    experiment_ids: list[str] | None = None,
    filter_string: str = "",
    run_view_type: int = ViewType.ACTIVE_ONLY,
    max_results: int = 100_000,
    order_by: list[str] | None = None,
    output_format: Literal["pandas", "list"] = "pandas",
    search_all_experiments: bool = False,
    experiment_names: list[str] | None = None,
) -> Any:
    """Runs of the active experiment (or of those named) that pass the filter, newest first.

    Gives a DataFrame with the columns `run_id`, `experiment_id`, `status`, `artifact_uri`, `start_time`, `end_time`,
    `metrics.…`, `params.…`, `tags.…`; a list of `Run` with `output_format="list"` or where pandas is not installed.
    """
    check_format(output_format)
    ids = _experiments(experiment_ids, experiment_names, search_all_experiments)
    view = ViewType(run_view_type).name
    store = _tracker.store()
    runs: list[Run] = []
    token: str | None = None
    while ids and len(runs) < max_results:
        wanted = min(PAGE, max_results - len(runs))
        page, token = store.runs.search(ids, filter_string, order_by or [], view, wanted, token)
        runs += [Run.from_native(item) for item in page]
        if token is None:
            break
    if output_format == "list":
        return runs
    try:
        import pandas as pd
    except ImportError:
        return runs
    return _frame(runs, pd)


def _experiments(
    ids: list[str] | None, names: list[str] | None, search_all: bool
) -> list[str]:
    if ids and names:
        raise MlflowException.invalid_parameter_value("Give either `experiment_ids` or `experiment_names`.")
    if names:
        found = [get_experiment_by_name(name) for name in names]
        return [experiment.experiment_id for experiment in found if experiment is not None]
    if ids:
        return ids
    if search_all:
        return [experiment.experiment_id for experiment in search_experiments()]
    return [active_experiment_id()]


def _frame(runs: list[Run], pd: Any) -> pandas.DataFrame:
    columns: dict[str, Any] = {
        name: [getattr(run.info, name) for run in runs]
        for name in ("run_id", "experiment_id", "status", "artifact_uri")
    }
    for name in ("start_time", "end_time"):
        columns[name] = pd.to_datetime([getattr(run.info, name) for run in runs], unit="ms", utc=True)
    missing: dict[str, Any] = {"metrics": float("nan"), "params": None, "tags": None}
    for kind, absent in missing.items():
        held = [getattr(run.data, kind) for run in runs]
        for key in dict.fromkeys(key for items in held for key in items):
            columns[f"{kind}.{key}"] = [items.get(key, absent) for items in held]
    return pd.DataFrame(columns)


@overload
def search_logged_models(
    experiment_ids: list[str] | None = ...,
    filter_string: str | None = ...,
    datasets: list[dict[str, str]] | None = ...,
    max_results: int | None = ...,
    order_by: list[dict[str, Any]] | None = ...,
    output_format: Literal["pandas"] = ...,
) -> Any: ...
@overload
def search_logged_models(
    experiment_ids: list[str] | None = ...,
    filter_string: str | None = ...,
    datasets: list[dict[str, str]] | None = ...,
    max_results: int | None = ...,
    order_by: list[dict[str, Any]] | None = ...,
    *,
    output_format: Literal["list"],
) -> list[LoggedModel]: ...
def search_logged_models(
    experiment_ids: list[str] | None = None,
    filter_string: str | None = None,
    datasets: list[dict[str, str]] | None = None,
    max_results: int | None = None,
    order_by: list[dict[str, Any]] | None = None,
    output_format: Literal["pandas", "list"] = "pandas",
) -> Any:
    """Logged models of the active experiment (or of those named) that pass the filter, newest first.

    Gives a DataFrame with a column per field; a list of `LoggedModel` with `output_format="list"` or where pandas is
    not installed.
    """
    from trackline.client import MlflowClient

    check_format(output_format)
    client = MlflowClient()
    ids = experiment_ids or [active_experiment_id()]
    found: list[LoggedModel] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        wanted = PAGE if max_results is None else min(PAGE, max_results - len(found))
        page = client.search_logged_models(ids, filter_string, datasets, wanted, order_by, token)
        found += page
        token = page.token
        if token is None:
            break
    if output_format == "list":
        return found
    try:
        import pandas as pd
    except ImportError:
        return found
    return pd.DataFrame([{**dict(model), "status": str(model.status)} for model in found])


def check_format(output_format: str) -> None:
    """Refuses output formats that there are not."""
    if output_format not in ("pandas", "list"):
        raise MlflowException.invalid_parameter_value(
            f"`{output_format}` is no output format: use `pandas` or `list`."
        )
