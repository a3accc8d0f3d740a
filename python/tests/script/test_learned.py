"""Which names the loops of a script carry from turn to turn."""

from __future__ import annotations

import ast

import pytest
from trackline._script import learned


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("gradient = x @ w\nw -= 0.1 * gradient", {"w"}),
        ("w = w - 0.1 * slope(w)\nlast = w", {"w"}),
        ("params, state, loss = step(params, state)", {"params", "state"}),
        ("q[s, a] = (1 - rate) * q[s, a] + rate * r", {"q"}),
        ("nearest = distances(x, centres)\ncentres = means(x, nearest)", {"centres"}),
        ("for batch in batches:\n    v = 0.9 * v + slope(batch)\n    w += v", {"v", "w"}),
        ("losses.append(loss)\nprint(w)", set()),
        ("loss = cost(x)\nloss = loss / 2", set()),
        ("def inner():\n    w = w + 1", set()),
    ],
)
def test_names(body: str, expected: set[str]) -> None:
    text = "for epoch in range(9):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    assert learned.names(ast.parse(text)) == expected
    assert learned.names(ast.parse("if __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in text.splitlines()))) == expected


def test_attributes() -> None:
    text = """
class Perceptron:
    def fit(self, rows):
        for row in rows:
            change = self.rate * (row - self.w)
            self.w += change
            self.bias = self.bias + change
            self.latest = change

class Other:
    def show(self):
        return self.w
"""
    assert learned.attributes(ast.parse(text)) == {"Perceptron": {"w", "bias"}}
