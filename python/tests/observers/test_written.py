"""Results that a script writes into files."""

from __future__ import annotations

from recorded import Recorded
from scripting import Scripts

WRITES = """
import csv
import json
import os

def main():
    os.makedirs("out")
    mse = sum(x * x for x in (0.5, 0.25, 0.25)) / 3
    with open("out/metrics.json", "w") as file:
        json.dump({"mse": mse, "within": 0.75, "n_test": 3}, file)
    with open("history.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["epoch", "train_loss", "seconds"])
        rows.writerows([epoch, 1 / (epoch + 1), 0.5] for epoch in range(3))
    with open("report.txt", "w") as file:
        file.write(f"3 rows in 0.2 seconds\\nmse: {mse:.3f}\\n")
        file.write("recall: 0.625\\n")
    with open("config.json", "w") as file:
        json.dump({"target_loss": 0.1, "score": 0.5}, file)
    with open("predictions.csv", "w") as file:
        file.write("id,prediction,error\\n0,0.5,0.25\\n1,0.5,0.125\\n")
"""


def test_files_of_results(scripts: Scripts, recorded: Recorded) -> None:
    code = WRITES + "main()\n"
    with_us, without = scripts.command(code), scripts.plain(code.replace("out", "other"))
    assert (with_us.stdout, with_us.stderr, with_us.returncode) == (without.stdout, without.stderr, 0)
    run = recorded.run()
    assert recorded.curve(run, "train_loss") == [(0, 1.0), (1, 0.5), (2, 1 / 3)]
    # The report has the mean squared error once more, rounded.
    found = {key: value for key, value in run.data.metrics.items() if not key.startswith("system/")}
    assert found == {"mse": 0.125, "within": 0.75, "recall": 0.625, "train_loss": 1 / 3}
    assert run.data.params == {}


def test_where_they_come_from(scripts: Scripts, recorded: Recorded) -> None:
    import trackline

    assert scripts.run(WRITES + "main()\n").returncode == 0
    sources = {item.key: item.source for item in trackline.explain(recorded.run()) if item.kind == "metric"}
    assert sources["mse"] == "file metrics.json"
    assert sources["train_loss"] == "file history.csv"


def test_what_is_on_record_is_no_news(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    import json
    import pathlib

    for epoch in range(3):
        print(f"epoch {epoch} loss: {1 / (epoch + 2):.3f}")
    print("test_accuracy:", 0.8125)
    found = {"losses": [1 / (epoch + 2) for epoch in range(3)], "test": {"accuracy": 0.8125, "recall": 0.5}, "accuracy": 0.75, "loss": 0.125}
    pathlib.Path("results.json").write_text(json.dumps(found))
    """
    assert scripts.run(code).returncode == 0
    run = recorded.run()
    found = {key: value for key, value in run.data.metrics.items() if not key.startswith("system/")}
    assert found == {"loss": 0.25, "test_accuracy": 0.8125, "test_recall": 0.5, "accuracy": 0.75, "results/loss": 0.125}


def test_it_is_switched_off(scripts: Scripts, recorded: Recorded) -> None:
    assert scripts.command(WRITES + "main()\n", "--no-shown").returncode == 0
    assert [run.data.metrics for run in recorded.runs() if "mse" in run.data.metrics] == []


def test_a_script_with_runs_of_its_own_gets_no_further_one(scripts: Scripts, recorded: Recorded) -> None:
    code = WRITES + "with trackline.start_run():\n    trackline.log_metric('mse', 0.125)\nmain()\n"
    assert scripts.run(code).returncode == 0
    assert recorded.run().data.metrics == {"mse": 0.125}
