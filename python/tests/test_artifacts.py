"""Files of runs: kept, listed, read and downloaded."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def paths(run: mlflow.ActiveRun, folder: str | None = None) -> list[str]:
    return [item.path for item in mlflow.MlflowClient().list_artifacts(run.info.run_id, folder)]


def uri(run: mlflow.ActiveRun, path: str) -> str:
    return f"runs:/{run.info.run_id}/{path}"


def test_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "deep" / "b.txt").write_text("bb")
    with mlflow.start_run() as run:
        mlflow.log_artifact(str(folder / "a.txt"))
        mlflow.log_artifact(folder, "whole")
        mlflow.log_artifacts(folder, "inside")
    assert paths(run) == ["a.txt", "inside", "whole"]
    assert paths(run, "inside") == ["inside/a.txt", "inside/deep"]
    assert paths(run, "whole/out/deep") == ["whole/out/deep/b.txt"]
    (info,) = mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="inside/deep")
    assert (info.is_dir, info.file_size) == (False, 2)


def test_what_is_not_there_cannot_be_kept(tmp_path: Path) -> None:
    with mlflow.start_run(), pytest.raises(MlflowException, match="nothing") as caught:
        mlflow.log_artifact(tmp_path / "nothing")
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("path", ["../up.txt", "/rooted.txt", "a/../../b.txt"])
def test_paths_stay_inside_the_run(path: str) -> None:
    with mlflow.start_run(), pytest.raises(MlflowException) as caught:
        mlflow.log_text("x", path)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_texts_and_dicts() -> None:
    value = {"a": 1, "b": [1.5, None, True], "c": {"d": "yes: no"}}
    with mlflow.start_run() as run:
        mlflow.log_text("grüße", "notes/hello.txt")
        mlflow.log_dict(value, "d.json")
        mlflow.log_dict(value, "d.yaml")
        mlflow.log_dict({"path": Path("x")}, "odd.json")
    assert mlflow.artifacts.load_text(uri(run, "notes/hello.txt")) == "grüße"
    assert mlflow.artifacts.load_dict(uri(run, "d.json")) == value
    assert mlflow.artifacts.load_dict(uri(run, "d.yaml")) == value
    assert mlflow.artifacts.load_dict(uri(run, "odd.json")) == {"path": "x"}


def test_downloads(tmp_path: Path) -> None:
    with mlflow.start_run() as run:
        mlflow.log_text("one", "deep/er/one.txt")
        root = mlflow.get_artifact_uri()
        inside = mlflow.get_artifact_uri("deep/er/one.txt")
    target = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="deep", dst_path=str(tmp_path))
    assert target == str(tmp_path / "deep")
    assert (tmp_path / "deep" / "er" / "one.txt").read_text() == "one"
    assert Path(mlflow.artifacts.download_artifacts(inside)).read_text() == "one"
    assert mlflow.artifacts.load_text(f"{root}/deep/er/one.txt") == "one"
    with pytest.raises(MlflowException) as caught:
        mlflow.artifacts.download_artifacts(uri(run, "gone.txt"))
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_images() -> None:
    array = np.zeros((3, 5, 3), dtype=np.uint8)
    array[:, :, 1] = 255
    with mlflow.start_run() as run:
        mlflow.log_image(array, "green.png")
        mlflow.log_image(np.linspace(0, 1, 12).reshape(3, 4), "grey.png")
        mlflow.log_image(Image.new("RGB", (2, 2)), key="sample/one", step=7)
    green = mlflow.artifacts.load_image(uri(run, "green.png"))
    assert np.array_equal(np.asarray(green), array)
    assert np.asarray(mlflow.artifacts.load_image(uri(run, "grey.png"))).max() == 255
    (step,) = paths(run, "images")
    assert step.startswith("images/sample#one+step+7+timestamp+")
    with mlflow.start_run(), pytest.raises(MlflowException, match="shape"):
        mlflow.log_image(np.zeros((2, 2, 2)), "odd.png")


def test_figures() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2])
    with mlflow.start_run() as run:
        mlflow.log_figure(figure, "plots/line.png")
        mlflow.log_figure(figure, "plots/line.svg", save_kwargs={"transparent": True})
        with pytest.raises(MlflowException, match="str"):
            mlflow.log_figure("no figure", "x.png")
    png = Path(mlflow.artifacts.download_artifacts(uri(run, "plots/line.png"))).read_bytes()
    assert Image.open(io.BytesIO(png)).format == "PNG"
    assert "<svg" in mlflow.artifacts.load_text(uri(run, "plots/line.svg"))


def test_tables_grow() -> None:
    import pandas as pd

    with mlflow.start_run() as run:
        mlflow.log_table({"question": ["a", "b"], "score": [1, 2]}, "eval.json")
        mlflow.log_table(pd.DataFrame({"question": ["c"], "note": ["x"]}), "eval.json")
    raw = json.loads(mlflow.artifacts.load_text(uri(run, "eval.json")))
    assert raw["columns"] == ["question", "score", "note"]
    assert raw["data"] == [["a", 1, None], ["b", 2, None], ["c", None, "x"]]
    listed = json.loads(mlflow.get_run(run.info.run_id).data.tags["mlflow.loggedArtifacts"])
    assert listed == [{"path": "eval.json", "type": "table"}]
    loaded = mlflow.load_table("eval.json", extra_columns=["run_id"])
    assert list(loaded["question"]) == ["a", "b", "c"]
    assert set(loaded["run_id"]) == {run.info.run_id}
    with pytest.raises(MlflowException, match="equally long"):
        mlflow.log_table({"a": [1], "b": [1, 2]}, "odd.json")


def test_the_same_bytes_are_kept_once(store: Path) -> None:
    with mlflow.start_run():
        mlflow.log_text("x" * 10_000, "one.txt")
        mlflow.log_text("x" * 10_000, "two.txt")
    mlflow.flush()
    sizes = [file.stat().st_size for file in (store / "blobs").rglob("*") if file.is_file()]
    assert sizes.count(10_000) == 1
