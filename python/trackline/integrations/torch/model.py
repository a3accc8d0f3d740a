"""The modules that an optimizer trains."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from trackline import _observed, _switches
from trackline._script import frames
from trackline.integrations import _forward, _module_tree, _names

if TYPE_CHECKING:
    from trackline.integrations.torch.loop import Loop

SOURCE = "torch.model"
MOST_FRAMES = 6
"""So far up the model of an optimizer is looked for."""

Named = tuple[str, Any]

_models: weakref.WeakKeyDictionary[Any, tuple[str, weakref.ref[Any]]] = weakref.WeakKeyDictionary()
"""The model of each optimizer, by the user's name for it."""
_described: dict[str, list[tuple[str, weakref.ref[Any]]]] = {}
"""The models of each run."""


def look_for(optimizer: Any, frame: FrameType | None) -> None:
    """Finds the module whose parameters the optimizer got, among the variables of the user's code from here upwards: the
    smallest one of those that hold the most of them."""
    import torch

    wanted = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    best: tuple[int, int] = (0, 0)
    for number, own in enumerate(frames.own_frames(frame)):
        for name, module in _modules(torch, own):
            held = [id(parameter) for parameter in module.parameters()]
            fit = (len(wanted.intersection(held)), -len(held))
            if fit[0] and fit > best:
                best = fit
                _models[optimizer] = name, weakref.ref(module)
        if best[0] == len(wanted) or number >= MOST_FRAMES:
            return


def of(optimizer: Any) -> Any | None:
    """The module that was found."""
    found = _models.get(optimizer)
    return None if found is None else found[1]()


def _modules(torch: Any, frame: FrameType) -> Iterator[Named]:
    for name, value in frames.variables(frame).items():
        if isinstance(value, torch.nn.Module):
            yield name, value
        elif isinstance(value, dict):
            yield from ((str(key), one) for key, one in list(value.items()) if isinstance(one, torch.nn.Module))
        elif isinstance(value, list | tuple) and len(value) <= 100:
            yield from ((f"{name}_{at}", one) for at, one in enumerate(value) if isinstance(one, torch.nn.Module))
        elif name in ("self", "cls"):
            held = getattr(value, "__dict__", {})
            yield from ((key, one) for key, one in list(held.items()) if isinstance(one, torch.nn.Module))


def describe(loop: Loop, optimizer: Any) -> None:
    """Logs what the optimizer's model is made of; the shapes follow with its next forward."""
    found = _models.get(optimizer)
    if found is None:
        return
    name, module = found[0], found[1]()
    models = _described.setdefault(loop.run.id, [])
    if module is None or any(known() is module for _, known in models):
        return
    name = _names.variable_of(module) or name
    models.append((name, found[1]))
    prefix = "" if len(models) == 1 else f"{name}."
    total, trainable = _module_tree.count(module)
    # Keras keeps the counters of its random numbers among the parameters.
    first = next((one for one in module.parameters() if one.is_floating_point()), next(module.parameters()))
    facts = {
        "model_class": type(_module_tree.original(module)).__name__,
        "total_parameters": total,
        "trainable_parameters": trainable,
        "device": str(first.device),
        "dtype": str(first.dtype).removeprefix("torch."),
    }
    loop.tell_once({prefix + key: value for key, value in facts.items()}, SOURCE)
    if _switches.on("structure"):
        _write(loop, {})
        _forward.watch(module, lambda _module, shapes, *_: _write(loop, shapes), SOURCE)


def _write(loop: Loop, shapes: _module_tree.Shapes) -> None:
    roots = [(name, module) for name, known in _described[loop.run.id] if (module := known()) is not None]
    trees = [_module_tree.tree(module, name if len(roots) > 1 else "", shapes) for name, module in roots]
    whole = trees[0] if len(trees) == 1 else {"class": "models", "children": trees}
    _observed.document(loop.run, "structure", whole, source=SOURCE)
    text = "\n\n".join(_module_tree.summary(tree) for tree in trees)
    _observed.artifact_bytes(loop.run, text.encode(), "model_summary.txt", source=SOURCE)
