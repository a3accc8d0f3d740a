"""Artifacts by URI: of runs, of logged models and of registered ones."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

from trackline import _native, _place, _tracker
from trackline.entities import FileInfo
from trackline.exceptions import MlflowException

if TYPE_CHECKING:
    from PIL.Image import Image

    from trackline._native import Store

__all__ = ["download_artifacts", "list_artifacts", "load_dict", "load_image", "load_text"]


def download_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    dst_path: str | None = None,
    tracking_uri: str | None = None,
) -> str:
    """Copies a file or folder into `dst_path` (a new temporary folder if absent) and gives where it is.

    Say what by `artifact_uri`, or by `run_id` and, for a part of the run's artifacts, `artifact_path`.
    """
    store = _tracker.get(tracking_uri).store()
    return _find(store, artifact_uri, run_id, artifact_path).download(store, dst_path)


def list_artifacts(
    artifact_uri: str | None = None,
    run_id: str | None = None,
    artifact_path: str | None = None,
    tracking_uri: str | None = None,
) -> list[FileInfo]:
    """Files and folders directly under what is named, as in `download_artifacts`."""
    store = _tracker.get(tracking_uri).store()
    return _find(store, artifact_uri, run_id, artifact_path).list(store)


def load_text(artifact_uri: str) -> str:
    """The text of an artifact."""
    return _read(artifact_uri).decode()


def load_dict(artifact_uri: str) -> Any:
    """The values of a JSON or YAML artifact."""
    text = load_text(artifact_uri)
    try:
        return json.loads(text)
    except ValueError:
        return _native.from_yaml(text)


def load_image(artifact_uri: str) -> Image:
    """The picture of an artifact."""
    from PIL import Image

    return Image.open(io.BytesIO(_read(artifact_uri)))


def _read(uri: str) -> bytes:
    store = _tracker.store()
    place = _find(store, uri, None, None)
    content = place.read(store) if place.exists(store) else None
    if content is None:
        raise MlflowException(f"There is no artifact `{uri}`.", "RESOURCE_DOES_NOT_EXIST")
    return content


def _find(store: Store, uri: str | None, run_id: str | None, path: str | None) -> _place.Place:
    if (uri is None) == (run_id is None):
        raise MlflowException.invalid_parameter_value("Give either `artifact_uri` or `run_id`.")
    if run_id is not None:
        return _place.of_run(run_id, path, store)
    assert uri is not None
    return _place.of_uri(os.fspath(uri), store).below(path)
