"""How many turns a loop has, by its head."""

from __future__ import annotations

import argparse
import ast

import pytest
from trackline._script import loop_length

HELD = {"n": 3, "grid": [1, 2], "options": argparse.Namespace(runs=1), "many": iter([1]), "table": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("(1,)", 1),
        ("[1, *grid]", None),
        ("range(n)", 3),
        ("range(1, n)", 2),
        ("range(options.runs)", 1),
        ("range(len(grid))", 2),
        ("enumerate(table.items())", 1),
        ("tqdm(grid, leave=False)", 2),
        ("many", None),
        ("unknown(grid)", None),
        ("KFold(n).split(grid)", None),
    ],
)
def test_turns(text: str, turns: int | None) -> None:
    assert loop_length.of(ast.parse(text, mode="eval").body, HELD) == turns
