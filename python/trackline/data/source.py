from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import Any

from trackline import _process


@dataclass(frozen=True)
class DatasetSource:
    """Where data came from: `code`, `local`, `http`, …"""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def resolve(cls, source: str | os.PathLike[str] | DatasetSource | None) -> DatasetSource:
        """What a user says of the source; nothing said means the running script."""
        if isinstance(source, DatasetSource):
            return source
        if source is None:
            tags = {"mlflow.source.name": _process.source_name(), "mlflow.source.type": "LOCAL"}
            return cls("code", {"tags": tags})
        text = os.fspath(source)
        scheme = text.partition("://")[0] if "://" in text else "file"
        if scheme in ("http", "https"):
            return cls("http", {"url": text})
        return cls("local" if scheme == "file" else scheme, {"uri": text})

    def to_dict(self) -> dict[str, Any]:
        """The fields."""
        return dict(self.fields)

    def to_json(self) -> str:
        """The fields, as JSON text."""
        return json.dumps(self.fields)
