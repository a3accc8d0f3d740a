"""Registered models, their versions and aliases."""

from __future__ import annotations

import pytest

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def log(name: str = "m", value: int = 1, **options: str) -> mlflow.models.ModelInfo:
    with mlflow.start_run():
        return mlflow.pyfunc.log_model(name=name, python_model=lambda data: value, **options)  # type: ignore[arg-type]


def predict(uri: str) -> int:
    return int(mlflow.pyfunc.load_model(uri).predict([0]))


def test_versions_count_up_and_load() -> None:
    first = mlflow.register_model(log(value=1).model_uri, "spam", tags={"a": 1})
    second = mlflow.register_model(log(value=2).model_uri, "spam")
    assert (first.version, second.version) == ("1", "2")
    assert first.tags == {"a": "1"}
    assert predict("models:/spam/1") == 1
    assert predict("models:/spam/latest") == 2
    client = mlflow.MlflowClient()
    client.set_registered_model_alias("spam", "champion", "1")
    assert predict("models:/spam@champion") == 1
    client.transition_model_version_stage("spam", "2", "Production")
    assert predict("models:/spam/Production") == 2
    assert client.get_latest_versions("spam", ["Production"])[0].version == "2"
    assert client.get_registered_model("spam").aliases == {"champion": "1"}


def test_registering_while_logging() -> None:
    info = log(registered_model_name="direct")
    assert info.registered_model_version == "1"
    version = mlflow.MlflowClient().get_model_version("direct", "1")
    assert (version.model_id, version.run_id) == (info.model_id, info.run_id)


def test_registering_by_the_run() -> None:
    info = log(name="inner", value=7)
    version = mlflow.register_model(f"runs:/{info.run_id}/inner", "by run")
    assert version.run_id == info.run_id
    assert predict("models:/by run/1") == 7


def test_the_client_looks_after_models() -> None:
    client = mlflow.MlflowClient()
    client.create_registered_model("a", {"team": "x"}, "first")
    client.rename_registered_model("a", "b")
    assert client.update_registered_model("b", "second").description == "second"
    client.set_registered_model_tag("b", "more", 1)
    client.delete_registered_model_tag("b", "team")
    assert client.get_registered_model("b").tags == {"more": "1"}
    client.create_model_version("b", log().model_uri, description="d")
    client.set_model_version_tag("b", "1", "t", 2)
    assert client.get_model_version("b", "1").tags == {"t": "2"}
    client.delete_model_version_tag("b", "1", "t")
    assert client.update_model_version("b", "1", "e").description == "e"
    assert [v.version for v in mlflow.search_model_versions(filter_string="name = 'b'")] == ["1"]
    assert [m.name for m in mlflow.search_registered_models(filter_string="name LIKE 'b%'")] == ["b"]
    client.delete_model_version("b", "1")
    client.delete_registered_model("b")
    assert mlflow.search_registered_models() == []


@pytest.mark.parametrize("uri", ["models:/none/1", "models:/none@champion", "models:/m-" + "0" * 32])
def test_models_that_are_not_there(uri: str) -> None:
    with pytest.raises(MlflowException) as caught:
        mlflow.pyfunc.load_model(uri)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
