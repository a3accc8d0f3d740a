"""What of MLflow's record is missing or different in ours. What we have beyond it is no difference."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

OF_THE_PLACE = ("mlflow.", "trackline.")
"""Tags that say where and by whom a run was made."""
CLOSE = 1e-6
MEASURED = ("fit_time", "score_time", "_runtime", "_per_second")
"""Metrics that are clock readings."""


def differences(theirs: list[dict[str, Any]], ours: list[dict[str, Any]], where: str) -> Iterator[str]:
    """A line for each, such as `lightgbm_train: params.metric: 'l2' -> nothing`."""
    if len(theirs) != len(ours):
        yield f"{where}: runs: {len(theirs)} -> {len(ours)}"
    for number, (their, our) in enumerate(zip(theirs, ours, strict=False)):
        yield from of_run(their, our, where if len(theirs) == 1 else f"{where}[{number}]")


def of_run(their: dict[str, Any], our: dict[str, Any], where: str) -> Iterator[str]:
    if their["status"] != our["status"]:
        yield f"{where}: status: {their['status']} -> {our['status']}"
    yield from of_texts(their["params"], our["params"], f"{where}: params")
    tags = {key: value for key, value in their["tags"].items() if not key.startswith(OF_THE_PLACE)}
    yield from of_texts(tags, our["tags"], f"{where}: tags")
    for key, points in their["metrics"].items():
        if (line := of_curve(key, points, our["metrics"].get(key))) is not None:
            yield f"{where}: metrics.{key}: {line}"
    for path in set(their["files"]) - set(our["files"]):
        yield f"{where}: files.{path}: missing"
    yield from of_datasets(their["datasets"], our["datasets"], f"{where}: datasets")
    yield from of_models(their["models"], our["models"], f"{where}: models")
    for child in their["children"]:
        params = {key: value for key, value in child["params"].items() if value != "None"}
        same = [one for one in our["children"] if params.items() <= one["params"].items()]
        if not same:
            yield f"{where}: children: none with {params}"
        elif lines := min((list(of_run(child, one, f"{where}: child")) for one in same), key=len):
            yield from lines


def of_texts(theirs: dict[str, str], ours: dict[str, str], where: str) -> Iterator[str]:
    for key, value in theirs.items():
        if key not in ours:
            yield f"{where}.{key}: {value!r} -> nothing"
        elif ours[key] != value:
            yield f"{where}.{key}: {value!r} -> {ours[key]!r}"


def of_curve(key: str, theirs: list[Any], ours: list[Any] | None) -> str | None:
    if ours is None:
        return "missing"
    if key.endswith(MEASURED):
        return None
    theirs, ours = distinct(theirs), distinct(ours)
    if [step for step, _ in theirs] != [step for step, _ in ours]:
        return f"steps {brief(theirs)} -> {brief(ours)}"
    for (step, their), (_, our) in zip(theirs, ours, strict=True):
        if not math.isclose(their, our, rel_tol=CLOSE, abs_tol=CLOSE) and not (math.isnan(their) and math.isnan(our)):
            return f"at step {step} {their} -> {our}"
    return None


def distinct(points: list[Any]) -> list[Any]:
    """A point that is logged again in the same millisecond counts once, and later twice."""
    return [point for point, before in zip(points, [None, *points], strict=False) if point != before]


def brief(points: list[Any]) -> str:
    steps = [step for step, _ in points]
    return f"{steps[0]}…{steps[-1]} ({len(steps)})" if steps else "none"


def of_datasets(theirs: list[Any], ours: list[Any], where: str) -> Iterator[str]:
    found = [(one["name"], one["context"]) for one in ours]
    for one in theirs:
        key = (one["name"], one["context"])
        if key not in found:
            yield f"{where}.{one['context']}: {one['name']} -> {[name for name, context in found if context == key[1]]}"
        elif one["schema"] and not ours[found.index(key)]["schema"]:
            yield f"{where}.{one['context']}: {one['name']} without its schema"


def of_models(theirs: list[Any], ours: list[Any], where: str) -> Iterator[str]:
    by_name = {model["name"]: model for model in ours}
    for their in theirs:
        our = by_name.get(their["name"])
        if our is None:
            yield f"{where}.{their['name']}: missing"
            continue
        here = f"{where}.{their['name']}"
        for key in ("metrics", "files", "flavors"):
            for missing in sorted(set(their[key]) - set(our[key])):
                yield f"{here}: {key}.{missing}: missing"
        yield from of_texts(their["params"] or {}, our["params"] or {}, f"{here}: params")
        if their["signature"] and not our["signature"]:
            yield f"{here}: signature: missing"
