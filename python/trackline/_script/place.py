"""A place in the user's code where it is looked at what variables hold."""

from __future__ import annotations

import ast
from enum import Enum
from typing import NamedTuple, Protocol

from trackline._script.syntax import Path

Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef


class Moment(Enum):
    """When it is looked, and what for."""

    TURN = "turn"
    """After a statement of a loop: the values of the turn."""
    LEFT = "left"
    """After a loop: what it leaves behind."""
    BEGUN = "begun"
    """Before the first statement of a function: what it was given."""
    LEARNS = "learns"
    """Before a loop that learns: what there is to learn from."""
    TRYING = "trying"
    """In a turn of a search, before what it tries is handed over."""
    TRIED = "tried"
    """At the end of a turn of a search: what it tried."""

    @property
    def is_before(self) -> bool:
        """Whether it is looked before the statement, not after it."""
        return self in (Moment.BEGUN, Moment.LEARNS, Moment.TRYING)


class Value(NamedTuple):
    """A name that is looked at: of a variable, or of an attribute or an entry in what a variable holds."""

    name: str
    path: Path
    whole: bool = False
    """Whether whole numbers count: a reward may be one, a `score` of 3 is something else."""
    sure: bool = True
    """Whether the name is one of a metric; else the loop only ends by it."""


class Place(NamedTuple):
    """Where these names hold what is looked at: after a statement of a block, or before it."""

    moment: Moment
    scope: Scope
    block: list[ast.stmt]
    statement: ast.stmt
    counter: str | None
    values: tuple[Value, ...]

    @property
    def variables(self) -> list[str]:
        """Those that the values are in."""
        return [value.path[0] for value in self.values]


class Looker(Protocol):
    """Who looks at a place."""

    def see(self, counter: object, *variables: object) -> bool:
        """The loop's counter, and the variables of the values. Says whether it wants to look again."""
