"""Optax, and the optimizers that come with JAX: what of them a script makes, and the parameters that they train. Nothing
reads a value, so nothing waits for a device, and what JAX traces is traced as without."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _observed, _patch, _switches
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations import _module_tree, _session, _structure
from trackline.observers import _caller

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "optax"
_OF_JAX = "jax.example_libraries.optimizers"
_KINDS = {
    "_src.alias": "optimizer",
    "contrib": "optimizer",
    "schedules": "schedule",
    "transforms": "transform",
    _OF_JAX: "optimizer",
}
"""What the functions of a module make."""
_WRAPPERS = {"chain", "named_chain", "inject_hyperparams", "inject_stateful_hyperparams"}
_MOST_LEAVES = 2000

_patches = _patch.Patches()
_made: list[str] = []
"""The optimizers so far, by the names that the script gave them."""
_described: ActiveRun | None = None


def patch() -> None:
    """Records Optax from now on. Imports nothing."""
    _patches.on_import("optax", _patch_optax)
    _patches.on_import(_OF_JAX, _patch_examples)


def unpatch() -> None:
    """Puts everything back."""
    global _described
    _patches.undo()
    _made.clear()
    _described = None


def _patch_optax(optax: types.ModuleType) -> None:
    if not _switches.on("loops"):
        return
    makers = [one for one in vars(optax).values() if isinstance(one, types.FunctionType) and _kind(one)]
    _patches.wrap_functions(makers, _make)
    _patches.wrap_functions([optax.apply_updates], _apply, _is_described)


def _patch_examples(module: types.ModuleType) -> None:
    """The small optimizers that come with JAX. Its helpers are in the same module; what makes an optimizer is decorated."""
    if _switches.on("loops"):
        makers = [one for one in vars(module).values() if isinstance(one, types.FunctionType) and hasattr(one, "__wrapped__")]
        _patches.wrap_functions([one for one in makers if one.__module__ == _OF_JAX], _make)


def _kind(maker: Any) -> str | None:
    module = maker.__module__.removeprefix("optax.")
    return next((kind for start, kind in _KINDS.items() if module.startswith(start)), None)


def _make(call: Call) -> Any:
    """`optax.adam(1e-3)`, `optax.cosine_decay_schedule(…)`, `optax.clip_by_global_norm(1.0)`."""
    outcome = yield
    frame = frames.caller()
    if outcome.error is not None or frame is None or _session.inside() or not _caller.is_user():
        return
    name, kind = call.original.__name__, _kind(call.original)
    if name in _WRAPPERS:
        return
    given = {key: value for key, value in _arguments(call).items() if value is not False and isinstance(value, int | float | str)}
    facts: dict[str, Any]
    if kind == "optimizer":
        _made.append(frames.assigned_name(frame) or f"optimizer_{len(_made) + 1}")
        prefix = "" if len(_made) == 1 else f"{_made[-1]}."
        facts = {f"{prefix}optimizer_name": name, **{prefix + key: value for key, value in given.items()}}
    elif kind == "schedule":
        facts = {"lr_scheduler": name, **{f"lr_scheduler.{key}": value for key, value in given.items()}}
    else:
        facts = {f"{name}.{key}": value for key, value in given.items()}
    if facts:
        _ambient.later(lambda run: _observed.params(run, facts, source=SOURCE))


def _arguments(call: Call) -> dict[str, Any]:
    bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
    bound.apply_defaults()
    return bound.arguments


def _is_described() -> bool:
    return _described is not None and _described.is_open


def _apply(call: Call) -> Any:
    """`optax.apply_updates(params, updates)`: what is trained. Where the step is compiled this is while JAX traces it."""
    global _described
    outcome = yield
    if outcome.error is not None or _session.inside() or (run := _ambient.run(start=True)) is None:
        return
    _described = run
    root = _tree(call.args[0] if call.args else call.kwargs["params"])
    _observed.params(run, {"total_parameters": root["parameters"], "dtype": root.get("dtype")}, source=SOURCE)
    if _switches.on("structure"):
        _observed.document(run, "structure", root, source=SOURCE)
        _observed.artifact_bytes(run, _module_tree.summary(root).encode(), "model_summary.txt", source=SOURCE)


def _tree(params: Any) -> dict[str, Any]:
    """The tree that the parameters are, in the form of the document `structure`."""
    import jax

    root = _node("", type(params).__name__)
    for path, leaf in jax.tree_util.tree_flatten_with_path(params)[0][:_MOST_LEAVES]:
        shape = list(getattr(leaf, "shape", ()))
        count = 1
        for size in shape:
            count *= size
        *above, last = [*_names(path)] or ["params"]
        node = _grown(root, count)
        for name in above:
            node = _grown(_child(node, name), count)
        dtype = str(getattr(leaf, "dtype", ""))
        leaf_node = _structure.fact_node(last, "Array", "jax", {"shape": shape})
        node["children"].append(leaf_node | {"parameters": count, "trainable": count, "dtype": dtype, "output": [shape]})
        root.setdefault("dtype", dtype)
    return root


def _names(path: Any) -> Iterator[str]:
    for key in path:
        yield str(next((getattr(key, part) for part in ("key", "name", "idx") if hasattr(key, part)), key))


def _node(name: str, kind: str) -> dict[str, Any]:
    return _structure.fact_node(name, kind, "jax", {}) | {"parameters": 0, "trainable": 0}


def _child(node: dict[str, Any], name: str) -> dict[str, Any]:
    for child in node["children"]:
        if child["name"] == name:
            return child  # type: ignore[no-any-return]
    node["children"].append(made := _node(name, "params"))
    return made


def _grown(node: dict[str, Any], count: int) -> dict[str, Any]:
    node["parameters"] += count
    node["trainable"] += count
    return node
