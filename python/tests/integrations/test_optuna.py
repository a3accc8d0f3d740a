"""Optuna: a study with its trials, as they run."""

from __future__ import annotations

import optuna
import pytest
import trackline
from recorded import Recorded
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

optuna.logging.set_verbosity(optuna.logging.CRITICAL)
X, y = load_iris(return_X_y=True)


def objective(trial: optuna.Trial) -> float:
    x = trial.suggest_float("x", -1, 1)
    kind = trial.suggest_categorical("kind", ["a", "b"])
    for step in range(3):
        trial.report(x + step, step)
    trial.set_user_attr("noise", 0.5)
    return x * x + (kind == "a")


def trials(recorded: Recorded, parent: trackline.entities.Run) -> list[trackline.entities.Run]:
    """The children in the order of their numbers: several may begin in one millisecond."""
    return sorted(recorded.children(parent), key=lambda run: int(run.data.tags["optuna.trial"]))


def study(**options: object) -> optuna.Study:
    return optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0), **options)  # type: ignore[arg-type]


def test_a_study_is_a_run_and_each_trial_a_child(autolog: None, recorded: Recorded) -> None:
    search = study()
    search.optimize(objective, n_trials=4)
    (parent,) = recorded.top()
    assert (parent.data.params["direction"], parent.data.params["n_trials"]) == ("minimize", "4")
    children = trials(recorded, parent)
    assert [run.data.tags["optuna.trial"] for run in children] == ["0", "1", "2", "3"]
    for run, trial in zip(children, search.trials, strict=True):
        assert run.data.params == {key: str(value) for key, value in trial.params.items()}
        assert run.data.metrics["value"] == trial.value
        assert recorded.curve(run, "intermediate_value") == sorted(trial.intermediate_values.items())
        assert run.data.metrics["noise"] == 0.5
        assert (run.data.tags["optuna.state"], run.info.status) == ("COMPLETE", "FINISHED")
    assert recorded.curve(parent, "value") == [(trial.number, trial.value) for trial in search.trials]
    assert parent.data.metrics["best_value"] == search.best_value
    assert parent.data.params["best_x"] == str(search.best_params["x"])
    assert parent.data.params["sampler"] == "RandomSampler"
    assert parent.info.status == "FINISHED"


def test_the_same_trials_as_without_us(recorded: Recorded) -> None:
    plain = study()
    plain.optimize(objective, n_trials=3)
    trackline.autolog()
    ours = study()
    ours.optimize(objective, n_trials=3)
    assert [(t.params, t.value) for t in ours.trials] == [(t.params, t.value) for t in plain.trials]


def test_pruned_and_failed_trials(autolog: None, recorded: Recorded) -> None:
    def moody(trial: optuna.Trial) -> float:
        if trial.number == 1:
            raise optuna.TrialPruned
        if trial.number == 2:
            raise ValueError("as told")
        return 1.0

    study().optimize(moody, n_trials=3, catch=(ValueError,))
    children = trials(recorded, recorded.top()[0])
    states = [(run.data.tags["optuna.state"], run.info.status) for run in children]
    assert states == [("COMPLETE", "FINISHED"), ("PRUNED", "FINISHED"), ("FAIL", "FAILED")]


def test_an_error_that_ends_the_search_is_the_users(autolog: None, recorded: Recorded) -> None:
    def fails(trial: optuna.Trial) -> float:
        raise ValueError("as told")

    with pytest.raises(ValueError, match="as told"):
        study().optimize(fails, n_trials=3)
    assert [run.info.status for run in recorded.runs()] == ["FAILED", "FAILED"]


def test_fits_belong_to_their_trial_in_threads_too(autolog: None, recorded: Recorded) -> None:
    def fit(trial: optuna.Trial) -> float:
        model = LogisticRegression(C=trial.suggest_float("C", 0.1, 1), max_iter=500).fit(X, y)
        return float(model.score(X, y))

    with trackline.start_run() as run:
        study(direction="maximize").optimize(fit, n_trials=4, n_jobs=2)
    (parent,) = recorded.top()
    assert parent.info.run_id == run.info.run_id
    children = trials(recorded, parent)
    assert len(children) == 4 and len(recorded.runs()) == 5
    assert all({"training_score", "value"} <= child.data.metrics.keys() for child in children)
    assert all({"C", "penalty", "max_iter"} & child.data.params.keys() >= {"C", "max_iter"} for child in children)


def test_ask_and_tell(autolog: None, recorded: Recorded) -> None:
    search = study(directions=["minimize", "maximize"])
    for _ in range(2):
        trial = search.ask()
        search.tell(trial, [trial.suggest_int("n", 1, 5), 2.0])
    parent = recorded.top()[0]
    children = trials(recorded, parent)
    assert [run.data.metrics["value_1"] for run in children] == [2.0, 2.0]
    assert [run.info.status for run in children] == ["FINISHED", "FINISHED"]
    assert [run.data.params["n"] for run in children] == [str(trial.params["n"]) for trial in search.trials]
