"""The `Trainer`, with models that are made here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import trackline
from recorded import Recorded
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
from transformers.trainer_callback import PrinterCallback

CONFIG = {
    "vocab_size": 40, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8,
    "num_labels": 2,
}


def trainer(folder: Path, **options: Any) -> Trainer:
    torch.manual_seed(0)
    tokens = torch.arange(16 * 6).reshape(16, 6) % 40
    data: Any = [{"input_ids": row, "labels": int(row[0] > 20)} for row in tokens]
    chosen = {
        "num_train_epochs": 2, "per_device_train_batch_size": 4, "logging_steps": 2, "eval_strategy": "epoch",
        "save_strategy": "epoch", "use_cpu": True, "report_to": "none", "disable_tqdm": True, **options,
    }
    model = BertForSequenceClassification(BertConfig(**CONFIG))
    made = Trainer(model, TrainingArguments(str(folder), **chosen), train_dataset=data, eval_dataset=data[:4])
    made.remove_callback(PrinterCallback)
    return made


def test_everything_the_trainer_logs_is_in_the_run(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made = trainer(tmp_path)
    made.train()
    run = recorded.run()
    history = [entry for entry in made.state.log_history if "loss" in entry]
    assert recorded.curve(run, "loss") == [(entry["step"], entry["loss"]) for entry in history]
    assert [step for step, _ in recorded.curve(run, "eval_loss")] == [4, 8]
    assert {"learning_rate", "grad_norm", "train_runtime", "train_loss", "epoch"} <= run.data.metrics.keys()
    expected = {
        "num_train_epochs": "2", "hidden_size": "8", "model_type": "bert", "seed": "42", "train_samples": "16",
        "eval_samples": "4", "total_parameters": str(sum(p.numel() for p in made.model.parameters())),
    }
    assert expected.items() <= run.data.params.items()
    assert "None" not in run.data.params.values()
    rows = {item.tags[0].value: json.loads(item.dataset.profile)["num_rows"] for item in run.inputs.dataset_inputs}
    assert rows == {"train": 16, "eval": 4}
    assert recorded.document(run, "structure")["class"] == "BertForSequenceClassification"


def test_checkpoints_are_whole_folders(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made = trainer(tmp_path)
    made.train()
    made.save_model(str(tmp_path / "final"))
    run = recorded.run()
    kept = trackline.list_checkpoints(run)
    assert [(Path(entry["path"]).name, entry["step"]) for entry in kept] == [
        ("checkpoint-4", 4), ("checkpoint-8", 8), ("final", 8),
    ]
    again = BertForSequenceClassification.from_pretrained(trackline.load_checkpoint(run, "latest"))
    assert all(torch.equal(one, other) for one, other in zip(again.parameters(), made.model.parameters(), strict=True))


def test_an_evaluation_afterwards_joins_the_training(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made = trainer(tmp_path, eval_strategy="no", save_strategy="no")
    made.train()
    results = made.evaluate()
    assert recorded.curve(recorded.run(), "eval_loss") == [(8, results["eval_loss"])]


def test_an_error_ends_the_run_and_keeps_its_points(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    made = trainer(tmp_path, logging_steps=1)
    step = made.training_step
    made.training_step = lambda *args, **kwargs: step(*args, **kwargs) if made.state.global_step < 3 else 1 / 0  # type: ignore
    with pytest.raises(ZeroDivisionError):
        made.train()
    run = recorded.run()
    assert run.info.status == "FAILED"
    assert [at for at, _ in recorded.curve(run, "loss")] == [1, 2, 3]
