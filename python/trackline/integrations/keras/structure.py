"""The layers of a model, with their shapes and how many weights they have."""

from __future__ import annotations

from typing import Any

from trackline.integrations import _structure


def tree(layer: Any, name: str = "") -> dict[str, Any]:
    """The node of a model or layer in the document `structure`."""
    facts: dict[str, Any] = {}
    shape = _shape(layer)
    if shape is not None:
        facts["output_shape"] = shape
    facts["parameters"] = layer.count_params() if layer.built else "unknown"
    facts["trainable"] = layer.trainable
    activation = getattr(layer, "activation", None)
    if activation is not None:
        facts["activation"] = getattr(activation, "__name__", type(activation).__name__)
    node = _structure.fact_node(name, type(layer).__name__, type(layer).__module__, facts)
    node["children"] = [tree(child, child.name) for child in getattr(layer, "layers", ())]
    return node


def summary(model: Any) -> str:
    """What `model.summary()` shows."""
    lines: list[str] = []
    model.summary(print_fn=lambda line, *_, **__: lines.append(line))
    return "\n".join(lines)


def _shape(layer: Any) -> Any:
    try:
        return layer.output.shape if hasattr(layer.output, "shape") else None
    except (AttributeError, ValueError):
        return None  # Not of a functional model, or used twice.
