"""The way of data to a model: what read it, split it and transformed it, and how it looks."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from recorded import Recorded
from scripting import FIT, Scripts

CSV = """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.linear_model import LogisticRegression
frame = pd.read_csv("data.csv")
frame["ratio"] = frame["a"] / (frame["b"] + 1)
frame = frame.dropna()
X, y = frame[["a", "b"]], frame["label"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7, stratify=y)
scaler = StandardScaler()
model = LogisticRegression().fit(scaler.fit_transform(X_train), y_train)
print(model.predict(scaler.transform(X_test)).tolist())
"""
READ = """
right = 0
for told, real in zip(model.predict(X_test), y_test):
    right += int(told == real)
print("right", right / len(y_test))
"""
ROWS = "a,b,label,api_key\n" + "".join(f"{n},{n % 7},{n % 2},sk-{n}\n" for n in range(40))


def test_a_fit_tells_the_steps_its_data_went_through(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    (scripts.folder / "data.csv").write_text(ROWS)
    plain, done = scripts.plain(CSV), scripts.run(CSV)
    assert (done.returncode, done.stdout, done.stderr) == (0, plain.stdout, plain.stderr)
    lineage = document("lineage")
    by_id = {step["id"]: step for step in lineage["steps"]}
    train, test = (next(use for use in lineage["used"] if use["context"] == context) for context in ("train", "eval"))
    assert _way(by_id, train["from"]) == ["StandardScaler.fit_transform", "train_test_split", "pandas.dropna", "pandas.read_csv"]
    assert _way(by_id, test["from"]) == ["StandardScaler.transform", "train_test_split", "pandas.dropna", "pandas.read_csv"]
    (read,) = [step for step in by_id.values() if step["what"] == "pandas.read_csv"]
    assert (read["detail"], read["rows"], read["columns"]) == ({"source": "data.csv"}, 40, 4)
    parts = {step["detail"]["part"]: step for step in by_id.values() if step["what"] == "train_test_split"}
    assert {part: step["rows"] for part, step in parts.items()} == {"train": 30, "test": 10}
    assert parts["train"]["detail"] == {"part": "train", "test_size": "0.25", "random_state": "7", "stratified": "True"}
    (cleaned,) = [step for step in by_id.values() if step["what"] == "pandas.dropna"]
    assert (cleaned["from"], parts["train"]["inferred"]) == ([read["id"]], [cleaned["id"]])
    scaled = next(step for step in by_id.values() if step["what"].endswith("fit_transform"))
    assert scaled["detail"] == {"copy": "True", "with_mean": "True", "with_std": "True"}
    assert "inferred" not in scaled
    assert len(train["preview"]["rows"]) == 5


def test_a_use_that_is_seen_in_two_places_is_told_once(scripts: Scripts, document: Any) -> None:
    (scripts.folder / "data.csv").write_text(ROWS)
    code = CSV.replace("scaler.fit_transform(X_train)", "X_train").replace("print(model.predict(scaler.transform(X_test)).tolist())", READ)
    assert scripts.command(code).returncode == 0
    uses = [(use["name"], use["digest"], use["context"], *use["from"]) for use in document("lineage")["used"]]
    assert len(uses) == len(set(uses)) > 2


def test_of_many_runs_the_last_are_known(scripts: Scripts) -> None:
    code = """
    from trackline import _lineage
    from sklearn.linear_model import LinearRegression
    _lineage.MOST_RUNS = 2
    for rows in ([[0.0], [1.0]], [[0.0], [2.0]], [[0.0], [3.0]]):
        with trackline.start_run():
            LinearRegression().fit(rows, [0.0, 1.0])
    print(len(_lineage._told))
    """
    assert scripts.run(code).stdout == "2\n"


def test_the_terminal_shows_the_way_and_what_is_left_out(scripts: Scripts, recorded: Recorded) -> None:
    (scripts.folder / "data.csv").write_text(ROWS)
    scripts.run(CSV + "open('huge.bin', 'wb').truncate(200 << 20)\n")
    shown = subprocess.run(
        [sys.executable, "-m", "trackline", "runs", "show", recorded.run().info.run_id, "--store", str(scripts.store)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "pandas.read_csv data.csv → pandas.dropna → train_" in shown
    assert "larger than 100 MiB" in shown


def test_generated_data_and_arrays(scripts: Scripts, document: Any) -> None:
    scripts.run(
        "import numpy as np\n"
        "from sklearn.datasets import make_classification\n"
        "from sklearn.tree import DecisionTreeClassifier\n"
        "X, y = make_classification(n_samples=60, random_state=3)\n"
        "DecisionTreeClassifier().fit(X[:, :5], y)\n"
    )
    (step,) = document("lineage")["steps"]
    assert (step["what"], step["detail"]) == ("sklearn.make_classification", {"n_samples": "60", "random_state": "3"})
    assert "inferred" not in step


def test_secrets_are_in_no_preview(scripts: Scripts, document: Any) -> None:
    (scripts.folder / "data.csv").write_text(ROWS)
    scripts.run(
        "import pandas as pd\nfrom sklearn.dummy import DummyClassifier\n"
        "frame = pd.read_csv('data.csv'); DummyClassifier().fit(frame, frame['label'])\n"
    )
    preview = document("lineage")["used"][0]["preview"]
    assert preview["columns"] == ["a", "b", "label", "api_key"]
    assert preview["rows"][1] == ["1", "1", "1", "[redacted]"]


def test_a_pipeline_tells_only_what_came_before_it(scripts: Scripts, document: Any) -> None:
    scripts.run(
        "from sklearn.datasets import load_iris\nfrom sklearn.pipeline import make_pipeline\n"
        "from sklearn.preprocessing import StandardScaler\nfrom sklearn.linear_model import LogisticRegression\n"
        "X, y = load_iris(return_X_y=True)\nmake_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)\n"
    )
    assert [step["what"] for step in document("lineage")["steps"]] == ["sklearn.load_iris"]


def test_data_lives_no_longer_for_being_known(scripts: Scripts) -> None:
    done = scripts.run(
        "import gc, weakref, numpy as np\nfrom sklearn.preprocessing import StandardScaler\n"
        "made = StandardScaler().fit_transform(np.ones((1000, 3)))\n"
        "known = weakref.ref(made); del made; gc.collect(); print(known())\n"
        "from trackline import _lineage\n"
        "for _ in range(2000): StandardScaler().fit_transform(np.ones((2, 2)))\n"
        "print(len(_lineage._steps) <= 500, len(_lineage._of) < 10)\n"
    )
    assert (done.stdout, done.stderr) == ("None\nTrue True\n", "")


def test_the_category_can_be_switched_off(scripts: Scripts, recorded: Recorded, document: Any) -> None:
    scripts.run(FIT, TRACKLINE_DATA="off")
    assert document("lineage") is None
    assert len(recorded.run().inputs.dataset_inputs) == 1


def test_nothing_is_written_when_no_run_ever_begins(scripts: Scripts) -> None:
    done = scripts.run("import pandas as pd\nfrom sklearn.datasets import load_iris\nload_iris()\npd.DataFrame({'a': [1]})\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert not scripts.store.exists()


def _way(by_id: dict[int, Any], numbers: list[int]) -> list[str]:
    """The steps from these backwards, along the first parent of each."""
    way = []
    while numbers:
        step = by_id[numbers[0]]
        way.append(step["what"])
        numbers = step["from"]
    return way




def test_how_data_was_split_is_among_the_params(scripts: Scripts, recorded: Recorded) -> None:
    (scripts.folder / "data.csv").write_text(ROWS)
    assert scripts.run(CSV).returncode == 0
    params = recorded.run().data.params
    split = {key: value for key, value in params.items() if key.startswith("train_test_split.")}
    assert split == {"train_test_split.test_size": "0.25", "train_test_split.random_state": "7"}


TWO_SPLITS = """
import numpy as np
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split
X, y = make_classification(n_samples=60, weights=[0.4], random_state=3)
KFold(n_splits=4, shuffle=True).split(X)
StratifiedKFold().split(X, y)
A, _, a, _ = train_test_split(X, y, test_size=0.25, random_state=np.random.RandomState(1))
LogisticRegression().fit(A, a)
B, _, b, _ = train_test_split(X, y, test_size=0.5)
LogisticRegression().fit(B, b)
"""


def test_how_data_was_made_and_a_split_of_another_kind(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.command(TWO_SPLITS)
    assert (done.returncode, done.stderr) == (0, "")
    runs = {bool(run.data.tags.get("mlflow.parentRunId")): run.data.params for run in recorded.runs()}
    of_data = {key: value for key, value in runs[False].items() if "." in key}
    assert of_data == {
        "make_classification.n_samples": "60", "make_classification.weights": "[0.4]", "make_classification.random_state": "3",
        "KFold.n_splits": "4", "KFold.shuffle": "True", "StratifiedKFold.n_splits": "5", "train_test_split.test_size": "0.25",
    }  # fmt: skip
    assert {key: value for key, value in runs[True].items() if "." in key} == {"train_test_split.test_size": "0.5"}


PREPARED = """
import numpy as np
from imblearn.over_sampling import SMOTE
from sklearn.experimental import enable_iterative_imputer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectFromModel
from sklearn.impute import IterativeImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
texts, y = ["a few words here", "some other text"] * 20, np.array([0, 1] * 10 + [1] * 20)
X = TfidfVectorizer(max_features=5, ngram_range=(1, 2)).fit_transform(texts)
X = SelectFromModel(LogisticRegression(), threshold=0.0).fit(X, y).transform(X).toarray()
X = IterativeImputer(max_iter=3, random_state=1).fit_transform(np.where(X == X.max(), np.nan, X))
X, y = SMOTE(k_neighbors=3, random_state=2).fit_resample(X, y)
LogisticRegression(C=0.5).fit(X, y)
cross_val_score(LogisticRegression(C=0.5), X, y, cv=StratifiedKFold(4))
cross_val_score(LogisticRegression(C=0.5), X, y, cv=3)
"""


def test_how_data_was_prepared_is_among_the_params_and_no_model(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.command(PREPARED)
    assert (done.returncode, done.stderr) == (0, "")
    assert [run.data.tags["estimator_name"] for run in recorded.runs()] == ["LogisticRegression"] * 3
    (top,) = recorded.top()
    folded, _ = recorded.children(top)
    assert folded.data.params["StratifiedKFold.n_splits"] == "4"
    assert {key: value for key, value in top.data.params.items() if "." in key} == {
        "TfidfVectorizer.max_features": "5", "TfidfVectorizer.ngram_range": "(1, 2)", "IterativeImputer.max_iter": "3",
        "SelectFromModel.threshold": "0.0", "IterativeImputer.random_state": "1", "SMOTE.k_neighbors": "3", "SMOTE.random_state": "2",
    }  # fmt: skip


SEARCHED = """
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold
X, y = load_iris(return_X_y=True)
GridSearchCV(LogisticRegression(max_iter=50), {"C": [1, 2]}, cv=KFold(3, shuffle=True, random_state=5)).fit(X, y)
"""


def test_how_a_search_makes_its_folds_is_among_its_params(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.command(SEARCHED)
    assert done.returncode == 0, done.stderr
    (top,) = recorded.top()
    splits = {key: value for key, value in top.data.params.items() if key.startswith("KFold.")}
    assert splits == {"KFold.n_splits": "3", "KFold.shuffle": "True", "KFold.random_state": "5"}


OWN_SPLITTER = """
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_score

class Windows:
    def __init__(self, weights=np.ones(2), n_splits=3, gap=0):
        self.weights, self.n_splits, self.gap = [1.0, 2.0], n_splits, gap
    def split(self, X, y=None, groups=None):
        return ((np.arange(10), np.arange(10, 20)) for _ in range(self.n_splits))
    def get_n_splits(self, X=None, y=None, groups=None):
        return self.n_splits

X = np.arange(40.0).reshape(20, 2)
print(len(cross_val_score(LinearRegression(), X, X[:, 0], cv=Windows())))
"""


def test_a_splitter_of_the_users_may_have_an_array_by_default(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run(OWN_SPLITTER)
    assert (done.returncode, done.stdout, done.stderr) == (0, "3\n", "")
    params = recorded.run().data.params
    assert (params["Windows.n_splits"], params["Windows.weights"]) == ("3", "[1.0, 2.0]")
    assert "Windows.gap" not in params
