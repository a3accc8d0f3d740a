"""Metrics of Hugging Face Evaluate."""

from __future__ import annotations

from pathlib import Path

from recorded import Recorded
from scripting import Scripts

MODULE = """
import datasets
import evaluate
from sklearn.metrics import accuracy_score


class Agreement(evaluate.Metric):
    def _info(self):
        features = {"predictions": datasets.Value("int32"), "references": datasets.Value("int32")}
        return evaluate.MetricInfo(
            description="", citation="", inputs_description="", features=datasets.Features(features)
        )

    def _compute(self, predictions, references):
        return {"agreement": float(accuracy_score(references, predictions)), "rows": len(references)}
"""

CODE = """
import evaluate

metric = evaluate.load("agreement")
for epoch in range(1, 4):
    metric.add_batch(predictions=[0, 1, 1, 1], references=[epoch % 2, 1, 1, 0])
    found = metric.compute()["agreement"]
print(found)
"""


def test_what_a_module_computes(scripts: Scripts, recorded: Recorded, tmp_path: Path) -> None:
    (scripts.folder / "agreement").mkdir()
    (scripts.folder / "agreement" / "agreement.py").write_text(MODULE)
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    done = scripts.run(CODE, **offline)
    assert (done.returncode, done.stdout) == (0, "0.5\n"), done.stderr
    run = recorded.run()
    assert set(run.data.metrics) == {"agreement"}
    assert recorded.curve(run, "agreement") == [(1, 0.5), (2, 0.75), (3, 0.5)]
