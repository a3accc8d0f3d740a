"""Which settings a loop changes by an operator, in the text of a script."""

from __future__ import annotations

import ast

import pytest

from trackline._script import schedules


def found(*lines: str) -> set[str]:
    loop = ast.parse("\n ".join(["for epoch in range(9):", *lines])).body[0]
    assert isinstance(loop, ast.For)
    return {".".join(part for part in path if part) for path in schedules.of(loop).values()}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("beta *= 0.9", "beta"),
        ("self.epsilon *= self.decay", "self.epsilon"),
        ("sigma = sigma * decay", "sigma"),
        ("sigma = 0.5 * sigma", "sigma"),
        ("rate /= 1 + 0.1 * epoch", "rate"),
        ("eps = max(0.01, eps - step)", "eps"),
        ("self.eps = np.maximum(self.eps * 0.9, self.low)", "self.eps"),
        ("config['lr'] *= 0.5", "config.lr"),
        ("if epoch % 3 == 0: beta *= 0.9", "beta"),
    ],
)
def test_a_setting_that_is_changed_by_what_stays(line: str, name: str) -> None:
    assert found(line, "other = epoch * 2") == {name}


@pytest.mark.parametrize(
    "lines",
    [
        ["total += 1"],
        ["t = t + dt"],
        ["total = 0.0", "total /= n"],
        ["x = x * gradient(x)"],
        ["x = x * y", "y = x - 1"],
        ["x *= self.scale", "self.scale = x"],
        ["power *= epoch", "power = 1"],
        ["mean = max(values)"],
        ["for i in rows: i *= 2"],
        ["w[i] *= 0.5"],
    ],
)
def test_what_is_computed_is_none(lines: list[str]) -> None:
    assert found(*lines) == set()


AGENT = """
class Agent:
    def __init__(self):
        self.epsilon, self.rate, self.low, self.count, self.seen = 1.0, 0.5, 0.1, 0, 0.9
    def replay(self):
        if self.epsilon > self.low:
            self.epsilon *= 0.9
        self.rate = max(self.low, self.rate * 0.5)
        self.count += 1
        for _ in range(3):
            self.inner *= 0.9
        self.seen *= self.count
"""


def test_what_methods_change_whose_loop_is_elsewhere() -> None:
    kind = ast.parse(AGENT).body[0]
    assert isinstance(kind, ast.ClassDef)
    assert {path[1] for path in schedules.of_class(kind).values()} == {"epsilon", "rate"}
