"""What tracking truly takes of the thread of typical scripts, beside what their runs say: processor time of the main thread with and
without, from the start of Python to the last exit handler. The difference has the setting up of hooks in it, which runs do not count.

    python bench/overhead.py --repeat 5
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

SCRIPTS = {
    "scikit-learn, ten figures shown": """
import numpy as np, matplotlib.pyplot as plt
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
X, y = make_classification(2000, 20, random_state=0)
for depth in (2, 4):
    model = RandomForestClassifier(60, max_depth=depth, random_state=0).fit(X, y)
    predicted = model.predict(X)
    print("depth", depth, "accuracy", accuracy_score(y, predicted), "f1", f1_score(y, predicted))
for column in range(10):
    plt.figure(); plt.hist(X[:, column], bins=40); plt.title(f"column {column}"); plt.show(); plt.close()
""",
    "scikit-learn, 200 trees, ten figures shown": """
import matplotlib.pyplot as plt
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
X, y = make_classification(3000, 20, random_state=0)
model = RandomForestClassifier(200, max_depth=6, random_state=0).fit(X, y)
print("accuracy", accuracy_score(y, model.predict(X)))
for column in range(10):
    plt.figure(); plt.hist(X[:, column], bins=40); plt.title(f"column {column}"); plt.show(); plt.close()
""",
    "NumPy loop that prints 20,000 lines": """
import numpy as np
X, w = np.random.RandomState(0).rand(2000, 20), np.zeros(20)
for step in range(20_000):
    error = X @ w - 1
    w -= 0.01 * X.T @ error / len(X)
    print(f"step {step} loss {np.mean(error ** 2):.6f}")
""",
    "PyTorch loop, 3,000 steps": """
import torch
torch.manual_seed(0); torch.set_num_threads(1)
X, y = torch.rand(512, 64), torch.rand(512, 1)
model = torch.nn.Sequential(torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 1))
optimizer = torch.optim.Adam(model.parameters())
for step in range(3_000):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
""",
}

# Exit handlers run in the opposite order: this one is the last.
HEAD = """
import atexit, time
atexit.register(lambda: open({told!r}, "w").write(str(time.thread_time())))
"""
TRACKED = "import trackline; trackline.autolog()\n"


def seconds(script: str, *, tracked: bool) -> tuple[float, float, set[str]]:
    """What the main thread takes, and what the runs say that tracking took of it and what they left out."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "seconds")
        file = Path(folder, "script.py")
        file.write_text(HEAD.format(told=str(told)) + (TRACKED if tracked else "") + script)
        environment = {**os.environ, "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1", "TRACKLINE_URI": f"{folder}/store"}
        subprocess.run([sys.executable, str(file)], cwd=folder, env=environment, stdout=subprocess.DEVNULL, check=True)
        took = float(told.read_text())
        return took, *(_told(f"{folder}/store") if tracked else (0.0, set()))


def _told(store: str) -> tuple[float, set[str]]:
    import trackline

    trackline.set_tracking_uri(store)
    runs = trackline.search_runs(search_all_experiments=True, output_format="list")
    took = sum(float(run.data.tags["trackline.overhead_ms"]) for run in runs)
    return took / 1e3, {run.data.tags["trackline.shed"] for run in runs if "trackline.shed" in run.data.tags}


def main() -> None:
    """A line for each script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    for name, script in SCRIPTS.items():
        pairs = [(seconds(script, tracked=False)[0], seconds(script, tracked=True)) for _ in range(arguments.repeat)]
        plain = statistics.median(pair[0] for pair in pairs)
        tracked = statistics.median(pair[1][0] for pair in pairs)
        told = statistics.median(pair[1][1] for pair in pairs)
        shed = sorted(set().union(*(pair[1][2] for pair in pairs)))
        print(json.dumps({"script": name, "plain": plain, "added": tracked - plain, "told": told, "shed": shed}))


if __name__ == "__main__":
    main()
