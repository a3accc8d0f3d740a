"""What `autolog()` adds to a fit: the fit with it less the fit without it, each in a fresh process."""

from __future__ import annotations

from statistics import median

from measure import Row, python

PREPARE = """
import contextlib, gc, json, sys, time
from sklearn.datasets import load_iris
X, y = load_iris(return_X_y=True)
tracker = sys.argv[1]
if tracker == "trackline":
    import trackline as tracking
elif tracker == "mlflow":
    import mlflow as tracking
    tracking.set_tracking_uri("sqlite:///mlflow.db")
    tracking.set_experiment("made beforehand")
"""

XGBOOST = PREPARE + """
from xgboost import XGBClassifier
if tracker != "none":
    tracking.autolog()
model = XGBClassifier(n_estimators=100, max_depth=3)
gc.collect()  # One that the imports have made due would be paid by whoever allocates next.
wall, cpu = time.perf_counter(), time.process_time()
model.fit(X, y)
print(json.dumps({"wall": 1e3 * (time.perf_counter() - wall), "cpu": 1e3 * (time.process_time() - cpu)}))
"""

GRID = PREPARE + """
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
grid = {"n_estimators": [50, 100], "max_depth": [3, 5, None], "min_samples_split": [2, 4]}
search = GridSearchCV(RandomForestClassifier(random_state=42), grid, cv=5)
run = contextlib.nullcontext()
if tracker != "none":
    tracking.autolog()
    run = tracking.start_run()
with run:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    search.fit(X, y)
    figures = {"wall": 1e3 * (time.perf_counter() - wall), "cpu": 1e3 * (time.process_time() - cpu)}
print(json.dumps(figures))
"""


def rows(repeat: int) -> list[Row]:
    """Wall time and CPU time that tracking adds to the first fit of each script, in milliseconds."""
    found = []
    for name, code, goal in (("XGBClassifier on iris", XGBOOST, "≤ 50"), ("GridSearchCV, 12 candidates", GRID, "≤ 150")):
        ours, peer = _added(code, repeat)
        for figure in ("wall", "cpu"):
            row = f"added to fit: {name}, {figure}"
            found.append(Row(row, "ms", ours[figure], peer[figure], goal if figure == "wall" else "–"))
    return found


def _added(code: str, repeat: int) -> list[dict[str, float]]:
    """What Trackline and MLflow add, the median of differences to the fit without them that ran just before: a machine
    that is slower for a minute is so for both."""
    added: dict[str, list[dict[str, float]]] = {"trackline": [], "mlflow": []}
    for turn in range(repeat):
        bare = python(code, "none")
        for tracker in added if turn < 3 else ("trackline",):
            taken = python(code, tracker)
            added[tracker].append({figure: taken[figure] - bare[figure] for figure in bare})
    return [{figure: median(one[figure] for one in turns) for figure in turns[0]} for turns in added.values()]
