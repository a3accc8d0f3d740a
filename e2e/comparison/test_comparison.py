"""Our server's answers against those of the official server, request by request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from comparison.answer import differences
from comparison.case import load
from comparison.client import dumps
from comparison.outcome import compare, unused
from comparison.server import Peer, ours, reference


VENVS = Path(__file__).parents[2] / ".venvs"
CLIENTS = (Path(sys.executable), VENVS / "mlflow-3.6.0/bin/python", VENVS / "mlflow-2.22.5/bin/python")
"""Interpreters with an official client of one version each."""


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Peer, Peer]]:
    """Both servers, each on an empty store."""
    command = Path(sys.executable).parent / "trackline"
    with reference(tmp_path_factory.mktemp("mlflow")) as expected, ours(tmp_path_factory.mktemp("ours"), command) as got:
        yield expected, got


def test_answers_agree_but_where_they_differ_on_purpose(peers: tuple[Peer, Peer]) -> None:
    cases = load()
    outcome = compare(cases, *peers)
    print(outcome)
    assert not outcome.problems
    assert unused(cases) == [], "no request shows these differences: take them out"


@pytest.mark.parametrize("python", CLIENTS, ids=("3.17", "3.6", "2.22"))
def test_a_session_of_an_official_client_sees_the_same(python: Path, peers: tuple[Peer, Peer]) -> None:
    lines = differences(*dumps(str(python), peers))
    assert not lines, json.dumps(lines, indent=1)
