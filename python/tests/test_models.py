"""Models in MLflow's format: saved, logged, loaded here and by MLflow itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")
X, y = load_iris(return_X_y=True, as_frame=True)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(X, y)


@pytest.fixture(scope="module")
def classifier() -> Any:
    return xgboost.XGBClassifier(n_estimators=4, n_jobs=1).fit(X, y)


def test_a_logged_model_loads_again(pipeline: Any) -> None:
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(pipeline, name="model", input_example=X[:2], tags={"a": 1}, params={"c": 2})
    for uri in (info.model_uri, f"runs:/{run.info.run_id}/model"):
        loaded = mlflow.sklearn.load_model(uri)
        assert np.array_equal(loaded.predict_proba(X), pipeline.predict_proba(X))
        assert np.array_equal(mlflow.pyfunc.load_model(uri).predict(X), pipeline.predict(X))
    model = mlflow.get_logged_model(info.model_id or "")
    assert (model.name, str(model.status), model.source_run_id) == ("model", "READY", run.info.run_id)
    assert (model.tags, model.params) == ({"a": "1"}, {"c": "2"})
    assert [output.model_id for output in mlflow.get_run(run.info.run_id).outputs.model_outputs] == [info.model_id]
    last = mlflow.last_logged_model()
    assert last is not None
    assert last.model_id == info.model_id


def test_what_a_model_says_of_itself(pipeline: Any) -> None:
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(pipeline, name="model", input_example=X[:2], metadata={"who": "me"})
    folder = Path(mlflow.artifacts.download_artifacts(info.model_uri))
    assert {path.name for path in folder.iterdir()} == {
        *("MLmodel", "model.pkl", "requirements.txt", "conda.yaml", "python_env.yaml"),
        *("input_example.json", "serving_input_example.json"),
    }
    model = mlflow.models.Model.load(str(folder))
    assert set(model.flavors) == {"sklearn", "python_function"}
    assert model.metadata == {"who": "me"}
    assert model.get_input_schema() is not None
    assert model.get_input_schema().input_names() == list(X.columns)  # type: ignore[union-attr]
    packages = {line.partition("==")[0] for line in (folder / "requirements.txt").read_text().split()}
    assert {"scikit-learn", "numpy", "scipy", "cloudpickle", "mlflow"} <= packages
    assert "matplotlib" not in packages


def test_models_of_a_script_load_elsewhere(script: Any) -> None:
    done = script(
        "import trackline as mlflow, numpy as np\n"
        "from sklearn.base import BaseEstimator\n"
        "class Own(BaseEstimator):\n"
        "    def fit(self, X, y=None): return self\n"
        "    def predict(self, X): return np.asarray(X)[:, 0] * 2\n"
        "with mlflow.start_run():\n"
        "    print(mlflow.sklearn.log_model(Own().fit([[1]]), name='own').model_uri)\n"
    )
    assert done.stderr == ""
    assert list(mlflow.sklearn.load_model(done.stdout.strip()).predict([[3]])) == [6]


@pytest.mark.parametrize("part", ["double", "lambda x: 2 * x", "mine.double"])
def test_what_a_script_puts_into_a_model_loads_elsewhere(script: Any, tmp_path: Path, part: str) -> None:
    (tmp_path / "mine.py").write_text("def double(x): return 2 * x\n")
    done = script(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import cloudpickle, mine, trackline as mlflow\n"
        "from sklearn.linear_model import LinearRegression\n"
        "from sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import FunctionTransformer\n"
        "cloudpickle.register_pickle_by_value(mine)\n"
        "def double(x): return 2 * x\n"
        f"model = make_pipeline(FunctionTransformer({part}, validate=True), LinearRegression()).fit([[1], [2]], [2, 4])\n"
        "with mlflow.start_run():\n"
        "    print(mlflow.sklearn.log_model(model, name='own').model_uri)\n"
    )
    assert done.stderr == ""
    assert mlflow.sklearn.load_model(done.stdout.strip()).predict([[3]]) == pytest.approx([6])


@pytest.mark.parametrize("model_format", ["ubj", "json"])
def test_xgboost_models(classifier: Any, model_format: str) -> None:
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, y), 3)
    with mlflow.start_run():
        first = mlflow.xgboost.log_model(classifier, name="c", model_format=model_format, input_example=X[:2])
        second = mlflow.xgboost.log_model(booster, name="b", model_format=model_format)
    loaded = mlflow.xgboost.load_model(first.model_uri)
    assert type(loaded) is xgboost.XGBClassifier
    assert np.array_equal(loaded.predict_proba(X), classifier.predict_proba(X))
    assert np.array_equal(mlflow.pyfunc.load_model(first.model_uri).predict(X), classifier.predict(X))
    raw = mlflow.xgboost.load_model(second.model_uri)
    assert type(raw) is xgboost.Booster
    assert np.array_equal(mlflow.pyfunc.load_model(second.model_uri).predict(X), booster.predict(xgboost.DMatrix(X)))


class Doubles(mlflow.pyfunc.PythonModel):
    def load_context(self, context: Any) -> None:
        self.offset = float(Path(context.artifacts["offset"]).read_text())

    def predict(self, context: Any, model_input: Any, params: Any = None) -> Any:
        return np.asarray(model_input) * 2 + self.offset


def test_plain_python_models(tmp_path: Path) -> None:
    (tmp_path / "offset.txt").write_text("0.5")
    with mlflow.start_run():
        info = mlflow.pyfunc.log_model(
            name="doubles", python_model=Doubles(), artifacts={"offset": str(tmp_path / "offset.txt")}
        )
        function = mlflow.pyfunc.log_model(name="f", python_model=lambda data: len(data))
    assert list(mlflow.pyfunc.load_model(info.model_uri).predict([1, 2])) == [2.5, 4.5]
    assert mlflow.pyfunc.load_model(function.model_uri).predict([1, 2, 3]) == 3
    with mlflow.start_run(), pytest.raises(MlflowException, match="int"):
        mlflow.pyfunc.log_model(name="odd", python_model=3)


def test_predictions_keep_to_the_signature(pipeline: Any) -> None:
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(pipeline, name="m", signature=mlflow.models.infer_signature(X, y))
    model = mlflow.pyfunc.load_model(info.model_uri)
    expected = pipeline.predict(X[:3])
    shuffled = X[:3].iloc[:, ::-1].assign(more=1)
    assert np.array_equal(model.predict(shuffled), expected)
    assert np.array_equal(model.predict(X[:3].to_dict(orient="list")), expected)
    assert np.array_equal(model.predict(X[:3].to_dict(orient="records")), expected)
    with pytest.raises(MlflowException, match="sepal length"):
        model.predict(X[:3].drop(columns="sepal length (cm)"))


def test_saving_and_loading_a_folder(pipeline: Any, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    mlflow.sklearn.save_model(pipeline, str(folder), serialization_format="pickle", pip_requirements=["numpy>=1"])
    assert np.array_equal(mlflow.sklearn.load_model(str(folder)).predict(X), pipeline.predict(X))
    assert (folder / "requirements.txt").read_text().split() == ["numpy>=1"]
    with pytest.raises(MlflowException, match="not empty"):
        mlflow.sklearn.save_model(pipeline, str(folder))
    with pytest.raises(MlflowException, match="xgboost"):
        mlflow.xgboost.load_model(str(folder))
    with pytest.raises(MlflowException, match="skops"):
        mlflow.sklearn.save_model(pipeline, str(tmp_path / "other"), serialization_format="skops")


def test_a_model_that_cannot_be_saved_is_marked_failed() -> None:
    stuck = make_pipeline(FunctionTransformer(func=(x for x in ())))
    with mlflow.start_run() as run, pytest.raises(TypeError):
        mlflow.sklearn.log_model(stuck, name="stuck")
    (model,) = mlflow.search_logged_models(output_format="list")
    assert str(model.status) == "FAILED"
    assert mlflow.get_run(run.info.run_id).outputs.model_outputs == []


def test_logged_models_are_found() -> None:
    with mlflow.start_run():
        for name in ("a", "b"):
            mlflow.pyfunc.log_model(name=name, python_model=lambda data: data)
    assert [m.name for m in mlflow.search_logged_models(filter_string="name = 'a'", output_format="list")] == ["a"]
    table = mlflow.search_logged_models(order_by=[{"field_name": "name", "ascending": False}])
    assert isinstance(table, pd.DataFrame)
    assert list(table["name"]) == ["b", "a"]


def test_files_of_a_model_made_by_hand(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"123")
    client = mlflow.MlflowClient()
    model = client.create_logged_model("0", name="by hand")
    client.log_model_artifact(model.model_id, str(tmp_path / "weights.bin"), "parts")
    client.log_model_artifacts(model.model_id, str(tmp_path), "all")
    client.finalize_logged_model(model.model_id, "READY")
    listed = [item.path for item in client.list_logged_model_artifacts(model.model_id, "all")]
    assert "all/weights.bin" in listed
    assert Path(mlflow.artifacts.download_artifacts(f"{model.model_uri}/parts/weights.bin")).read_bytes() == b"123"


LOAD_WITH_MLFLOW = """
import sys, warnings
warnings.simplefilter("ignore")
import mlflow, pandas
flavor, folder, table = sys.argv[1:]
data = pandas.read_json(table, orient="split")
model = mlflow.pyfunc.load_model(folder)
assert getattr(mlflow, flavor).load_model(folder) is not None
assert model.metadata.get_input_schema().input_names() == list(data.columns)
print([int(label) for label in model.predict(data)])
"""


@pytest.mark.parametrize("flavor", ["sklearn", "xgboost"])
def test_mlflow_loads_what_is_saved_here(pipeline: Any, classifier: Any, flavor: str, tmp_path: Path) -> None:
    model = {"sklearn": pipeline, "xgboost": classifier}[flavor]
    folder, table = tmp_path / "model", tmp_path / "x.json"
    X.to_json(table, orient="split")
    getattr(mlflow, flavor).save_model(model, str(folder), signature=mlflow.models.infer_signature(X, y))
    command = [sys.executable, "-c", LOAD_WITH_MLFLOW, flavor, str(folder), str(table)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([int(label) for label in model.predict(X)])


def test_what_mlflow_saved_loads_here(pipeline: Any, classifier: Any, tmp_path: Path) -> None:
    import mlflow as stock

    stock.sklearn.save_model(
        pipeline,
        str(tmp_path / "s"),
        serialization_format="cloudpickle",
        signature=stock.models.infer_signature(X, y),
        pip_requirements=["numpy"],
    )
    stock.xgboost.save_model(classifier, str(tmp_path / "x"), pip_requirements=["numpy"])
    assert np.array_equal(mlflow.pyfunc.load_model(str(tmp_path / "s")).predict(X), pipeline.predict(X))
    assert np.array_equal(mlflow.sklearn.load_model(str(tmp_path / "s")).predict(X), pipeline.predict(X))
    assert np.array_equal(mlflow.xgboost.load_model(str(tmp_path / "x")).predict(X), classifier.predict(X))
