"""What a script counts its steps by."""

from __future__ import annotations

import ast
import textwrap

import pytest
from trackline._script import counted


def found(text: str) -> tuple[str, bool] | None:
    """What is counted around the line that says `here`."""
    module = ast.parse(textwrap.dedent(text))
    line = next(number for number, words in enumerate(textwrap.dedent(text).splitlines(), 1) if "here()" in words)
    step = counted.at(module, line)
    return None if step is None else (".".join(part for part in step.path if part), step.is_local)


TRAINER = """
class Trainer:
    def __init__(self):
        self.iteration = 0
    def train(self):
        for epoch in range(3):
            for batch in self.batches:
                here()
                self.iteration += 1
    def evaluate(self):
        {also}
"""


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("step = 0\nfor x in xs:\n    here()\n    if x:\n        step += 1\n        correct += 1\n", ("step", False)),
        ("def f(global_step):\n    while True:\n        here()\n        global_step += 1\n", ("global_step", True)),
        ("def f():\n    global n_iter\n    for x in xs:\n        here()\n        n_iter += 1\n", ("n_iter", False)),
        (TRAINER.format(also="pass"), ("self.iteration", False)),
        (TRAINER.format(also="self.iteration = 0"), None),
        ("for epoch in range(3):\n    step = 0\n    for x in xs:\n        here()\n        step += 1\n", None),
        ("for epoch in range(3):\n    here()\n    for x in xs:\n        step += 1\n", None),
        ("while True:\n    for part in parts:\n        here()\n    n_iter += 1\n", ("n_iter", False)),
        ("for x in xs:\n    here()\n    step += 1\n    update += 1\n", None),
        ("for x in xs:\n    here()\n    correct += 1\n", None),
        ("for x in xs:\n    here()\n    step += 2\n", None),
        ("step = 0\nhere()\nstep += 1\n", None),
    ],
)
def test_what_counts_the_steps(text: str, step: tuple[str, bool] | None) -> None:
    assert found(text) == step
