"""What a script says to functions and classes of other files of the user's."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from trackline._script import constants

FILES = {
    "models/__init__.py": "from .net import Net, Log\nfrom .steps import train",
    "models/net.py": (
        "class Base:\n    def __init__(self, width, rate=0.1, depth=2): pass\n    def fit(self, X, rounds=3): pass\n"
        "class Net(Base):\n    pass\n"
        "class Log:\n    def __init__(self, where, size=10): pass\n"
    ),
    "models/seeded.py": "import numpy as np\nnp.random.seed(9)\ndef draw(): pass",
    "models/steps.py": "def train(net, epochs, patience=4):\n    lr = 7\n    return net",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from models.net import Net\nNet(64, depth=3)", {"width": 64, "rate": 0.1, "depth": 3}),
        ("from models import Net as N\nnet = N(width=8)\nnet.fit(X, rounds=9)", {"width": 8, "rate": 0.1, "depth": 2, "rounds": 9}),
        ("from models.net import Log\nLog('here')", {"where": "here"}),
        ("from models.seeded import draw\ndraw()", {"seed": 9}),
        ("import models\nmodels.train(net, epochs=5)", {"epochs": 5}),
        ("from models import steps\ndef main():\n    steps.train(net, 5)\nmain()", {"epochs": 5}),
        ("from models import steps as s, net\nnet.Net(1)\ns.train(net, 5)\ns.train(net, 6)", {"width": 1, "rate": 0.1, "depth": 2}),
        ("from models.net import Net\nclass Net:\n    def __init__(self, size): pass\nNet(2)", {"size": 2}),
        ("from json import dumps\nfrom nowhere import Thing\nimport models.gone\ndumps(x, indent=2)\nThing(3)\nmodels.gone.f(4)", {}),
    ],
)
def test_arguments_of_what_is_imported(tmp_path: Path, text: str, expected: dict[str, Any]) -> None:
    for name, content in {**FILES, "train.py": text}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    found = constants.constants(ast.parse(text), str(tmp_path / "train.py"))
    assert {constant.key: constant.value for constant in found} == expected


def test_a_module_beside_the_script_in_a_package(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    text = "from .net import Net\nfrom . import steps\nsteps.train(Net(5), 2)"
    found = constants.constants(ast.parse(text), str(tmp_path / "models" / "run.py"))
    assert {constant.key: constant.value for constant in found} == {"width": 5, "rate": 0.1, "depth": 2, "epochs": 2}
