"""Training scripts of every kind, unchanged: what is on record of them, and that they are as they are without. Nothing is left
out, however busy the machine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from wild.score import chosen, scored

FEW = 1
"""Junk that is borne where there is little on record at all; else it is one item of twenty."""
SCRIPTS = {script.name: (script, source) for script, source in chosen(None, [])}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_careful_person_would_have_logged_is_on_record(name: str, tmp_path: Path) -> None:
    script, source = SCRIPTS[name]
    everything = replace(script, environment={**script.environment, "TRACKLINE_BUDGET": "off"})
    score = scored(everything, source, tmp_path)
    assert {str(fact) for fact in score.missing} <= script.missing
    assert len(score.junk) <= max(FEW, score.items // 20), score.junk
    assert score.differences == []
