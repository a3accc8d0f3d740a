from __future__ import annotations

import os
from typing import Any, BinaryIO

from trackline import _tracker
from trackline.fluent._target import target


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Keeps a file, or a folder with all that is in it, under its own name in the artifact folder."""
    target(run_id).log_artifact(local_path, artifact_path)


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Keeps what is in a folder in the artifact folder."""
    target(run_id).log_artifacts(local_dir, artifact_path)


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Keeps text as an artifact, in UTF-8."""
    target(run_id).log_text(text, artifact_file)


def log_stream(stream: BinaryIO, artifact_file: str, run_id: str | None = None) -> None:
    """Keeps what a stream gives as an artifact."""
    target(run_id).log_stream(stream, artifact_file)


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Keeps plain values as an artifact: YAML by the endings `.yaml` and `.yml`, else JSON."""
    target(run_id).log_dict(dictionary, artifact_file)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """The URI of the current run's artifacts, or of one of them."""
    run = target()
    root: str = _tracker.store().runs.get(run.id)["info"]["artifact_uri"]
    return root if artifact_path is None else f"{root}/{artifact_path.strip('/')}"
