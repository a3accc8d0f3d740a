"""`catboost.cv`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from trackline import _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _dataset, _fit, _matrix, _params, _session
from trackline.integrations._boosting import Boosting
from trackline.integrations.catboost.fit import features

NOT_PARAMS = {"as_pandas", "dtrain", "folds", "log_cerr", "log_cout", "params", "plot", "plot_file", "pool"}


def cv(call: Call) -> Any:
    """The folds as one curve with means and deviations."""
    config = _config.of("catboost")
    node = None if config is None or _session.inside() else _fit.begin("catboost", "catboost.cv", config)
    if node is None or config is None:
        yield
        return
    with node:
        boosting = Boosting(node.log)
        with guard("catboost.params"):
            given = inspect.signature(call.original).bind(*call.args, **call.kwargs).arguments
            own = {key: value for key, value in given.items() if key not in NOT_PARAMS and value is not None}
            boosting.add_params(_params.texts({**(given.get("params") or {}), **own}))
        with guard("catboost.dataset"):
            pool: Any = given.get("pool", given.get("dtrain"))
            data = features(pool)
            if config.log_datasets and data is not None:
                dataset = _dataset.describe(data, pool.get_label(), _matrix.name_of(pool))
                if dataset is not None:
                    node.log.log_input(dataset, "train")
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            with guard("catboost.curve"):
                _log_curve(boosting, outcome.value)


def _log_curve(boosting: Boosting, value: Any) -> None:
    """`cv` gives a frame or a dict of columns, `iterations` among them; with the models of the folds as a pair."""
    table = value[0] if isinstance(value, tuple) else value
    columns: Mapping[str, Any] = table if isinstance(table, Mapping) else table.to_dict("list")
    keys = [key for key in columns if key != "iterations"]
    for row, iteration in enumerate(columns["iterations"]):
        boosting.curve.add(int(iteration), [(key, columns[key][row]) for key in keys])
