"""What an integration must leave as it is."""

from __future__ import annotations

import copy
import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import case
import pytest
import trackline
from recorded import Recorded
from trackline import _guard, _runs
from trackline._switches import CATEGORIES

each_integration = pytest.mark.parametrize("mine", [case.load(name) for name in case.NAMES], ids=case.NAMES)
FITS = [name for name in case.NAMES if getattr(case.load(name), "FITS", True)]
each_fit = pytest.mark.parametrize("mine", [case.load(name) for name in FITS], ids=FITS)
CLONES = [name for name in FITS if getattr(case.load(name), "CLONES", True)]
each_clone = pytest.mark.parametrize("mine", [case.load(name) for name in CLONES], ids=CLONES)


@each_integration
def test_wrapped_functions_pickle_and_copy(mine: Any, autolog: None) -> None:
    for public in mine.PUBLIC:
        function = case.found(public)
        function = getattr(function, "__func__", function)
        assert pickle.loads(pickle.dumps(function)) is function, public
        assert copy.deepcopy(function) is function


@each_fit
def test_estimators_hold_what_they_held(mine: Any, recorded: Recorded) -> None:
    bare = mine.fitted()
    trackline.autolog()
    tracked = mine.fitted()
    assert len(recorded.top()) == 1
    assert mine.same(bare, tracked)
    assert mine.same(bare, pickle.loads(pickle.dumps(tracked)))
    assert mine.same(bare, copy.deepcopy(tracked))


@each_clone
def test_a_clone_is_unfitted_and_fits_to_the_same(mine: Any, autolog: None) -> None:
    from sklearn.base import clone

    tracked = mine.fitted()
    again = clone(tracked)
    assert vars(again).keys() < vars(tracked).keys()
    assert mine.same(again.fit(*mine.data()), tracked)


@each_fit
def test_the_original_runs_once(mine: Any, autolog: None, recorded: Recorded) -> None:
    assert mine.calls() == 1
    assert len(recorded.top()) == 1


@each_fit
def test_its_own_errors_arrive_and_end_the_run(mine: Any, recorded: Recorded) -> None:
    with pytest.raises(Exception) as bare:
        mine.failing()
    trackline.autolog()
    with pytest.raises(type(bare.value)) as tracked:
        mine.failing()
    assert str(tracked.value) == str(bare.value)
    assert tracked.value.__context__ is tracked.value.__cause__ or bare.value.__context__ is not None
    assert [run.info.status for run in recorded.runs()] == ["FAILED"]
    assert type(bare.value).__name__ in recorded.run().data.tags["trackline.exit_reason"]


@each_fit
def test_each_thread_has_a_whole_run(mine: Any, autolog: None, recorded: Recorded) -> None:
    with ThreadPoolExecutor(4) as threads:
        models = list(threads.map(lambda _: mine.fitted(), range(4)))
    assert all(mine.same(models[0], model) for model in models)
    runs = recorded.runs()
    assert [run.info.status for run in runs] == ["FINISHED"] * 4
    assert len({frozenset(run.data.params.items()) for run in runs}) == 1
    assert len({frozenset(run.data.metrics) for run in runs}) == 1
    assert runs[0].data.metrics
    assert all(len(run.inputs.dataset_inputs) == 1 for run in runs)


@each_fit
def test_the_users_run_is_used_and_stays_open(mine: Any, autolog: None, recorded: Recorded) -> None:
    with trackline.start_run() as run:
        mine.fitted()
        assert run.info.status == "RUNNING"
    assert recorded.run().info.run_id == run.info.run_id
    assert recorded.run().data.metrics


@each_fit
def test_a_second_fit_in_a_run_is_a_child(mine: Any, autolog: None, recorded: Recorded) -> None:
    with trackline.start_run():
        mine.fitted()
        mine.fitted()
    (parent,) = recorded.top()
    (child,) = recorded.children(parent)
    assert child.data.params == parent.data.params
    assert child.data.metrics.keys() == parent.data.metrics.keys()
    assert child.info.status == "FINISHED"


@each_fit
def test_exclusive_leaves_the_users_runs_alone(mine: Any, recorded: Recorded) -> None:
    trackline.autolog(exclusive=True)
    with trackline.start_run():
        mine.fitted()
    assert not recorded.run().data.params


@each_integration
def test_an_excluded_flavor_is_not_touched(mine: Any, recorded: Recorded) -> None:
    before = {public: case.found(public) for public in mine.PUBLIC}
    # What is captured beside frameworks may look at the same functions.
    trackline.autolog(exclude_flavors=list(case.NAMES), capture=dict.fromkeys(CATEGORIES, False))
    assert all(case.found(public) is before[public] for public in mine.PUBLIC)


def break_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_runs, "start", broken)


def break_native(monkeypatch: pytest.MonkeyPatch) -> None:
    from trackline import _native

    for name in dir(_native):
        if name.islower() and callable(getattr(_native, name)):
            monkeypatch.setattr(_native, name, broken)


def break_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    from trackline._log import RunLog

    for name in dir(RunLog):
        if name.startswith(("log_", "set_")):
            monkeypatch.setattr(RunLog, name, broken)


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("ours")


@each_fit
def test_our_failure_is_noted_in_the_run(mine: Any, recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKLINE_TESTING")
    trackline.autolog()
    break_native(monkeypatch)
    mine.fitted()
    monkeypatch.undo()
    noted = [tag for tag in recorded.run().data.tags if tag.startswith("trackline.error.")]
    assert noted
    assert recorded.run().info.status == "FINISHED"
    assert recorded.run().data.params


@each_integration
@pytest.mark.parametrize("break_it", [break_start, break_native, break_logging])
def test_our_failure_never_reaches_the_user(
    mine: Any, break_it: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bare = mine.work()
    monkeypatch.delenv("TRACKLINE_TESTING")
    monkeypatch.setattr(_guard, "_reported", set())
    trackline.autolog()
    break_it(monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=getattr(mine, "ITS_WARNING", "none of ours"))
        assert mine.work() == bare
        assert mine.calls() == 1
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert lines or not getattr(mine, "FITS", True)
    assert len(lines) == len({line.partition(" was not")[0] for line in lines})
