"""Clocks that are set while a program runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline

Script = Callable[..., subprocess.CompletedProcess[str]]

DAY = 86_400
# A clock of the day for one process, as many seconds ahead as the variable AHEAD says. Durations have another clock.
CLOCK = """
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

long AHEAD;

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += AHEAD;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *to) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (to) *to = exact.tv_sec;
    return exact.tv_sec;
}
"""
SET = (
    "import ctypes, os, time, trackline\n"
    "ahead = ctypes.c_long.in_dll(ctypes.CDLL(os.environ['LD_PRELOAD']), 'AHEAD')\n"
    "true = time.time()\n"
    "def set_clock(days):\n"
    f"    ahead.value = days * {DAY}\n"
    f"    assert abs(time.time() - true - days * {DAY}) < 3_600\n"
)
LOGS = """
run = trackline.start_run(run_name="it")
for days in (0, -2, 3, -20_000):
    set_clock(days)
    for step in range(1_000):
        trackline.log_metric("loss", days, step=step)
    trackline.log_metric("flushed", 1)
    trackline.flush(30)
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a script whose clock can be set."""
    folder = tmp_path_factory.mktemp("clock")
    (folder / "clock.c").write_text(CLOCK)
    library = folder / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, folder / "clock.c"], check=True)
    return {"LD_PRELOAD": str(library)}


def the_run() -> trackline.entities.Run:
    [run] = trackline.search_runs(filter_string="run_name = 'it'", output_format="list")
    return run


def assert_whole(run: trackline.entities.Run) -> None:
    points = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
    logged = sorted((point.value, point.step) for point in points)
    assert logged == [(days, step) for days in (-20_000, -2, 0, 3) for step in range(1_000)]
    assert run.info.end_time is not None
    assert run.info.end_time >= run.info.start_time


def test_a_clock_that_is_set_while_a_run_goes_on(script: Script, clock: dict[str, str]) -> None:
    done = script(SET + LOGS + "trackline.end_run()\nprint('trained')", **clock)
    assert (done.returncode, done.stdout, done.stderr) == (0, "trained\n", "")
    run = the_run()
    assert_whole(run)
    assert run.info.status == "FINISHED"


def test_a_killed_process_whose_clock_was_set_back(script: Script, clock: dict[str, str], store: Path) -> None:
    script(SET + LOGS + "os._exit(0)", **clock)
    run = the_run()
    assert_whole(run)
    assert run.info.status == "KILLED"
    assert not list((store / "journals").glob("*.journal"))


def test_a_run_that_goes_on_where_it_is_earlier(script: Script, clock: dict[str, str]) -> None:
    first = script(SET + LOGS + "print(run.info.run_id)\nos._exit(0)", **clock)
    assert the_run().info.status == "KILLED"
    resume = f"set_clock(-3)\nwith trackline.start_run(run_id={first.stdout.strip()!r}): trackline.log_metric('more', 1)"
    assert script(SET + resume, **clock).stderr == ""
    run = the_run()
    assert_whole(run)
    assert (run.info.status, run.data.metrics["more"]) == ("FINISHED", 1)


def test_times_of_metrics_that_go_backwards(script: Script, store: Path) -> None:
    script(
        "import os, time, trackline\n"
        "run = trackline.start_run(run_name='it')\n"
        "now = time.time_ns() // 1_000_000\n"
        "for step in range(100):\n"
        f"    trackline.log_metric('loss', 0.5, step=step, timestamp=now + {DAY}_000 - step * 1_000)\n"
        "os._exit(0)"
    )
    [journal] = (store / "journals").glob("*.journal")
    os.utime(journal, (0, 0))
    run = the_run()
    # The order of a history is that of its times.
    points = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in points] == list(range(99, -1, -1))
    assert (run.info.status, run.data.metrics) == ("KILLED", {"loss": 0.5})
    assert not journal.exists()
