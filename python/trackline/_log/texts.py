from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline._log._subject import Subject


class TextLog(Subject):
    """Params and tags of a run."""

    def log_param(self, key: str, value: Any) -> Any:
        """Logs a hyperparameter and gives its value back. Of several values the last one shows."""
        self.handle.log_params([(key, str(value))])
        return value

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Logs hyperparameters."""
        self.handle.log_params(as_pairs(params))

    def set_tag(self, key: str, value: Any) -> None:
        """Sets a tag."""
        self.handle.set_tags([(key, str(value))])

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Sets tags."""
        self.handle.set_tags(as_pairs(tags))

    def delete_tag(self, key: str) -> None:
        """Takes a tag away."""
        self.handle.delete_tag(key)


def as_pairs(items: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Keys and values as the extension takes them."""
    return [(key, str(value)) for key, value in (items or {}).items()]
