import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments
from transformers.trainer_callback import PrinterCallback

torch.manual_seed(0)
tokens = torch.randint(5, 100, (32, 8))
data = [{"input_ids": row, "labels": int(row[0] > 50)} for row in tokens]
config = BertConfig(
    vocab_size=100, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=2
)
arguments = TrainingArguments(
    "checkpoints",
    num_train_epochs=2,
    per_device_train_batch_size=16,
    logging_steps=2,
    eval_strategy="epoch",
    save_strategy="no",
    use_cpu=True,
    report_to="none",
    disable_tqdm=True,
)
trainer = Trainer(BertForSequenceClassification(config), arguments, train_dataset=data, eval_dataset=data[:16])
trainer.remove_callback(PrinterCallback)
trainer.train()
