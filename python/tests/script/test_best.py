"""What the text of a search says of its results."""

from __future__ import annotations

import ast

import pytest
from trackline._script import best


@pytest.mark.parametrize(
    ("branch", "more"),
    [
        ("if best is None or loss < best:\n    best = loss", False),
        ("if loss >= best:\n    best, best_lr = loss, lr", True),
        ("if best > loss:\n    best = loss", False),
        ("if best['loss'] > loss:\n    best = {'loss': loss, 'lr': lr}", False),
        ("if loss > self.best:\n    self.best = loss", True),
        ("if loss > 1e3:\n    continue", None),
        ("if loss > limit:\n    print('diverged', loss)", None),
        ("if loss > limit:\n    limit = 2 * limit", None),
        ("if lr < best:\n    best = lr", None),
        ("if loss == best:\n    best = loss", None),
    ],
)
def test_which_value_a_turn_keeps(branch: str, more: bool | None) -> None:
    module = ast.parse(branch)
    assert best.more_is_better(module, module.body, "loss", "loss") is more


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("for k in ks:\n    scores[k] = score\nbest = max(scores, key=scores.get)", True),
        ("for k in ks:\n    scores.append(score)\nbest = ks[np.argmin(scores)]", False),
        ("for k in ks:\n    scores[k] = score\nprint(max(ks), sum(scores))", None),
    ],
)
def test_what_is_picked_of_what_was_collected(text: str, more: bool | None) -> None:
    module = ast.parse(text)
    (loop, _) = module.body
    assert isinstance(loop, ast.For)
    assert best.more_is_better(module, loop.body, "score", "score") is more
