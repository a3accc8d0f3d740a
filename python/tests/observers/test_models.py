"""Models that scripts save with pickle, joblib, boosters, Keras and ONNX: kept, and loaded again."""

from __future__ import annotations

import pytest
import trackline
from recorded import Recorded
from scripting import FIT, Scripts

SAVES = {
    "joblib": "import joblib; joblib.dump(model, 'model.joblib')",
    "pickle": "import pickle\nwith open('model.pkl', 'wb') as file: pickle.dump(model, file)",
    "pickle-unclosed": "import pickle; file = open('model.pkl', 'wb'); pickle.dump(model, file); file.flush()",
    "pickle-bundle": "import pickle; pickle.dump({'model': model, 'classes': [0, 1]}, open('bundle.pkl', 'wb'))",
    "cloudpickle": "import cloudpickle; cloudpickle.dump(model, open('cloud.pkl', 'wb'))",
}
SKLEARN = "from sklearn.linear_model import LogisticRegression\nmodel = LogisticRegression().fit([[0.0], [1.0]], [0, 1])\n"
BOOSTERS = {
    "xgboost": (
        "import numpy as np, xgboost as xgb\n"
        "model = xgb.XGBClassifier(n_estimators=2).fit(np.arange(20.0).reshape(-1, 1), [0, 1] * 10)\n"
        "model.save_model('saved.ubj')"
    ),
    "lightgbm": (
        "import numpy as np, lightgbm as lgb\n"
        "model = lgb.train({'verbose': -1}, lgb.Dataset(np.arange(99.0).reshape(-1, 1), np.arange(99.0)), 2)\n"
        "model.save_model('saved.txt')"
    ),
    "catboost": (
        "import numpy as np, catboost\n"
        "model = catboost.CatBoostRegressor(iterations=2, verbose=False, allow_writing_files=False)\n"
        "model.fit(np.arange(20.0).reshape(-1, 1), np.arange(20.0)); model.save_model('saved.cbm')"
    ),
    "keras": (
        "import os; os.environ['KERAS_BACKEND'] = 'torch'\n"
        "import keras, numpy as np\n"
        "model = keras.Sequential([keras.layers.Dense(1)]); model.compile(loss='mse'); model(np.zeros((1, 2)))\n"
        "model.save('saved.keras')"
    ),
}


@pytest.mark.parametrize("how", SAVES)
def test_a_pickled_model_is_a_checkpoint(scripts: Scripts, recorded: Recorded, how: str) -> None:
    done = scripts.run(SKLEARN + SAVES[how])
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (entry,) = trackline.list_checkpoints(recorded.run())
    assert entry["kind"] == how.partition("-")[0].replace("cloudpickle", "pickle")
    loaded = trackline.load_checkpoint(recorded.run())
    model = loaded["model"] if how == "pickle-bundle" else loaded
    assert model.predict([[0.0], [1.0]]).tolist() == [0, 1]
    assert "files" not in recorded.files(recorded.run())


@pytest.mark.parametrize("kind", BOOSTERS)
def test_a_saved_booster_is_a_checkpoint(
    scripts: Scripts, recorded: Recorded, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = scripts.run(FIT + BOOSTERS[kind])
    assert (done.returncode, done.stderr) == (0, "")
    found = [entry for run in recorded.runs() for entry in trackline.list_checkpoints(run)]
    assert [(entry["kind"], entry["source"].partition(".")[0]) for entry in found] == [(kind, kind)]
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    run = next(run for run in recorded.runs() if trackline.list_checkpoints(run))
    assert trackline.load_checkpoint(run) is not None
    assert "files" not in recorded.files(run)


@pytest.mark.parametrize("how", ["joblib", "pickle"])
def test_a_checkpoint_has_the_metrics_as_they_stood(scripts: Scripts, recorded: Recorded, how: str) -> None:
    code = SKLEARN + "trackline.log_metric('val_f1', 0.5, step=3)\n" + SAVES[how] + "\ntrackline.log_metric('val_f1', 0.9, step=4)\n"
    scripts.run("trackline.start_run()\n" + code)
    (entry,) = trackline.list_checkpoints(recorded.run())
    assert (entry["step"], entry["metrics"]["val_f1"]) == (3, 0.5)


def test_what_is_no_model_is_no_checkpoint(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(
        FIT + "import joblib, pickle\n"
        "joblib.dump({'a': 1}, 'a.joblib'); pickle.dump([1, LogisticRegression], open('b.pkl', 'wb'))\n"
    )
    assert "checkpoints" not in recorded.files(recorded.run())
    assert recorded.files(recorded.run()) >= {"files"}


def test_the_last_of_a_series_are_kept_and_the_rest_is_no_file_either(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run(SKLEARN + "import joblib\nfor turn in range(6):\n    model.turn = turn; joblib.dump(model, f'model_{turn}.joblib')\n")
    names = {entry["path"].rpartition("/")[2] for entry in trackline.list_checkpoints(recorded.run())}
    assert {"model_3.joblib", "model_4.joblib", "model_5.joblib"} <= names
    assert len(names) <= 4
    assert trackline.load_checkpoint(recorded.run(), "model_4.joblib").turn == 4


def test_nothing_is_kept_without_a_run_or_when_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    code = "from sklearn.dummy import DummyClassifier\nmodel = DummyClassifier()\n" + SAVES["joblib"] + "\n" + SAVES["pickle"]
    assert scripts.run(code).returncode == 0
    assert not scripts.store.exists()
    assert scripts.run(FIT + code, TRACKLINE_CHECKPOINTS="off").returncode == 0
    assert "checkpoints" not in recorded.files(recorded.run())
