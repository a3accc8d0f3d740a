"""What `autolog()` adds to a fit: the fit with it less the fit without it, each in a fresh process."""

from __future__ import annotations

from measure import Row, median

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
        for figure in ("wall", "cpu"):
            bare = median(code, figure, repeat, "none")
            ours = median(code, figure, repeat, "trackline") - bare
            peer = median(code, figure, min(repeat, 3), "mlflow") - bare
            found.append(Row(f"added to fit: {name}, {figure}", "ms", ours, peer, goal if figure == "wall" else "–"))
    return found
