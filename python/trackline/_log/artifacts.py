from __future__ import annotations

import json
import os
from typing import Any, BinaryIO

from trackline import _native
from trackline._log._subject import Subject


class ArtifactLog(Subject):
    """Files of a run; `artifact_path` is a folder, `artifact_file` a file, both with `/` between their parts."""

    def log_artifact(self, local_path: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        """Keeps a file, or a folder with all that is in it, under its own name."""
        self.handle.log_artifact(os.fspath(local_path), artifact_path)

    def log_artifacts(self, local_dir: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        """Keeps what is in a folder."""
        self.handle.log_artifacts(os.fspath(local_dir), artifact_path)

    def log_bytes(self, data: bytes, artifact_file: str) -> None:
        """Keeps bytes as a file."""
        self.handle.log_bytes(data, artifact_file)

    def log_text(self, text: str, artifact_file: str) -> None:
        """Keeps text as a file, in UTF-8."""
        self.log_bytes(text.encode(), artifact_file)

    def log_stream(self, stream: BinaryIO, artifact_file: str) -> None:
        """Keeps what a stream gives as a file."""
        self.log_bytes(stream.read(), artifact_file)

    def log_dict(self, dictionary: Any, artifact_file: str) -> None:
        """Keeps plain values as a file: YAML by the endings `.yaml` and `.yml`, else JSON. What has no form there
        is written as `str` gives it."""
        text = json.dumps(dictionary, indent=2, default=str)
        if artifact_file.endswith((".yaml", ".yml")):
            text = _native.to_yaml(json.loads(text))
        self.log_text(text, artifact_file)
