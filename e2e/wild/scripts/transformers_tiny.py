"""A Trainer on a tiny BERT made from a config, told apart sequences of even and odd sum."""

import os

os.environ["TOKENIZERS_PARALLELISM"] = "false"
import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments, set_seed

set_seed(0)


class Sums(torch.utils.data.Dataset):
    def __init__(self, rows):
        self.ids = torch.randint(0, 20, (rows, 6))

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, row):
        return {"input_ids": self.ids[row], "labels": self.ids[row].sum() % 2}


config = BertConfig(
    vocab_size=20, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=8
)
arguments = TrainingArguments(
    "out", num_train_epochs=2, per_device_train_batch_size=16, learning_rate=1e-3, logging_steps=2, eval_strategy="epoch",
    save_strategy="epoch", report_to="none", use_cpu=True, disable_tqdm=True,
)
trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=Sums(64), eval_dataset=Sums(32))
trainer.train()
result = trainer.evaluate()
print("eval loss", result["eval_loss"])
