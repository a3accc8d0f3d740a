"""Processes that die, disks that fill, forks and interpreters: what was logged is there, and the program is as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline

Script = Callable[..., subprocess.CompletedProcess[str]]

BEGIN = "import trackline\nrun = trackline.start_run(run_name='it')\n"
LOGS = BEGIN + "for step in range(2_000):\n    trackline.log_metric('loss', 0.5, step=step)\n"


def the_run() -> trackline.entities.Run:
    [run] = trackline.search_runs(filter_string="run_name = 'it'", output_format="list")
    return run


def steps(key: str = "loss") -> list[int]:
    return [point.step for point in trackline.MlflowClient().get_metric_history(the_run().info.run_id, key)]


@pytest.mark.parametrize(
    ("death", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
        ("import os; os._exit(3)", 3),
        ("import os; os.abort()", -signal.SIGABRT),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("raise MemoryError", 1),
    ],
)
def test_whatever_ends_the_process_nothing_logged_is_lost(script: Script, death: str, code: int) -> None:
    assert script(LOGS + death).returncode == code
    assert steps() == list(range(2_000))


def test_a_full_disk_stops_no_training(script: Script) -> None:
    done = script(
        "from trackline import _tracker\n_tracker.EXIT_BOUND_SECONDS = 0.5\n"
        "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))\n"
        + LOGS.replace("2_000", "20_000")
        + "trackline.end_run()\nprint('trained')"
    )
    assert (done.returncode, done.stdout) == (0, "trained\n")
    (said,) = done.stderr.splitlines()
    assert said.startswith("trackline: ") and "ree some space" in said
    kept = steps()
    assert kept == list(range(len(kept)))
    assert len(kept) > 2_000
    assert the_run().info.status == "FINISHED"


# A disk of a megabyte that other processes do not see; where nothing may be mounted, files that may not be longer.
SMALL_DISK = """
if unshare --mount mount -t tmpfs none "$STORE" 2>/dev/null; then
    exec unshare --mount sh -c '
        mount -t tmpfs -o size=1m none "$STORE"
        "$PYTHON" -c "$TRAIN"; code=$?
        mount -o remount,size=64m "$STORE"
        "$PYTHON" -c "$READ"; exit $code'
fi
( ulimit -f 1024; exec "$PYTHON" -c "$TRAIN" ); code=$?
"$PYTHON" -c "$READ"; exit $code
"""
READ = """
import trackline
[run] = trackline.search_runs(filter_string="run_name = 'it'", output_format="list")
points = trackline.MlflowClient().get_metric_history(run.info.run_id, "loss")
assert [point.step for point in points] == list(range(len(points)))
print("kept", len(points) > 1_000, run.data.params, run.info.status != "RUNNING")
"""


def test_a_disk_that_fills_while_a_run_goes_on(store: Path) -> None:
    train = BEGIN + (
        "trackline.log_param('kept', 1)\n"
        "for step in range(50_000):\n    trackline.log_metric('loss', 0.5, step=step)\n"
        "trackline.log_text('x' * 2_000_000, 'large.txt')\n"
        "trackline.end_run()\nprint('trained')"
    )
    store.mkdir(exist_ok=True)
    environment = {"STORE": str(store), "PYTHON": sys.executable, "TRAIN": train, "READ": READ, "TRACKLINE_EXIT_TIMEOUT": "1"}
    done = subprocess.run(
        ["sh", "-c", SMALL_DISK],
        cwd=store.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "trained\nkept True {'kept': '1'} True\n"), done.stderr
    (said,) = done.stderr.splitlines()
    assert said.startswith("trackline: ") and "ree some space" in said


FORKS_WITH_THREADS = {"PYTHONWARNINGS": "ignore::DeprecationWarning"}
"""What these programs do, they are warned of from Python 3.12 on."""


def test_forks_in_the_middle_of_calls(script: Script) -> None:
    done = script(
        BEGIN + "import os, threading\n"
        "def log():\n"
        "    for step in range(20_000):\n"
        "        trackline.log_metric('loss', 0.5, step=step)\n"
        "threads = [threading.Thread(target=log)]\n"
        "[thread.start() for thread in threads]\n"
        "codes = []\n"
        "for number in range(10):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        trackline.log_metric('child', 0.5, step=number)\n"
        "        os._exit(0)\n"
        "    codes.append(os.waitpid(pid, 0)[1])\n"
        "[thread.join() for thread in threads]\n"
        "print(sum(codes))\n",
        **FORKS_WITH_THREADS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
    assert steps() == list(range(20_000))
    assert sorted(steps("child")) == list(range(10))


def test_forks_while_a_thread_uses_trackline_for_the_first_time(script: Script) -> None:
    done = script(
        "import os, signal, sys, threading, time\n"
        "import trackline\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'trackline.fluent.metrics':\n"
        "            importing.set()\n"
        "            time.sleep(0.5)\n"
        "importing = threading.Event()\n"
        "sys.meta_path.insert(0, Slow())\n"
        "run = trackline.start_run(run_name='it')\n"
        "thread = threading.Thread(target=lambda: trackline.log_metric('loss', 0.5, step=1))\n"
        "thread.start()\n"
        "importing.wait()\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    signal.alarm(30)\n"
        "    trackline.log_metric('child', 0.5, step=2)\n"
        "    os._exit(0)\n"
        "print(os.waitpid(pid, 0)[1])\n"
        "thread.join()\n",
        **FORKS_WITH_THREADS,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
    assert (steps(), steps("child")) == ([1], [2])


# Where an interpreter has a lock of its own, from Python 3.12 on, extensions like ours are not loaded. Here the same is said.
REFUSED = """
import sys
class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name == "trackline._native":
            raise ImportError(f"module {name} does not support loading in subinterpreters")
if sys.version_info < (3, 12):
    sys.meta_path.insert(0, Refuses())
import trackline
trackline.autolog()
with trackline.start_run() as run:
    trackline.log_metric("other", 1)
    run.log_metric("other", 2)
assert not trackline.active_run() and list(trackline.search_runs()) == []
print("went on")
"""


def test_another_interpreter_in_the_process(script: Script) -> None:
    done = script(
        LOGS + "try:\n    import _interpreters as interpreters\n"
        "except ImportError:\n    import _xxsubinterpreters as interpreters\n"
        "other = interpreters.create()\n"
        f"failed = interpreters.run_string(other, {REFUSED!r})\n"
        "assert failed is None, failed\n"
        "interpreters.destroy(other)\n"
        "trackline.log_metric('loss', 0.5, step=2_000)\n"
    )
    assert (done.returncode, done.stdout) == (0, "went on\n")
    assert done.stderr == "trackline: nothing is recorded in this interpreter, whose lock is its own; in threads and processes all is\n"
    assert steps() == list(range(2_001))


def test_an_older_kind_of_interpreter_has_its_own_runs(script: Script) -> None:
    done = script(
        LOGS + "try:\n    import _interpreters as interpreters\n    other = interpreters.create('legacy')\n"
        "except ImportError:\n    import _xxsubinterpreters as interpreters\n    other = interpreters.create(isolated=False)\n"
        "failed = interpreters.run_string(other, 'import trackline\\n"
        "with trackline.start_run(): trackline.log_metric(\"other\", 1)')\n"
        "assert failed is None, failed\n"
        "interpreters.destroy(other)\n"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert steps() == list(range(2_000))
    [other] = trackline.search_runs(filter_string="metrics.other = 1", output_format="list")
    assert other.info.status == "FINISHED"


# A file system that shares no memory of files between processes, for one process.
MAPS_NOTHING = """
#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap64(void *at, size_t length, int access, int flags, int file, off_t offset) {
    if ((flags & MAP_TYPE) == MAP_SHARED && file >= 0) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, at, length, access, flags, file, offset);
}

void *mmap(void *at, size_t length, int access, int flags, int file, off_t offset) {
    return mmap64(at, length, access, flags, file, offset);
}
"""


def test_a_store_where_nothing_can_be_mapped(script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "maps.c").write_text(MAPS_NOTHING)
    library = tmp_path / "maps.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, tmp_path / "maps.c"], check=True)
    reads = "print([run.info.status for run in trackline.search_runs(output_format='list')])\n"
    writes = (
        "import subprocess, sys\nworkers = [subprocess.Popen([sys.executable, '-c', "
        "'import trackline\\nwith trackline.start_run():\\n    for step in range(100): trackline.log_metric(\"loss\", 0.5, step=step)'"
        "]) for _ in range(3)]\n" + LOGS + "trackline.end_run()\nassert not any(worker.wait() for worker in workers)\n"
    )
    done = script(writes + reads, LD_PRELOAD=str(library))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{['FINISHED'] * 4}\n", "")
    assert steps() == list(range(2_000))


def test_a_program_may_set_variables_while_facts_are_gathered(script: Script) -> None:
    code = """
import os, trackline
for turn in range(12):
    with trackline.start_run():
        for number in range(20_000):
            os.environ[f"A{turn}_{number % 400}"] = "x"
            os.environ.pop(f"A{turn}_{number * 7 % 400}", None)
"""
    done = script(code)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(trackline.search_runs(output_format="list")) == 12
