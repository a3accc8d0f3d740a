from __future__ import annotations

import json
from typing import Any

from trackline import _tracker
from trackline._log.artifacts import ArtifactLog
from trackline.exceptions import MlflowException

LOGGED_TABLES = "mlflow.loggedArtifacts"
"""The tag that lists the tables of a run, as JSON."""

Table = dict[str, list[Any]]
"""`columns`: names; `data`: rows."""


class TableLog(ArtifactLog):
    """Tables of a run."""

    def log_table(self, data: Any, artifact_file: str) -> None:
        """Keeps a table (a DataFrame, or a dict of columns or of one row) as JSON; rows are added to those of an
        earlier table of the same name."""
        table = as_table(data)
        earlier = read(self.id, artifact_file)
        if earlier is not None:
            table = joined(earlier, table)
        self.log_text(json.dumps(table, default=_plain), artifact_file)
        self._list_table(artifact_file)

    def _list_table(self, artifact_file: str) -> None:
        tags = {tag["key"]: tag["value"] for tag in _tracker.store().runs.get(self.id)["data"]["tags"]}
        listed = json.loads(tags.get(LOGGED_TABLES, "[]"))
        entry = {"path": artifact_file, "type": "table"}
        if entry not in listed:
            self.handle.set_tags([(LOGGED_TABLES, json.dumps([*listed, entry]))])


def read(run_id: str, artifact_file: str) -> Table | None:
    """The table that a run holds under this name."""
    store = _tracker.store()
    from trackline import _place

    data = _place.of_run(run_id, artifact_file, store).read(store)
    return None if data is None else json.loads(data)


def as_table(data: Any) -> Table:
    """Columns and rows of what a user calls a table."""
    if hasattr(data, "to_json") and hasattr(data, "columns"):
        split = json.loads(data.to_json(orient="split", date_format="iso"))
        return {"columns": split["columns"], "data": split["data"]}
    if not isinstance(data, dict):
        raise MlflowException.invalid_parameter_value(
            f"log_table takes a pandas DataFrame or a dict of columns, not {type(data).__qualname__}."
        )
    columns = [list(c) if isinstance(c, (list, tuple)) or hasattr(c, "tolist") else [c] for c in data.values()]
    if len({len(column) for column in columns}) > 1:
        raise MlflowException.invalid_parameter_value(
            f"The columns of a table are equally long; these have {[len(c) for c in columns]} values."
        )
    return {"columns": list(data), "data": [list(row) for row in zip(*columns, strict=True)]}


def joined(first: Table, second: Table) -> Table:
    """The rows of both; what a row lacks is null."""
    columns = [*first["columns"], *(name for name in second["columns"] if name not in first["columns"])]
    rows = [dict(zip(table["columns"], row, strict=True)) for table in (first, second) for row in table["data"]]
    return {"columns": columns, "data": [[row.get(name) for name in columns] for row in rows]}


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)
