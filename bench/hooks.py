"""What a hook adds to the call it watches, on the thread of the user: one row a hook."""

from __future__ import annotations

import statistics

from measure import Row, python

CODE = """
import itertools, json, sys, time
if sys.argv[1] != "bare":
    import trackline
    trackline.autolog()
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

X, y = load_iris(return_X_y=True)
figure, axes = plt.subplots()
axes.plot([1, 3, 2])
model = LogisticRegression(max_iter=200)

epochs = itertools.count(1)

def show():
    epoch = next(epochs)
    print(f"epoch {epoch} loss {1 / epoch:.4f}")

def per_call(work, calls):
    # The least of several rounds: a round may meet a new page or the garbage collector.
    rounds = []
    for _ in range(5):
        began = time.thread_time()
        for _ in range(calls):
            work()
        rounds.append((time.thread_time() - began) / calls * 1e6)
    return min(rounds)

def measure():
    return {
        "print": per_call(show, 20),
        "metric": per_call(lambda: accuracy_score(y, y), 20),
        "split": per_call(lambda: train_test_split(X, y, random_state=0), 20),
        "savefig": per_call(lambda: figure.savefig("figure.png"), 3),
        "fit": per_call(lambda: model.fit(X, y), 3),
    }

if sys.argv[1] == "bare":
    found = measure()
else:
    with trackline.start_run():
        found = measure()
print(json.dumps(found))
"""

FIGURES = {
    "print": ("added to a print of a loss", "≤ 20"),
    "metric": ("added to a call of a metric function", "≤ 200"),
    "split": ("added to train_test_split", "≤ 100"),
    "savefig": ("added to savefig", "≤ 1,000"),
    "fit": ("added to a fit, the model saved", "≤ 20,000"),
}


def rows(repeat: int) -> list[Row]:
    """Microseconds of the calling thread."""
    bare = [python(CODE, "bare") for _ in range(repeat)]
    hooked = [python(CODE, "hooked") for _ in range(repeat)]
    found = []
    for figure, (name, goal) in FIGURES.items():
        without, with_us = (statistics.median(one[figure] for one in runs) for runs in (bare, hooked))
        found.append(Row(name, "µs CPU", with_us - without, None, goal))
    return found
