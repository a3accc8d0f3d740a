"""The arguments of a `fit`, whatever they are called."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

from trackline._patch import Call


class FitArguments(NamedTuple):
    """What an estimator was fitted to."""

    data: Any
    labels: Any
    weights: Any


def of_fit(call: Call) -> FitArguments:
    """Data and labels are the first two arguments after `self`; names differ (`X`, `y`, `Y`, `raw_documents`)."""
    parameters = inspect.signature(call.original).parameters.values()
    names = [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)][1:]
    given = {**dict(zip(names, call.args[1:], strict=False)), **call.kwargs}
    data_name = names[0] if names else "X"
    labels_name = names[1] if len(names) > 1 and names[1] != "sample_weight" else "y"
    return FitArguments(given.get(data_name), given.get(labels_name), given.get("sample_weight"))
