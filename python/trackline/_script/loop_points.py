"""Where in the byte code a statement is done: the instructions before which the values that it assigns are looked at."""

from __future__ import annotations

import ast
import dis
import itertools
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from types import CodeType

_JUMPS = {*dis.hasjrel, *dis.hasjabs}
_ONLY_JUMP = {"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"}
_RETURNS = {"RETURN_VALUE", "RETURN_CONST"}
_LEAVE = {*_ONLY_JUMP, *_RETURNS, "RAISE_VARARGS", "RERAISE"}
"""What nothing follows in the order of the code."""


class Point(Enum):
    """What it means that an instruction is about to run."""

    DONE = "done"
    """The statement is done."""
    LAST = "last"
    """The statement is done with this instruction, if it does not jump elsewhere."""
    DONE_AFTER_LAST = "done after last"
    """The statement is done if one that is `LAST` ran: there are other ways here."""


class Flow:
    """Which instructions of a code object follow which. Exceptions are no way on: they leave a statement undone."""

    def __init__(self, code: CodeType) -> None:
        self._instructions = list(dis.get_instructions(code))
        self._names = {instruction.offset: instruction.opname for instruction in self._instructions}
        self._steps = list(self._all_steps())

    def _all_steps(self) -> Iterator[tuple[int, int]]:
        for instruction, following in pairwise([*self._instructions, None]):
            if instruction is None:
                continue
            if instruction.opcode in _JUMPS:
                yield instruction.offset, instruction.argval
            if following is not None and instruction.opname not in _LEAVE:
                yield instruction.offset, following.offset

    def points(self, statement: ast.stmt) -> dict[int, Point]:
        """By the offset of the instruction."""
        inside = set(self._offsets(statement))
        found: dict[int, Point] = {}
        for last, following in self._steps:
            if last not in inside or following in inside:
                continue
            if self._names[last] in _ONLY_JUMP:
                found[last] = Point.DONE
            elif all(before in inside for before, at in self._steps if at == following):
                found[following] = Point.DONE
            else:
                found.setdefault(last, Point.LAST)
                found[following] = Point.DONE_AFTER_LAST
        if not any(isinstance(node, ast.Return) for node in ast.walk(statement)):
            # A function that ends with the statement returns on its line.
            found |= {offset: Point.DONE for offset in inside if self._names[offset] in _RETURNS}
        return found

    def beginning(self, statement: ast.stmt) -> dict[int, Point]:
        """The same, where what is before the statement is done."""
        return {offset: Point.DONE for offset in itertools.islice(self._offsets(statement), 1)}

    def _offsets(self, statement: ast.stmt) -> Iterator[int]:
        first, last = (statement.lineno, statement.col_offset), (statement.end_lineno, statement.end_col_offset)
        for instruction in self._instructions:
            where = instruction.positions
            if where is None or None in where:  # Of no line, or in a Python that keeps no columns.
                continue
            if first <= (where.lineno, where.col_offset) and (where.end_lineno, where.end_col_offset) <= last:
                yield instruction.offset
