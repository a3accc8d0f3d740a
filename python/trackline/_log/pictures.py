from __future__ import annotations

import io
import os
import time
from typing import TYPE_CHECKING, Any

from trackline._log.artifacts import ArtifactLog
from trackline.exceptions import MlflowException

if TYPE_CHECKING:
    from PIL.Image import Image


class Drawing(io.BytesIO):
    """Where a figure is drawn because we want it, not because the user saves it."""


class PictureLog(ArtifactLog):
    """Figures and images of a run."""

    def log_figure(self, figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None) -> None:
        """Keeps a Matplotlib or Plotly figure in the format that the file's ending names."""
        options = save_kwargs or {}
        ending = os.path.splitext(artifact_file)[1].lstrip(".").lower() or "png"
        if hasattr(figure, "savefig"):
            buffer = Drawing()
            figure.savefig(buffer, **{"format": ending, **options})
            self.log_bytes(buffer.getvalue(), artifact_file)
        elif hasattr(figure, "to_html") and ending in ("html", "htm"):
            self.log_text(figure.to_html(**options), artifact_file)
        elif hasattr(figure, "to_image"):
            self.log_bytes(figure.to_image(**{"format": ending, **options}), artifact_file)
        else:
            raise MlflowException.invalid_parameter_value(
                f"log_figure takes a Matplotlib or Plotly figure, not {type(figure).__qualname__}."
            )

    def log_image(
        self,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
    ) -> None:
        """Keeps an image (Pillow, or an array of height x width [x 1, 3 or 4]) as a file, or as the image of a step
        under `key`."""
        if (artifact_file is None) == (key is None):
            raise MlflowException.invalid_parameter_value("log_image takes either `artifact_file` or `key`.")
        if artifact_file is None:
            now = timestamp if timestamp is not None else time.time_ns() // 1_000_000
            name = str(key).replace("/", "#")
            import uuid

            artifact_file = f"images/{name}+step+{step or 0}+timestamp+{now}+{uuid.uuid4()}.png"
            self.handle.set_tags([("mlflow.loggedImages", "True")])
        picture = image if hasattr(image, "save") else _from_array(image)
        ending = os.path.splitext(artifact_file)[1].lstrip(".").lower() or "png"
        buffer = io.BytesIO()
        picture.save(buffer, format={"jpg": "jpeg"}.get(ending, ending))
        self.log_bytes(buffer.getvalue(), artifact_file)


def _from_array(array: Any) -> Image:
    """Floats are brightness from 0 to 1, integers from 0 to 255, as MLflow reads them."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MlflowException("log_image needs Pillow to write an array: pip install pillow") from error
    import numpy as np

    values = np.asarray(array)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (3, 4)):
        raise MlflowException.invalid_parameter_value(
            f"An image has the shape (height, width[, 1, 3 or 4]), not {values.shape}."
        )
    if values.dtype.kind in "fb":
        values = np.clip(np.nan_to_num(values.astype(float)), 0.0, 1.0) * 255.0
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
