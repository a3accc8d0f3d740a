"""Which frameworks are recorded, and whose word counts."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator

import pytest
import xgboost
from sklearn.linear_model import LinearRegression

import trackline as mlflow
from trackline._autolog import TARGETS

pytestmark = pytest.mark.usefixtures("store", "autologging_off_afterwards")

Script = Callable[..., subprocess.CompletedProcess[str]]
X, Y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]


@pytest.fixture
def autologging_off_afterwards() -> Iterator[None]:
    yield
    mlflow.autolog(disable=True)


def recorded() -> list[mlflow.entities.Run]:
    return mlflow.search_runs(output_format="list")


def fit_sklearn() -> None:
    LinearRegression().fit(X, Y)


def fit_xgboost() -> None:
    xgboost.XGBRegressor(n_estimators=2, n_jobs=1).fit(X, Y)


def test_one_line_records_every_framework() -> None:
    mlflow.autolog(log_models=False)
    fit_sklearn()
    fit_xgboost()
    flavors = {run.data.tags["mlflow.autologging"] for run in recorded()}
    assert flavors == {"sklearn", "xgboost"} <= TARGETS.keys()


def test_disable_undoes_it() -> None:
    before = LinearRegression.fit
    mlflow.autolog(log_models=False)
    assert LinearRegression.fit is not before
    mlflow.autolog(disable=True)
    assert LinearRegression.fit is before
    fit_sklearn()
    assert recorded() == []


def test_flavors_can_be_left_out() -> None:
    mlflow.autolog(log_models=False, exclude_flavors=["sklearn"])
    fit_sklearn()
    assert recorded() == []
    fit_xgboost()
    assert len(recorded()) == 1


def test_a_call_for_one_flavor_stands() -> None:
    mlflow.sklearn.autolog(log_models=False, extra_tags={"who": "sklearn"})
    mlflow.autolog(log_models=False, extra_tags={"who": "all"})
    fit_sklearn()
    fit_xgboost()
    tags = {run.data.tags["mlflow.autologging"]: run.data.tags["who"] for run in recorded()}
    assert tags == {"sklearn": "sklearn", "xgboost": "all"}


def test_one_flavor_can_be_disabled() -> None:
    mlflow.autolog(log_models=False)
    mlflow.xgboost.autolog(disable=True)
    fit_xgboost()
    assert recorded() == []
    fit_sklearn()
    assert len(recorded()) == 1


def test_exclusive_keeps_out_of_runs_of_the_user() -> None:
    mlflow.autolog(log_models=False, exclusive=True)
    with mlflow.start_run() as run:
        fit_sklearn()
    (found,) = recorded()
    assert found.info.run_id == run.info.run_id
    assert found.data.params == {}


def test_nothing_is_imported_for_the_user(script: Script) -> None:
    done = script("import sys, trackline; trackline.autolog(); print('sklearn' in sys.modules, 'xgboost' in sys.modules)")
    assert done.stdout == "False False\n"


@pytest.mark.parametrize("order", ["autolog();import_;fit()", "import_;autolog();fit()"])
def test_the_order_of_imports_does_not_matter(script: Script, order: str) -> None:
    steps = order.replace("autolog()", "trackline.autolog(log_models=False)")
    steps = steps.replace("import_", "from sklearn.linear_model import LinearRegression")
    steps = steps.replace("fit()", "LinearRegression().fit([[0.], [1.]], [0., 1.])")
    done = script(f"import trackline;{steps}")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(recorded()) == 1


