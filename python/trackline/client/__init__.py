"""Explicit access to a store: every call names what it works on."""

from __future__ import annotations

from trackline.client._artifacts import ArtifactClient
from trackline.client._experiments import ExperimentClient
from trackline.client._models import ModelClient
from trackline.client._registry import RegistryClient
from trackline.client._runs import RunClient
from trackline.client._versions import VersionClient

__all__ = ["MlflowClient", "TracklineClient"]


class TracklineClient(
    ExperimentClient, RunClient, ArtifactClient, ModelClient, RegistryClient, VersionClient
):
    """The store at `tracking_uri`, or the one that the process logs to."""


MlflowClient = TracklineClient
