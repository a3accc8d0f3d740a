"""Training loops that the user wrote around an optimizer of Keras: what the optimizer is, and the model that it trains."""

from __future__ import annotations

import itertools
import math
import sys
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from trackline import _ambient, _observed, _switches
from trackline._patch import Call
from trackline._script import frames
from trackline.integrations.keras import arguments, streams, structure

if TYPE_CHECKING:
    from trackline._active_run import ActiveRun

SOURCE = "keras.optimizer"
MOST_FRAMES = 6
"""So far up the model is looked for."""

_told: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
"""The run that each optimizer was described in."""
_models: dict[str, dict[str, weakref.ref[Any]]] = {}
"""The models of each run, by the user's names for them."""


def applied(call: Call) -> Any:
    """`optimizer.apply_gradients(…)`, `optimizer.apply(…)`: the first time in a run. Where the step is compiled this is while it
    is traced."""
    outcome = yield
    optimizer = call.args[0]
    run = _ambient.run(start=True) if outcome.error is None else None
    if run is None or _told.get(optimizer) == run.id:
        return
    several = run.id in _told.values()
    _told[optimizer] = run.id
    with _outside_of_graphs():
        prefix = f"{_name_of(optimizer)}." if several else ""
        found = {f"{prefix}{key}": value for key, value in arguments.of_optimizer(optimizer).items()}
        _observed.params(run, found, source=SOURCE)
        if (named := _trained_by(optimizer)) is not None:
            _describe(run, *named)
        if not several:
            streams.trains(run)


def _outside_of_graphs() -> AbstractContextManager[Any]:
    """While TensorFlow traces a step, its variables have values only here."""
    tensorflow = sys.modules.get("tensorflow")
    return nullcontext() if tensorflow is None else tensorflow.init_scope()


def _describe(run: ActiveRun, name: str, model: Any) -> None:
    models = _models.setdefault(run.id, {})
    if any(known() is model for known in models.values()):
        return
    prefix = f"{name}." if models else ""
    models[name] = weakref.ref(model)
    trained = sum(math.prod(weight.shape) for weight in model.trainable_variables)
    facts = {"model_class": type(model).__name__, "total_parameters": model.count_params(), "trainable_parameters": trained}
    _observed.params(run, {f"{prefix}{key}": value for key, value in facts.items()}, source=SOURCE)
    if _switches.on("structure"):
        held = {name: one for name, known in models.items() if (one := known()) is not None}
        trees = [structure.tree(one, name if len(held) > 1 else "") for name, one in held.items()]
        whole = trees[0] if len(trees) == 1 else {"class": "models", "children": trees}
        _observed.document(run, "structure", whole, source=SOURCE)
        text = "\n\n".join(structure.summary(one) for one in held.values())
        _observed.artifact_bytes(run, text.encode(), "model_summary.txt", source=SOURCE)


def _trained_by(optimizer: Any) -> tuple[str, Any] | None:
    """The model that has most of the optimizer's weights, the smallest of those, with the user's name for it."""
    kind = sys.modules["keras"].Model
    wanted = {id(weight) for weight in optimizer._trainable_variables}
    best: tuple[int, int] = (0, 0)
    found = None
    for name, model in _in_reach():
        if not isinstance(model, kind):
            continue
        held = [id(weight) for weight in model.trainable_variables]
        fit = (len(wanted.intersection(held)), -len(held))
        if fit[0] and fit > best:
            best, found = fit, (name, model)
    return found


def _name_of(optimizer: Any) -> str:
    return next((name for name, value in _in_reach() if value is optimizer), optimizer.name)


def _in_reach() -> Iterator[tuple[str, Any]]:
    """What the script holds, whose functions `tf.function` runs from no file of the user's, and the functions around: the
    outermost first, since further in all optimizers may have the same name."""
    around = itertools.islice(frames.own_frames(sys._getframe(1)), MOST_FRAMES)
    for scope in (vars(sys.modules["__main__"]), *[frames.variables(frame) for frame in around][::-1]):
        for name, value in list(scope.items()):
            yield name, value
            if name == "self":
                yield from list(getattr(value, "__dict__", {}).items())
