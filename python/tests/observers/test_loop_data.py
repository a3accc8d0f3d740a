"""Data that reaches a loop without a loader and without a fit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from recorded import Recorded
from scripting import Scripts

MADE = """
import numpy as np
rng = np.random.default_rng(0)
X, y = rng.normal(size=(100, 3)), rng.normal(size=100)
"""
TRAIN = """
def train(X, y, size=10):
    w = np.zeros(3)
    for epoch in range(3):
        for i in range(0, len(X), size):
            w -= 0.1 * X[i : i + size].T @ (X[i : i + size] @ w - y[i : i + size])
        loss = np.mean((X @ w - y) ** 2)
    return w
"""


def inputs(recorded: Recorded) -> dict[str, tuple[str, Any, Any]]:
    """By the name: what for, and the shapes of features and labels."""
    found = recorded.run().inputs.dataset_inputs
    profiles = {one.dataset.name: json.loads(one.dataset.profile) for one in found}
    assert len(profiles) == len(found)
    return {one.dataset.name: (one.tags[0].value, *map(profiles[one.dataset.name].get, ("features_shape", "targets_shape"))) for one in found}


FLAT = MADE + "X_train, X_test, y_train, y_test = X[:80] * 2, X[80:] * 2, y[:80], y[80:]\n"
IN_MAIN = TRAIN + "def main():\n" + "\n".join(f"    {line}" for line in (*FLAT.splitlines(), "w = train(X_train, y_train)")) + "\nmain()\n"
OF_OBJECT = """
class Net:
    def __init__(self, Xtr, ytr):
        self.Xtr, self.ytr = Xtr, ytr

    def run(self):
        w = np.zeros(3)
        for step in range(5):
            w -= 0.001 * self.Xtr.T @ (self.Xtr @ w - self.ytr)
        return w
Net(X * 2, y).run()
print("loss:", 0.5)
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (MADE + TRAIN + "train(X, y)", {"X": ("train", [100, 3], [100])}),
        (IN_MAIN.replace("import numpy as np", "", 1), {"X_train": ("train", [80, 3], [80]), "X_test": ("test", [20, 3], [20])}),
        (MADE + OF_OBJECT, {"Xtr": ("train", [100, 3], [100])}),
        (FLAT + "print('loss:', 0.5)", {"X_train": ("train", [80, 3], [80]), "X_test": ("test", [20, 3], [20])}),
        (MADE + "TEST_RANGE = [80, 100]\n" + TRAIN + "train(X, y)", {"X": ("train", [100, 3], [100])}),
        (MADE + "y_hat = y * 2\nmask = X > 0\nprint('loss:', 0.5)", {"X": ("train", [100, 3], [100])}),
    ],
)
def test_what_it_is_for(scripts: Scripts, recorded: Recorded, code: str, expected: dict[str, Any]) -> None:
    code = "import numpy as np\n" + code
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert inputs(recorded) == expected


def test_it_is_described_in_its_last_form(scripts: Scripts, recorded: Recorded) -> None:
    loop = "for epoch in range(3):\n    for x, label in zip(X, y):\n        loss = float(x.sum() - label)\n    print('loss:', loss)\n"
    scripts.command(MADE + "X = X[:50, :2]\ny = y[:50]\n" + loop + "X = X * 0\n")
    assert inputs(recorded) == {"X": ("train", [50, 2], [50])}


def test_what_a_fit_is_given_is_left_to_the_fit(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    from sklearn.linear_model import SGDRegressor
    X_train, y_train = np.eye(6), np.arange(6.0)
    model = SGDRegressor()
    for turn in range(1):
        score = model.fit(X_train, y_train).score(X_train, y_train)
    """
    scripts.command(code)
    assert list(inputs(recorded)) == ["X_train"]


def test_pairs_of_arrays_are_no_rows_of_a_table(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    training_data = [(np.full((4, 1), i), np.ones((2, 1))) for i in range(6)]
    for epoch in range(3):
        loss = 0.0
        for x, y in training_data:
            loss += float(x.sum() - y.sum())
        print("loss", loss)
    """
    assert scripts.command(code).stderr == ""
    assert inputs(recorded) == {}


def test_tensors(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import torch
    torch.manual_seed(0)
    inputs, targets = torch.randn(64, 4), torch.randn(64, 1)
    val_inputs, val_targets = torch.randn(16, 4), torch.randn(16, 1)
    net = torch.nn.Linear(4, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    test_features = net(val_inputs)
    for epoch in range(2):
        order = torch.randperm(64)
        for i in range(0, 64, 16):
            optimizer.zero_grad()
            loss = ((net(inputs[order[i : i + 16]]) - targets[order[i : i + 16]]) ** 2).mean()
            loss.backward()
            optimizer.step()
    """
    scripts.command(code)
    assert inputs(recorded) == {"inputs": ("train", [64, 4], [64, 1]), "val_inputs": ("val", [16, 4], [16, 1])}


def test_what_a_model_computes_is_none(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import torch
    def spread(weights, features):
        for _ in range(weights.dim(), features.dim()):
            weights = weights.unsqueeze(-1)
        return weights.expand_as(features)
    class Net(torch.nn.Module):
        def forward(self, inputs):
            features = inputs * 2
            return features * spread(torch.ones(len(features)), features)
    X, y = torch.randn(64, 4), torch.randn(64, 1)
    Net()(X)
    print("loss:", 0.5)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert inputs(recorded) == {"X": ("train", [64, 4], [64, 1])}


@pytest.mark.parametrize("switch", ["--no-data"])
def test_it_can_be_switched_off(scripts: Scripts, recorded: Recorded, switch: str) -> None:
    scripts.command(MADE + TRAIN + "train(X, y)", switch)
    assert inputs(recorded) == {}
