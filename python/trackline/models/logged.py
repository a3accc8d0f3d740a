from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from trackline._log import RunLog
from trackline._log.texts import as_pairs
from trackline.models.info import ModelInfo
from trackline.models.model import Model
from trackline.models.saving import Flavored, Options, save


@dataclass
class Destination:
    """Where and as what a model is logged."""

    name: str | None = None
    params: Mapping[str, Any] | None = None
    tags: Mapping[str, Any] | None = None
    model_type: str | None = None
    step: int = 0
    registered_model_name: str | None = None


def log(write: Callable[[str], Flavored], options: Options, to: Destination, run: RunLog | None = None) -> ModelInfo:
    """Saves a model and makes it a logged model of the run (the current one if absent)."""
    from trackline.fluent._target import target

    run = run or target()
    handle = run.handle.create_model(to.name, to.model_type, as_pairs(to.params), as_pairs(to.tags))
    uri = f"models:/{handle.id}"
    try:
        with tempfile.TemporaryDirectory(prefix="trackline-") as folder:
            model = Model(artifact_path=uri, run_id=run.id, model_id=handle.id, model_uuid=handle.id)
            save(folder, write, options, model)
            handle.log_artifacts(folder)
    except BaseException:
        handle.finalize("FAILED")
        raise
    handle.finalize("READY")
    run.handle.log_output(handle.id, to.step)
    info = ModelInfo(model, uri)
    if to.registered_model_name is not None:
        from trackline.fluent.registry import register_model

        info.registered_model_version = register_model(uri, to.registered_model_name).version
    return info
