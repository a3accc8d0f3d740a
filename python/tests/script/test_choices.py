"""Settings that the text leaves to the running program."""

from __future__ import annotations

import ast

import pytest
from trackline._script.choices import choices


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if fast:\n    lr = 0.1\nelse:\n    lr = 0.01", {"lr"}),
        ("if fast:\n    epochs, n = 5, 100\nelse:\n    epochs, n = 12, 300", {"epochs", "n"}),
        ("depth = 3\nif deep:\n    depth = 9", {"depth"}),
        ("size = 32 if small else 64\nrate = args.rate or 0.1\nname = cfg.get('name', 'adam')", {"size", "rate", "name"}),
        ("import os\nseeds = int(os.environ.get('SEEDS', '3'))\nwidth = float(os.getenv('W', 0.5))", {"seeds", "width"}),
        ("match kind:\n    case 'a':\n        units = 8\n    case _:\n        units = 16", {"units"}),
        ("OPTIMIZER = optim.Adam\nactivation = ReLU\nmodel_cls = nn.LSTM", {"OPTIMIZER", "activation", "model_cls"}),
        ("Model = keras.Model\nT = TypeVar\nlayers = keras.layers\nloss = Loss\nloss = Other", set()),
        ("vocab_size = len(words)\nif __name__ == '__main__':\n    n_classes = len(set(y))", {"vocab_size", "n_classes"}),
        ("n_batches = len(loader)\nvocab_size = words.size\nclasses = len(y)\nfor i in range(2):\n    n_classes = len(y)", set()),
        ("lr = 0.1\nrate = args.rate", set()),
        ("if x:\n    best = score(y)\nelse:\n    best = 0", set()),
        ("for i in range(3):\n    if i:\n        lr = 0.1", set()),
        ("count = 0\nif x:\n    count += 1", set()),
        ("try:\n    import torch\n    HAS = True\nexcept ImportError:\n    HAS = False", set()),
        ("found = table.get(key)\nother = table.get(key, {})", set()),
    ],
)
def test_names(text: str, expected: set[str]) -> None:
    assert choices(ast.parse(text)).get("<module>", frozenset()) == expected


def test_names_of_functions_are_their_own() -> None:
    assert choices(ast.parse("def main(fast):\n    lr = 0.1 if fast else 0.2\nlr = 3")) == {"main": {"lr"}}
