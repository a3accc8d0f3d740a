"""The next forward of a module: what goes into its parts and comes out of them."""

from __future__ import annotations

import itertools
import sys
import weakref
from collections.abc import Callable
from typing import Any

from trackline._guard import guard
from trackline.integrations import _module_tree
from trackline.models import ModelSignature, infer_signature

Then = Callable[[Any, _module_tree.Shapes, Any, Any], None]

PATIENCE = 1000
"""Forwards of modules after which nobody is expected to call the one that is waited for."""


def watch(root: Any, then: Then, source: str) -> Callable[[], None]:
    """Calls `then` after the module's next forward, with the module, the shapes of all its parts, its arguments by position and
    its result. By a hook of PyTorch's own for all modules, so that nothing of ours is in the user's model, to be copied or
    pickled with it. A compiled module is left alone. Gives what ends the waiting."""
    if _is_compiled(root):
        return lambda: None
    from torch.nn.modules.module import register_module_forward_hook

    wanted = {id(module) for module in root.modules()}
    shapes: _module_tree.Shapes = {}
    whole = weakref.ref(root)
    left = itertools.count(PATIENCE, -1)

    def seen(module: Any, given: Any, made: Any) -> None:
        with guard(source):
            if id(module) in wanted:
                shapes.setdefault(id(module), (_module_tree.shapes_of(given), _module_tree.shapes_of(made)))
            if module is whole():
                handle.remove()
                then(module, shapes, given, made)
            elif next(left) <= 0:
                handle.remove()

    handle = register_module_forward_hook(seen)
    weakref.finalize(root, handle.remove)
    end: Callable[[], None] = handle.remove
    return end


def signature(given: Any, made: Any) -> ModelSignature | None:
    """What a module takes and gives, as far as that is a tensor each. Only type and shape are looked at."""
    if len(given) != 1 or not all(hasattr(tensor, "dtype") and hasattr(tensor, "shape") for tensor in (*given, made)):
        return None
    taken, result = _example(given[0]), _example(made)
    return None if taken is None or result is None else infer_signature(taken, result)


def _example(tensor: Any) -> Any | None:
    """One row of the same kind; none of types that NumPy does not know, such as `bfloat16`."""
    import numpy as np

    dtype = str(tensor.dtype).removeprefix("torch.")
    return np.zeros([1, *tensor.shape[1:]][: tensor.ndim], dtype) if dtype in np.sctypeDict else None


def _is_compiled(module: Any) -> bool:
    """A hook would make `torch.compile` compile once more, and scripted modules call none."""
    import torch

    compiling = sys.modules.get("torch._dynamo.convert_frame")
    return (
        isinstance(module, torch.jit.ScriptModule)
        or _module_tree.original(module) is not module
        or module._compiled_call_impl is not None
        or getattr(compiling, "FRAME_COUNTER", 0) > 0
    )
