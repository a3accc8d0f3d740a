"""What is recorded of an estimator with scikit-learn's protocol, whichever framework it is from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trackline import _native
from trackline._guard import guard
from trackline.data.dataset import Dataset
from trackline.integrations import _dataset, _evaluation, _model, _names, _params, _predictions, _structure
from trackline.integrations._arguments import FitArguments
from trackline.integrations._fit import FitRun

if TYPE_CHECKING:
    from trackline._autolog import Config


class Recording:
    """One fit of one estimator, from its parameters to its model."""

    def __init__(self, fit: FitRun, flavor: str, estimator: Any, given: FitArguments, config: Config) -> None:
        self.fit = fit
        self.flavor = flavor
        self.estimator = estimator
        self.given = given
        self.config = config
        self.dataset: Dataset | None = None
        self.data_name = _names.variable(given.data, _names.caller(), "dataset")

    def before(self, params: dict[str, str]) -> None:
        """What is known before the fit, so that a fit that fails leaves it."""
        self.fit.log.set_tags(_params.tags_of(self.estimator))
        self.fit.log.log_params(params)
        if self.config.log_datasets:
            with guard(f"{self.flavor}.dataset"):
                self.dataset = _dataset.describe(self.given.data, self.given.labels, self.data_name)
                if self.dataset is not None:
                    self.fit.log.log_input(self.dataset, "train")

    def after(self, writer: _model.Writer) -> _predictions.Fitted:
        """What the fit brought: scores, pictures, structure and the model itself."""
        flavor, found, model_id = self.flavor, _evaluation.Evaluation(), None
        with guard(f"{flavor}.training_metrics"):
            found = _evaluation.training(self.estimator, self.given, self.fit.seconds, self.config.pos_label)
        if self.config.log_models:
            with guard(f"{flavor}.model"):
                model_id = self.save(self.estimator, writer, found.predicted)
        with guard(f"{flavor}.training_metrics"):
            found.log(self.fit.log, model_id, self.dataset)
        with guard(f"{flavor}.structure"):
            self._structure()
        fitted = _predictions.Fitted(self.fit.log, model_id)
        fitted.remember(self.given.data, self.data_name if self.data_name != "dataset" else "unknown_dataset")
        _predictions.remember_fit(self.estimator, fitted)
        return fitted

    def save(self, model: Any, writer: _model.Writer, predicted: Any = None, name: str = "model") -> str | None:
        """Keeps a model of this fit and gives its id."""
        params = _params.of(model, deep=not hasattr(model, "best_estimator_"))
        return _model.save(self.fit.log, model, writer, self.config, self.given.data, predicted, name, params)

    def _structure(self) -> None:
        tree = _structure.tree(self.estimator)
        self.fit.log.handle.log_document("structure", json.dumps(tree).encode())
        self.fit.log.log_text(_native.estimator_html(tree), "estimator.html")
