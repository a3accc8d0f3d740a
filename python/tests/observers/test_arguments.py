"""Hyperparameters that a script gets from its command line, its configurations and its own text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline
from trackline.entities import Run

Record = Callable[..., Run]


@pytest.fixture
def record(store: Path) -> Record:
    """The run of `trackline run` on a script with this text and these arguments."""

    def run(text: str, *words: str) -> Run:
        (store.parent / "train.py").write_text(text)
        environment = {**os.environ, "TRACKLINE_TESTING": "1", "TRACKLINE_URI": str(store)}
        done = subprocess.run(
            [sys.executable, "-m", "trackline", "run", "train.py", *words],
            cwd=store.parent, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        (found,) = trackline.search_runs(output_format="list")
        return found

    return run


def source(run: Run, key: str) -> tuple[str, float | None]:
    (item,) = (item for item in trackline.explain(run) if item.key == key)
    return item.source, item.confidence


def test_argparse(record: Record) -> None:
    text = (
        "import argparse\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--lr', type=float, default=0.1)\n"
        "parser.add_argument('--epochs', type=int, default=3)\n"
        "parser.add_argument('--api-key')\n"
        "sub = parser.add_subparsers(dest='command')\n"
        "train = sub.add_parser('train')\n"
        "train.add_argument('--depth', type=int, default=2)\n"
        "train.set_defaults(main=print)\n"
        "args, rest = parser.parse_known_args()\n"
    )
    run = record(text, "--lr", "0.5", "--api-key", "hidden", "train", "--depth", "4", "more")
    assert run.data.params == {"lr": "0.5", "epochs": "3", "api_key": "[redacted]", "command": "train", "depth": "4"}
    assert source(run, "lr") == ("argparse", None)


def test_argparse_of_libraries_is_not_recorded(record: Record) -> None:
    assert record("import unittest, sys\nunittest.main(argv=['x'], exit=False) if 0 else None\nimport trace\n").data.params == {}


CLICK = """
import {0}
{1}
def main(lr, epochs=3): print(lr, epochs)
{2}
"""


def test_click(record: Record) -> None:
    text = CLICK.format(
        "click", "@click.command()\n@click.option('--lr', default=0.1)\n@click.option('--epochs', default=3)", "main()"
    )
    assert record(text, "--lr", "0.5").data.params == {"lr": "0.5", "epochs": "3"}


def test_typer(record: Record) -> None:
    text = "import typer\ndef main(lr: float = 0.1, epochs: int = 3):\n    print(lr)\ntyper.run(main)\n"
    assert record(text, "--lr", "0.5").data.params == {"lr": "0.5", "epochs": "3"}


def test_fire(record: Record) -> None:
    text = "import fire\nclass Trainer:\n    def __init__(self, depth=2): pass\n    def train(self, lr, epochs=3): print(lr)\n"
    run = record(text + "fire.Fire(Trainer)\n", "train", "0.5", "--depth=4")
    assert run.data.params == {"lr": "0.5", "epochs": "3", "depth": "4"}


def test_absl(record: Record) -> None:
    text = (
        "from absl import app, flags\nFLAGS = flags.FLAGS\nflags.DEFINE_float('lr', 0.1, 'rate')\n"
        "flags.DEFINE_integer('epochs', 3, 'epochs')\napp.run(lambda argv: print(FLAGS.lr))\n"
    )
    assert record(text, "--lr=0.5").data.params == {"lr": "0.5", "epochs": "3"}


def test_jsonargparse(record: Record) -> None:
    text = (
        "from jsonargparse import ArgumentParser\nparser = ArgumentParser()\nparser.add_argument('--opt.lr', type=float, default=0.1)\n"
        "parser.add_argument('--epochs', type=int, default=3)\nargs = parser.parse_args()\n"
    )
    assert record(text, "--opt.lr", "0.5").data.params == {"opt.lr": "0.5", "epochs": "3"}


def test_hydra(record: Record, store: Path) -> None:
    (store.parent / "conf").mkdir()
    (store.parent / "conf" / "config.yaml").write_text("opt:\n  lr: 0.1\nepochs: 3\npatience: ${epochs}\nfolder: ${hydra:run.dir}\n")
    text = (
        "import hydra\n@hydra.main(version_base=None, config_path='conf', config_name='config')\n"
        "def main(cfg): print(cfg.opt.lr)\nmain()\n"
    )
    run = record(text, "opt.lr=0.5", "hydra.run.dir=.", "hydra/job_logging=disabled")
    assert run.data.params == {"opt.lr": "0.5", "epochs": "3", "patience": "3", "folder": "${hydra:run.dir}"}
    assert source(run, "opt.lr") == ("hydra", None)


def test_omegaconf(record: Record, store: Path) -> None:
    (store.parent / "config.yaml").write_text("lr: 0.1\nhalf: ${lr}\n")
    text = "from omegaconf import OmegaConf\ncfg = OmegaConf.merge(OmegaConf.load('config.yaml'), OmegaConf.from_cli())\n"
    assert record(text, "lr=0.5").data.params == {"lr": "0.5", "half": "0.5"}


def test_files_of_settings(record: Record, store: Path) -> None:
    (store.parent / "train.yaml").write_text("lr: 0.1\nmodel:\n  layers: [64, 32]\n")
    (store.parent / "config.json").write_text('{"epochs": 3, "token": "hidden"}')
    (store.parent / "labels.json").write_text('{"cat": 1}')
    text = (
        "import json, yaml\nwith open('train.yaml') as file:\n    loaded = yaml.safe_load(file)\n"
        "with open('config.json') as file:\n    json.load(file)\nwith open('labels.json') as file:\n    json.load(file)\n"
    )
    run = record(text)
    assert run.data.params == {"lr": "0.1", "model.layers": "[64, 32]", "epochs": "3", "token": "[redacted]"}
    assert source(run, "lr") == ("file train.yaml", 0.95)


def test_objects_of_settings(record: Record) -> None:
    text = (
        "from dataclasses import dataclass, field\nfrom types import SimpleNamespace\nimport pydantic\n"
        "@dataclass\nclass Net:\n    layers: int = 2\n    hidden: object = field(default_factory=object)\n"
        "@dataclass\nclass TrainConfig:\n    lr: float = 0.1\n    net: Net = field(default_factory=Net)\n"
        "class Other(pydantic.BaseModel):\n    epochs: int = 3\n"
        "class Point:\n    x = 3\n"
        "cfg = TrainConfig(lr=0.5)\nsomething = Other(epochs=4)\nopts = SimpleNamespace(batch=32)\npoint = Point()\n"
        "hparams = dict(momentum=0.9)\n"
    )
    run = record(text)
    assert run.data.params == {"lr": "0.5", "net.layers": "2", "epochs": "4", "batch": "32", "momentum": "0.9"}
    assert source(run, "lr") == ("config", 0.95)


def test_nodes_of_settings(record: Record) -> None:
    text = (
        "class Node:\n    def __init__(self, **held):\n        self.__dict__.update(held)\n"
        "class Maker:\n    def __init__(self):\n        self.rate, self.made = 0.5, Node()\n"
        "model = Node(depth=int('2'), width=None, name='')\nconfig = Node(lr=float('0.1'), model=model)\noptions = Maker()\n"
    )
    assert record(text).data.params == {"lr": "0.1", "model.depth": "2"}


def test_objects_in_a_function_that_fits(record: Record) -> None:
    text = (
        "from types import SimpleNamespace\nfrom sklearn.linear_model import LinearRegression\nimport random\n"
        "def main():\n    config = SimpleNamespace(size=random.Random(0).randint(2, 2))\n"
        "    LinearRegression().fit([[0.], [1.], [3.]], [0., 1., 2.])\nmain()\n"
    )
    assert record(text).data.params["size"] == "2"


LOOP = "    for step in range(4):\n        loss = 1 / (step + 1)\n"


def test_objects_and_branches_in_a_function_with_a_loop(record: Record) -> None:
    text = (
        "import enum, sys\nfrom pathlib import Path\nfrom types import SimpleNamespace\n"
        "class Kind(enum.Enum):\n    PLAIN = 1\n"
        "def main(fast):\n    if fast:\n        rate = 0.5\n    else:\n        rate = 0.1\n"
        "    size = 8 if fast else 16\n"
        "    opts = SimpleNamespace(net=SimpleNamespace(width=4), kind=Kind.PLAIN, folder=Path('out'), more={'a': {'b': rate}})\n"
        f"{LOOP}main(len(sys.argv) > 1)\n"
    )
    run = record(text)
    expected = {"net.width": "4", "kind": "Kind.PLAIN", "folder": "out", "more.a.b": "0.1", "rate": "0.1", "size": "16", "fast": "False"}
    assert run.data.params == expected
    assert source(run, "rate") == ("constants", 0.9)


def test_settings_that_an_object_holds(record: Record) -> None:
    text = (
        "from dataclasses import dataclass\n@dataclass\nclass AgentConfig:\n    alpha: float = 0.1\n"
        "class Agent:\n    def __init__(self, config):\n        self.config = config\n"
        f"def main():\n    agent = Agent(AgentConfig(alpha=0.3))\n{LOOP}main()\n"
    )
    assert record(text).data.params == {"alpha": "0.3"}


def test_settings_with_slots_and_of_parts_that_know_their_whole(record: Record) -> None:
    text = (
        "from dataclasses import dataclass, field\n@dataclass(slots=True)\nclass Net:\n    width: int = 4\n"
        "@dataclass\nclass Config:\n    net: Net = field(default_factory=Net)\n"
        "class Node:\n    pass\nconfig = Config()\nopts = Node()\nopts.inner = Node()\nopts.inner.whole, opts.inner.depth = opts, 3\n"
        "params = {'heads': 2}\nparams['again'] = params\n"
    )
    assert record(text).data.params == {"net.width": "4", "inner.depth": "3", "heads": "2"}


def test_a_class_of_settings_as_it_is_in_the_end(record: Record) -> None:
    text = "class CFG:\n    folds = 4\n    optim = dict(name='sgd', more={'gamma': 0.5})\nCFG.folds = 5\n"
    assert record(text).data.params == {"folds": "5", "optim.name": "sgd", "optim.more.gamma": "0.5"}


def test_branches_at_the_top_level(record: Record) -> None:
    text = "import os\nif os.environ.get('NO_SUCH'):\n    depth = 2\nelse:\n    depth = 4\nrounds = int(os.getenv('NO_SUCH', '7'))\n"
    assert record(text).data.params == {"depth": "4", "rounds": "7"}


def test_what_is_tried_in_a_loop_is_no_setting_of_the_script(record: Record) -> None:
    assert record("for turn in range(2):\n    params = {'depth': turn}\n").data.params == {}


def test_settings_where_only_a_result_is_seen(store: Path) -> None:
    """Without `trackline run` and before Python 3.12 the loops of the script itself are not seen."""
    text = f"import trackline\ntrackline.autolog()\ndef main(fast):\n    rate = 0.5 if fast else 0.1\n{LOOP}        print('loss:', loss)\nmain(True)\n"
    environment = {**os.environ, "TRACKLINE_TESTING": "1", "TRACKLINE_URI": str(store)}
    (store.parent / "train.py").write_text(text)
    subprocess.run([sys.executable, "train.py"], env=environment, cwd=store.parent, check=True, timeout=300, capture_output=True)
    assert {run.data.params.get("rate") for run in trackline.search_runs(output_format="list")} == {"0.5"}


def test_constants(record: Record) -> None:
    run = record("LEARNING_RATE = 0.01\nlr = 0.1\nbest = 0\nfor i in range(3):\n    best = i\n")
    assert run.data.params == {"LEARNING_RATE": "0.01", "lr": "0.1"}
    assert source(run, "LEARNING_RATE") == ("constants", 0.95)
    assert source(run, "lr") == ("constants", 0.9)


def test_constants_of_a_module_of_settings(record: Record, store: Path) -> None:
    (store.parent / "config.py").write_text("EPOCHS = 5\n")
    assert record("import config\n").data.params == {"EPOCHS": "5"}


def test_constants_of_a_project_that_the_script_reads(record: Record, store: Path) -> None:
    (store.parent / "constants.py").write_text("DEPTH = 3\nWIDTH = 8\nURL = 'http://localhost/data.zip'\nBEST = 0.0\n")
    text = "from constants import *\nimport constants\ndef better():\n    global BEST\n    BEST = 1.0\nprint(DEPTH + constants.WIDTH)\n"
    assert record(text).data.params == {"DEPTH": "3", "WIDTH": "8"}


def test_constants_are_on_record_of_a_script_that_is_killed(store: Path) -> None:
    (store.parent / "train.py").write_text("import os\nLR = 0.1\nos.kill(os.getpid(), 9)\n")
    subprocess.run([sys.executable, "-m", "trackline", "run", "train.py"], cwd=store.parent, check=False, timeout=300)
    (run,) = trackline.search_runs(output_format="list")
    assert (run.data.params, run.info.status) == ({"LR": "0.1"}, "KILLED")


def test_what_is_parsed_is_surer_than_what_stands_in_the_text(record: Record) -> None:
    text = (
        "import argparse\nlr = 0.1\ndef main():\n    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--lr', type=float, default=lr)\n    parser.parse_args()\nmain()\n"
    )
    assert record(text, "--lr", "0.5").data.params == {"lr": "0.5"}


def test_a_category_can_be_left_out(record: Record) -> None:
    text = "import argparse\nepochs = 3\nparser = argparse.ArgumentParser()\nparser.add_argument('--lr')\nparser.parse_args()\n"
    (Path("pyproject.toml")).write_text("[tool.trackline]\nconfigs = false\n")
    assert record(text, "--lr", "0.5").data.params == {"lr": "0.5"}


SET_AGAIN = """
import numpy as np
from sklearn.linear_model import SGDClassifier
X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
rounds = 50
np.random.seed(1)
SGDClassifier(random_state=0).fit(X, y)
def again():
    shift = 2
    SGDClassifier(random_state=0).fit(X, y)
rounds = 500
np.random.seed(2)
again()
"""


def test_a_setting_that_is_set_again_belongs_to_the_fit_that_follows(record: Record, store: Path) -> None:
    with pytest.raises(ValueError, match="unpack"):
        record(SET_AGAIN)
    runs = {bool(run.data.tags.get("mlflow.parentRunId")): run.data.params for run in trackline.search_runs(output_format="list")}
    assert (runs[False]["rounds"], runs[False]["seed"], runs[False]["shift"]) == ("50", "1", "2")
    assert (runs[True]["rounds"], runs[True]["seed"], "shift" in runs[True]) == ("500", "2", False)
