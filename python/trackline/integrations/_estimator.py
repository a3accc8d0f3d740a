"""What is recorded of an estimator with scikit-learn's protocol, whichever framework it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from trackline import _native
from trackline._guard import guard
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _evaluation, _model, _names, _params, _predictions, _structure
from trackline.integrations._arguments import FitArguments
from trackline.integrations._fit import FitRun

if TYPE_CHECKING:
    from trackline._config import Config


class Recording:
    """One fit of one estimator, from its parameters to its model."""

    def __init__(self, fit: FitRun, flavor: str, estimator: Any, given: FitArguments, config: Config) -> None:
        self.fit = fit
        self.flavor = flavor
        self.estimator = estimator
        self.given = given
        self.config = config
        self.dataset: Dataset | None = None
        self.params: dict[str, str] = {}
        self.data_name = _names.variable(given.data, _names.caller(), "dataset")

    def before(self, params: dict[str, str]) -> None:
        """What is known before the fit, so that a fit that fails leaves it."""
        self.fit.log.set_tags(_params.tags_of(self.estimator))
        self.add_params(params)
        if self.config.log_datasets:
            with guard(f"{self.flavor}.dataset"):
                self.dataset = _dataset.describe(self.given.data, self.given.labels, self.data_name)
                if self.dataset is not None:
                    self.fit.log.log_input(self.dataset, "train")

    def add_params(self, params: Mapping[str, str]) -> None:
        """Parameters that the fit brought out; they are those of the model, too."""
        self.params |= params
        self.fit.log.log_params(params)

    def log_eval_sets(self, sets: Iterable[tuple[str, Any, Any]]) -> None:
        """The data that the fit evaluates on while it goes on: names as in the curve, features and labels."""
        if self.config.log_datasets:
            with guard(f"{self.flavor}.dataset"):
                for name, data, labels in sets:
                    if (dataset := _dataset.describe(data, labels, name)) is not None:
                        self.fit.log.log_input(dataset, "eval")

    def after(
        self,
        writer: _model.Writer,
        parts: Iterable[dict[str, Any]] = (),
        evaluate: Callable[[float], _evaluation.Evaluation] | None = None,
    ) -> _predictions.Fitted:
        """What the fit brought: scores, pictures, structure and the model itself. `parts` are nodes of the structure
        that scikit-learn's protocol does not show; `evaluate` scores, within the budget, what the protocol does
        not say how to."""
        budget = self.fit.run.handle.budget
        flavor, found, model_id = self.flavor, _evaluation.Evaluation(), None
        with guard(f"{flavor}.training_metrics"):
            if evaluate is not None:
                found = evaluate(budget)
            else:
                found = _evaluation.training(self.estimator, self.given, budget, self.config.pos_label)
        if self.config.log_models:
            with guard(f"{flavor}.model"):
                model_id = self.save(self.estimator, writer, found.predicted, params=self.params)
        with guard(f"{flavor}.training_metrics"):
            found.log(self.fit.log, model_id, self.dataset)
        with guard(f"{flavor}.structure"):
            self._structure(parts)
        fitted = _predictions.Fitted(self.fit.log, self.config, model_id)
        fitted.remember(self.given.data, self.data_name if self.data_name != "dataset" else "unknown_dataset")
        _predictions.remember_fit(self.estimator, fitted)
        return fitted

    def save(
        self,
        model: Any,
        writer: _model.Writer,
        predicted: Any = None,
        name: str = "model",
        params: Mapping[str, str] | None = None,
    ) -> str | None:
        """Keeps a model of this fit and gives its id; its parameters are its own unless others are given."""
        params = _params.of(model) if params is None else params
        return _model.save(self.fit.log, model, writer, self.config, self.given.data, predicted, name, params)

    def _structure(self, parts: Iterable[dict[str, Any]]) -> None:
        tree = _structure.tree(self.estimator)
        tree["children"] += parts
        _structure.log(self.fit.log, tree)
        self.fit.log.log_text(_native.estimator_html(tree), "estimator.html")
