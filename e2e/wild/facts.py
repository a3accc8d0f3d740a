"""What a careful person would have logged of a script, read from TOML, and whether it is on record."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """`kind` is params, metrics, curves, files, models or data; `want` the value, the points, the shape."""

    kind: str
    name: str
    want: Any

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" + ("" if self.want in (None, self.name) else f" = {self.want}")


@dataclass(frozen=True)
class Script:
    """A script, how it is started, its facts, and what else is told of it; `README.md` says what each key means."""

    name: str
    path: str
    repository: str = ""
    python: str = ""
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    fine: tuple[str, ...] = ()
    varying: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()


def read(path: Path) -> Script:
    """Reads a file of facts."""
    said = tomllib.loads(path.read_text())
    facts = [Fact(kind, name, want) for kind in ("params", "metrics", "curves") for name, want in said.get(kind, {}).items()]
    facts += [Fact("files", pattern, None) for pattern in said.get("files", [])]
    facts += [Fact("models", str(number), number) for number in [said.get("models", 0)] if number]
    facts += [Fact("data", shape, shape) for shape in said.get("data", [])]
    return Script(
        name=path.stem,
        path=said.get("path", f"{path.stem}.py"),
        repository=said.get("repository", ""),
        python=said.get("python", ""),
        arguments=tuple(said.get("arguments", [])),
        environment=said.get("environment", {}),
        beside=said.get("beside", {}),
        facts=tuple(facts),
        fine=tuple(said.get("fine", [])),
        varying=tuple(said.get("varying", [])),
        missing=frozenset(said.get("missing", [])),
    )


def missing(script: Script, record: Record, shown: str) -> list[Fact]:
    """The facts that are not on record; `shown` is what the script printed when it was recorded."""
    return [fact for fact in script.facts if not _found(fact, record, shown)]


def _found(fact: Fact, record: Record, shown: str) -> bool:
    runs = record["runs"]
    if fact.kind == "params":
        wanted = fact.want if isinstance(fact.want, list) else [fact.want]
        return all(any(_has_param(run, fact.name, want) for run in runs) for want in wanted)
    if fact.kind == "metrics":
        wanted_number = _number(fact.want, shown)
        return any(_close(points[-1], wanted_number) for points in _metrics(runs, fact.name))
    if fact.kind == "curves":
        return any(len(points) >= fact.want for points in _metrics(runs, fact.name))
    if fact.kind == "files":
        return any(fnmatch(path.rsplit("/", 1)[-1], fact.name) for run in runs for path in run["artifacts"])
    if fact.kind == "models":
        return len(record["models"]) >= fact.want
    return any(_is_of_shape(each, fact.want) for run in runs for each in run["datasets"])


def _has_param(run: Record, name: str, want: Any) -> bool:
    return any(_same_name(key, name) and _same_value(value, want) for key, value in run["params"].items())


def _same_name(key: str, name: str) -> bool:
    """`classifier__C`, `model.C` and `c` are a `C`; a name with a pattern in it is one."""
    plain = key.lower().replace("-", "_")
    return fnmatch(plain, name.lower()) or fnmatch(re.split(r"__|\.|/", plain)[-1], name.lower().replace("-", "_"))


def _same_value(value: str, want: Any) -> bool:
    try:
        return math.isclose(float(value), float(want), rel_tol=1e-6)
    except ValueError:
        return fnmatch(value, str(want).replace("[", "[[]"))


def _metrics(runs: Iterable[Record], name: str) -> Iterator[list[float]]:
    for run in runs:
        for key, points in run["metrics"].items():
            if points and fnmatch(key.lower(), f"*{name.lower()}*"):
                yield points


def _number(want: Any, shown: str) -> float | None:
    """A number as it stands, or the last one that the script showed where the pattern says; any number will do for ""."""
    if not isinstance(want, str):
        return float(want)
    if not want:
        return None
    found = re.findall(want, shown)
    assert found, f"the script has not shown {want!r}"
    return float(found[-1])


def _close(value: float, want: float | None) -> bool:
    return want is None or abs(value - want) <= 1e-3 * max(abs(want), 1e-2) or (math.isnan(value) and math.isnan(want))


def _is_of_shape(dataset: Record, shape: str) -> bool:
    """Whether a dataset has so many rows x columns; the target may be among the columns of its schema."""
    rows, columns = (int(number) for number in shape.split(" x "))
    profile, schema = json.loads(dataset["profile"] or "{}"), json.loads(dataset["schema"] or "{}")
    if "mlflow_colspec" in schema:
        return profile.get("num_rows") == rows and len(schema["mlflow_colspec"]) - columns in (0, 1)
    found = profile.get("features_shape") or profile.get("shape") or []
    if isinstance(found, dict):
        found = next(iter(found.values()))
    return list(found)[:2] == [rows, columns] or (columns == 1 and list(found) == [rows])


def items(record: Record) -> list[str]:
    """All that is on record, an item a line: `params/lr`. What the machine was doing is not counted."""
    found = set()
    for run in record["runs"]:
        found |= {f"params/{key}" for key in run["params"]}
        found |= {f"metrics/{key}" for key in run["metrics"] if not key.startswith("system/")}
        found |= {f"files/{path}" for path in run["artifacts"]}
    return sorted(found)


def junk(script: Script, record: Record) -> list[str]:
    """What is on record and neither a fact, nor fine, nor told by a framework or the user."""
    sources: dict[str, str] = record["sources"]
    doubtful = (item for item in items(record) if not _welcome(script, item))
    return [f"{item} ({sources.get(item)})" for item in doubtful if not _declared(sources.get(item, ""))]


# Sources that pass on what a framework or the user declared, as MLflow would log it.
DECLARED = (
    "user", "code", "console", "checkpoint", "optuna*", "lightning*", "transformers*", "keras*", "catboost*", "statsmodels*",
    "xgboost*", "lightgbm*", "sklearn.fit", "sklearn.partial_fit", "sklearn.search", "sklearn.cross_validate",
    "sklearn.data", "torch*", "tensorboard*", "wandb*", "optax*", "hyperopt*", "argparse", "click", "fire",
    "hydra", "jsonargparse", "config*", "file *",
)
FINE = ("files/checkpoints/index.json", "files/checkpoints/*learned.npz", "files/metric_info.json", "files/figures/*.json")


def _declared(source: str) -> bool:
    return any(fnmatch(source, pattern) for pattern in DECLARED)


def _welcome(script: Script, item: str) -> bool:
    kind, _, key = item.partition("/")
    if any(fnmatch(item, pattern) for pattern in (*FINE, *script.fine)):
        return True
    for fact in script.facts:
        if kind == "params" and fact.kind == "params" and _same_name(key, fact.name):
            return True
        if kind == "metrics" and fact.kind in ("metrics", "curves") and fnmatch(key.lower(), f"*{fact.name.lower()}*"):
            return True
        if kind == "files" and fact.kind == "files" and fnmatch(key.rsplit("/", 1)[-1], fact.name):
            return True
    return False
