"""The trees of a booster as numbers."""

from __future__ import annotations

from typing import Any

from trackline.integrations import _boosting

MOST_ROUNDS = 1000
"""Counting leaves takes a dump of the trees; of larger boosters only the rounds are told."""


def node(booster: Any) -> dict[str, Any]:
    """The node of a booster in the document `structure`."""
    rounds = booster.num_boosted_rounds()
    facts = {"rounds": rounds, "features": booster.num_features()}
    if rounds > MOST_ROUNDS:
        return _boosting.tree_node("xgboost.core", [], facts)
    dump = booster.get_dump()
    leaves = [text.count("leaf=") for text in dump]
    # A tab before a line for each level; linear boosters have no trees.
    depths = [line.count("\t") for text in dump for line in text.splitlines()]
    grown = any(leaves)
    facts |= {"depth": max(depths)} if grown else {}
    return _boosting.tree_node("xgboost.core", leaves if grown else [], facts)
