"""The functions `train` and `cv` of a library of boosted trees: one run each, with parameters, data, curve and model."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from trackline._guard import guard
from trackline._log import RunLog
from trackline._patch import Call
from trackline.integrations import _evaluation, _fit, _inner, _matrix, _model, _session, _structure
from trackline.integrations._boosting import Boosting

if TYPE_CHECKING:
    from trackline._autolog import Config


class Library(Protocol):
    """What differs from library to library."""

    @property
    def flavor(self) -> str:
        """Its name in `autolog`."""

    @property
    def train_set(self) -> str:
        """The argument of `train` that holds the training data."""

    def config(self) -> Config | None:
        """What the user asked for."""

    def begins(self, boosting: Boosting, call: Call) -> inspect.BoundArguments:
        """Logs the parameters and puts our callback into a copy of the user's list."""

    def log_datasets(self, log: RunLog, given: Mapping[str, Any]) -> None:
        """Logs the training data, and each evaluation set under the name it has in the curve."""

    def stopped(self, boosting: Boosting, booster: Any) -> None:
        """Logs where the training was best and where it stopped."""

    def describe(self, boosting: Boosting, booster: Any) -> None:
        """Logs what the parameters came to and how much each feature counts."""

    def scores(self, booster: Any, data: Any, seconds: float) -> _evaluation.Evaluation:
        """Scores on the training data."""

    def writer(self, model: Any) -> Any:
        """What writes a booster."""

    def structure(self, booster: Any) -> dict[str, Any]:
        """The node of a booster in the document `structure`."""

    def folded(self, boosting: Boosting, given: Mapping[str, Any], history: Any) -> None:
        """Logs where the folds stopped, of which `cv` gave the history."""


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
    node = None if subject is not None else _begin(library, "train")
    if node is None:
        yield
        return
    with node:
        boosting, given = _prepare(library, node, call)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            _trained(library, node, boosting, given[library.train_set], outcome.value)


def cv(library: Library, call: Call) -> Any:
    """`cv`: the folds as one curve with means and deviations."""
    node = None if _session.inside() else _begin(library, "cv")
    if node is None:
        yield
        return
    with node:
        boosting, given = _prepare(library, node, call)
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            library.folded(boosting, given, outcome.value)


def _begin(library: Library, what: str) -> _fit.FitRun | None:
    config = library.config()
    return None if config is None else _fit.begin(library.flavor, f"{library.flavor}.{what}", config)


def _prepare(library: Library, node: _fit.FitRun, call: Call) -> tuple[Boosting, Mapping[str, Any]]:
    boosting = Boosting(node.log)
    given = library.begins(boosting, call).arguments
    config = library.config()
    if config is not None and config.log_datasets:
        with guard(f"{library.flavor}.dataset"):
            library.log_datasets(node.log, given)
    return boosting, given


def _trained(library: Library, node: _fit.FitRun, boosting: Boosting, data: Any, booster: Any) -> None:
    library.stopped(boosting, booster)
    library.describe(boosting, booster)
    found = _evaluation.Evaluation()
    with guard(f"{library.flavor}.training_metrics"):
        found = library.scores(booster, data, node.run.handle.budget)
    model_id, config = None, library.config()
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
