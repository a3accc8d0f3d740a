"""Processes that the kernel kills for want of memory say so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import trackline

Script = Callable[..., subprocess.CompletedProcess[str]]

LIMIT = 128 << 20
JOIN = "import os, signal, sys\nif (group := os.environ.get('GROUP')):\n    open(group + '/cgroup.procs', 'w').write(str(os.getpid()))\n"
LOGS = "import trackline\ntrackline.start_run(run_name='it')\nfor step in range(1_000):\n    trackline.log_metric('loss', 0.5, step=step)\n"
# Far beyond the limit, and not for ever should there be none.
GROW = "held = [bytearray(4 << 20) for _ in range(256)] if group else os.kill(os.getpid(), signal.SIGKILL)\n"


def make_group() -> Path | None:
    """A control group that may have little memory; none where this user may make none."""
    paths = dict(line.strip().split(":", 2)[1:] for line in Path("/proc/self/cgroup").read_text().splitlines())
    for controllers, path in paths.items():
        old = "memory" in controllers.split(",")
        if not old and controllers:
            continue
        group = Path("/sys/fs/cgroup", *(["memory"] if old else []), path.strip("/"), f"trackline-{os.getpid()}")
        try:
            group.mkdir()
            (group / ("memory.limit_in_bytes" if old else "memory.max")).write_text(str(LIMIT))
        except OSError:
            if group.is_dir():
                group.rmdir()
            continue
        return group
    return None


@pytest.fixture
def group() -> Iterator[dict[str, str]]:
    """The environment of a script that is to be killed for want of memory, or by hand where that cannot be."""
    made = make_group()
    yield {"GROUP": str(made)} if made else {}
    # The kernel may still be at work on what it killed.
    for _ in range(100):
        try:
            if made:
                made.rmdir()
            break
        except OSError:
            time.sleep(0.1)


def the_run() -> trackline.entities.Run:
    [run] = trackline.search_runs(output_format="list")
    assert run.info.status == "KILLED"
    return run


def test_what_was_logged_before_is_kept_and_the_reason_told(script: Script, group: dict[str, str]) -> None:
    assert script(JOIN + LOGS + GROW, **group).returncode == -signal.SIGKILL
    run = the_run()
    points = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in points] == list(range(1_000))
    assert ("out of memory" in run.data.tags["trackline.exit_reason"]) == bool(group)


def test_the_command_saw_it(store: Path, group: dict[str, str]) -> None:
    (store.parent / "train.py").write_text(JOIN + GROW)
    command = [sys.executable, "-m", "trackline", "run", "--quiet", "train.py"]
    done = subprocess.run(command, cwd=store.parent, env={**os.environ, **group}, timeout=300, check=False)
    assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    reason = the_run().data.tags["trackline.exit_reason"]
    assert "SIGKILL" in reason
    assert ("Out of memory" in reason) == bool(group)
