"""Whose frame it is, which name its result gets, and in which turn of which loop it is."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from trackline._script import frames


def score(*_: Any) -> Any:
    """A stand-in for a function that we watch: it tells how the caller names its result."""
    frame = frames.caller()
    assert frame is not None
    return frames.assigned_name(frame.f_back)  # type: ignore[arg-type]


def turn() -> dict[str, Any]:
    frame = sys._getframe(1)
    return frames.loop_variables(frame)


def test_a_plain_assignment() -> None:
    f1 = score()
    assert f1 == "f1"


def test_an_annotated_one_and_one_inside_an_expression() -> None:
    f1: Any = score()
    assert f1 == "f1"
    if recall := score():
        assert recall == "recall"


def test_an_attribute_and_an_item() -> None:
    holder, scores = SimpleNamespace(), {}
    holder.f1 = score()
    scores["val/f1"] = score()
    assert (holder.f1, scores["val/f1"]) == ("f1", "val/f1")


def test_each_of_a_tuple() -> None:
    f1, recall = score(), score()
    if sys.version_info >= (3, 11):
        assert (f1, recall) == ("f1", "recall")
    else:
        assert (f1, recall) == (None, None)


def test_a_dict_that_is_returned() -> None:
    def evaluate() -> dict[str, Any]:
        return {
            "f1": score(),
            "recall": score(),
        }

    assert evaluate() == {"f1": "f1", "recall": "recall"}


def test_a_keyword_of_a_dict_only() -> None:
    assert dict(f1=score()) == {"f1": "f1"}  # noqa: C408 - what is tested
    assert SimpleNamespace(f1=score()).f1 == "f1"
    assert functools.partial(max, default=score()).keywords == {"default": None}


def test_a_number_that_is_only_rounded() -> None:
    f1 = str(score(round(0.5)))
    recall = [score()]
    loss = 1 if score() else 2
    assert (f1, recall, loss) == ("None", [None], 2)

    def float(value: Any, *_: Any) -> Any:  # noqa: A001 - only the name counts
        return value

    accuracy = float(score(), 3)
    assert accuracy == "accuracy"


def test_a_call_over_several_lines() -> None:
    f1 = score(
        1,
        2,
    )
    assert f1 == "f1"


def test_nothing_is_named_where_nothing_is_kept() -> None:
    score()
    kept = []
    kept.append(score())
    assert kept == [None]


# pytest's form of `assert` calls `locals()`, so loops are in functions without one.


def test_loops_from_the_outermost() -> None:
    def nested() -> list[Any]:
        seen = []
        for epoch in range(2):
            for _index, (name, value) in enumerate({"a": 1}.items()):
                seen.append(turn())
        return seen + [epoch, name, value, turn()]

    first, second = {"epoch": 0, "name": "a", "value": 1}, {"epoch": 1, "name": "a", "value": 1}
    assert nested() == [first, second, 1, "a", 1, {}]


def test_a_loop_does_not_count_in_its_own_head() -> None:
    def head() -> Any:
        for epoch in [turn()]:
            return epoch

    assert head() == {}


def test_a_function_inside_a_loop_has_its_own_loops() -> None:
    def sweep() -> dict[str, Any]:
        for lr in (0.1,):

            def fit() -> dict[str, Any]:
                for step in range(1):
                    return {**turn(), "last": step, "rate": lr}
                return {}

            return fit()
        return {}

    assert sweep() == {"step": 0, "last": 0, "rate": 0.1}


def test_a_comprehension() -> None:
    def comprehended() -> list[Any]:
        scale = 2
        listed = [turn() for depth in (3, 5) if scale]
        return [*listed, {name: turn() for name in "ab"}]

    first, second, by_name = comprehended()
    assert (first, second) == ({"depth": 3}, {"depth": 5})
    assert by_name == {"a": {"name": "a"}, "b": {"name": "b"}}


def test_reading_variables_keeps_nothing_alive_and_changes_no_dict_of_the_user() -> None:
    def careful() -> tuple[int, bool, int]:
        value = [1]
        before = sys.getrefcount(value)
        found = frames.variables(sys._getframe())["value"] is value
        return before, found, sys.getrefcount(value)

    before, found, after = careful()
    assert found
    assert before == after

    def holding() -> tuple[list[str], list[str]]:
        mine = locals()
        before = sorted(mine)
        for _ in range(1):
            turn()
        return before, sorted(mine)

    before_names, after_names = holding()
    assert before_names == after_names


def test_a_method_may_have_the_name_of_a_function_that_reads_variables() -> None:
    class Model:
        def eval(self) -> dict[str, Any]:
            return frames.variables(sys._getframe(1))

    def evaluated(model: Model) -> dict[str, Any]:
        return model.eval()

    def computed() -> tuple[int, dict[str, Any]]:
        return eval("1"), frames.variables(sys._getframe())

    def described(model: Model) -> tuple[Any, dict[str, Any]]:
        return vars(model), frames.variables(sys._getframe())

    def listed(model: Model) -> tuple[Any, dict[str, Any]]:
        return vars(), frames.variables(sys._getframe())

    model = Model()
    assert described(model) == ({}, {"model": model})
    assert listed(model)[1] == {}
    assert evaluated(model) == {"model": model}
    assert computed() == (1, {})


def test_whose_code_it_is(tmp_path: Path) -> None:
    assert frames.is_own(sys._getframe().f_code)
    assert not frames.is_own(frames.caller.__code__)
    assert not frames.is_own(subprocess.run.__code__)
    script = tmp_path / "train.py"
    script.write_text("")
    assert frames.is_own(compile("1", str(script), "exec"))
    assert not frames.is_own(compile("1", "/v/lib/python3.12/site-packages/a.py", "exec"))
    assert frames.is_own(compile("1", "<ipython-input-1-abc>", "exec"))
    assert not frames.is_own(compile("1", "<attrs generated init>", "exec"))


def test_a_cell_of_a_notebook() -> None:
    import linecache

    name = "<ipython-input-7-test>"
    text = "for epoch in range(1):\n    val_f1 = score()\n    where = turn()\n"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    held: dict[str, Any] = {"turn": turn, "score": lambda: frames.assigned_name(sys._getframe(1))}
    exec(compile(text, name, "exec"), held)
    assert held["val_f1"] == "val_f1"
    assert held["where"] == {"epoch": 0}
