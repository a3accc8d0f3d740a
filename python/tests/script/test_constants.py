"""What counts as a setting in the text of a script."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from trackline._script.constants import changed, constants, first, is_settings_name


def found(text: str) -> dict[str, Any]:
    return {constant.key: constant.value for constant in first(constants(ast.parse(text)))}


_NETS = "class A(Net):\n    def __init__(self, hidden): pass\nclass B(Net):\n    def __init__(self, depth): pass\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lr = 0.1\nEPOCHS = 10\nname: str = 'bert'\nwarm = True", {"lr": 0.1, "EPOCHS": 10, "name": "bert", "warm": True}),
        ("batch = 2 ** 6\nstep = -1e-3\nsize = 28 * 28", {"batch": 64, "step": -0.001, "size": 784}),
        ("a, b = 1, 2", {"a": 1, "b": 2}),
        ("row = '{:9s} {:.3f}'\nhead = 'a\\tb'\nname = 'a {b'", {"name": "a {b"}),
        ("CURVES = 'curves.png'\nlog_file = 'train.log'\nheader = 'Test:'\nDATA = 'train.csv'", {"DATA": "train.csv"}),
        ("layers = [64, 32]\nempty = []\nmany = list(range(9))", {"layers": [64, 32]}),
        ("config = {'lr': 0.1, 'net': {'depth': 2}}", {"lr": 0.1, "net.depth": 2}),
        ("SIZES = {'small': 1}\nlabels = {'cat': 1}", {"SIZES.small": 1}),
        ("if __name__ == '__main__':\n    lr = 0.1\nif other:\n    never = 1", {"lr": 0.1}),
        ("class Config:\n    lr = 0.1\n    epochs: int = 3\nclass Net:\n    depth = 2", {"lr": 0.1, "epochs": 3}),
        ("def main():\n    lr = 0.1\n    for i in range(3):\n        n = 1\nmain()", {"lr": 0.1}),
        ("def unused():\n    lr = 0.1", {}),
        ("def train(model, lr, epochs=3): pass\ntrain(net, lr=0.1)", {"lr": 0.1, "epochs": 3}),
        ("def train(lr): pass\ntrain(0.1)\ntrain(0.2)", {}),
        ("def train(lr, p): pass\nRATE = 0.1\ntrain(RATE, p=RATE)", {"RATE": 0.1, "p": 0.1}),
        ("def train(lr): pass\ntrain(0.1)\ntrain(0.1)", {"lr": 0.1}),
        ("for epoch in range(500): pass\nfor i in range(9): pass", {"epochs": 500}),
        ("def train():\n    for epoch in tqdm(range(1, 6)): pass\ntrain()", {"epochs": 5}),
        ("n = 3\nfor epoch in range(n): pass", {"n": 3}),
        ("net.fit(x, y, epochs=50, verbose=2, callbacks=[stop])", {"epochs": 50}),
        ("parts = train_test_split(x, y, test_size=0.4)", {"train_test_split.test_size": 0.4}),
        ("for lr in (1, 2):\n    net.fit(x, rate=3)\nnet.fit(x, rate=4)", {}),
        ("class Net(Model):\n    def __init__(self, hidden, p=0.5): pass\nnet = Net(128)", {"hidden": 128, "p": 0.5}),
        (f"{_NETS}if name == 'a':\n    net = A(8)\nelif name == 'b':\n    net = B(3)", {}),
        (f"{_NETS}if fast:\n    net = A(8)\nelse:\n    net = A(8)", {"hidden": 8}),
        (f"{_NETS}if name:\n    net = A(8)", {"hidden": 8}),
        ("class Layer:\n    def __init__(self, units): pass\nlayers = [Layer(4), Layer(2)]", {}),
        ("from pathlib import Path\nFOLDER = Path('data')\nCONFIG = dict(lr=0.1, net=dict(depth=2))", {"FOLDER": "data", "lr": 0.1, "net.depth": 2}),
        ("class CFG:\n    folds = 4\n    lr = 0.1\nCFG.folds = 5", {"lr": 0.1}),
        ("class Net:\n    momentum = 0.9\n    def __init__(self):\n        self.l2 = 0.01\n        self.seen = 3\n        self.count = 0\n"
         "    def step(self):\n        self.seen = 4\nnet = Net()", {"momentum": 0.9, "l2": 0.01}),
        ("class Agent:\n    def __init__(self):\n        self.epsilon = 0.5\n    def act(self):\n        self.epsilon *= 0.9\nAgent()", {"epsilon": 0.5}),
        ("class Point:\n    def __init__(self):\n        self.size = 0.5\nPoint()\nclass Net:\n    p = 0.5\n    def step(self): pass", {}),
        ("import random\nrandom.seed(42)\nx = torch.manual_seed(1)", {"seed": 42}),
        ("rng = np.random.default_rng(seed=7)", {"seed": 7}),
        ("def data():\n    np.random.seed(3)\ndef main():\n    data()\nmain()", {"seed": 3}),
        ("def train(lr=0.1): pass\nif __name__ == '__main__':\n    train()", {"lr": 0.1}),
        ("def main():\n    with open(f):\n        train(3)\ndef train(epochs): pass\nmain()", {"epochs": 3}),
        ("C = 0.5\nfile = f'model_{C:.2f}.pkl'\nsizes = [C, 1]", {"C": 0.5, "file": "model_0.50.pkl", "sizes": [0.5, 1]}),
        ("n = 4\nparams = {'leaves': n, 'seed': 2 * n, 'net': Net(), 'more': {'x': f(n), 'y': 1}}",
         {"n": 4, "leaves": 4, "seed": 8, "more.y": 1}),
        ("n = 4\ndef f(n):\n    m = n\ndef g():\n    k = n\nf(x)\ng()", {"n": 4, "k": 4}),
        ("def logistic(x, logits=0.5, rate=0.1): pass\nlogistic(x)", {"logits": 0.5, "rate": 0.1}),
        ("def plot(x, resolution=0.1): pass\ndef load(path, sep=','): pass\nplot(x)\nload('a.tsv')", {"path": "a.tsv"}),
        ("def train(x, passes=20, print_loss=False, verbose=1): pass\ntrain(x)", {"passes": 20}),
        ("rounds = 50\nfit()\nrounds = 500", {"rounds": 50}),
        ("class Net:\n    def train(self, X, y, epochs=3, rate=0.1): pass\nnet = Net()\nnet.train(X, y, 9)", {"epochs": 9, "rate": 0.1}),
        ("class Net:\n    def warm(self, X, rounds, pad=0): pass\nNet().warm(X, rounds=4)", {"rounds": 4}),
        ("class Net:\n    def backward(self, X, rate=0.1): pass\nnet = Net()\nfor X in rows:\n    net.backward(X)", {"rate": 0.1}),
        ("class Base:\n    def fit(self, X, lr): pass\nclass Net(Base):\n    pass\nnet = Net()\nscaler.fit(X)\nnet.fit(X, lr=0.5)", {"lr": 0.5}),
        ("class Net:\n    def fit(self, X, lr=0.5): pass\nnet = Net()\nnet = other()\nnet.fit(X)\nother.fit(X)", {}),
        ("class Net:\n    def go(self, lr): pass\nnet = Net()\nnet.go(0.1)\nnet.go(0.2)", {}),
        ("class Net:\n    def plot(self, size): pass\nnet = Net()\nnet.plot(3)", {}),
        ("class Tree:\n    def __init__(self, depth): pass\n    def fit(self, X):\n        self.left = Tree(self.depth - 1)\n"
         "tree = Tree(4)\ntree.fit(X)", {"depth": 4}),
        ("class App:\n    def __init__(self):\n        self.start(batch=8)\n    def start(self, batch):\n        blobs(40)\n"
         "def blobs(rows): pass\nApp()", {"batch": 8, "rows": 40}),
        ("def main():\n    steps()\ndef steps():\n    width = 7\n    part(make_rows(500), fraction=0.2)\ndef make_rows(n, noise=0.1): pass\n"
         "def part(data, fraction, axis=1): pass\nmain()", {"n": 500, "noise": 0.1, "fraction": 0.2}),
        ("def main():\n    train_model()\ndef train_model():\n    lr = 0.3\nmain()", {"lr": 0.3}),
        ("def main():\n    step(0.1)\n    more()\ndef more():\n    step(0.2)\ndef step(lr): pass\nmain()", {"lr": 0.1}),
        ("lr = 1\ndef load(n): pass\ndef check(n, lr=3, k=2): pass\nload(300)\ncheck(25)",
         {"lr": 1, "load.n": 300, "k": 2, "check.n": 25}),
        ("def load(n): pass\ndef check(n): pass\nload(300)\ncheck(300)", {"n": 300}),
        ("colors = ['red']\nbins = 9\ndef show(x, size): pass\ndef look(x, width, rows):\n    plt.figure(figsize=width)\n    fit(x[:rows])\n"
         "plt.bar(x, y, color=colors)\nlook(x, 4, 8)\nf(x, bins)", {"rows": 8, "bins": 9}),
        ("def one():\n    np.random.seed(3)\ndef two():\n    np.random.seed(4)\nrun([one, two])", {}),
    ],
)
def test_settings(text: str, expected: dict[str, Any]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "best = 0\nfor i in range(9):\n    best = i",
        "count = 0\ncount += 1",
        "count = 0\ndef f():\n    global count\n    count += 1",
        "losses = [0.5]\nlosses.append(1)",
        "scores = [0]\nscores[0] = 2",
        "config = {'lr': 0.1}\nconfig['lr'] = 0.2",
        "_private = 1\n__version__ = '1.0'",
        "prose = 'a long text that somebody wrote to be read by people'",
        "text = 'two\\nlines'\nnothing = None",
        "size = len(x)\nbig = 9 ** 9 ** 9\nbad = 1 / 0",
        "for i in range(3):\n    pass\ni = 1",
        "size = 1\nsize = len(x)",
    ],
)
def test_what_changes_or_is_not_set_does_not_count(text: str) -> None:
    assert found(text) == {}


def test_a_setting_that_is_set_again_has_the_value_of_the_line() -> None:
    text = "rounds = 50\nseed(1)\nfit()\nrounds = 500\nnp.random.seed(2)\nfit()\nrounds = 50\nfit()\ndef main():\n    rounds = 7\n    rounds = 8\nmain()"

    def at(**lines: int) -> dict[str, Any]:
        return {constant.key: constant.value for constant in changed(constants(ast.parse(text)), lines)}

    top = "<module>"
    assert at(**{top: 3}) == {}
    assert at(**{top: 6}) == {"rounds": 500, "seed": 2}
    assert at(**{top: 8}) == {"seed": 2}
    assert at(**{top: 12, "main": 11}) == {"rounds": 8, "seed": 2}


def test_a_local_name_of_a_function_is_another_one() -> None:
    assert found("lr = 0.1\ndef f():\n    lr = 0.2\n") == {"lr": 0.1}


@pytest.mark.parametrize("name", ["cfg", "config", "train_config", "TrainConfig", "CFG", "hparams", "model_args", "args2"])
def test_names_of_settings(name: str) -> None:
    assert is_settings_name(name)


@pytest.mark.parametrize("name", ["model", "target", "configure", "params_grid_search", "kwargs_of", "x"])
def test_other_names(name: str) -> None:
    assert not is_settings_name(name)
