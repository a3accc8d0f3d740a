from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

Native = dict[str, Any]
"""An entity as the extension gives it: the fields of the Rust type by name."""


class Entity:
    """Iterates over its fields as pairs, so that `dict(run.info)` works."""

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            yield field.name, getattr(self, field.name)

    def to_dictionary(self) -> dict[str, Any]:
        """The fields as plain values."""
        return {name: plain(value) for name, value in self}


def plain(value: Any) -> Any:
    """The value with entities in it as dicts."""
    if isinstance(value, Entity):
        return value.to_dictionary()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def pairs(items: list[Native]) -> dict[str, str]:
    """Tags or params by key."""
    return {item["key"]: item["value"] for item in items}
