"""The one exception type of the package."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["INTERNAL_ERROR", "MlflowException", "RestException", "TracklineException"]

INTERNAL_ERROR = "INTERNAL_ERROR"
STORE_TROUBLE = ("DEADLINE_EXCEEDED", INTERNAL_ERROR, "PERMISSION_DENIED", "RESOURCE_EXHAUSTED")
"""Codes of errors that are the store's and not the caller's."""


class TracklineException(Exception):
    """What failed, the value, and what to do; `error_code` is MLflow's name for the kind of trouble."""

    def __init__(self, message: object, error_code: str = INTERNAL_ERROR, **kwargs: Any) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.error_code = error_code
        self.json_kwargs = kwargs

    @classmethod
    def invalid_parameter_value(cls, message: object, **kwargs: Any) -> TracklineException:
        """The error for a value that breaks a rule."""
        return cls(message, "INVALID_PARAMETER_VALUE", **kwargs)

    def serialize_as_json(self) -> str:
        """The error as MLflow's REST API writes it."""
        return json.dumps({**self.json_kwargs, "error_code": self.error_code, "message": self.message})

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.message, self.error_code, self.json_kwargs)


def _restore(
    cls: type[TracklineException], message: str, error_code: str, kwargs: dict[str, Any]
) -> TracklineException:
    return cls(message, error_code, **kwargs)


MlflowException = TracklineException
RestException = TracklineException
