"""What a forest of scikit-learn predicts, tree by tree. It prepares and checks each call of a tree, which for a sample takes longer
than the trees do."""

from __future__ import annotations

import sys
from typing import Any

from trackline.integrations import _dataset


def mean_of_trees(forest: Any, method: str, data: Any) -> Any:
    """What `predict_proba` of a classifier or `predict` of a regressor gives, to the last bit; none where that is the user's own or the
    data no plain table of numbers."""
    module = sys.modules.get("sklearn.ensemble._forest")
    if module is None:
        return None
    kind = module.ForestClassifier if method == "predict_proba" else module.ForestRegressor
    if getattr(type(forest), method, None) is not getattr(kind, method) or forest.n_outputs_ != 1:
        return None
    rows = _dataset.array(data)
    if rows is None or rows.ndim != 2 or rows.dtype.kind not in "biuf":
        return None
    numpy = sys.modules["numpy"]
    rows = numpy.ascontiguousarray(rows, dtype=numpy.float32)
    total = 0.0
    for tree in forest.estimators_:
        total = total + getattr(tree, method)(rows, check_input=False)
    return total / len(forest.estimators_)
