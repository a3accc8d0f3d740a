"""Loops of modules that the script imports, and of a module that is run with `-m`."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from recorded import Recorded
from scripting import Scripts

TRAINING = """
import numpy as np


class Regression:
    def __init__(self, rate):
        self.rate = rate

    def fit(self, X, y, epochs=20):
        self.w = np.zeros(X.shape[1])
        for epoch in range(epochs):
            error = X @ self.w - y
            loss = float(np.mean(error**2))
            self.w -= self.rate * X.T @ error / len(y)
        return self


def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    return X, X @ [1.0, -2.0, 0.5]
"""


def test_a_method_of_an_imported_class(scripts: Scripts, recorded: Recorded) -> None:
    scripts.module("lab.models.linear", TRAINING)
    code = """
    from lab.models.linear import Regression, data

    model = Regression(0.1).fit(*data())
    print(model.w)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    curve = recorded.curve(recorded.run(), "loss")
    assert [step for step, _ in curve] == list(range(20))
    assert all(after < before for (_, before), (_, after) in zip(curve, curve[1:], strict=False))


def test_a_module_run_by_name(scripts: Scripts, recorded: Recorded) -> None:
    scripts.module("lab.linear", TRAINING)
    scripts.module(
        "lab.train",
        """
        import sys
        from lab.linear import Regression, data

        Regression(0.1).fit(*data(), epochs=8)
        for epoch in range(5):
            val_acc = 1 - 1 / (epoch + 2)
        print(__name__, __spec__.name, sys.argv, sorted(globals()))
        """,
    )

    def run(*before: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *before, "-m", "lab.train", "7"]
        environment = {**os.environ, "TRACKLINE_URI": str(scripts.store), "TRACKLINE_TESTING": "1"}
        return subprocess.run(
            command, cwd=scripts.folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )

    with_us, without = run("-m", "trackline", "run", "--quiet", "--", sys.executable), run()
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run_of_us = recorded.run()
    assert len(recorded.curve(run_of_us, "loss")) == 8
    assert [value for _, value in recorded.curve(run_of_us, "val_acc")] == [1 - 1 / (epoch + 2) for epoch in range(5)]


CURIOUS = """
import importlib, inspect, os, pickle, sys, traceback
import training
from training import Trainer, fails, train

print(train(5), inspect.getsource(train), pickle.loads(pickle.dumps(train)) is train)
print(train.__code__.co_varnames, sorted(vars(training)), sorted(vars(training.__loader__)))
print(sorted({line for *_, line in train.__code__.co_lines()} - {None}), training.__spec__.origin == training.__file__)
print(os.path.exists(training.__cached__), importlib.reload(training) is training, Trainer().fit(4))
try:
    fails(5)
except ZeroDivisionError:
    traceback.print_exc()


def tracer(frame, event, argument):
    if "training" in frame.f_code.co_filename:
        print(event, frame.f_lineno)
    return tracer


sys.settrace(tracer)
train(2)
sys.settrace(None)
import broken
"""


@pytest.mark.parametrize("broken", ["loss = (1\n", "for epoch in range(4):\n    loss = 1 / (3 - epoch)\n"])
def test_nothing_changes(scripts: Scripts, recorded: Recorded, broken: str) -> None:
    scripts.module(
        "training",
        """
        def train(epochs):
            for epoch in range(epochs):
                loss = 1 / (epoch + 1)
            return loss

        def fails(epochs):
            for epoch in range(epochs):
                loss = 1 / (3 - epoch)

        class Trainer:
            def fit(self, epochs):
                for epoch in range(epochs):
                    score = epoch / 2
                return score
        """,
    )
    scripts.module("broken", broken)
    without, with_us = scripts.plain(CURIOUS), scripts.command(CURIOUS)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 1)


def test_bytecode_on_disk_is_that_of_the_source(
    scripts: Scripts, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    scripts.module("training", "def train(epochs):\n    for epoch in range(epochs):\n        loss = 1 / (epoch + 1)\n")
    code = "import training\ntraining.train(4)\nprint(open(training.__cached__, 'rb').read())\n"
    first, without, again = scripts.command(code), scripts.plain(code), scripts.command(code)
    assert first.returncode == 0 and first.stdout == without.stdout == again.stdout
    assert [len(recorded.curve(run, "loss")) for run in recorded.runs()] == [4, 4]


def test_installed_packages_are_not_looked_at(scripts: Scripts, recorded: Recorded) -> None:
    scripts.module("site-packages.training", "def train():\n    for epoch in range(9):\n        loss = 1 / (epoch + 1)\n")
    code = "import sys\nsys.path.insert(0, 'site-packages')\nimport training\ntraining.train()\n"
    assert scripts.command(code).returncode == 0
    assert not recorded.run().data.metrics
