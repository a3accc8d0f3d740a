"""What a library of boosted trees is called by: its functions `train` and `cv`, and `fit` of its models in scikit-learn's manner."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any, Protocol

from trackline import _config, _patch, _taken_names
from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call, Hook, Patches
from trackline.integrations import (
    _arguments,
    _estimator,
    _evaluation,
    _fit,
    _inner,
    _matrix,
    _model,
    _params,
    _session,
    _structure,
)
from trackline.integrations._arguments import FitArguments
from trackline.integrations._boosting import Boosting


class Library(Protocol):
    """What differs from library to library."""

    @property
    def flavor(self) -> str:
        """Its name in `autolog`."""

    @property
    def train_set(self) -> str:
        """The argument of `train` that holds the training data."""

    def begins(self, boosting: Boosting, call: Call) -> inspect.BoundArguments:
        """Logs the parameters and puts our callback into a copy of the user's list."""

    def log_datasets(self, log: RunLog, given: Mapping[str, Any]) -> None:
        """Logs the training data, and each evaluation set under the name it has in the curve."""

    def stopped(self, boosting: Boosting, booster: Any) -> None:
        """Logs where the training was best and where it stopped."""

    def describe(self, boosting: Boosting, booster: Any) -> None:
        """Logs what the parameters came to and how much each feature counts."""

    def scores(self, booster: Any, data: Any, budget: float) -> _evaluation.Evaluation:
        """Scores on the training data."""

    def writer(self, model: Any) -> Any:
        """What writes a booster."""

    def structure(self, booster: Any) -> dict[str, Any]:
        """The node of a booster in the document `structure`."""

    def folded(self, boosting: Boosting, given: Mapping[str, Any], history: Any) -> None:
        """Logs where the folds stopped, of which `cv` gave the history."""

    def eval_sets(self, given: FitArguments, options: Mapping[str, Any]) -> Iterable[tuple[str, Any, Any]]:
        """What `fit` evaluates on: names as in the curve, features and labels."""

    def grown(self, model: Any) -> Any:
        """The booster of a fitted model."""


def patch(
    patches: Patches, library: ModuleType, hooks: Mapping[str, Hook], matrices: Iterable[type], model: type | None
) -> None:
    """Hooks `train` and `cv`, the classes that hold data, and `fit` of the models, which are missing where scikit-learn is."""
    with _taken_names.at_once():
        for name in ("train", "cv"):
            patches.wrap_functions([getattr(library, name)], hooks[name])
    for kind in matrices:
        if "__init__" in vars(kind):
            patches.wrap(kind, "__init__", _matrix.made)
    for kind in () if model is None else _patch.with_subclasses(model):
        if "fit" in vars(kind):
            patches.wrap(kind, "fit", hooks["fit"])


def train(library: Library, call: Call) -> Any:
    """`train`, called by the user or by a model of the scikit-learn API whose fit is being recorded."""
    subject = _session.subject()
    inner = subject if isinstance(subject, Boosting) else _inner.boosting()
    if inner is not None:
        with guard(f"{library.flavor}.curve"):
            library.begins(inner, call)
        outcome = yield
        if outcome.error is None:
            library.stopped(inner, outcome.value)
        return
    yield from _recorded(library, call, _trained)


def cv(library: Library, call: Call) -> Any:
    """`cv`: the folds as one curve with means and deviations."""
    yield from _recorded(library, call, _folded)

def fit(library: Library, call: Call) -> Any:
    """`fit` of a model. The `train` it calls logs the curve into the same run."""
    if (inner := _inner.boosting()) is not None:
        with _session.recording(inner):
            yield
        return
    config, node = _config.of(library.flavor), _begin(library, "fit")
    if node is None or config is None:
        yield
        return
    with node:
        model, flavor = call.args[0], library.flavor
        recording = _estimator.Recording(node, flavor, model, _arguments.of_fit(call), config)
        boosting = Boosting(node.log)
        with guard(f"{flavor}.params"):
            boosting.params |= _params.of(model)
            recording.before(boosting.params)
            recording.log_eval_sets(library.eval_sets(recording.given, call.kwargs))
        with _session.recording(boosting):
            outcome = yield
        if not node.failed(outcome):
            parts = []
            with guard(f"{flavor}.booster"):
                booster = library.grown(model)
                library.describe(boosting, booster)
                recording.params |= boosting.params
                parts.append(library.structure(booster))
            boosting.link(recording.after(library.writer, parts).model_id)


Then = Callable[[Library, _fit.FitRun, Boosting, Mapping[str, Any], Any], None]
"""What is logged when the function has returned: of its arguments and its result."""


def _recorded(library: Library, call: Call, then: Then) -> Any:
    node = _begin(library, call.original.__name__)
    if node is None:
        yield
        return
    with node:
        boosting, given = _prepare(library, node, call)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            then(library, node, boosting, given, outcome.value)


def _begin(library: Library, what: str) -> _fit.FitRun | None:
    config = _config.of(library.flavor)
    return None if config is None or _session.inside() else _fit.begin(library.flavor, f"{library.flavor}.{what}", config)


def _prepare(library: Library, node: _fit.FitRun, call: Call) -> tuple[Boosting, Mapping[str, Any]]:
    boosting = Boosting(node.log)
    given = library.begins(boosting, call).arguments
    config = _config.of(library.flavor)
    if config is not None and config.log_datasets:
        with guard(f"{library.flavor}.dataset"):
            library.log_datasets(node.log, given)
    return boosting, given


def _folded(library: Library, _node: _fit.FitRun, boosting: Boosting, given: Mapping[str, Any], history: Any) -> None:
    library.folded(boosting, given, history)


def _trained(library: Library, node: _fit.FitRun, boosting: Boosting, given: Mapping[str, Any], booster: Any) -> None:
    data = given[library.train_set]
    library.stopped(boosting, booster)
    library.describe(boosting, booster)
    found = _evaluation.Evaluation()
    with guard(f"{library.flavor}.training_metrics"):
        found = library.scores(booster, data, node.run.handle.budget)
    model_id, config = None, _config.of(library.flavor)
    if config is not None and config.log_models:
        with guard(f"{library.flavor}.model"):
            rows = _matrix.first_rows_of(data)
            model_id = _model.save(
                node.log, booster, library.writer, config, rows, found.predicted, "model", boosting.params
            )
    with guard(f"{library.flavor}.training_metrics"):
        found.log(node.log, model_id)
        boosting.link(model_id)
    with guard(f"{library.flavor}.structure"):
        _structure.log(node.log, library.structure(booster))
