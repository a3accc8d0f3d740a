"""What a `fit` is given that the user wrote."""

from __future__ import annotations

import json
from typing import Any

import pytest
from recorded import Recorded
from scripting import Scripts

NET = """
import numpy as np
import pandas as pd

class Member:
    def fit(self, rows, labels):
        self.mean = rows.mean()
        return self

class Net:
    def __init__(self):
        self.losses = []

    def fit(self, X, y=None, epochs=3):
        "Trains."
        for epoch in range(epochs):
            X = np.asarray(X) * 0.5
            loss = float(np.mean(X**2))
        Member().fit(X, y)
        return self

class Rows:
    shape = (4, 2)

    def __getattr__(self, name):
        raise AssertionError(f"nobody asked for {name}")
"""
TABLE = "train = pd.DataFrame({'age': [1.0, 2.0, 3.0, 4.0], 'size': [4.0, 3.0, 2.0, 1.0]})\n"


def datasets(recorded: Recorded) -> list[dict[str, Any]]:
    inputs = recorded.run().inputs.dataset_inputs
    return [{"name": one.dataset.name, "schema": json.loads(one.dataset.schema), "tags": {tag.key: tag.value for tag in one.tags}} for one in inputs]


def test_a_table_and_its_labels(scripts: Scripts, recorded: Recorded) -> None:
    code = NET + TABLE + "for turn in range(2):\n    net = Net().fit(train, np.array([0, 1, 0, 1]))\nprint(net.losses)\n"
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    (found,) = datasets(recorded)
    assert found["name"] == "train"
    assert [column["name"] for column in found["schema"]["mlflow_colspec"]] == ["age", "size", "target"]
    assert found["tags"]["mlflow.data.context"] == "train"


@pytest.mark.parametrize("given", ["Rows()", "None", "iter([1])"])
def test_other_objects_are_not_asked(scripts: Scripts, recorded: Recorded, given: str) -> None:
    code = NET + f"class Other:\n    def fit(self, X, y=None):\n        loss = 0.5\nOther().fit({given})\nprint('loss:', 0.5)\n"
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert datasets(recorded) == []


def test_one_of_scikit_learns_protocol_is_described_once(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin

    class Majority(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            self.classes_ = np.unique(y)
            return self

        def predict(self, X):
            return np.full(len(X), self.classes_[0])

    X, y = np.arange(8.0).reshape(4, 2), np.array([0, 0, 0, 1])
    Majority().fit(X, y)
    """
    assert scripts.command(code).returncode == 0
    assert [one["name"] for one in datasets(recorded)] == ["X"]


def test_settings_by_the_signature(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import argparse

    class Agent:
        def train(self, episodes, rate=0.25, *, name="plain", verbose=True, memory=None):
            score = episodes / 7
            return self.fit(episodes, depth=3)

        def fit(self, rows, depth):
            self.depth = depth

    class Module:
        def train(self, mode=True):
            self.mode = mode

    agents = {"one": Agent}
    agents["one"]().train(int("4") * 2, name="greedy")
    Module().train(True)
    for depth in (1, 2):
        agents["one"]().fit(9, depth=depth)
    print("score:", 0.5)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert recorded.run().data.params == {"episodes": "8", "rate": "0.25", "name": "greedy"}


def test_classes_that_are_chosen(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import collections
    import math

    KIND = collections.Counter

    class Net:
        def __init__(self, activation):
            self.activation = activation

        def step(self):
            return self.activation

    config = {"model_cls": Net, "squash": math.tanh, "folder": {"store": collections.OrderedDict}}
    net = config["model_cls"](*[collections.UserDict])
    KIND("aab")
    print("score:", 0.5)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    expected = {"model_cls": "Net", "squash": "tanh", "folder.store": "OrderedDict", "activation": "UserDict", "KIND": "Counter"}
    assert recorded.run().data.params == expected


def test_two_functions_with_an_argument_of_one_name(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import matplotlib.pyplot as plt

    def make_rows(n, width=4):
        plt.figure(figsize=(width, 3))
        return list(range(n))

    def train(rows, n):
        return sum(rows) / n

    print("score:", train(make_rows(300), 25))
    """
    assert scripts.command(code).returncode == 0
    assert recorded.run().data.params == {"make_rows.n": "300", "train.n": "25"}


def test_they_are_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    assert scripts.command(NET + TABLE + "Net().fit(train)\n", "--no-data").returncode == 0
    assert datasets(recorded) == []


def test_settings_in_force(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    class Layer:
        def __init__(self, units):
            self.units = units
        def forward(self, x):
            return x
    class Net:
        def __init__(self, width, scale=0.5):
            self.first, self.second = Layer(width * 2), Layer(width)
        def step(self, x):
            return x
    def make_data(size, noise=0.1):
        return [size, noise]
    def train(net, data, rate=0.1, batch=4, verbose=1):
        return rate
    def create_plot(title):
        return title
    def main(size):
        data = make_data(size)
        net = Net(width=size // 10)
        train(net, data, batch=size // 5)
        create_plot(title=str(size))
        for rate in (0.1, 0.2):
            make_model(rate)
    def make_model(dropout):
        return dropout
    main(40)
    print("loss:", 0.5)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    expected = {"size": "40", "noise": "0.1", "width": "4", "scale": "0.5", "rate": "0.1", "batch": "8"}
    assert recorded.run().data.params == expected


def test_of_a_module_for_many_programs_what_differs_from_its_defaults(scripts: Scripts, recorded: Recorded) -> None:
    options = ", ".join(f"option_{number}={number}" for number in range(12))
    scripts.module("models", f"def make_model(width, {options}, *, dropout=0.5):\n    return width\n")
    code = """
    from models import make_model
    make_model(int("4"), option_3=int("7"))
    print("loss:", 0.5)
    """
    assert scripts.command(code).returncode == 0
    assert recorded.run().data.params == {"width": "4", "option_3": "7"}


def test_settings_go_by_the_names_of_who_gives_them(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    from types import SimpleNamespace
    class Net:
        def __init__(self, n_in, n_out, base="small", *, bias=True):
            self.n_in = n_in
        def forward(self, x):
            return x
    def main():
        args = SimpleNamespace(arch="wide".lower())
        n_words, k = int("5"), int("7")
        net = Net(n_words, k, base=args.arch, bias=bool(k))
        print("loss:", 0.5)
    main()
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert recorded.run().data.params == {"n_words": "5", "n_out": "7", "arch": "wide", "bias": "True"}
