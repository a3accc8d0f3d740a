"""The curve of a training that failed: what CatBoost had written into its own folder by then."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any

from trackline.integrations import _curve

FOLDER = "catboost_info"
"""Where CatBoost writes unless `train_dir` says otherwise."""


def points(params: Mapping[str, Any], since: float) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """The points in the files that were written since then."""
    found: dict[int, list[tuple[str, float]]] = {}
    for file, data in (("learn_error.tsv", "learn"), ("test_error.tsv", "validation")):
        path = os.path.join(params.get("train_dir") or FOLDER, file)
        # Clocks of file systems are coarse.
        if os.path.exists(path) and os.path.getmtime(path) >= since - 0.05:
            _read(path, data, found)
    yield from sorted(found.items())


def _read(path: str, data: str, found: dict[int, list[tuple[str, float]]]) -> None:
    """Columns are `iter`, then a metric each; of several sets all but the last have their number: `Logloss:0`."""
    with open(path, encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    keys = list(_keys(header.split("\t")[1:], data))
    for line in lines:
        cells = line.split("\t")
        if len(cells) == len(keys) + 1:
            values = zip(keys, map(float, cells[1:]), strict=True)
            found.setdefault(int(cells[0]), []).extend(values)


def _keys(columns: list[str], data: str) -> Iterator[str]:
    numbers = [re.search(r":(\d+)$", column) for column in columns]
    last = max((int(number[1]) for number in numbers if number), default=-1) + 1
    for column, number in zip(columns, numbers, strict=True):
        name = data if last == 0 else f"{data}_{number[1] if number else last}"
        yield _curve.key(name, column[: number.start()] if number else column)
