"""How many answers agree, and which do not."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison.answer import comparable, differences
from comparison.case import Case
from comparison.server import Answer, Peer

MOST_LINES = 8
INTENDED = Path(__file__).parent / "differences.toml"


@dataclass
class Outcome:
    """What came of a list of requests."""

    agreeing: int = 0
    intended: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        total = self.agreeing + self.intended + len(self.problems)
        head = f"{total} requests: {self.agreeing} answers agree, {self.intended} differ on purpose, {len(self.problems)} differ"
        return "\n".join([head, *self.problems])


def compare(cases: list[Case], expected: Peer, got: Peer) -> Outcome:
    """Sends each request to one and then to the other."""
    outcome, reasons = Outcome(), tomllib.loads(INTENDED.read_text())
    for case in cases:
        judge(case, (expected.send(case), expected), (got.send(case), got), reasons, outcome)
    return outcome


def judge(case: Case, theirs: tuple[Answer, Peer], ours: tuple[Answer, Peer], reasons: dict[str, Any], outcome: Outcome) -> None:
    """Counts one pair of answers."""
    lines = differences(comparable(*theirs), comparable(*ours))
    found = f"{theirs[0].summary} -> {ours[0].summary}"
    if not case.reason:
        if lines:
            outcome.problems.append("\n    ".join([str(case), found, *shortened(lines), prose(ours[0])]).rstrip())
        else:
            outcome.agreeing += 1
        return
    reason = reasons.get(case.reason)
    if reason is None:
        outcome.problems.append(f"{case}\n    '{case.reason}' is not in {INTENDED.name}")
    elif not lines:
        outcome.problems.append(f"{case}\n    agrees now: remove '! {case.reason}'")
    elif found not in reason["differs"] or not all(reason.get("at", "") in line.partition(":")[0] for line in lines):
        outcome.problems.append(f"{case}\n    differs otherwise than {INTENDED.name} says of '{case.reason}': {found}\n    {shortened(lines)}")
    else:
        outcome.intended += 1


def shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], f"and {len(lines) - MOST_LINES} more"]


def prose(answer: Answer) -> str:
    """Our own words about an error: they often say what is wrong."""
    return f"our message: {answer.body.get('message')}" if isinstance(answer.body, dict) and answer.status >= 400 else ""


def unused(cases: list[Case]) -> list[str]:
    """Intended differences that no request shows."""
    cited = {case.reason for case in cases}
    return [name for name in tomllib.loads(INTENDED.read_text()) if name not in cited]
