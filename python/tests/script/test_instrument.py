"""How the text of a script gets its looks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from trackline._script import instrument, looks, loop_places
from trackline._script.place import Moment, Place, Scope


class Looker:
    def see(self, *values: object) -> bool:
        return True


def test_a_text_is_gone_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_through: list[ast.Module] = []
    places = looks.places

    def counted(module: ast.Module) -> list[Place]:
        gone_through.append(module)
        return places(module)

    def watch(place: Place) -> Looker:
        return Looker()

    monkeypatch.setattr(looks, "places", counted)
    monkeypatch.setattr(looks, "_watches", {Moment.TURN: [watch]})
    looped, plain = tmp_path / "looped.py", tmp_path / "plain.py"
    looped.write_text("for step in range(3):\n    loss = 1 / (step + 1)\n")
    plain.write_text("loss = 1\n")
    assert instrument.code(str(looped)) is not None and len(gone_through) == 1
    assert instrument.code(str(plain)) is None and len(gone_through) == 2


FUNCTIONS = "def train():\n    for step in range(3):\n        loss = 1 / (step + 1)\n"


@pytest.mark.parametrize("functions", [1, 8])
def test_a_function_is_gone_through_once(functions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scopes: list[ast.AST] = []

    class Counted(loop_places.ScopeNodes):
        def __init__(self, node: Scope) -> None:
            scopes.append(node)
            super().__init__(node)

    monkeypatch.setattr(loop_places, "ScopeNodes", Counted)
    monkeypatch.setattr(looks, "_watches", {moment: [lambda place: Looker()] for moment in Moment})
    found = looks.places(ast.parse(FUNCTIONS * functions))
    assert [place.moment for place in found].count(Moment.TURN) == functions
    assert len(scopes) == functions + 1  # That of the module is the last.
