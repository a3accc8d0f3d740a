"""Loops that the interpreter tells of, after `trackline.autolog()` alone."""

from __future__ import annotations

import pytest
from recorded import Recorded
from scripting import Scripts


def test_loops_of_the_script_and_of_its_functions(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np

    def train(epochs):
        for epoch in range(epochs):
            mse = np.float64(1 / (epoch + 7))
            if epoch % 2:
                val_acc = epoch / 13
            if epoch == 3:
                break

    for epoch in range(5):
        loss = 1 / (epoch + 1)
    train(9)
    """
    done = scripts.run(code)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(epoch, 1 / (epoch + 1)) for epoch in range(5)]
    assert recorded.curve(run, "mse") == [(epoch, 1 / (epoch + 7)) for epoch in range(4)]
    # A curve has three turns.
    assert set(run.data.metrics) == {"loss", "mse"}


def test_code_that_was_there_before(scripts: Scripts, recorded: Recorded) -> None:
    scripts.module(
        "lab.training",
        """
        class Model:
            @staticmethod
            def fit(epochs):
                for epoch in range(epochs):
                    loss = 1 / (epoch + 1)
        """,
    )
    code = """
    from lab.training import Model
    import trackline

    def main():
        trackline.autolog()
        for epoch in range(4):
            val_acc = epoch / 13
        Model.fit(5)

    main()
    """
    done = scripts.plain(code)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    run = recorded.run()
    assert {key: len(recorded.curve(run, key)) for key in run.data.metrics} == {"val_acc": 4, "loss": 5}


def test_cells_of_a_notebook(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.run_cell("import trackline; trackline.autolog()")
    shell.run_cell("rate = 0.5\\nfor epoch in range(6):\\n    loss = rate / (epoch + 1)\\n'done'")
    shell.run_cell("def train():\\n    for epoch in range(5):\\n        val_acc = epoch / 13")
    shell.run_cell("train()")
    """
    assert scripts.plain(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(epoch, 0.5 / (epoch + 1)) for epoch in range(6)]
    assert recorded.curve(run, "val_acc") == [(epoch, epoch / 13) for epoch in range(5)]


def test_more_names_than_fit_into_an_instruction(scripts: Scripts, recorded: Recorded) -> None:
    names = "\n".join(f"a{number} = len('x')" for number in range(400))
    assert scripts.run(f"{names}\nfor i in range(6):\n    if i != 1:\n        loss = i / (a7 + 2)\n").returncode == 0
    assert [value for _, value in recorded.curve(recorded.run(), "loss")] == [0, 2 / 3, 1, 4 / 3, 5 / 3]


def test_a_run_of_the_user_is_the_only_one(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    with trackline.start_run():
        for epoch in range(5):
            loss = 1 / (epoch + 1)
            other_loss = 2 / (epoch + 3)
            trackline.log_metric("loss", loss, step=epoch)
    """
    assert scripts.run(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(epoch, 1 / (epoch + 1)) for epoch in range(5)]
    assert recorded.curve(run, "other_loss") == [(epoch, 2 / (epoch + 3)) for epoch in range(5)]


def test_only_code_with_such_loops_gets_events(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import sys

    def train():
        for epoch in range(5):
            loss = 1 / (epoch + 1)

    def helper():
        for name in "abc":
            width = len(name)

    def events():
        return [bool(sys.monitoring.get_local_events(4, code.__code__)) for code in (train, helper)]

    train(), helper()
    print([sys.monitoring.get_tool(number) for number in range(6)], sys.monitoring.get_events(4), events())
    trackline.autolog(disable=True)
    print([sys.monitoring.get_tool(number) for number in range(6)])
    sys.monitoring.use_tool_id(4, "somebody")
    print(events())
    """
    done = scripts.run(code)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "[None, None, None, None, 'trackline', None] 0 [True, False]",
        "[None, None, None, None, None, None]",
        "[False, False]",
    ]


@pytest.mark.parametrize(("taken", "curves"), [((4,), {"loss"}), ((3, 4), set())])
def test_ids_of_other_tools_are_left_to_them(
    scripts: Scripts, recorded: Recorded, taken: tuple[int, ...], curves: set[str]
) -> None:
    code = f"""
    import sys, trackline
    for number in {taken}:
        sys.monitoring.use_tool_id(number, "theirs")
    trackline.autolog()
    def train():
        for epoch in range(5):
            loss = 1 / (epoch + 1)
    train()
    trackline.log_metric("other", 1)
    print([sys.monitoring.get_tool(number) for number in {taken}])
    """
    done = scripts.plain(code)
    assert (done.stdout, done.stderr, done.returncode) == (f"{['theirs' for _ in taken]}\n", "", 0)
    assert set(recorded.run().data.metrics) == curves | {"other"}


def test_variables_stay_as_they_are(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import gc, sys, weakref

    class Big(list):
        pass

    def train(epochs):
        kept = locals()
        big = Big()
        gone = weakref.ref(big)
        for epoch in range(epochs):
            loss = 1 / (epoch + 1)
            if epoch == 2:
                big = None
                print(gone() is None)
        print(sorted(kept), sys.getrefcount(loss) == sys.getrefcount(1 / (epoch + 1)) + 1)
        return loss

    print(train(5), sorted(globals()), len(gc.get_referrers(train)))
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert len(recorded.curve(recorded.run(), "loss")) == 5


FORK = """
import os, threading
trackline.log_metric("a", 1)
{user}
child = os.fork()
if not child:
    os._exit(0)
print(os.waitpid(child, 0)[1])
"""


def test_a_program_is_not_warned_of_our_threads_when_it_forks(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run(FORK.format(user=""))
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_a_program_is_warned_of_its_own_threads(scripts: Scripts, recorded: Recorded) -> None:
    user = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
    assert "is multi-threaded, use of fork() may lead to deadlocks" in scripts.run(FORK.format(user=user)).stderr
