from __future__ import annotations

from typing import Any

from trackline.fluent._target import target


def log_figure(figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None) -> None:
    """Keeps a Matplotlib or Plotly figure as an artifact, in the format that the file's ending names."""
    target().log_figure(figure, artifact_file, save_kwargs=save_kwargs)


def log_image(
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
    synchronous: bool | None = False,
) -> None:
    """Keeps an image (Pillow, or an array of height x width [x 1, 3 or 4]) as an artifact, or as the image of a step
    under `key`."""
    target().log_image(image, artifact_file, key, step, timestamp)
