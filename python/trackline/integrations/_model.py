"""Keeping a fitted model, in the MLmodel format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from trackline._guard import guard
from trackline._log import RunLog
from trackline.integrations import _dataset, _quiet
from trackline.models import ModelSignature, infer_signature
from trackline.models.logged import Destination, log
from trackline.models.saving import Flavored, Options

if TYPE_CHECKING:
    from trackline._config import Config

ROWS = 5
"""So many rows make a signature or an input example."""

Writer = Callable[[Any], Callable[[str], Flavored]]
"""Makes what writes the files of a model into a folder."""


def save(
    to: RunLog, model: Any, writer: Writer, config: Config, data: Any, predicted: Any, name: str, params: Mapping[str, str]
) -> str | None:
    """Logs the model with its signature and gives its id. `predicted` is what it makes of `data`, if that is known."""
    signature = example = None
    if data is not None:
        with guard("signature"):
            rows = first_rows(data)
            signature = _signature(model, rows, predicted) if config.log_model_signatures else None
            example = rows if config.log_input_examples else None
    where = Destination(name, params, registered_model_name=config.registered_model_name if name == "model" else None)
    return log(writer(model), Options(signature, example), where, to).model_id


def first_rows(data: Any) -> Any:
    """The first rows, as many as an example has; lists of lists as an array."""
    rows = data.iloc[:ROWS] if hasattr(data, "iloc") else data[:ROWS]
    return _dataset.array(rows) if isinstance(rows, list | tuple) and isinstance(rows[0], list | tuple) else rows


def _signature(model: Any, rows: Any, predicted: Any) -> ModelSignature:
    method = next((name for name in ("predict", "transform") if hasattr(model, name)), None)
    if predicted is None and method is not None:
        with _quiet.unnoticed(model):
            predicted = getattr(model, method)(rows)
    return infer_signature(rows, None if predicted is None else first_rows(predicted))
