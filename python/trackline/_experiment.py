"""The experiment that new runs belong to."""

from __future__ import annotations

import os

Experiment = dict[str, str]
"""`experiment_id` or `experiment_name`, as the extension takes them."""

_active: Experiment | None = None


def choose(experiment: Experiment) -> None:
    """Puts new runs of this process into the experiment."""
    global _active
    _active = experiment


def active() -> Experiment:
    """What was chosen, else the environment's choice, else the default experiment."""
    return _active if _active is not None else from_environment()


def from_environment() -> Experiment:
    """What the environment chooses, else the default experiment."""
    if experiment_id := os.environ.get("MLFLOW_EXPERIMENT_ID"):
        return {"experiment_id": experiment_id}
    if name := os.environ.get("TRACKLINE_EXPERIMENT") or os.environ.get("MLFLOW_EXPERIMENT_NAME"):
        return {"experiment_name": name}
    return {}
