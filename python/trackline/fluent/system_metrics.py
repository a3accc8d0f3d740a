"""What the machine does while a run is open: logged by default, under `system/…`.

The choices are those of environment variables, so that processes started later make them too. They hold for runs that
are started afterwards.
"""

from __future__ import annotations

import os


def enable_system_metrics_logging() -> None:
    """Takes `disable_system_metrics_logging()` back."""
    os.environ["MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"] = "true"


def disable_system_metrics_logging() -> None:
    """Logs system metrics for those runs only that ask: `start_run(log_system_metrics=True)`."""
    os.environ["MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING"] = "false"


def set_system_metrics_sampling_interval(interval: float | None) -> None:
    """Seconds between two samples; 10 without a choice, 0.1 at least."""
    _set("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", interval)


def set_system_metrics_samples_before_logging(samples: int | None) -> None:
    """Lengthens the interval to so many: utilisation is that of the whole time, the rest that of its end."""
    _set("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", samples)


def set_system_metrics_node_id(node_id: str | None) -> None:
    """Puts the name of this machine into the keys, for a run that several log to: `system/node-1/…`."""
    _set("MLFLOW_SYSTEM_METRICS_NODE_ID", node_id)


def _set(name: str, value: object) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = str(value)
