"""Starting, ending, nesting and resuming runs."""

from __future__ import annotations

import pytest

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def status(run: mlflow.ActiveRun) -> str:
    return mlflow.get_run(run.info.run_id).info.status


def test_a_run_is_current_until_its_block_ends() -> None:
    with mlflow.start_run() as run:
        assert mlflow.active_run() is run
        assert run.info.status == "RUNNING"
        assert status(run) == "RUNNING"
    assert mlflow.active_run() is None
    assert run.info.status == "FINISHED"
    assert status(run) == "FINISHED"


def test_what_it_begins_with() -> None:
    with mlflow.start_run(run_name="first", tags={"n": 1}, description="what for") as run:
        pass
    found = mlflow.get_run(run.info.run_id)
    assert found.info.run_name == "first"
    assert found.data.tags["n"] == "1"
    assert found.data.tags["mlflow.runName"] == "first"
    assert found.data.tags["mlflow.note.content"] == "what for"
    assert found.info.start_time <= (found.info.end_time or 0)
    assert found.info.artifact_uri.endswith(f"{run.info.run_id}/artifacts")


def test_a_run_without_a_name_is_given_one() -> None:
    with mlflow.start_run() as run:
        assert run.info.run_name
    assert mlflow.get_run(run.info.run_id).info.run_name == run.info.run_name


def test_inside_the_run_everything_logged_is_there() -> None:
    with mlflow.start_run() as run:
        run.log_metric("by_handle", 1.0)
        mlflow.log_param("p", "v")
        mlflow.set_tag("t", "x")
        found = mlflow.get_run(run.info.run_id)
        assert run.data == found.data
    assert found.data.metrics == {"by_handle": 1.0}
    assert found.data.params == {"p": "v"}
    assert found.data.tags["t"] == "x"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_fails_the_run_and_goes_on(error: type[BaseException]) -> None:
    with pytest.raises(error), mlflow.start_run() as run:
        mlflow.log_metric("before", 1)
        raise error
    assert status(run) == "FAILED"
    assert mlflow.get_run(run.info.run_id).data.metrics == {"before": 1.0}
    assert mlflow.active_run() is None


def test_leaving_the_program_on_purpose_fails_nothing() -> None:
    with pytest.raises(SystemExit), mlflow.start_run() as run:
        raise SystemExit(0)
    assert status(run) == "FINISHED"


def test_a_second_run_must_be_nested() -> None:
    with mlflow.start_run() as run, pytest.raises(MlflowException, match=run.info.run_id):
        mlflow.start_run()


def test_nested_runs_know_their_parent() -> None:
    with mlflow.start_run() as parent:
        with mlflow.start_run(nested=True) as child:
            assert mlflow.active_run() is child
        assert mlflow.active_run() is parent
    assert mlflow.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    found = mlflow.get_parent_run(child.info.run_id)
    assert found is not None
    assert found.info.run_id == parent.info.run_id
    assert mlflow.get_parent_run(parent.info.run_id) is None


def test_a_child_is_put_beside_its_parent() -> None:
    other = mlflow.create_experiment("other")
    with mlflow.start_run(experiment_id=other), mlflow.start_run(nested=True) as child:
        assert child.info.experiment_id == other


def test_a_parent_can_be_named_that_has_ended() -> None:
    with mlflow.start_run() as parent:
        pass
    with mlflow.start_run(parent_run_id=parent.info.run_id) as child:
        pass
    assert mlflow.get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    with pytest.raises(MlflowException, match="0" * 32):
        mlflow.start_run(parent_run_id="0" * 32)


def test_end_run_says_how() -> None:
    run = mlflow.start_run()
    mlflow.end_run("KILLED")
    assert status(run) == "KILLED"
    mlflow.end_run()
    assert status(run) == "KILLED"


def test_an_unknown_status_is_refused() -> None:
    run = mlflow.start_run()
    with pytest.raises(MlflowException, match="DONE") as caught:
        mlflow.end_run("DONE")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert run.is_open


def test_a_run_ended_inside_its_block_stays_ended() -> None:
    with mlflow.start_run() as run:
        mlflow.end_run("FAILED")
    assert status(run) == "FAILED"


def test_a_run_goes_on() -> None:
    with mlflow.start_run() as first:
        mlflow.log_metric("a", 1)
    with mlflow.start_run(run_id=first.info.run_id, tags={"again": "yes"}) as second:
        assert second.info.run_id == first.info.run_id
        assert status(second) == "RUNNING"
        mlflow.log_metric("a", 2, step=1)
    found = mlflow.get_run(first.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.data.metrics == {"a": 2.0}
    assert found.data.tags["again"] == "yes"


def test_the_environment_can_name_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with mlflow.start_run() as first:
        pass
    monkeypatch.setenv("MLFLOW_RUN_ID", first.info.run_id)
    with mlflow.start_run() as second:
        assert second.info.run_id == first.info.run_id
    with mlflow.start_run() as third:
        assert third.info.run_id != first.info.run_id


def test_runs_that_cannot_go_on() -> None:
    with pytest.raises(MlflowException) as caught:
        mlflow.start_run(run_id="0" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    with mlflow.start_run() as run:
        pass
    with pytest.raises(MlflowException, match="experiment"):
        mlflow.start_run(run_id=run.info.run_id, experiment_id="77")
    mlflow.delete_run(run.info.run_id)
    with pytest.raises(MlflowException, match="deleted"):
        mlflow.start_run(run_id=run.info.run_id)
    mlflow.restore_run(run.info.run_id)
    mlflow.start_run(run_id=run.info.run_id)


def test_the_last_run_is_known_after_its_end() -> None:
    with mlflow.start_run() as run:
        pass
    found = mlflow.last_active_run()
    assert found is not None
    assert (found.info.run_id, found.info.status) == (run.info.run_id, "FINISHED")


def test_logging_starts_a_run() -> None:
    mlflow.log_metric("a", 1)
    run = mlflow.active_run()
    assert run is not None
    mlflow.end_run()
    assert mlflow.get_run(run.info.run_id).data.metrics == {"a": 1.0}


def test_an_unknown_run_is_said_so() -> None:
    with pytest.raises(MlflowException) as caught:
        mlflow.get_run("nope")
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert "nope" in str(caught.value)


def test_a_run_prints_what_it_is() -> None:
    with mlflow.start_run(run_name="named") as run:
        mlflow.log_param("depth", 3)
        assert run.info.run_id in repr(run)
        assert "named" in repr(run.info)
        assert "'depth': '3'" in repr(mlflow.get_run(run.info.run_id))
