"""Ridge regression by gradient descent, whose results are read from files by the next stage of a pipeline."""

import csv
import json
from pathlib import Path

import numpy as np

OUTPUT_DIR = Path("results")
STAGES = ["fit", "evaluate"]
LEARNING_RATE = 0.1
ROUNDS = 25


def make_table(n, noise=0.2, seed=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    return X, X @ np.array([1.0, -1.0, 0.5, 0.0]) + rng.normal(size=n) * noise


def descend(X, y, strength):
    weights = np.zeros(X.shape[1])
    rows = []
    for number in range(ROUNDS):
        gap = X @ weights - y
        weights -= LEARNING_RATE * (X.T @ gap / len(y) + strength * weights)
        rows.append([number, float(np.mean(gap**2)), float(np.abs(gap).mean())])
    return weights, rows


def main():
    OUTPUT_DIR.mkdir(exist_ok=True)
    X, y = make_table(200)
    weights, rows = descend(X[:150], y[:150], strength=0.01)
    with open(OUTPUT_DIR / "history.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "mse", "mae"])
        writer.writerows(rows)
    rest = y[150:] - X[150:] @ weights
    found = {"test": {"rmse": float(np.sqrt(np.mean(rest**2))), "r2": float(1 - rest.var() / y[150:].var())}, "rows": len(rest)}
    with open(OUTPUT_DIR / "metrics.json", "w") as file:
        json.dump(found, file, indent=2)
    for stage in STAGES:
        print(stage, "done")


main()
