"""One line records a Transformers training: arguments, model, everything the trainer logs, and its checkpoints.

The model is a tiny one made here, so that nothing is downloaded."""

import tempfile

import torch
import trackline
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

trackline.autolog()

torch.manual_seed(0)
tokens = torch.randint(5, 100, (64, 12))
data = [{"input_ids": row, "labels": int(row[0] > 50)} for row in tokens]
config = BertConfig(
    vocab_size=100, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, num_labels=2
)

with tempfile.TemporaryDirectory() as folder:
    arguments = TrainingArguments(
        folder, num_train_epochs=2, per_device_train_batch_size=16, logging_steps=2, eval_strategy="epoch",
        save_strategy="epoch", use_cpu=True, report_to="none",
    )
    trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=data, eval_dataset=data[:16])
    trainer.train()
    print(trainer.evaluate())
