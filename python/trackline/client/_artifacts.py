from __future__ import annotations

import os
from typing import Any, BinaryIO

from trackline import _place
from trackline.client._store import StoreClient
from trackline.entities import FileInfo


class ArtifactClient(StoreClient):
    """Files of runs."""

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[FileInfo]:
        """Files and folders directly under `path` (the root if absent); paths are relative to the run's root."""
        store = self._store
        return _place.of_run(run_id, path, store).list(store)

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Copies a file or folder of a run into `dst_path` (a new temporary folder if absent); gives where it is."""
        store = self._store
        return _place.of_run(run_id, path, store).download(store, dst_path)

    def log_artifact(
        self, run_id: str, local_path: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keeps a file, or a folder with all that is in it, under its own name."""
        self._run(run_id).log_artifact(local_path, artifact_path)

    def log_artifacts(
        self, run_id: str, local_dir: str | os.PathLike[str], artifact_path: str | None = None
    ) -> None:
        """Keeps what is in a folder."""
        self._run(run_id).log_artifacts(local_dir, artifact_path)

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Keeps text as a file, in UTF-8."""
        self._run(run_id).log_text(text, artifact_file)

    def log_stream(self, run_id: str, stream: BinaryIO, artifact_file: str) -> None:
        """Keeps what a stream gives as a file."""
        self._run(run_id).log_stream(stream, artifact_file)

    def log_dict(self, run_id: str, dictionary: Any, artifact_file: str) -> None:
        """Keeps plain values as a file: YAML by the endings `.yaml` and `.yml`, else JSON."""
        self._run(run_id).log_dict(dictionary, artifact_file)

    def log_figure(
        self, run_id: str, figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None
    ) -> None:
        """Keeps a Matplotlib or Plotly figure in the format that the file's ending names."""
        self._run(run_id).log_figure(figure, artifact_file, save_kwargs=save_kwargs)

    def log_image(
        self,
        run_id: str,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Keeps an image as a file, or as the image of a step under `key`."""
        self._run(run_id).log_image(image, artifact_file, key, step, timestamp)

    def log_table(self, run_id: str, data: Any, artifact_file: str) -> None:
        """Keeps a table as JSON; rows are added to those of an earlier table of the same name."""
        self._run(run_id).log_table(data, artifact_file)
