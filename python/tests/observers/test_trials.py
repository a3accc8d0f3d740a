"""Searches that are loops around the script's own functions."""

from __future__ import annotations

from typing import Any

import pytest
import trackline
from recorded import Recorded
from scripting import Scripts
from trackline.observers.trials import MOST

OWN = """
import itertools, random

def train(lr, width=4):
    return abs(lr - 0.1) + 1 / width

def classify(text):
    return 1 / len(text)
"""


def runs(scripts: Scripts) -> tuple[dict[str, str], list[tuple[dict[str, str], dict[str, float]]]]:
    """The params of the run of the program, and of each turn what it tried and what came of it."""
    trackline.set_tracking_uri(scripts.store)
    found = sorted(trackline.search_runs(output_format="list"), key=lambda run: run.info.start_time)
    parents = [run for run in found if "mlflow.parentRunId" not in run.data.tags]
    assert len(parents) == 1
    children = [run for run in found if run not in parents]
    assert {run.info.status for run in found} == {"FINISHED"}
    return parents[0].data.params, [(run.data.params, _own(run.data.metrics)) for run in children]


def _own(metrics: dict[str, float]) -> dict[str, float]:
    return {key: value for key, value in metrics.items() if not key.startswith("system/")}


@pytest.mark.usefixtures("recorded")
def test_each_turn_is_a_child(scripts: Scripts) -> None:
    code = OWN + """
best = None
for lr, width in itertools.product([0.1, 0.4], (2, 4)):
    loss = train(lr, width)
    if best is None or loss < best:
        best = loss
print(best)
"""
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    params, children = runs(scripts)
    tried = [({"lr": str(lr), "width": str(width)}, abs(lr - 0.1) + 1 / width) for lr in (0.1, 0.4) for width in (2, 4)]
    assert sorted(((each, {"loss": loss}) for each, loss in tried), key=str) == sorted(children, key=str)
    assert (params["best_lr"], params["best_width"]) == ("0.1", "4")


@pytest.mark.usefixtures("recorded")
def test_the_best_turn_is_one_with_a_result(scripts: Scripts) -> None:
    code = OWN + """
best = float("inf")
for lr in (0.1, 0.2, 0.3, 0.4):
    loss = float("nan") if lr < 0.2 else train(lr)
    if loss > 0.5:
        print("bad")
    if loss < best:
        best = loss
"""
    assert scripts.command(code).stderr == ""
    params, children = runs(scripts)
    assert len(children) == 4
    assert params["best_lr"] == "0.2"


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("loop", "names"),
    [
        ("for lr in (0.1, 0.2):\n    for width in [4, 8]:\n        loss = train(lr, width)", {"lr", "width"}),
        ("for trial in range(3):\n    lr = random.uniform(0, 1)\n    width = random.choice([2, 4])\n    loss = train(lr, width=width)", {"lr", "width"}),
        ("for setting in [{'lr': 0.1, 'width': 2}, {'lr': 0.2, 'width': 2}]:\n    loss = train(**setting)", {"lr", "width"}),
    ],
)
def test_what_a_turn_tries(scripts: Scripts, loop: str, names: set[str]) -> None:
    scripts.command(f"{OWN}\ndef main():\n" + "".join(f"    {line}\n" for line in loop.splitlines()) + "main()\n")
    children = runs(scripts)[1]
    assert len(children) >= 2
    assert all(params.keys() == names and metrics.keys() == {"loss"} for params, metrics in children)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    "loop",
    [
        "for text in ['one', 'three', 'eleven']:\n    score = classify(text)",
        "for epoch in range(4):\n    loss = train(epoch)",
        "for lr in [0.3]:\n    loss = train(lr)",
        "for lr in (0.1, 0.2):\n    loss = abs(lr - 0.1)",
        "nodes = [0.5, 0.25]\nwhile nodes:\n    node = nodes.pop()\n    cost = train(node)",
        "for move in (0.5, 0.25):\n    value = classify('ab')",
    ],
)
def test_what_is_no_search(scripts: Scripts, loop: str) -> None:
    scripts.command(f"{OWN}\n{loop}\nprint('accuracy:', 0.5)\n")
    assert runs(scripts)[1] == []


OTHERS = """
import itertools
from collections import deque

def evaluate(k):
    return 1 / k

def train(lr, width):
    return {"loss": lr / width, "seconds": 1.5}

class Net:
    def __init__(self, width):
        self.width = width
    def fit(self, rows):
        return sum(rows) / self.width
"""


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("loop", "tried", "best"),
    [
        (
            "results = {}\nfor k in (2, 4):\n    results[k] = evaluate(k)\nprint(max(results, key=results.get))",
            [({"k": "2"}, {"result": 0.5}), ({"k": "4"}, {"result": 0.25})],
            {"best_k": "2"},
        ),
        (
            "grid = {'lr': [2.0], 'width': [4, 8]}\nbest = 9.0\nfor values in itertools.product(*grid.values()):\n"
            "    chosen = dict(zip(grid, values))\n    result = train(**chosen)\n"
            "    if result['loss'] < best:\n        best = result['loss']",
            [({"lr": "2.0", "width": "4"}, {"loss": 0.5}), ({"lr": "2.0", "width": "8"}, {"loss": 0.25})],
            {"best_lr": "2.0", "best_width": "8"},
        ),
        (
            "queue = deque([{'lr': 1.0, 'width': 2}])\nwhile queue:\n    chosen = queue.popleft()\n    result = train(**chosen)\n"
            "    if chosen['width'] < 4:\n        queue.append({**chosen, 'width': 4})",
            [({"lr": "1.0", "width": "2"}, {"loss": 0.5}), ({"lr": "1.0", "width": "4"}, {"loss": 0.25})],
            {},
        ),
        (
            "losses = []\nfor number, width in enumerate([2, 4]):\n    net = Net(width)\n    losses.append(net.fit([1.0]))\n"
            "print(losses.index(min(losses)))",
            [({"number": "0", "width": "2"}, {"loss": 0.5}), ({"number": "1", "width": "4"}, {"loss": 0.25})],
            {"best_number": "1", "best_width": "4"},
        ),
        (
            "for name, model in {'narrow': Net(2), 'wide': Net(4)}.items():\n    loss = model.fit([1.0])",
            [({"name": "narrow", "model": "Net"}, {"loss": 0.5}), ({"name": "wide", "model": "Net"}, {"loss": 0.25})],
            {},
        ),
        (
            "best = {'lr': 1.0, 'width': 2}\nfor key, values in {'lr': [1.0], 'width': [2, 4]}.items():\n    for value in values:\n"
            "        candidate = dict(best)\n        candidate[key] = value\n        loss = train(**candidate)['loss']",
            [({"lr": "1.0", "width": "2"}, {"loss": 0.5})] * 2 + [({"lr": "1.0", "width": "4"}, {"loss": 0.25})],
            {},
        ),
    ],
)
def test_other_ways_to_search(
    scripts: Scripts, loop: str, tried: list[tuple[dict[str, str], dict[str, float]]], best: dict[str, str]
) -> None:
    code = f"{OTHERS}\n{loop}\n"
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    params, children = runs(scripts)
    assert sorted(children, key=str) == sorted(tried, key=str)
    assert {key: value for key, value in params.items() if key.startswith("best_")} == best


@pytest.mark.usefixtures("recorded")
def test_turns_that_are_left_early_count_too(scripts: Scripts) -> None:
    code = OWN + """
for width in [*range(1, 301)]:
    loss = train(0.1, width)
    if width > 2:
        continue
    print(loss)
"""
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    children = runs(scripts)[1]
    assert [(params, metrics) for params, metrics in children if metrics] == [({"width": "1"}, {"loss": 1.0}), ({"width": "2"}, {"loss": 0.5})]
    assert len(children) == MOST


@pytest.mark.usefixtures("recorded")
def test_searches_in_threads_keep_their_turns_apart(scripts: Scripts) -> None:
    code = OWN + """
import threading
meet = threading.Barrier(2)

def wait(width):
    meet.wait()
    return 1 / width

def search(widths):
    for width in widths:
        loss = wait(width)

threads = [threading.Thread(target=search, args=(widths,)) for widths in ([1, 2, 3], [4, 5, 6])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
    assert scripts.command(code).stderr == ""
    children = runs(scripts)[1]
    assert sorted(children, key=str) == [({"width": str(width)}, {"loss": 1 / width}) for width in range(1, 7)]


@pytest.mark.usefixtures("recorded")
def test_what_is_tried_may_be_a_function(scripts: Scripts) -> None:
    code = """
import math

def score_of(squash):
    return squash(0.5)

for squash in (math.tanh, math.sin, math.cos):
    score = score_of(squash)
"""
    assert scripts.command(code).stderr == ""
    assert {params["squash"] for params, _ in runs(scripts)[1]} == {"tanh", "sin", "cos"}
    names = {run.info.run_name for run in trackline.search_runs(output_format="list")}
    assert {"squash=tanh", "squash=sin", "squash=cos"} < names


@pytest.mark.usefixtures("recorded")
def test_a_child_is_there_while_its_turn_lasts(scripts: Scripts) -> None:
    code = """
import os, signal

def train(lr):
    if lr > 0.25:
        os.kill(os.getpid(), signal.SIGKILL)
    return 1 / lr

for lr in (0.1, 0.2, 0.3):
    loss = train(lr)
"""
    assert scripts.command(code).returncode != 0
    trackline.set_tracking_uri(scripts.store)
    found = [run for run in trackline.search_runs(output_format="list") if "mlflow.parentRunId" in run.data.tags]
    assert sorted((run.data.params["lr"], _own(run.data.metrics)) for run in found) == [
        ("0.1", {"loss": 10.0}),
        ("0.2", {"loss": 5.0}),
        ("0.3", {}),
    ]


def test_what_is_tried_is_no_result(scripts: Scripts, recorded: Recorded) -> None:
    loop = "for rate in (0.1, 0.2, 0.3, 0.4):\n    loss = train(rate)\n    print(f'rate={rate} loss={loss}')\n"
    scripts.command(OWN + loop)
    (run,) = recorded.top()
    assert len(recorded.curve(run, "loss")) == 4
    assert "rate" not in run.data.metrics


@pytest.mark.usefixtures("recorded")
def test_turns_that_a_framework_fits_in_are_its_runs(scripts: Scripts) -> None:
    code = """
from sklearn.linear_model import Ridge
def train(alpha):
    return Ridge(alpha=alpha).fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
for alpha in (0.1, 0.2, 0.3):
    model = train(alpha)
    score = model.coef_[0]
"""
    scripts.command(code)
    children: Any = runs(scripts)[1]
    assert sorted(params["alpha"] for params, _ in children) == ["0.1", "0.2", "0.3"]


@pytest.mark.usefixtures("recorded")
def test_it_can_be_switched_off(scripts: Scripts) -> None:
    scripts.command(OWN + "for lr in (0.1, 0.2):\n    loss = train(lr)\nprint('accuracy:', 0.5)\n", "--no-sweeps")
    assert runs(scripts)[1] == []


MAPPED = """
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import Pool
from joblib import Parallel, delayed
from sklearn.linear_model import Ridge

class Loky:
    __enter__ = lambda self: self
    __exit__ = lambda self, *ending: None
    map = lambda self, work, items: Parallel(n_jobs=2)(delayed(work)(item) for item in items)

def train(config):
    return Ridge(alpha=config["alpha"]).fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]).coef_[0]

if __name__ == "__main__":
    with {pool} as pool:
        print(sum(pool.map(train, [dict(alpha=alpha, name="a") for alpha in (0.1, 0.2, 0.3)])))
"""


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("pool", ["Pool(2)", "ProcessPoolExecutor(2)", "ThreadPoolExecutor(2)", "Loky()"])
def test_what_a_pool_goes_over(scripts: Scripts, pool: str) -> None:
    code = MAPPED.format(pool=pool)
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    params, children = runs(scripts)
    assert sorted((each["alpha"], each["name"]) for each, _ in children) == [("0.1", "a"), ("0.2", "a"), ("0.3", "a")]
    assert params == {}


@pytest.mark.usefixtures("recorded")
def test_what_joblib_does_for_a_search_is_of_the_search(scripts: Scripts) -> None:
    code = """
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV
X, y = [[float(n)] for n in range(8)], [float(n % 3) for n in range(8)]
print(GridSearchCV(Ridge(), {"alpha": [0.1, 1.0]}, cv=2, n_jobs=2).fit(X, y).best_params_)
"""
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    children = runs(scripts)[1]
    assert sorted(params["alpha"] for params, _ in children) == ["0.1", "1.0"]
    assert all("mean_test_score" in metrics for _, metrics in children)
