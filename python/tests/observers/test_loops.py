"""What the loops of a script compute, under `trackline run`."""

from __future__ import annotations

import signal

import pytest
from recorded import Recorded
from scripting import Scripts


def steps(curve: list[tuple[int, float]]) -> list[int]:
    return [step for step, _ in curve]


def test_gradient_descent_that_prints_nothing(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 3))
    y = X @ [1.0, -2.0, 0.5]
    w = np.zeros(3)
    for epoch in range(20):
        error = X @ w - y
        loss = np.mean(error**2)
        gradient = X.T @ error / len(y)
        norm = 3.0
        w -= 0.1 * gradient
    best_loss = loss
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) - {"best_loss"} == {"loss"}
    curve = recorded.curve(run, "loss")
    assert steps(curve) == list(range(20))
    assert all(after < before for (_, before), (_, after) in zip(curve, curve[1:], strict=False))


def test_epochs_and_batches_in_a_function(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np

    def train(epochs):
        for epoch in range(1, epochs + 1):
            epoch_loss, total, correct = 0.0, 0.0, 0
            for batch in range(4):
                loss = np.float32(1 / (epoch * 4 + batch))
                epoch_loss += loss
                total += loss
                correct += batch
            epoch_loss /= 4
            average = total / 4
            if epoch % 2 == 0:
                val_acc = np.array(epoch / 10)

    if __name__ == "__main__":
        train(6)
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"epoch_loss", "loss", "val_acc"}
    assert steps(recorded.curve(run, "loss")) == list(range(24))
    assert steps(recorded.curve(run, "epoch_loss")) == [1, 2, 3, 4, 5, 6]
    assert recorded.curve(run, "val_acc") == [(2, 0.2), (4, 0.4), (6, 0.6)]


def test_what_a_loop_ends_by_is_inferred(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    x, n = 2.0, 0
    while True:
        better = x - (x * x - 2) / (2 * x)
        change = abs(better - x)
        x = better
        n += 1
        if change < 1e-9:
            break
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"inferred/change"}
    assert steps(recorded.curve(run, "inferred/change")) == list(range(len(recorded.curve(run, "inferred/change"))))


def test_rewards_of_episodes(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    epsilon = 1.0
    for episode in range(5):
        total_reward, done, t = 0, False, 0
        while not done:
            reward = t % 2
            total_reward += reward
            t += 1
            done = t > episode + 3
        epsilon *= 0.5
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "total_reward") == [(0, 2.0), (1, 2.0), (2, 3.0), (3, 3.0), (4, 4.0)]
    assert [value for _, value in recorded.curve(run, "epsilon")] == [0.5, 0.25, 0.125, 0.0625, 0.03125]
    assert set(run.data.metrics) == {"total_reward", "epsilon"}


def test_a_curve_that_is_shown_is_recorded_once(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    losses = []
    for epoch in range(5):
        loss = 1 / (epoch + 1)
        losses.append(loss)
        print(f"epoch {epoch} loss {loss:.3f}")
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"loss"}
    assert [point[1] for point in recorded.curve(run, "loss")] == [1.0, 0.5, 0.333, 0.25, 0.2]


@pytest.mark.parametrize(("shown", "names"), [("'Loss:', round(loss, 2)", {"loss"}), ("'done', loss", {"loss", "done_loss"})])
def test_a_curve_whose_last_value_is_shown_is_recorded(
    scripts: Scripts, recorded: Recorded, shown: str, names: set[str]
) -> None:
    code = f"""
    for step in range(1, 9):
        loss = 1 / step
    print({shown})
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(step, 1 / step) for step in range(1, 9)]
    assert set(run.data.metrics) == names


def test_short_loops_and_other_loops_are_no_curves(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def evaluate(rows):
        for row in rows:
            loss = row / 2
        return loss

    for name in ["a", "b"]:
        score = len(name) / 3
    for i in range(100):
        total = i * 0.5
        width = total + 1
    evaluate(range(10))
    """
    assert scripts.command(code).returncode == 0
    assert "loss" not in recorded.run().data.metrics
    assert "total" not in recorded.run().data.metrics


def test_a_setting_that_a_method_changes(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    class Agent:
        def __init__(self):
            self.epsilon = 1.0
        def replay(self):
            if self.epsilon > 0.1:
                self.epsilon *= 0.5
    agent = Agent()
    for episode in range(6):
        agent.replay()
    print("score:", 0.5)
    """
    scripts.command(code)
    assert recorded.curve(recorded.run(), "epsilon") == [(0, 0.5), (1, 0.25), (2, 0.125), (3, 0.0625)]


ROUNDS = """
class Boosting:
    def fit(self, rounds):
        for m in range(rounds):
            min_error = float("inf")
            for threshold in (0.5, 0.25, 1.0):
                error = threshold / (m + 1)
                if error < min_error:
                    min_error = error
            self.weight = 1 - min_error

def fit_mixture(rounds):
    history, best_cost = [], 9.0
    for number in range(rounds):
        history.append(-4.0 / (number + 1))
        for cost in (3.0, 2.0):
            best_cost = min(best_cost, cost - number)
    return history[-1]

Boosting().fit(4)
print("done", fit_mixture(4) < 0)
"""


def test_what_a_round_comes_to(scripts: Scripts, recorded: Recorded) -> None:
    """The best of a round, which begins it anew, and what a list keeps of each; not the best of all rounds."""
    scripts.command(ROUNDS)
    run = recorded.run()
    assert recorded.curve(run, "min_error") == [(m, 0.25 / (m + 1)) for m in range(4)]
    assert recorded.curve(run, "history") == [(m, -4.0 / (m + 1)) for m in range(4)]
    assert set(run.data.metrics) == {"min_error", "history"}


def test_loops_are_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    code = "for epoch in range(5):\n    loss = 1 / (epoch + 1)\ndel loss\n"
    assert scripts.command(code, "--no-loops").returncode == 0
    assert not recorded.run().data.metrics


CURIOUS = """
import atexit, dis, inspect, pickle, sys, traceback

def train(epochs):
    for epoch in range(epochs):
        loss = 1 / (epoch + 1)
        if epoch == 4:
            {ending}
    return loss

atexit.register(lambda: print("file" in globals(), "__file__" in globals()))
for turn in range(4):
    loss = 1 / (turn + 1)
    lines = [line for *_, line in sys._getframe().f_code.co_lines()]
print(sorted(globals()), loss, __name__, __file__, sys.argv)
print(inspect.getsource(train), inspect.stack()[0].lineno, len(inspect.stack()), train.__code__.co_firstlineno)
print(sorted({{*lines}} - {{None}}), train.__code__.co_varnames, pickle.loads(pickle.dumps(train)) is train)

def tracer(frame, event, argument):
    print(event, frame.f_lineno)
    return tracer

sys.settrace(tracer)
train(2)
sys.settrace(None)
print(train({epochs}))
"""


@pytest.mark.parametrize(
    "ending",
    ["raise ValueError('no')", "sys.exit(3)", "sys.exit()", "raise KeyboardInterrupt", "import os; os._exit(7)", "pass"],
)
def test_nothing_changes(scripts: Scripts, recorded: Recorded, ending: str) -> None:
    code = CURIOUS.format(ending=ending, epochs=6)
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, without.returncode)


def test_recursion_goes_as_deep(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def deeper(depth, call):
        try:
            return call(depth, call)
        except RecursionError:
            return depth

    for turn in range(4):
        loss = 1 / (turn + 1)
    print(deeper(0, lambda depth, call: deeper(depth + 1, call)), deeper(0, lambda depth, call: max([depth], key=lambda _: call(depth + 1, call))))
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)


def test_a_function_with_a_loop_is_pickled_by_value(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import subprocess, sys
    import cloudpickle

    def train(epochs):
        for epoch in range(epochs):
            loss = 1 / (epoch + 1)
        return loss

    train(4)
    load = "import pickle, sys; print(pickle.load(sys.stdin.buffer)(5), 'trackline' in sys.modules)"
    load = f"import sys; sys.path[:0] = {sys.path}; {load}"
    subprocess.run([sys.executable, "-S", "-c", load], input=cloudpickle.dumps(train), env={})
    """
    done = scripts.command(code)
    assert (done.stdout, done.stderr) == ("0.2 False\n", "")
    assert steps(recorded.curve(recorded.run(), "loss")) == [0, 1, 2, 3]


def test_ctrl_c_ends_the_script_as_it_would(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import os, signal
    for epoch in range(10):
        loss = 1 / (epoch + 1)
        if epoch == 5:
            os.kill(os.getpid(), signal.SIGINT)
            import time; time.sleep(30)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert without.returncode == -signal.SIGINT
    assert (with_us.returncode, with_us.stderr) == (without.returncode, without.stderr)
    assert len(recorded.curve(recorded.run(), "loss")) == 6


def test_what_is_shown_now_and_then_is_completed(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def train():
        for epoch in range(20):
            avg_loss = 1 / (epoch + 3)
            if epoch % 5 == 4:
                print(f"Epoch {epoch + 1}: Train Loss {avg_loss:.4f}")

    train()
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"train_loss"}
    curve = dict(recorded.curve(run, "train_loss"))
    assert sorted(curve) == list(range(1, 21)) and len(recorded.curve(run, "train_loss")) == 20
    assert (curve[5], curve[6]) == (round(1 / 7, 4), 1 / 8)


def test_lists_of_a_function(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def train():
        losses, sizes = [], []
        for epoch in range(4):
            total = 0.0
            for batch in range(2):
                total += 1 / (epoch + batch + 1)
            losses.append(total / 2)
            sizes.append(total / 3)
        return losses

    train()
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"losses"}
    assert recorded.curve(run, "losses")[:2] == [(0, 0.75), (1, (1 / 2 + 1 / 3) / 2)]


def test_what_the_last_turn_left_is_no_result(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    errors = 9
    for epoch in range(10):
        errors = 0
        for x in (0.1, 0.2, 0.3):
            score = x * epoch
            errors += score < 1.0
        if errors == 0:
            break
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"errors"}
    assert [value for _, value in recorded.curve(run, "errors")] == [3, 3, 3, 3, 2, 1, 1, 1, 1, 1]


def test_arrays_of_jax(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import jax
    import jax.numpy as jnp

    @jax.jit
    def step(w):
        loss, gradient = jax.value_and_grad(lambda w: ((w - 3.0) ** 2).sum())(w)
        return w - 0.25 * gradient, loss

    w = jnp.zeros(())
    for epoch in range(6):
        w, loss = step(w)
    print(w)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    assert recorded.curve(recorded.run(), "loss")[:3] == [(0, 9.0), (1, 2.25), (2, 0.5625)]


def test_a_run_of_the_user_has_the_curves_of_its_loops(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import trackline

    def train(rate):
        for epoch in range(4):
            loss = rate / (epoch + 1)

    for rate in (1.0, 2.0):
        with trackline.start_run(run_name=str(rate)):
            train(rate)
    """
    assert scripts.command(code).returncode == 0
    curves = {run.info.run_name: recorded.curve(run, "loss") for run in recorded.runs()}
    assert curves["2.0"] == [(0, 2.0), (1, 1.0), (2, 2 / 3), (3, 0.5)]
    assert curves["1.0"] == [(0, 1.0), (1, 0.5), (2, 1 / 3), (3, 0.25)]


def test_curves_that_a_class_keeps(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    class Model:
        def __init__(self):
            self.losses, self.history = [], {"mae": [], "sizes": []}

        @property
        def accuracy(self):
            raise AssertionError("nobody asked")

        def fit(self, epochs):
            for epoch in range(epochs):
                self.losses.append(1 / (epoch + 1))
                self.history["mae"].append(2 / (epoch + 3))
                self.history["sizes"].append(epoch / 7)
                self.val_loss = 3 / (epoch + 5)
                metrics = {"f1": epoch / 13, "name": "x"}

    Model().fit(4)
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    assert set(run.data.metrics) == {"losses", "mae", "val_loss", "f1"}
    assert [value for _, value in recorded.curve(run, "losses")] == [1, 1 / 2, 1 / 3, 1 / 4]
    assert [value for _, value in recorded.curve(run, "mae")] == [2 / 3, 2 / 4, 2 / 5, 2 / 6]
    assert [value for _, value in recorded.curve(run, "val_loss")] == [3 / 5, 3 / 6, 3 / 7, 3 / 8]
    assert [value for _, value in recorded.curve(run, "f1")] == [0, 1 / 13, 2 / 13, 3 / 13]


def test_functions_with_decorators_and_asynchronous_ones(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import asyncio, functools

    def jit(function):
        assert all(type(constant) in (int, float, type(None)) for constant in function.__code__.co_consts)
        return function

    def timed(function):
        @functools.wraps(function)
        def inner(*args):
            return function(*args)
        return inner

    @timed
    def train_and_evaluate(epochs):
        for epoch in range(epochs):
            loss = 1 / (epoch + 1)

    @jit
    def compiled(epochs):
        for epoch in range(epochs):
            mse = 2 / (epoch + 1)

    async def learn(epochs):
        for epoch in range(epochs):
            await asyncio.sleep(0)
            accuracy = epoch / 7

    train_and_evaluate(5)
    compiled(5)
    asyncio.run(learn(5))
    """
    with_us, without = scripts.command(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    assert set(run.data.metrics) == {"loss", "accuracy"}
    assert [value for _, value in recorded.curve(run, "accuracy")] == [epoch / 7 for epoch in range(5)]


def test_curves_that_meet_in_a_value_are_two(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def train():
        for epoch in range(6):
            train_acc = 0.5 + epoch / 20
            val_acc = 0.9 - (5 - epoch) / 8 if epoch < 4 else 0.75
            val_acc = val_acc if epoch < 5 else train_acc

    train()
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert run.data.metrics == {"train_acc": 0.75, "val_acc": 0.75}
    assert len(recorded.curve(run, "train_acc")) == len(recorded.curve(run, "val_acc")) == 6


def test_settings_that_a_loop_changes(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    class Agent:
        def __init__(self):
            self.greed, self.least = 1.0, 0.1

        def train(self, episodes):
            sigma, steps = 2.0, 0
            for episode in range(episodes):
                for step in range(3):
                    steps *= 1
                    position = 0.5 * step
                    position *= sigma
                if self.greed > self.least:
                    self.greed *= 0.5
                sigma = max(0.3, sigma - 0.5)

    Agent().train(5)
    """
    assert scripts.command(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "greed") == [(0, 0.5), (1, 0.25), (2, 0.125), (3, 0.0625)]
    assert [value for _, value in recorded.curve(run, "sigma")] == [1.5, 1.0, 0.5, 0.3, 0.3]
    assert set(run.data.metrics) == {"greed", "sigma"}
