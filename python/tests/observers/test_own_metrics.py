"""Scores that the user computes: every way of computing one, under its name."""

from __future__ import annotations

import pytest
from recorded import Recorded
from scripting import Scripts

ELEVEN = """
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score, classification_report, confusion_matrix, f1_score, precision_score, recall_score, roc_auc_score,
)
from sklearn.model_selection import train_test_split

X, y = load_breast_cancer(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X / X.max(axis=0), y, random_state=0)
"""
CALLS = """
model = LogisticRegression(max_iter=500).fit(Xtr, ytr)
p, pp = model.predict(Xte), model.predict_proba(Xte)
f1 = f1_score(yte, p)
macro_f1 = f1_score(yte, p, average="macro")
own_score = model.score(Xte, yte)
auc = roc_auc_score(yte, pp[:, 1])
auc_of_decision = roc_auc_score(yte, model.decision_function(Xte))
acc_at_30 = accuracy_score(yte, (pp[:, 1] > 0.3))
precision = precision_score(list(yte), list(p))
recall = recall_score(pd.Series(yte), pd.Series(p.copy()))
matrix = confusion_matrix(yte, p)
report = classification_report(yte, p, output_dict=True)
acc = np.mean(p == yte)
"""
SCALARS = {"f1", "macro_f1", "own_score", "auc", "auc_of_decision", "acc_at_30", "precision", "recall", "acc"}


@pytest.mark.parametrize("order", ["before", "after"])
def test_eleven_of_eleven_whatever_the_order(scripts: Scripts, recorded: Recorded, order: str) -> None:
    late = "import trackline; trackline.autolog()\n"
    code = ELEVEN + CALLS if order == "after" else ELEVEN + late + CALLS
    done = scripts.run(code) if order == "after" else scripts.run(code, "disable=True")
    assert done.returncode == 0, done.stderr
    run = recorded.run()
    assert SCALARS <= set(run.data.metrics)
    assert run.data.metrics["f1"] == run.data.metrics["f1_score_Xte"]
    assert run.data.metrics["report.macro avg.f1-score"] == pytest.approx(run.data.metrics["macro_f1"])
    assert {"confusion_matrix_Xte.json", "classification_report_Xte.json"} <= recorded.files(run)


def test_predictions_that_come_from_no_model(scripts: Scripts, recorded: Recorded) -> None:
    code = """
    from sklearn.metrics import f1_score, mean_squared_error
    truth, guess = [0, 1, 1, 0], [0, 1, 0, 0]
    for epoch in (3, 5):
        val_f1 = f1_score(truth, guess)
    scores = {"mse": mean_squared_error(truth, guess)}
    """
    done, plain = scripts.run(code), scripts.plain(code)
    assert (done.stdout, done.stderr, done.returncode) == (plain.stdout, plain.stderr, 0)
    run = recorded.run()
    assert recorded.curve(run, "val_f1") == [(3, 2 / 3), (5, 2 / 3)]
    assert run.data.metrics["mse"] == run.data.metrics["mean_squared_error_guess"] == 0.25
