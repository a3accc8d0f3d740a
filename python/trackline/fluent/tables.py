from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trackline._log.tables import LOGGED_TABLES, read
from trackline.exceptions import MlflowException
from trackline.fluent._target import target

if TYPE_CHECKING:
    import pandas


def log_table(data: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Keeps a table (a DataFrame, or a dict of columns or of one row) as a JSON artifact; rows are added to those of
    an earlier table of the same name."""
    target(run_id).log_table(data, artifact_file)


def load_table(
    artifact_file: str, run_ids: list[str] | None = None, extra_columns: list[str] | None = None
) -> pandas.DataFrame:
    """The rows that runs (all of the active experiment if absent) logged under this name, as a DataFrame.

    `extra_columns` may name `run_id`, attributes (`start_time`), params, metrics and tags of the rows' runs, as the
    columns of `search_runs` do.
    """
    import pandas as pd

    from trackline.fluent.search import search_runs

    frames = []
    for run in search_runs(output_format="list"):
        if run_ids is not None and run.info.run_id not in run_ids:
            continue
        listed = {entry["path"] for entry in json.loads(run.data.tags.get(LOGGED_TABLES, "[]"))}
        table = read(run.info.run_id, artifact_file) if artifact_file in listed else None
        if table is not None:
            frame = pd.DataFrame(table["data"], columns=table["columns"])
            frames.append(frame.assign(**{name: _column(run, name) for name in extra_columns or ()}))
    if not frames:
        raise MlflowException(f"No run has a table `{artifact_file}`.", "RESOURCE_DOES_NOT_EXIST")
    return pd.concat(frames, ignore_index=True)


def _column(run: Any, name: str) -> Any:
    kind, _, key = name.partition(".")
    if key and kind in ("params", "metrics", "tags"):
        return getattr(run.data, kind).get(key)
    return dict(run.info).get(name)
