"""Logging to one run, by subject."""

from __future__ import annotations

from trackline._log.artifacts import ArtifactLog
from trackline._log.inputs import InputLog
from trackline._log.metrics import MetricLog
from trackline._log.pictures import PictureLog
from trackline._log.tables import TableLog
from trackline._log.texts import TextLog

__all__ = ["RunLog"]


class RunLog(MetricLog, TextLog, PictureLog, TableLog, ArtifactLog, InputLog):
    """Everything that can be logged to a run, whoever asks: the user's run object, the functions of the package,
    or a client."""
