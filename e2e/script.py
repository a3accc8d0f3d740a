"""A script of a user, run as the user would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def clean_environment() -> dict[str, str]:
    """The environment of a user who has configured nothing but that all is recorded, however busy the machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MLFLOW_", "TRACKLINE_"))}
    return {**kept, "TRACKLINE_BUDGET": "off"}


def run_script(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script of `folder` there, as a user would."""
    return subprocess.run(
        [sys.executable, script, *arguments], cwd=folder, env=clean_environment(),
        capture_output=True, text=True, timeout=300, check=False,
    )
