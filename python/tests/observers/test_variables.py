"""Results that a script keeps in variables."""

from __future__ import annotations

from recorded import Recorded
from scripting import Scripts


def test_histories_and_scores_of_a_script(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    losses, history, lengths, seeds = [], {"val_acc": [], "names": []}, [], [1, 2, 3]
    TARGET_LOSS, learning_rate, loss_weight = 0.1, 0.5, 0.3
    for i in range(3):
        losses.append(1 / (i + 1))
        history["val_acc"].append(i / 4)
        lengths.append(i / 3)
    test_mse = 0.25
    scores = {"rf": 0.75, "ridge": 0.625}
    summary = {"f1": 0.5}
    """
    with_us, without = scripts.run(code), scripts.plain(code)
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    assert recorded.curve(run, "losses") == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    assert recorded.curve(run, "val_acc") == [(0, 0.0), (1, 0.25), (2, 0.5)]
    assert set(run.data.metrics) == {"losses", "val_acc", "test_mse", "scores.rf", "scores.ridge"}


def test_a_history_of_rows(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    history, results = [], [{"model": "a", "auc": 0.5}, {"model": "b"}]
    for epoch in range(3):
        history.append({"epoch": epoch, "val_mse": 1 / (epoch + 1), "seconds": 0.5})
    """
    assert scripts.run(code).returncode == 0
    run = recorded.run()
    assert recorded.curve(run, "val_mse") == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    assert set(run.data.metrics) == {"val_mse"}


def test_what_a_loop_goes_over_is_no_score(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    accuracies = {"a": 0.5, "b": 0.75}
    for name, accuracy in accuracies.items():
        name.upper()
    """
    assert scripts.run(code).returncode == 0
    assert set(recorded.run().data.metrics) == {"accuracies.a", "accuracies.b"}


def test_a_history_in_a_function_that_shows_something(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    def train():
        train_losses = []
        for epoch in range(3):
            train_losses.append(1 / (epoch + 1))
            print("epoch", epoch)
        return sum(train_losses)

    train()
    """
    assert scripts.run(code).returncode == 0
    assert recorded.curve(recorded.run(), "train_losses") == [(0, 1.0), (1, 0.5), (2, 1 / 3)]


def test_what_objects_keep_and_methods_fill(scripts: Scripts, recorded: Recorded) -> None:
    """The methods have no loop in them. Of a list that is very long some are points."""
    scripts.module("agents", """
    class Agent:
        def __init__(self):
            self.training_error, self.rewards, self.names = [], [], ["a"]

        def update(self, error):
            self.training_error.append(error)
    """)
    code = """
    from agents import Agent

    class Judge:
        def __init__(self):
            self.scores = []

        def hears(self, score):
            self.scores.append(score)

    agent, judge = Agent(), Judge()
    for episode in range(25_000):
        agent.update(episode / 2)
    for episode in range(3):
        judge.hears(episode / 4)
    """
    assert scripts.run(code).returncode == 0
    run = recorded.run()
    assert set(run.data.metrics) == {"training_error", "scores"}
    assert recorded.curve(run, "scores") == [(0, 0.0), (1, 0.25), (2, 0.5)]
    assert recorded.curve(run, "training_error") == [(step, step / 2) for step in range(0, 25_000, 3)]


def test_of_two_lists_of_one_name_the_scripts_own_counts_to_its_end(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    class Model:
        def __init__(self):
            self.losses = [3.0, 2.0]

    losses = [1 / (step + 1) for step in range(10_002)]
    model = Model()
    """
    assert scripts.run(code).returncode == 0
    curve = recorded.curve(recorded.run(), "losses")
    assert (len(curve), curve[0], curve[-1]) == (5001, (1, 1 / 2), (10_001, 1 / 10_002))


def test_what_was_shown_is_not_recorded_again(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    losses = []
    for epoch in range(3):
        losses.append(1 / (epoch + 1))
        print(f"epoch {epoch}: loss {losses[-1]:.3f}")
    test_accuracy = 0.9
    print("Test accuracy:", test_accuracy)
    """
    assert scripts.run(code).returncode == 0
    assert set(recorded.run().data.metrics) == {"loss", "test_accuracy"}


def test_a_list_of_results_is_no_history(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    test_loss, test_mae = 0.25, 0.5
    score = [test_loss, test_mae]
    """
    assert scripts.run(code).returncode == 0
    assert set(recorded.run().data.metrics) == {"test_loss", "test_mae"}


def test_a_list_of_what_was_shown_under_another_name_is_no_news(scripts: Scripts, recorded: Recorded) -> None:
    scripts.run("""
        scores = []
        for fold in range(3):
            scores.append(0.9 - fold / 7)
            print(f"auc on fold {fold} is {scores[-1]:.3f}")
        losses = [0.5, 0.25]
    """)
    run = recorded.run()
    assert [step for step, _ in recorded.curve(run, "auc")] == [0, 1, 2]
    assert set(run.data.metrics) == {"auc", "losses"}


def test_all_numbers_beside_a_score_are_results(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import numpy as np
    results = {"nClusters": 3, "noise": np.int64(7), "ratio": 0.5, "silhouetteCoefficient": 0.25, "fine": True, "labels": [0, 1]}
    sizes = {"width": 3, "testAccuracy": 0.75}
    stats = {"rows": 100}
    """
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics == {
        "nClusters": 3.0, "noise": 7.0, "ratio": 0.5, "silhouetteCoefficient": 0.25,
    }  # fmt: skip
