"""Transformers, for the conformance suite."""

from __future__ import annotations

import tempfile
from typing import Any

PUBLIC = (
    "transformers.trainer:Trainer.train",
    "transformers.trainer:Trainer.log",
    "transformers.trainer:Trainer.save_model",
)
RUNS = 1
"""So many runs `work` makes."""
FITS = False
"""A trainer is no estimator of scikit-learn's kind."""


def train(starts: list[int]) -> Any:
    """A training with dropout and shuffled data; gives the model."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainerCallback, TrainingArguments
    from transformers.trainer_callback import PrinterCallback
    from transformers.utils import logging

    class Counting(TrainerCallback):
        def on_train_begin(self, *_: Any, **__: Any) -> None:
            starts.append(1)

    logging.set_verbosity_error()
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, num_labels=2
    )
    data: Any = [{"input_ids": row, "labels": int(row[0] > 9)} for row in torch.arange(32).reshape(8, 4) % 20]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder, num_train_epochs=2, per_device_train_batch_size=4, save_strategy="no", use_cpu=True,
            report_to="none", disable_tqdm=True,
        )
        trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=data, callbacks=[Counting()])
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return trainer.model


def work() -> bytes:
    """The weights that a training finds, bit for bit."""
    return b"".join(value.numpy().tobytes() for value in train([]).state_dict().values())


def calls() -> int:
    """How often the original ran, for one call of it."""
    starts: list[int] = []
    train(starts)
    return len(starts)
