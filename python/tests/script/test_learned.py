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


def left(text: str) -> list[list[str]]:
    return [[value.name for value in place.values] for place in learned.places(ast.parse(text))]


def test_what_loops_of_functions_leave() -> None:
    text = """
def train(x, v, epochs):
    w = start()
    if x:
        b = 1.0
    for epoch in range(epochs):
        w -= slope(w, x)
        v = 0.9 * v + w
        b = b + w
        fresh = w * 2

def helper(x):
    total = 0.0
    for row in x:
        total = total + row
    return total

class Net:
    def __init__(self):
        self.w = 0.0

    def go(self, rows):
        while True:
            loss = cost(self.w)
            self.w = self.w - loss
            if loss < 0.1:
                break
"""
    # `b` may have no value before the loop; `helper` does not train.
    assert left(text) == [["v", "w"], ["Net.w"]]
    assert left(text + "np.save('w.npy', train(x, v, 3))") == []


def test_functions_that_are_compiled_are_left_alone() -> None:
    assert left("@jax.jit\ndef train(w):\n    for i in range(3):\n        w = w * 2\n    return w") == []
