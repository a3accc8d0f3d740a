"""Optuna, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = (
    "optuna.study:Study.optimize",
    "optuna.study:Study.ask",
    "optuna.trial:Trial.report",
    "optuna.trial:Trial.set_user_attr",
    "optuna.study._tell:_tell_with_warning",
)
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""There are studies, and no estimators with `fit`."""


def work() -> bytes:
    """A search with a sampler that learns and a pruner; gives everything that was computed."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def objective(trial: Any) -> float:
        x = trial.suggest_float("x", -2, 2)
        scale = trial.suggest_categorical("scale", [1, 3])
        for step in range(3):
            trial.report(x * step, step)
            if trial.should_prune():
                raise optuna.TrialPruned
        return float(scale * x * x)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1), pruner=optuna.pruners.MedianPruner(3))
    study.optimize(objective, n_trials=14)
    return repr([(trial.state, trial.params, trial.values, trial.intermediate_values) for trial in study.trials]).encode()


def calls() -> int:
    """How often the objective ran, for one trial."""
    import optuna

    ran: list[int] = []

    def objective(trial: Any) -> float:
        ran.append(trial.number)
        return 0.0

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    optuna.create_study().optimize(objective, n_trials=1)
    return len(ran)
