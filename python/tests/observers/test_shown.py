"""Values that a script shows: what is recorded of them, and that nothing changes."""

from __future__ import annotations

import pytest
import trackline
from recorded import Recorded
from scripting import Scripts

LOOP = """
import logging, sys
from tqdm import tqdm

print("starting at 12:30:15 with batch_size=32, version 1.2.3")
for epoch in range(3):
    print(f"Epoch {epoch}: loss={1 / (epoch + 1):.3f} acc: {90 + epoch}%")
print("Test accuracy:", 0.93)
sys.stdout.write("RMSE 3.2\\n")
print("bare", end="")
print()
"""


def same(scripts: Scripts, code: str, **environment: str) -> None:
    """Runs the script with and without Trackline, and compares all that can be seen."""
    with_us, without = scripts.run(code, **environment), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, without.returncode)


def test_printed_lines(scripts: Scripts, recorded: Recorded) -> None:
    same(scripts, LOOP)
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(0, 1.0), (1, 0.5), (2, 0.333)]
    assert recorded.curve(run, "acc") == [(0, 90), (1, 91), (2, 92)]
    assert run.data.metrics == {"loss": 0.333, "acc": 92, "test_accuracy": 0.93, "rmse": 3.2}


def test_a_second_autolog_reads_each_line_once(scripts: Scripts, recorded: Recorded) -> None:
    """Also where the console of a run is around the first; and none after it is switched off."""
    code = """
        with trackline.start_run():
            trackline.autolog(log_models=False)
            for epoch in range(3):
                print(f"epoch {epoch} loss {1 / (epoch + 1):.3f}")
            trackline.autolog(disable=True)
            print("accuracy 0.75")
    """
    done = scripts.run(code, TRACKLINE_CONSOLE="on")
    assert (done.returncode, done.stderr) == (0, "")
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(0, 1.0), (1, 0.5), (2, 0.333)]
    assert "accuracy" not in run.data.metrics


def test_numbers_that_only_the_code_names(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        def train():
            for step in range(0, 200, 100):
                loss = 1 / (step + 1)
                print(step, loss)
            return loss

        train()
        for name, score in {"Random Forest": 0.75, "Ridge": 0.5}.items():
            print(f"{name}: {score:.2f}")
        n_rows = 150
        print("Rows:", n_rows)
        accuracy = 0.5
        print(accuracy)

        def evaluate(rows):
            return rows - 1

        for epoch in range(2):
            cost = 1 / (epoch + 2)
            print("[%s (%d %d%%) %.4f]" % ("0m 3s", epoch, 50 * epoch, cost))
            print("\\nEpoch {0} : {1} / {2}".format(epoch, evaluate(7 + epoch), 10))
        """,
    )
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(0, 1.0), (100, 1 / 101)]
    assert recorded.curve(run, "cost") == [(0, 0.5), (1, 0.3333)]
    assert recorded.curve(run, "evaluate") == [(0, 6), (1, 7)]
    scores = {"random_forest_score": 0.75, "ridge_score": 0.5, "accuracy": 0.5, "loss": 1 / 101, "cost": 0.3333, "evaluate": 7}
    assert run.data.metrics == scores


def test_results_under_names_that_are_those_of_no_metric(scripts: Scripts, recorded: Recorded) -> None:
    """What the code has computed and shows outside of loops; what it was told is none."""
    same(
        scripts,
        """
        import logging
        def fit(rows, rate):
            slope = sum(rows) / rate
            return slope, slope / 2
        rows, rate = [1.0, 2.0], 0.5
        slope, bias = fit(rows, rate)
        print("Rows:", len(rows), "rate: %g" % rate)
        print(f"Final m={slope:.2f}, b={bias:.2f}")
        clusters = len(set(rows)) - 1
        print("Estimated number of clusters: %d" % clusters)
        print("MSE train: %.3f, test: %.3f" % (slope, bias))
        for name, scale in {"KNN": 2.0, "SVM": 4.0}.items():
            print("%s: %f (%f)" % (name, slope / scale, bias / scale))
        logging.warning("Sharpe ratio: %s", slope * bias)
        print("Total Award:")
        print(round(slope))
        print("RMSE")
        for name in ("KNN", "SVM"):
            print(name, end=":\\t")
            print(slope / len(name))
        bestK = len(rows)
        print("The best k to use is {} and it had a lift of {}%".format(bestK, slope * 10))
        """,
    )
    shown = {"final_m": 6.0, "final_b": 3.0, "estimated_number_clusters": 1, "mse_train": 6.0, "mse_test": 3.0}
    searched = {"knn": 3.0, "svm": 1.5, "bias": 0.75, "sharpe_ratio": 18.0}
    headed = {"total_award": 6, "rmse_knn": 2.0, "rmse_svm": 2.0, "best_k": 2, "slope": 60.0}
    assert recorded.run().data.metrics == shown | searched | headed


def test_what_the_code_counts_up_is_a_result(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        tp, fp, rows = 0, 0, 7
        for guess, truth in [(1, 1), (1, 0), (0, 1), (1, 1)]:
            if guess and truth:
                tp += 1
            elif guess:
                fp += 1
        print(tp, fp, rows)
        """,
    )
    assert recorded.run().data.metrics == {"tp": 2, "fp": 1}


def test_a_curve_that_ends_in_nan_is_kept_to_its_end(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        def objective(step):
            return float("nan") if step > 2 else 1 / (step + 1)

        for step in range(5):
            print(f"Iteration {step} lower bound {objective(step)}")
        """,
    )
    curve = recorded.curve(recorded.run(), "lower_bound_objective")
    assert [(step, str(value)) for step, value in curve[2:]] == [(2, str(1 / 3)), (3, "nan"), (4, "nan")]


def test_steps_of_the_loops_around(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        def epoch_of(epoch):
            for i in range(2):
                print("loss:", epoch + i / 10)

        for epoch in range(2):
            epoch_of(epoch)
        step = 0
        while step < 2:
            print("reward", step / 2)
            step += 1

        class Trainer:
            def __init__(self):
                self.iteration = 0

            def train(self):
                for batch in range(2):
                    self.iteration += 1
                    print("error", self.iteration / 10)

        trainer = Trainer()
        for epoch in range(2):
            trainer.train()
        """,
    )
    run = recorded.run()
    assert recorded.curve(run, "error") == [(1, 0.1), (2, 0.2), (3, 0.3), (4, 0.4)]
    assert recorded.curve(run, "loss") == [(0, 0.0), (1, 0.1), (2, 1.0), (3, 1.1)]
    assert recorded.curve(run, "reward") == [(0, 0.0), (1, 0.5)]


def test_logged_records_count_once(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        import logging, sys
        logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(asctime)s"[:0] + "%(levelname)s %(message)s")
        for epoch in range(2):
            logging.info("epoch %d - loss: %.2f", epoch, 1 / (epoch + 1))
            logging.debug("epoch %d - hidden_loss: %.2f", epoch, 1)
        """,
    )
    run = recorded.run()
    assert recorded.curve(run, "loss") == [(0, 1.0), (1, 0.5)]
    assert set(run.data.metrics) == {"loss"}


def test_progress_bars(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run(
        """
        from tqdm import tqdm
        for epoch in range(2):
            bar = tqdm([1, 2])
            for batch in bar:
                bar.set_postfix(loss=epoch + batch / 10, acc=f"{batch / 2:.2f}", name="x", step=batch)
        """
    )
    assert done.returncode == 0, done.stderr
    run = recorded.run()
    assert [value for _, value in recorded.curve(run, "loss")] == [0.1, 0.2, 1.1, 1.2]
    assert [step for step, _ in recorded.curve(run, "loss")] == [0, 1, 2, 3]
    assert recorded.curve(run, "acc")[0] == (0, 0.5)
    assert "step" not in run.data.metrics


def test_nothing_that_can_be_observed_changes(scripts: Scripts, recorded: Recorded) -> None:
    same(
        scripts,
        """
        import contextlib, doctest, io, pickle, sys, traceback
        print(type(sys.stdout), sys.stdout is sys.__stdout__, sys.stdout.isatty(), sys.stdout.encoding, print)
        print(sys.stdout.write("loss: 0.5\\n"), pickle.loads(pickle.dumps(print)) is print)
        with contextlib.redirect_stdout(io.StringIO()) as held:
            print("hidden_loss: 0.5")
        print(repr(held.getvalue()))
        try:
            sys.stdout.write(1)
        except TypeError:
            traceback.print_exc()
        try:
            print("a", sep=1)
        except TypeError:
            traceback.print_exc()
        sys.stdout.writelines(["accuracy: ", "0.5\\n"])

        class Both:
            def __init__(self, stream):
                self.stream, self.kept = stream, []

            def write(self, text):
                self.kept.append(text)
                return self.stream.write(text)

            def flush(self):
                self.stream.flush()

        sys.stdout = Both(sys.stdout)
        print("f1: 0.25")
        print(sys.stdout.kept, file=sys.stderr)
        sys.exit(3)
        """,
    )
    assert recorded.run().data.metrics == {"loss": 0.5, "accuracy": 0.5, "f1": 0.25}


def test_a_category_that_is_off(scripts: Scripts, recorded: Recorded) -> None:
    same(scripts, LOOP, TRACKLINE_SHOWN="off")
    assert recorded.runs() == []


def test_what_is_on_record_is_not_recorded_again(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import trackline
    with trackline.start_run():
        trackline.log_metric("loss", 0.123456)
        print("loss: 0.123")
        print({"loss": [0.5, 0.2, 0.123456]})
        print("Test F1: 0.5")
    """
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics == {"loss": 0.123456, "test_f1": 0.5}


def test_a_curve_that_meets_one_on_record_is_kept_whole(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import trackline
    with trackline.start_run():
        for epoch, (last, mean) in enumerate([(0.5, 0.5), (0.2, 0.4), (0.3, 0.3), (0.1, 0.25)]):
            trackline.log_metric("loss", last, step=epoch)
            trackline.log_metric("acc", 1 - last, step=epoch)
            print(f"epoch {epoch} loss {mean:.4f} acc {1 - last:.4f}")
    """
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics.keys() == {"loss", "acc", "shown/loss"}
    assert recorded.curve(recorded.run(), "shown/loss") == [(0, 0.5), (1, 0.4), (2, 0.3), (3, 0.25)]


def test_the_mean_loss_of_an_epoch_is_on_record(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import trackline
    with trackline.start_run():
        for epoch, (last, mean) in enumerate([(0.5, 0.5), (0.2, 0.4), (0.3, 0.3)]):
            trackline.log_metrics({"loss": last, "loss_epoch": mean}, step=epoch)
            print(f"epoch {epoch} loss {mean:.4f}")
    """
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics.keys() == {"loss", "loss_epoch"}


@pytest.mark.parametrize("lines", [200_000])
def test_a_flood_of_lines_still_ends_with_the_last(scripts: Scripts, recorded: Recorded, lines: int) -> None:
    done = scripts.run(f"for i in range({lines}): print('loss:', i)\nprint('Test accuracy: 0.93')\n")
    assert done.stdout.count("\n") == lines + 1
    assert recorded.run().data.metrics["test_accuracy"] == 0.93


def test_a_table_that_is_printed_names_no_number(scripts: Scripts, recorded: Recorded) -> None:
    done = scripts.run(
        """
        import numpy as np
        import statsmodels.api as sm
        class Table:
            def __str__(self): return "     q    score\\n0  0.5     0.25\\n1  0.9     0.75"
        scores = Table()
        print(scores)
        fitted = sm.OLS(np.arange(30.0) ** 2, sm.add_constant(np.arange(30.0))).fit()
        print(fitted.summary())
        folds = [0.25, 0.75]
        print(np.mean(folds), np.mean([1.0]))
        errors = [0.5, 1.0]
        print(np.mean(errors))
        """
    )
    assert (done.returncode, done.stderr) == (0, "")
    run = recorded.run()
    shown = {item.key for item in trackline.explain(run.info.run_id) if item.source == "stdout"}
    assert shown == {"mean_errors"}


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("n = 0\nfor epoch in range(2):\n    for i in range(4):\n        n_iter += 1\n        if i % 2:\n            print('loss:', 1 / n_iter)", [2, 4, 6, 8]),
        ("for epoch in range(3):\n    for i in range(4):\n        n_iter += 1\n    print('loss:', 1 / n_iter)", [0, 1, 2]),
        ("for epoch in range(2):\n    n_iter = 0\n    for i in range(2):\n        n_iter += 1\n        print('loss:', 1 / (i + epoch + 1))", [0, 1, 2, 3]),
        ("while n_iter < 30:\n    n_iter += 10\n    print('loss:', 1 / n_iter)", [10, 20, 30]),
    ],
)
def test_a_step_that_the_loop_counts_itself(scripts: Scripts, recorded: Recorded, code: str, steps: list[int]) -> None:
    scripts.run("n_iter = 0\n" + code)
    assert [step for step, _ in recorded.curve(recorded.run(), "loss")] == steps


def test_a_name_that_stands_before_its_number_is_said_once(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    turns = sum(1 for _ in range(3))
    gap = 2.0 ** -turns
    print("converged after", turns, "turns, gap", gap)
    print(f"{turns} rows, {turns ** 0.5:.2f} MB")
    """
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics == {"gap": 0.125}
