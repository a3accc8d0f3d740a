"""MLflow's name for the client and the choice of the store."""

from __future__ import annotations

from trackline import fluent
from trackline._tracker import (
    get_registry_uri,
    get_tracking_uri,
    is_tracking_uri_set,
    set_registry_uri,
    set_tracking_uri,
)
from trackline.client import MlflowClient

__all__ = [
    "MlflowClient",
    "fluent",
    "get_registry_uri",
    "get_tracking_uri",
    "is_tracking_uri_set",
    "set_registry_uri",
    "set_tracking_uri",
]
