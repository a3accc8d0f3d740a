"""Experiments, and finding runs again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pandas as pd
import pytest

import trackline as mlflow
from trackline.entities import ViewType
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def test_runs_go_into_the_chosen_experiment() -> None:
    experiment = mlflow.set_experiment("mine")
    with mlflow.start_run() as run:
        assert run.info.experiment_id == experiment.experiment_id
    assert mlflow.set_experiment("mine").experiment_id == experiment.experiment_id
    other = mlflow.create_experiment("other", tags={"team": "a"})
    mlflow.set_experiment(experiment_id=other)
    with mlflow.start_run() as second:
        pass
    assert mlflow.get_run(second.info.run_id).info.experiment_id == other
    assert mlflow.get_experiment(other).tags == {"team": "a"}


def test_the_environment_chooses_the_experiment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "from outside")
    with mlflow.start_run() as run:
        pass
    found = mlflow.get_experiment(mlflow.get_run(run.info.run_id).info.experiment_id)
    assert found.name == "from outside"
    assert len(mlflow.search_runs(output_format="list")) == 1


def test_without_a_choice_it_is_the_default() -> None:
    with mlflow.start_run() as run:
        pass
    experiment = mlflow.get_experiment(run.info.experiment_id)
    assert (experiment.experiment_id, experiment.name) == ("0", "Default")


def test_experiments_that_cannot_be_chosen() -> None:
    with pytest.raises(MlflowException) as caught:
        mlflow.set_experiment(experiment_id="99")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    gone = mlflow.create_experiment("gone")
    mlflow.delete_experiment(gone)
    with pytest.raises(MlflowException, match="deleted"):
        mlflow.set_experiment("gone")
    with pytest.raises(MlflowException) as caught:
        mlflow.create_experiment("gone")
    assert caught.value.error_code == "RESOURCE_ALREADY_EXISTS"
    assert mlflow.get_experiment_by_name("never") is None


def test_experiments_are_found() -> None:
    for name in ("b", "a", "c"):
        mlflow.create_experiment(name)
    found = mlflow.search_experiments(filter_string="name != 'Default'", order_by=["name"])
    assert [experiment.name for experiment in found] == ["a", "b", "c"]
    assert len(mlflow.search_experiments(max_results=2)) == 2
    mlflow.delete_experiment(found[0].experiment_id)
    deleted = mlflow.search_experiments(view_type=ViewType.DELETED_ONLY)
    assert [experiment.name for experiment in deleted] == ["a"]


def test_tags_of_the_experiment() -> None:
    mlflow.set_experiment("tagged")
    mlflow.set_experiment_tag("a", 1)
    mlflow.set_experiment_tags({"b": 2})
    mlflow.delete_experiment_tag("a")
    experiment = mlflow.get_experiment_by_name("tagged")
    assert experiment is not None
    assert experiment.tags == {"b": "2"}


def three_runs() -> list[str]:
    run_ids = []
    for depth in (1, 2, 3):
        with mlflow.start_run(run_name=f"d{depth}") as run:
            mlflow.log_param("depth", depth)
            mlflow.log_metric("acc", depth / 10)
        run_ids.append(run.info.run_id)
    return run_ids


def test_runs_as_a_table() -> None:
    first, second, third = three_runs()
    table = mlflow.search_runs(order_by=["metrics.acc DESC"])
    assert isinstance(table, pd.DataFrame)
    assert list(table["run_id"]) == [third, second, first]
    assert list(table["params.depth"]) == ["3", "2", "1"]
    assert list(table["metrics.acc"]) == [0.3, 0.2, 0.1]
    assert str(table["start_time"].dtype).endswith("UTC]")
    assert list(table.columns[:6]) == ["run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time"]


def test_runs_as_a_list() -> None:
    run_ids = three_runs()
    found = mlflow.search_runs(filter_string="metrics.acc > 0.15 and params.depth != '3'", output_format="list")
    assert [run.info.run_id for run in found] == [run_ids[1]]
    assert len(mlflow.search_runs(max_results=2, output_format="list")) == 2


def test_where_runs_are_looked_for() -> None:
    three_runs()
    mlflow.set_experiment("other")
    assert mlflow.search_runs(output_format="list") == []
    assert len(mlflow.search_runs(experiment_names=["Default"], output_format="list")) == 3
    assert len(mlflow.search_runs(experiment_ids=["0"], output_format="list")) == 3
    assert len(mlflow.search_runs(search_all_experiments=True, output_format="list")) == 3
    assert mlflow.search_runs(experiment_names=["never"], output_format="list") == []


def test_deleted_runs_are_hidden() -> None:
    run_ids = three_runs()
    mlflow.delete_run(run_ids[0])
    assert len(mlflow.search_runs(output_format="list")) == 2
    hidden = mlflow.search_runs(run_view_type=ViewType.DELETED_ONLY, output_format="list")
    assert [run.info.run_id for run in hidden] == [run_ids[0]]


@pytest.mark.parametrize("text", ["metrics.acc >", "acc = 1", "params.depth > 'x' or", "metrics.acc = 'x'"])
def test_a_wrong_filter_is_said_so(text: str) -> None:
    with pytest.raises(MlflowException) as caught:
        mlflow.search_runs(filter_string=text)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_an_unknown_output_format_is_refused() -> None:
    with pytest.raises(MlflowException, match="arrow"):
        mlflow.search_runs(output_format="arrow")  # type: ignore[arg-type]


def test_every_item_says_where_it_came_from() -> None:
    with mlflow.start_run() as run:
        mlflow.log_param("p", 1)
        hook = run.handle.with_source("sklearn.fit", 0.5)
        hook.log_metric("m", 1.0)
    explained = {(item.kind, item.key): (item.source, item.confidence) for item in mlflow.explain(run)}
    assert explained["param", "p"] == ("user", None)
    assert explained["metric", "m"] == ("sklearn.fit", 0.5)
    assert "sklearn.fit  50%" in repr(mlflow.explain(run.info.run_id))


def test_without_pandas_searches_give_lists(script: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = script(
        "import sys; sys.modules['pandas'] = None\n"
        "import trackline\n"
        "with trackline.start_run(): pass\n"
        "print(type(trackline.search_runs()).__name__, type(trackline.search_logged_models()).__name__)\n"
    )
    assert (done.stdout, done.stderr) == ("list list\n", "")
