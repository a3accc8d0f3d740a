"""What a program prints is in its run, and its output is what it would be without us."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline as mlflow
from trackline import _tracker

Script = Callable[..., subprocess.CompletedProcess[str]]

PRINTS = """
import ctypes, os, subprocess, sys, time
TRACKS
print("before")
BEGIN
libc = ctypes.CDLL(None)
print("from python", 1)
sys.stderr.write("to stderr\\n")
for step in range(5):
    sys.stdout.write(f"\\rstep {step}")
print()
print("token at https://ada:hunter22@host")
subprocess.run(["echo", "from a process"])
libc.puts(b"from C")
libc.fflush(None)
print("last")
END
print("after")
raise SystemExit(3)
"""


@pytest.fixture(autouse=True)
def switched_on(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKLINE_CONSOLE", "on")


def program(tracks: bool) -> str:
    begin = "run = mlflow.start_run(run_name='it')" if tracks else ""
    code = PRINTS.replace("TRACKS", "import trackline as mlflow" if tracks else "")
    return code.replace("BEGIN", begin).replace("END", "mlflow.end_run()" if tracks else "")


def the_run(name: str = "it") -> mlflow.entities.Run:
    (run,) = mlflow.search_runs(filter_string=f"run_name = '{name}'", output_format="list")
    return run


def document(run_id: str, store: Path) -> str | None:
    digest = dict(_tracker.store().runs.documents(run_id)).get("console")
    return None if digest is None else (store / "blobs" / digest[:2] / digest[2:]).read_text()


def to_file(store: Path, tracks: bool, mode: str) -> tuple[int, bytes]:
    output = store.parent / "output"
    output.write_bytes(b"earlier\n")
    with output.open(mode) as file:
        done = subprocess.run(
            [sys.executable, "-c", program(tracks)], cwd=store.parent, stdout=file, stderr=subprocess.STDOUT, timeout=300, check=False
        )
    return done.returncode, output.read_bytes()


@pytest.mark.parametrize("mode", ["ab", "wb"])
def test_output_to_a_file_is_kept_whole(store: Path, mode: str) -> None:
    assert to_file(store, True, mode) == to_file(store, False, mode)
    run = the_run()
    kept = document(run.info.run_id, store)
    assert kept is not None
    lines = kept.splitlines()
    assert {"to stderr", "from a process", "from C", "from python 1", "step 4", "last"} <= set(lines)
    assert len(lines) == len(set(lines)) and "after" not in lines and "earlier" not in lines
    assert "hunter22" not in kept
    assert mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/console.log") == kept


def test_output_to_a_pipe_is_kept_as_python_writes_it(script: Script, store: Path) -> None:
    done, plain = script(program(True)), script(program(False))
    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    kept = document(the_run().info.run_id, store)
    assert kept is not None
    assert kept.splitlines()[:3] == ["from python 1", "to stderr", "step 4"]
    assert kept.splitlines()[-1] == "last"


def test_a_terminal_stays_a_terminal(store: Path) -> None:
    code = (
        "import sys, os, trackline\n"
        "streams = [sys.stdout, sys.stderr]\n"
        "trackline.start_run(run_name='it')\n"
        "print(sys.stdout.isatty(), os.isatty(1), [sys.stdout, sys.stderr] == streams)\n"
        "trackline.end_run()\n"
        "print('write' in vars(sys.stdout))\n"
    )
    import pty

    parent, child = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", code], cwd=store.parent, stdout=child, stderr=child)
    os.close(child)
    shown = b""
    while True:
        try:
            part = os.read(parent, 1000)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(parent)
    assert (process.wait(timeout=300), shown) == (0, b"True True True\r\nFalse\r\n")
    assert document(the_run().info.run_id, store) == "True True True\n"


def test_the_console_shows_while_the_run_goes_on(script: Script, store: Path) -> None:
    done = script(
        "import time, trackline\n"
        "run = trackline.start_run(run_name='it')\n"
        "print('under way', flush=True)\n"
        "while 'console' not in dict(trackline._tracker.store().runs.documents(run.info.run_id)):\n"
        "    time.sleep(0.05)\n"
        "import os; os._exit(0)\n"
    )
    assert done.returncode == 0
    assert document(the_run().info.run_id, store) == "under way\n"


def test_it_is_kept_while_printed_values_are_captured_too(script: Script, store: Path) -> None:
    done = script(
        "import sys, trackline\n"
        "trackline.autolog()\n"
        "with trackline.start_run(run_name='it'):\n    print('accuracy: 0.5')\n    print('warning', file=sys.stderr)\n"
        "trackline.autolog(disable=True)\n"
        "print('write' in vars(sys.stdout))\n"
        "with trackline.start_run(run_name='later'):\n"
        "    print('once')\n"
        "    trackline.autolog()\n"
        "    print('more')\n"
        "with trackline.start_run(run_name='last'):\n    print('last')\n"
        "trackline.autolog(disable=True)\n"
        "with trackline.start_run(): pass\n"
        "print('write' in vars(sys.stdout))\n"
    )
    assert (done.stdout, done.stderr) == ("accuracy: 0.5\nFalse\nonce\nmore\nlast\nFalse\n", "warning\n")
    kept = [document(the_run(name).info.run_id, store) for name in ("it", "later", "last")]
    assert kept == ["accuracy: 0.5\nwarning\n", "once\nmore\n", "last\n"]
    assert the_run().data.metrics["accuracy"] == 0.5


def test_it_can_be_switched_off(script: Script, store: Path) -> None:
    code = "import sys, trackline\nwith trackline.start_run(run_name='it'): print('write' in vars(sys.stdout))"
    assert script(code, TRACKLINE_CONSOLE="off").stdout == "False\n"
    assert document(the_run().info.run_id, store) is None


def test_errors_of_the_stream_are_the_users_own(script: Script) -> None:
    code = (
        "import sys, traceback\nTRACK"
        "try:\n"
        "    sys.stdout.write(1)\n"
        "except TypeError:\n"
        "    traceback.print_exc()\n"
        "sys.stdout.writelines(['a', 'b'])\n"
        "print(sys.stdout.write('c'))\n"
    )
    tracked = script(code.replace("TRACK", "import trackline; trackline.start_run()\n"))
    plain = script(code.replace("TRACK", "1\n"))
    assert (tracked.stdout, tracked.stderr) == (plain.stdout, plain.stderr)


def test_children_have_none_and_two_runs_have_each_their_own(script: Script, store: Path) -> None:
    script(
        "import trackline\n"
        "with trackline.start_run(run_name='one'):\n"
        "    print('first')\n"
        "    with trackline.start_run(run_name='child', nested=True): print('inner')\n"
        "with trackline.start_run(run_name='two'): print('second')\n"
    )
    told = {name: document(the_run(name).info.run_id, store) for name in ("one", "child", "two")}
    assert told == {"one": "first\ninner\n", "child": None, "two": "second\n"}
