"""Values that the script computes with torchmetrics."""

from __future__ import annotations

import copy
import pickle

import torch
import torchmetrics
import trackline
from recorded import Recorded

GIVEN, WANTED = torch.tensor([0, 1, 1, 0]), torch.tensor([0, 1, 0, 0])


def evaluate() -> list[float]:
    accuracy = torchmetrics.classification.BinaryAccuracy()
    both = torchmetrics.MetricCollection([torchmetrics.classification.BinaryF1Score()])
    found = []
    for epoch in range(3):
        accuracy(GIVEN, WANTED)
        both.update(GIVEN[:epoch + 2], WANTED[:epoch + 2])
        val_accuracy = accuracy.compute()
        found.append(val_accuracy.item())
        both.compute()
        accuracy.reset()
    copied = pickle.loads(pickle.dumps(copy.deepcopy(accuracy)))
    copied.update(GIVEN, WANTED)
    return found


def test_what_is_computed_is_logged_once_an_epoch(autolog: None, recorded: Recorded) -> None:
    with trackline.start_run():
        found = evaluate()
    run = recorded.run()
    assert recorded.curve(run, "val_accuracy") == list(enumerate(found))
    assert [step for step, _ in recorded.curve(run, "binary_f1_score")] == [0, 1, 2]
    assert set(run.data.metrics) == {"val_accuracy", "binary_f1_score"}
