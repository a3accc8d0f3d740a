"""Hyperopt, for the conformance suite."""

from __future__ import annotations

from typing import Any

PUBLIC = ("hyperopt.fmin:fmin", "hyperopt.base:Domain.evaluate", "hyperopt.pyll.base:rec_eval")
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""There are searches, and no estimators with `fit`."""


def work() -> bytes:
    """A search that learns; gives everything that was computed."""
    import hyperopt
    import numpy

    def objective(space: dict[str, Any]) -> dict[str, Any]:
        return {"loss": space["x"] ** 2 + space["kind"], "status": hyperopt.STATUS_OK, "seen": space["x"]}

    space = {"x": hyperopt.hp.uniform("x", -2, 2), "kind": hyperopt.hp.choice("kind", [1, 3])}
    trials = hyperopt.Trials()
    best = hyperopt.fmin(
        objective, space, hyperopt.tpe.suggest, 24, trials=trials, rstate=numpy.random.default_rng(0), verbose=False
    )
    return repr((best, trials.results, trials.vals)).encode()


def calls() -> int:
    """How often the objective ran, for one trial."""
    import hyperopt

    ran: list[float] = []

    def objective(x: float) -> float:
        ran.append(x)
        return x

    hyperopt.fmin(objective, hyperopt.hp.uniform("x", 0, 1), hyperopt.rand.suggest, 1, verbose=False)
    return len(ran)
