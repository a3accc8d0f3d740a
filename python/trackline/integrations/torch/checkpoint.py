"""`torch.save` and `safetensors.torch`: models that the user's code writes into files."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Any

from trackline import _checkpoints
from trackline._patch import Call
from trackline.integrations.torch import loop


def saved(call: Call) -> Any:
    """`torch.save` of a module, or of a dict that holds tensors or modules, into a file."""
    outcome = yield
    given = {**dict(zip(("obj", "f"), call.args, strict=False)), **call.kwargs}
    path = _path(given.get("f"))
    if outcome.error is None and path is not None and _is_model(given.get("obj")):
        _record(path, "torch", "torch.save", given["obj"])


def saved_safely(call: Call) -> Any:
    """`safetensors.torch.save_file` and `save_model`."""
    outcome = yield
    path = call.args[1] if len(call.args) > 1 else call.kwargs.get("filename")
    if outcome.error is None and path is not None:
        _record(path, "safetensors", "safetensors.save_file", {})


def _record(path: str, kind: str, source: str, saved: Any) -> None:
    found = loop.known()
    epoch = saved.get("epoch") if isinstance(saved, dict) else None
    _checkpoints.record(
        path,
        kind,
        source=source,
        step=None if found is None else found.step,
        epoch=epoch if type(epoch) is int else None,
    )


def _path(target: Any) -> str | None:
    if isinstance(target, str | os.PathLike):
        return os.fspath(target)
    name = getattr(target, "name", None)  # An open file; what is in memory alone is no checkpoint.
    return name if isinstance(name, str) and os.path.exists(name) else None


def _is_model(saved: Any, depth: int = 0) -> bool:
    import torch

    if isinstance(saved, torch.nn.Module):
        return True
    if not isinstance(saved, dict) or depth > 2:
        return False
    tensors = [str(key) for key, value in saved.items() if isinstance(value, torch.Tensor)]
    # Dicts of other tensors are data.
    if tensors and (isinstance(saved, OrderedDict) or any(key.endswith(("weight", "bias")) for key in tensors)):
        return True
    return any(_is_model(value, depth + 1) for value in saved.values())
