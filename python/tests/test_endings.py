"""What a run says of its end: status, why, and the traceback."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import trackline as mlflow
from trackline import _tracker

Script = Callable[..., subprocess.CompletedProcess[str]]

BEGINS = "import os, signal, sys, threading\nimport trackline as mlflow\nrun = mlflow.start_run(run_name='it')\n"


def the_run(name: str = "it") -> mlflow.entities.Run:
    (run,) = mlflow.search_runs(filter_string=f"run_name = '{name}'", output_format="list")
    return run


def why(run: mlflow.entities.Run) -> tuple[str | None, str | None]:
    return run.data.tags.get("trackline.exit"), run.data.tags.get("trackline.exit_reason")


def traceback_of(run: mlflow.entities.Run, store: Path) -> str | None:
    digest = dict(_tracker.store().runs.documents(run.info.run_id)).get("traceback")
    return None if digest is None else (store / "blobs" / digest[:2] / digest[2:]).read_text()


@pytest.mark.parametrize(
    ("ending", "status", "code", "reason"),
    [
        ("", "FINISHED", 0, (None, None)),
        ("sys.exit(0)", "FINISHED", 0, (None, None)),
        ("sys.exit(3)", "FAILED", 3, ("exit", "exit code 3")),
        ("sys.exit('no')", "FAILED", 1, ("exit", "exit code 1: no")),
        ("try:\n    sys.exit(3)\nexcept SystemExit:\n    raise SystemExit(4)", "FAILED", 4, ("exit", "exit code 4")),
        ("raise SystemExit(3)", "FAILED", 3, ("exit", "exit code 3")),
        ("try:\n    sys.exit(3)\nexcept SystemExit:\n    pass", "FINISHED", 0, (None, None)),
        ("raise ValueError('no good\\nat all')", "FAILED", 1, ("exception", "ValueError: no good")),
        ("raise KeyboardInterrupt", "FAILED", -signal.SIGINT, ("signal", "KeyboardInterrupt")),
        ("os.kill(os.getpid(), signal.SIGINT)\nimport time; time.sleep(60)", "FAILED", -signal.SIGINT,
         ("signal", "KeyboardInterrupt")),
        ("class Own(Exception):\n    def __str__(self): raise RuntimeError\nraise Own", "FAILED", 1,
         ("exception", "Own")),
    ],
)  # fmt: skip
def test_the_program_ends(
    script: Script, ending: str, status: str, code: int, reason: tuple[str | None, str | None]
) -> None:
    done = script(BEGINS + ending)
    assert (done.returncode, done.stdout) == (code, "")
    assert "trackline" not in done.stderr
    run = the_run()
    assert (run.info.status, why(run)) == (status, reason)


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("os._exit(0)", 0),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.kill(os.getpid(), signal.SIGTERM)", -signal.SIGTERM),
        ("os.abort()", -signal.SIGABRT),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    ],
)
def test_the_process_is_gone(script: Script, ending: str, code: int) -> None:
    done = script(BEGINS + "mlflow.log_metric('a', 1)\nprint(os.getpid(), flush=True)\n" + ending)
    assert done.returncode == code
    run = the_run()
    word, reason = why(run)
    assert (run.info.status, word) == ("KILLED", "killed")
    assert reason is not None and done.stdout.strip() in reason
    assert run.info.end_time is not None and run.info.end_time >= run.info.start_time


def test_the_traceback_is_kept_without_secrets(script: Script, store: Path) -> None:
    done = script(BEGINS + "def fit(data):\n    raise ValueError('no data at https://ada:hunter22@host/data')\nfit(1)")
    assert "hunter22" in done.stderr
    run = the_run()
    word, reason = why(run)
    assert word == "exception" and reason is not None and reason.startswith("ValueError: no data at https://")
    kept = traceback_of(run, store)
    assert kept is not None and kept.startswith("Traceback") and "in fit" in kept
    assert "hunter22" not in reason + kept


def test_the_traceback_of_an_exit_is_kept(script: Script, store: Path) -> None:
    script(BEGINS + "def fit(data):\n    sys.exit('no data')\nfit(1)")
    text = traceback_of(the_run(), store)
    assert text is not None
    first, *stack, last = text.splitlines()
    assert (first, last) == ("Traceback (most recent call last):", "SystemExit: no data")
    assert [line.rsplit(" ", 1)[1] for line in stack if line.startswith("  File")] == ["<module>", "fit"]


def handling(handled: Exception, error: BaseException) -> BaseException:
    error.__context__ = handled
    return error


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ValueError("no"), "FAILED", ("exception", "ValueError: no")),
        (KeyboardInterrupt(), "FAILED", ("signal", "KeyboardInterrupt")),
        (SystemExit(4), "FAILED", ("exit", "exit code 4")),
        (SystemExit("text"), "FAILED", ("exit", "exit code 1: text")),
        (handling(ValueError("no"), SystemExit(4)), "FAILED", ("exit", "exit code 4: ValueError: no")),
        (handling(ValueError("no"), SystemExit("text")), "FAILED", ("exit", "exit code 1: text")),
        (ValueError("\n\nAll the 5 fits failed.\nWhy"), "FAILED", ("exception", "ValueError: All the 5 fits failed.")),
        (SystemExit(0), "FINISHED", (None, None)),
        (SystemExit(), "FINISHED", (None, None)),
        (mlflow.MlflowException("odd"), "FAILED", ("exception", "trackline.exceptions.TracklineException: odd")),
    ],
)
def test_an_exception_leaves_the_block(
    store: Path, error: BaseException, status: str, reason: tuple[str | None, str | None]
) -> None:
    with pytest.raises(type(error)), mlflow.start_run(run_name="it"):
        raise error
    run = the_run()
    assert (run.info.status, why(run)) == (status, reason)
    assert (traceback_of(run, store) is None) == (status == "FINISHED")


def test_a_thread_that_dies_takes_its_run_with_it(script: Script) -> None:
    done = script(
        "import threading, trackline as mlflow\n"
        "before = threading.excepthook\n"
        "main = mlflow.start_run(run_name='main')\n"
        "def work():\n"
        "    mlflow.start_run(run_name='it')\n"
        "    raise ValueError('in thread')\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start(); thread.join()\n"
        "print(mlflow.active_run().info.status)\n"
        "mlflow.end_run()\n"
        "print(threading.excepthook is before)\n"
    )
    assert (done.returncode, done.stdout.split()) == (0, ["RUNNING", "True"])
    assert "ValueError: in thread" in done.stderr
    assert (the_run().info.status, why(the_run())) == ("FAILED", ("exception", "ValueError: in thread"))
    assert the_run("main").info.status == "FINISHED"


@pytest.mark.usefixtures("store")
def test_the_hook_of_the_user_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))

    def work() -> None:
        mlflow.start_run(run_name="it")
        raise ValueError

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [ValueError]
    assert the_run().info.status == "FAILED"


WORKER = """
import multiprocessing, os, signal, sys
import trackline as mlflow

def work(run_id, ending):
    mlflow.log_metric("from_worker", 1, run_id=run_id)
    mlflow.start_run(run_name="own", nested=True)
    exec(ending)

if __name__ == "__main__":
    with mlflow.start_run(run_name="it") as run:
        method, ending = sys.argv[1:]
        worker = multiprocessing.get_context(method).Process(target=work, args=(run.info.run_id, ending))
        worker.start(); worker.join()
        print(mlflow.get_run(run.info.run_id).info.status)
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize(
    ("ending", "status", "word"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", "KILLED", "killed"),
        ("raise ValueError('in worker')", "FAILED", "exception"),
        ("sys.exit(3)", "FAILED", "exit"),
        ("pass", "FINISHED", None),
    ],
)
def test_a_worker_ends_its_own_run_and_not_its_parents(
    command: Script, method: str, ending: str, status: str, word: str | None
) -> None:
    done = command(WORKER, method, ending)
    assert (done.returncode, done.stdout) == (0, "RUNNING\n")
    assert (the_run().info.status, the_run().data.metrics) == ("FINISHED", {"from_worker": 1.0})
    assert (the_run("own").info.status, why(the_run("own"))[0]) == (status, word)


@pytest.fixture
def command(store: Path) -> Script:
    """Runs Python code from a file, as spawned workers need it, with arguments."""
    import os
    import sys

    def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        file = store.parent / "script.py"
        file.write_text(code)
        return subprocess.run(
            [sys.executable, str(file), *arguments],
            cwd=store.parent,
            env=dict(os.environ),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def test_who_goes_on_with_a_run_takes_back_its_end(script: Script) -> None:
    script(BEGINS + "os._exit(1)")
    assert why(the_run())[0] == "killed"
    with mlflow.start_run(run_id=the_run().info.run_id):
        assert (the_run().info.status, why(the_run())) == ("RUNNING", (None, None))
    assert the_run().info.status == "FINISHED"
