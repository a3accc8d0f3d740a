"""What a training was asked for, and what the booster made of it."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

NOT_PARAMS = {"dtrain", "evals", "evals_result", "params", "xgb_model", "callbacks", "folds", "fpreproc"}
ALIASES = {
    "alpha": "reg_alpha",
    "eta": "learning_rate",
    "lambda": "reg_lambda",
    "min_split_loss": "gamma",
    "nthread": "n_jobs",
    "seed": "random_state",
}
"""XGBoost's two names of one parameter."""


def of_call(arguments: inspect.BoundArguments) -> dict[str, str]:
    """The parameters given to `train` or `cv`, as MLflow records them; those that are None say nothing."""
    arguments.apply_defaults()
    booster = arguments.arguments["params"]
    given = {
        **(dict(booster) if isinstance(booster, Mapping | list | tuple) else {}),
        **{key: value for key, value in arguments.arguments.items() if key not in NOT_PARAMS},
    }
    # Values may be arrays, which compare item by item.
    return {key: _text(value) for key, value in given.items() if value is not None and not (isinstance(value, tuple) and not value)}


def resolved(booster: Any, given: Mapping[str, str]) -> dict[str, str]:
    """What the parameters that were not given have come to."""
    known = _known() - given.keys() - {ALIASES.get(key, key) for key in given}
    leaves = dict(_leaves(json.loads(booster.save_config())["learner"]))
    return {key: _shortest(leaves[key]) for key in sorted(known & leaves.keys()) if leaves[key] not in ("", "()")}


def objective(booster: Any) -> str:
    """The objective the booster was trained for."""
    return str(json.loads(booster.save_config())["learner"]["objective"]["name"])


def _known() -> set[str]:
    """The parameters of the scikit-learn API: its names are those that users know."""
    model = getattr(sys.modules.get("xgboost"), "XGBModel", None)
    return set() if model is None else {"num_class", *inspect.signature(model.__init__).parameters}


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        elif isinstance(value, str):
            yield key, value


def _shortest(value: str) -> str:
    """XGBoost computes in single precision and writes all its digits: 0.300000012 is 0.3."""
    import numpy as np

    try:
        return str(np.float32(value)) if "." in value else value
    except ValueError:
        return value


def _text(value: Any) -> str:
    return getattr(value, "__name__", None) or str(value) if callable(value) else str(value)
