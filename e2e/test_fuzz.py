"""Every endpoint of the API document, with requests that fit it and requests that do not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from server import started

DOCUMENT = Path(__file__).parent.parent / "crates/server/openapi.json"
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
# Ids that are made up fit the document, and are refused; JSON `null` and an empty body are taken as nothing, as MLflow does.
NOT_PROMISED = "positive_data_acceptance,negative_data_rejection"


def test_no_request_makes_the_server_fail_or_answer_otherwise_than_documented(tmp_path: Path) -> None:
    with started(tmp_path) as server:
        done = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIGURATION, "run", DOCUMENT, "--url", server.url, "--seed", "7",
                "--max-examples", "10", "--exclude-checks", NOT_PROMISED, "--continue-on-failure",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "Test cases:" in done.stdout
