"""How a figure is handed to the process that draws it."""

from __future__ import annotations

import io
import pickle
import types
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from trackline.observers import _pictures


def handed_over(thing: Any, figure: Any = None) -> Any:
    buffer = io.BytesIO()
    _pictures._Pickler(buffer, figure).dump(thing)
    return pickle.loads(buffer.getvalue())


@pytest.mark.parametrize(
    "array",
    [
        np.array(2.5),
        np.zeros((0, 3)),
        np.arange(6).reshape(2, 3),
        np.array([True, False]),
        np.arange(6.0).reshape(2, 3).T,
        np.arange(5_000.0),
        np.array(["2026-01-01"], "datetime64[D]"),
        np.array(["a", None], object),
        np.ma.array([1.0, 2.0], mask=[False, True]),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_numbers_are_as_they_were(array: Any) -> None:
    found = handed_over(array)
    assert (type(found), found.dtype, found.shape) == (type(array), array.dtype, array.shape)
    assert np.array_equal(found, array) and np.array_equal(np.ma.getmask(found), np.ma.getmask(array))
    assert found.flags.writeable
    number = handed_over(np.float64(0.1))
    assert type(number) is np.float64 and number == 0.1


class OfTheUser:
    pass


def test_what_is_the_users_own_is_found_wherever_it_is() -> None:
    def of_the_user() -> None:
        pass

    assert handed_over(types.SimpleNamespace(a=np.zeros(2)))
    for own in (OfTheUser(), OfTheUser, of_the_user):
        with pytest.raises(_pictures.NotPickled):
            handed_over(types.SimpleNamespace(inner=[own]))


def test_each_kind_of_thing_is_asked_for_its_module_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_bars(count: int) -> Figure:
        figure = Figure()
        figure.subplots().bar(range(count), range(count))
        return figure

    asked: list[str | None] = []
    is_own = _pictures._is_own
    handed_over(first := of_bars(2), first)
    monkeypatch.setattr(_pictures, "_is_own", lambda module: asked.append(module) or is_own(module))
    few, many = of_bars(3), of_bars(60)
    handed_over(few, few)
    after_few = len(asked)
    handed_over(many, many)
    # Each bar more has dozens of parts, and one that can be called: of that the module is always asked for.
    assert len(asked) - after_few <= after_few + 60
