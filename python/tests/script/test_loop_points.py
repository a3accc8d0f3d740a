"""Where in the byte code the statements of a loop are done. Each instruction is traced, as newer Pythons tell it by events."""

from __future__ import annotations

import ast
import sys
import textwrap
from types import CodeType, FrameType
from typing import Any

import pytest
from trackline._script import learned, loop_places
from trackline._script.loop_points import Flow, Point
from trackline._script.place import Place

CASES = {
    "last of the loop": ("for i in range(3):\n    loss = i / 2", [0.0, 0.5, 1.0]),
    "before others": ("for i in range(3):\n    loss = i / 2\n    x = loss", [0.0, 0.5, 1.0]),
    "several names": ("for i in range(2):\n    loss, acc = i / 2, i / 4\n    x = 1", [(0.0, 0.0), (0.25, 0.5)]),
    "on one line": ("for i in range(3): loss = i / 2; x = loss", [0.0, 0.5, 1.0]),
    "over several lines": ("for i in range(3):\n    loss = sum(\n        [i, 1]\n    ) / 2\n    x = 1", [0.5, 1.0, 1.5]),
    "with a comprehension": ("for i in range(3):\n    loss = sum([x / 2 for x in range(i)])\n    x = 1", [0, 0.0, 0.5]),
    "now and then": ("for i in range(4):\n    if i % 2:\n        loss = i / 2\n    x = 1", [0.5, 1.5]),
    "now and then, at the end": ("for i in range(4):\n    if i % 2:\n        loss = i / 2", [0.5, 1.5]),
    "of two branches": ("for i in range(4):\n    if i % 2:\n        loss = i / 2\n    else:\n        loss = 0.1 * i\n    x = 1", [0.0, 0.5, 0.2, 1.5]),
    "mended in a branch": ("for i in range(3):\n    loss = i / 2\n    if i == 1:\n        loss = -loss\n    x = 1", [0.0, -0.5, 1.0]),
    "mended at the end": ("for i in range(3):\n    loss = i / 2\n    if i == 1:\n        loss = -loss", [0.0, -0.5, 1.0]),
    "with the end of the loop": ("for i in range(9):\n    loss = i / 2\n    if i == 2:\n        break", [0.0, 0.5, 1.0]),
    "begun anew": ("for i in range(3):\n    if i == 1:\n        continue\n    loss = i / 2", [0.0, 1.0]),
    "undone": ("for i in range(3):\n    try:\n        loss = 1 / (1 - i)\n    except ZeroDivisionError:\n        x = 1", [1.0, -1.0]),
    "in a block": ("for i in range(3):\n    with open('/dev/null'):\n        loss = i / 2\n    x = 1", [0.0, 0.5, 1.0]),
    "with an end in any case": ("for i in range(2):\n    try:\n        loss = i / 2\n    finally:\n        x = 1", [0.0, 0.5]),
    "while": ("i = 3\nwhile i > 0:\n    i -= 1\n    loss = i / 2", [1.0, 0.5, 0.0]),
    "for ever": ("i = 3\nwhile True:\n    i -= 1\n    loss = i / 2\n    if i == 0:\n        break", [1.0, 0.5, 0.0]),
    "in a loop": ("for i in range(2):\n    for j in range(2):\n        loss = i + j / 2\n    x = 1", [0.0, 0.5, 1.0, 1.5]),
}  # fmt: skip


@pytest.mark.parametrize("in_function", [False, True], ids=["script", "function"])
@pytest.mark.parametrize(("text", "seen"), CASES.values(), ids=CASES)
def test_each_turn_is_seen_once_and_when_it_is_done(text: str, seen: list[Any], in_function: bool) -> None:
    if in_function:
        text = f"def train():\n{textwrap.indent(text, '    ')}\ntrain()"
    module = ast.parse(text)
    code = compile(text, "script.py", "exec")
    if in_function:
        (traced,) = (one for one in code.co_consts if isinstance(one, CodeType))
    else:
        traced = code
    assert _run(code, traced, list(loop_places.places(module))) == seen


@pytest.mark.parametrize("ending", ["", "    return w", "    w = w + 1"])
def test_a_loop_is_over_once(ending: str) -> None:
    text = f"def train(w):\n    for i in range(3):\n        w = w * 2\n{ending}\ntrain(1.0)"
    module = ast.parse(text)
    code = compile(text, "script.py", "exec")
    (traced,) = (one for one in code.co_consts if isinstance(one, CodeType))
    assert _run(code, traced, list(learned.places(module))) == [8.0]


def _run(code: CodeType, traced: CodeType, places: list[Place]) -> list[Any]:
    flow = Flow(traced)
    looks = [(place, flow.points(place.statement)) for place in places]
    seen: list[Any] = []
    last: set[int] = set()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code is not traced:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            for number, (place, points) in enumerate(looks):
                point = points.get(frame.f_lasti)
                if point is Point.LAST:
                    last.add(number)
                elif point is Point.DONE or (point is Point.DONE_AFTER_LAST and number in last):
                    last.discard(number)
                    values = tuple(frame.f_locals[value.name] for value in place.values)
                    seen.append(values if len(values) > 1 else values[0])
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(code, {})
    finally:
        sys.settrace(before)
    return seen
