"""The models of LightGBM's scikit-learn API."""

from __future__ import annotations

import pytest
import trackline
from lightgbm import LGBMClassifier, LGBMRegressor
from recorded import Recorded
from sklearn.datasets import load_diabetes, load_iris
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
SMALL = {"n_estimators": 4, "num_leaves": 4, "n_jobs": 1, "verbose": -1}

pytestmark = pytest.mark.filterwarnings("ignore::lightgbm.basic.LGBMDeprecationWarning")


def test_one_run_by_one_integration(autolog: None, recorded: Recorded) -> None:
    model = LGBMClassifier(**SMALL).fit(X, y, eval_X=X[::2], eval_y=y[::2])
    run = recorded.run()
    assert run.data.tags["mlflow.autologging"] == "lightgbm"
    params = run.data.params
    assert params["n_estimators"] == params["num_boost_round"] == "4"
    assert params["objective"] == "multiclass"
    assert "None" not in params.values()
    assert {"training_accuracy_score", "training_roc_auc", "training_score"} <= run.data.metrics.keys()
    curve = model.evals_result_["valid_0"]["multi_logloss"]
    assert recorded.curve(run, "valid_0-multi_logloss") == list(enumerate(curve))
    assert [item.tags[0].value for item in run.inputs.dataset_inputs] == ["train", "eval"]


def test_a_regressor(autolog: None, recorded: Recorded) -> None:
    LGBMRegressor(**SMALL).fit(*load_diabetes(return_X_y=True))
    assert "training_r2_score" in recorded.run().data.metrics


def test_scores_afterwards(autolog: None, recorded: Recorded) -> None:
    model = LGBMClassifier(**SMALL).fit(X, y)
    value = f1_score(y, model.predict(X), average="macro")
    assert recorded.run().data.metrics["f1_score_X"] == value


def test_the_curve_in_a_pipeline(autolog: None, recorded: Recorded) -> None:
    model = make_pipeline(StandardScaler(), LGBMClassifier(**SMALL))
    model.fit(X, y, lgbmclassifier__eval_set=[(X, y)])
    run = recorded.run()
    assert run.data.tags["estimator_name"] == "Pipeline"
    curve = model[-1].evals_result_["valid_0"]["multi_logloss"]
    assert recorded.curve(run, "valid_0-multi_logloss") == list(enumerate(curve))


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_the_curves_in_a_search(autolog: None, recorded: Recorded, n_jobs: int | None) -> None:
    search = GridSearchCV(LGBMClassifier(**SMALL), {"num_leaves": [3, 5]}, cv=2, n_jobs=n_jobs)
    search.fit(X, y, eval_set=[(X, y)])
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert [child.data.params["num_leaves"] for child in children] == ["3", "5"]
    for child in children:
        for split in (0, 1):
            assert [step for step, _ in recorded.curve(child, f"split{split}_valid_0-multi_logloss")] == [0, 1, 2, 3]
    curve = search.best_estimator_.evals_result_["training"]["multi_logloss"]
    assert recorded.curve(parent, "training-multi_logloss") == list(enumerate(curve))


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    model = LGBMClassifier(**SMALL).fit(X, y)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    assert (trackline.lightgbm.load_model(uri).predict_proba(X) == model.predict_proba(X)).all()
    assert (trackline.pyfunc.load_model(uri).predict(X) == model.predict(X)).all()


def test_a_model_is_logged_by_hand(recorded: Recorded) -> None:
    model = LGBMClassifier(**SMALL).fit(X, y)
    with trackline.start_run():
        info = trackline.lightgbm.log_model(model, name="mine", input_example=X[:2], registered_model_name="flowers")
    assert info.signature is not None
    assert info.registered_model_version
    assert (trackline.lightgbm.load_model("models:/flowers/1").predict(X) == model.predict(X)).all()
    with trackline.start_run(), pytest.raises(TypeError, match="colour"):
        trackline.lightgbm.log_model(model, name="mine", colour="red")
