"""The tree that a module is, in the form of the document `structure`, and as a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trackline import _observed, _switches
from trackline.integrations import _structure

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

MOST_NODES = 5000
"""Modules of a model that is larger are left out of the tree."""

Shape = list[int]
Shapes = dict[int, tuple[list[Shape], list[Shape]]]
"""What went into a module and what came out of it, by `id`."""


def original(module: Any) -> Any:
    """The module inside what `torch.compile` and the wrappers for several devices make of it."""
    while (inner := getattr(module, "_orig_mod", None) or _wrapped(module)) is not None:
        module = inner
    return module


def _wrapped(module: Any) -> Any:
    parallel = type(module).__name__ in ("DataParallel", "DistributedDataParallel")
    return module.module if parallel else None


def count(module: Any) -> tuple[int, int]:
    """How many numbers its parameters hold: all, and those that are trained. Shared ones count once."""
    parameters = list(module.parameters())
    return sum(p.numel() for p in parameters), sum(p.numel() for p in parameters if p.requires_grad)


def tree(module: Any, name: str, shapes: Shapes) -> dict[str, Any]:
    """The node of a module with those of the modules in it."""
    left = [MOST_NODES]
    return _node(original(module), name, shapes, left)


def _node(module: Any, name: str, shapes: Shapes, left: list[int]) -> dict[str, Any]:
    left[0] -= 1
    total, trainable = count(module)
    node: dict[str, Any] = {
        "name": name,
        "class": type(module).__name__,
        "module": type(module).__module__,
        "params": list(_params(module)),
        "parameters": total,
        "trainable": trainable,
    }
    own = next(module.parameters(recurse=False), None)
    if own is not None:
        node |= {"dtype": str(own.dtype).removeprefix("torch."), "device": str(own.device)}
    if id(module) in shapes:
        node["input"], node["output"] = shapes[id(module)]
    node["children"] = [
        _node(child, key, shapes, left) for key, child in module.named_children() if left[0] > 0
    ]
    return node


def _params(module: Any) -> Iterator[dict[str, Any]]:
    """The arguments of the constructor that the module remembers under their names."""
    kind: Any = type(module)
    for key, default in _structure.arguments(kind).items():
        value = getattr(module, key, _structure)
        if key == "bias":
            value = value is not None and value is not False
        if value is None or isinstance(value, bool | int | float | str | tuple):
            yield {"name": key, "value": repr(value)[:200], "default": default}


def shapes_of(values: Any) -> list[Shape]:
    """The shapes of the tensors among arguments or results."""
    if hasattr(values, "shape"):
        return [list(values.shape)]
    if isinstance(values, dict):
        values = list(values.values())
    if isinstance(values, list | tuple):
        return [list(value.shape) for value in values if hasattr(value, "shape")]
    return []


def summary(node: dict[str, Any]) -> str:
    """The tree as a table, and what it comes to."""
    rows = [("Layer", "Type", "Output shape", "Parameters"), *_rows(node, 0)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=False)) + "  " + row[3].rjust(12)
        for row in rows
    ]
    rule = "-" * max(map(len, lines))
    total, trainable = node["parameters"], node["trainable"]
    ends = [f"Total parameters:     {total:,}", f"Trainable parameters: {trainable:,}", f"Frozen parameters:    {total - trainable:,}"]
    return "\n".join([lines[0], rule, *lines[1:], rule, *ends, ""])


def _rows(node: dict[str, Any], depth: int) -> Iterator[tuple[str, str, str, str]]:
    shape = " ".join(str(one) for one in node.get("output", []))
    yield "  " * depth + (node["name"] or "model"), node["class"], shape, f"{node['parameters']:,}"
    for child in node["children"]:
        yield from _rows(child, depth + 1)


def log(run: ActiveRun, module: Any, source: str, shapes: Shapes | None = None) -> None:
    """Logs the tree of a module, the text of it and its counts, if structures are captured."""
    if _switches.on("structure"):
        whole = tree(module, "", shapes or {})
        counts = {"total_parameters": whole["parameters"], "trainable_parameters": whole["trainable"]}
        _observed.params(run, counts, source=source)
        _observed.document(run, "structure", whole, source=source)
        _observed.artifact_bytes(run, summary(whole).encode(), "model_summary.txt", source=source)
