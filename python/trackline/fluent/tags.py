from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline.fluent._target import RunOperations, operations, target


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> RunOperations | None:
    """Sets a tag of the current run."""
    target().set_tag(key, value)
    return operations(synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> RunOperations | None:
    """Sets tags of the current run."""
    target().set_tags(tags)
    return operations(synchronous)


def delete_tag(key: str) -> None:
    """Takes a tag of the current run away."""
    target().delete_tag(key)
