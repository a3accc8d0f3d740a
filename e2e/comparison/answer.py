"""What of two answers must agree: everything but ids, times, random names and the prose of errors."""

from __future__ import annotations

import json
import math
import re
import time
from datetime import datetime
from typing import Any

from comparison.server import Answer, Peer

RANDOM_NAME = re.compile(r"[a-z]+-[a-z]+-\d{1,4}")
ROOT = re.compile(r"mlflow-artifacts:/(\d+)")
HEX = re.compile(r"[0-9a-f]{32}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Neither server promises an order of these; histories, search results and aliases of a version are not among them.
UNORDERED = {"tags", "params", "dataset_inputs", "model_inputs", "model_outputs", "registrations", "dataset_summaries",
    "latest_versions"}
# What MLflow 3.17 adds to errors beside the code and the text: for Databricks only.
ERROR_EXTRAS = {"sqlstate", "error_class"}
DAY_MS = 86_400_000


def comparable(answer: Answer, peer: Peer) -> dict[str, Any]:
    """The parts of an answer that must agree."""
    if answer.status >= 400:
        return {"status": answer.status, "kind": answer.kind, "body": error(answer.body)}
    return {"status": answer.status, "kind": answer.kind, "body": plain(answer.body, Names(peer))}


def error(body: Any) -> Any:
    """An error without its prose; that there is some is compared."""
    if not isinstance(body, dict):
        return "<prose>" if body else ""
    kept = {key: value for key, value in body.items() if key not in ERROR_EXTRAS}
    return kept | {"message": "<prose>" if kept.get("message") else ""}


class Names:
    """A server's own ids, by the names that the requests gave them."""

    def __init__(self, peer: Peer) -> None:
        self.whole = {value: name for name, value in peer.names.items() if value not in ("", "None")}
        self.long = sorted((value for value in self.whole if len(value) >= 32), key=len, reverse=True)

    def replace(self, text: str) -> str:
        for value in self.long:
            text = text.replace(value, f"<{self.whole[value]}>")
        text = ROOT.sub(lambda match: f"mlflow-artifacts:/{self.experiment(match[1])}", text)
        return HEX.sub("<hex>", text)

    def experiment(self, number: str) -> str:
        """Experiments are numbered in order: after one that only one server made, by other numbers."""
        return f"<{self.whole.get(number, 'experiment')}>" if number.isdigit() and number != "0" else number


def plain(value: Any, names: Names, key: str = "") -> Any:
    """A value of an answer, without what differs from one server to the next."""
    match value:
        # GraphQL's, beside the data.
        case list() if key == "errors":
            return "<prose>"
        case dict():
            return {name: plain(inner, names, name) for name, inner in value.items()}
        case list():
            items = [plain(inner, names, key) for inner in value]
            return sorted(items, key=repr) if key in UNORDERED or is_latest(key, value) else items
        case bool():
            return value
        case float() if math.isnan(value):
            return "<NaN>"
        case int() if is_now(value):
            return "<now>"
        case str() if TIME.fullmatch(value) and is_now(datetime.fromisoformat(value).timestamp() * 1000):
            return "<now>"
        case str() if key == "next_page_token":
            return "<token>"
        case str() if key == "experiment_id":
            return names.experiment(value)
        case str() if value.startswith(("[{", '{"')):
            return in_text(value, names)
        case str():
            return "<random name>" if RANDOM_NAME.fullmatch(value) else names.replace(value)
    return value


def is_now(milliseconds: float) -> bool:
    return abs(milliseconds - time.time() * 1000) < DAY_MS


def in_text(value: str, names: Names) -> Any:
    """JSON in a text: spaces in it mean nothing."""
    try:
        return plain(json.loads(value), names)
    except ValueError:
        return names.replace(value)


def is_latest(key: str, items: list[Any]) -> bool:
    """Whether these are the latest metrics of a run, one of a key, rather than a history."""
    if key != "metrics" or not all(isinstance(item, dict) and "key" in item for item in items):
        return False
    return len({item["key"] for item in items}) == len(items)


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """The places where two values differ, and how."""
    if isinstance(expected, dict) and isinstance(got, dict):
        keys = list(expected) + [key for key in got if key not in expected]
        missing = object()
        return [line for key in keys for line in differences(expected.get(key, missing), got.get(key, missing), f"{path}.{key}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [line for index, pair in enumerate(zip(expected, got)) for line in differences(*pair, f"{path}[{index}]")]
    if isinstance(expected, list) and isinstance(got, list):
        left, right = [item for item in expected if item not in got], [item for item in got if item not in expected]
        return differences(repr(left), repr(right), f"{path} (of {len(expected)} and {len(got)})")
    if expected == got and type(expected) is type(got):
        return []
    shown = [repr(value) if type(value) is not object else "nothing" for value in (expected, got)]
    return [f"{path.lstrip('.')}: MLflow {shown[0][:400]}, ours {shown[1][:400]}"]
